"""Edits: applied, written down, replayed and cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.text.edits import Edit, Piece, apply_edits, as_trace, marked, replay
from augmentors.text.tokens import split


@st.composite
def parents_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    parent = draw(st.text(st.sampled_from("ab 你.🙂"), max_size=20))
    n = len(split(parent)[0])
    edits, at = [], 0
    while at <= n and draw(st.booleans()):
        at = draw(st.integers(at, n))
        span = draw(st.integers(0, min(3, n - at)))
        edits.append(Edit("replace" if span else "insert", at, span, draw(st.sampled_from(["", "x", "y z"]))))
        at += max(span, 1)
    return parent, edits


@given(parents_with_edits())
def test_the_trace_replays_what_was_applied(case: tuple[str, list[Edit]]) -> None:
    parent, edits = case
    tokens, _ = split(parent)
    made = apply_edits(tokens, edits)
    trace = as_trace(tokens, edits)
    assert replay(parent, trace) == made
    before, after = marked(parent, trace)
    assert "".join(piece.text for piece in before) == parent
    assert "".join(piece.text for piece in after) == made


def test_marked_pieces_name_the_change() -> None:
    trace = [
        {"op": "delete", "at": 2, "from": "very ", "to": ""},
        {"op": "replace", "at": 4, "from": "old", "to": "aged"},
    ]
    before, after = marked("a very old lamp", trace)
    assert before == [Piece("a ", ""), Piece("very ", "delete"), Piece("old", "replace"), Piece(" lamp", "")]
    assert after == [Piece("a ", ""), Piece("aged", "replace"), Piece(" lamp", "")]


def test_a_trace_of_another_parent_is_refused() -> None:
    with pytest.raises(ValueError, match="the parent has 'b'"):
        replay("a b", [{"op": "replace", "at": 2, "from": "c", "to": "d"}])
