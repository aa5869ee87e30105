"""What an operator did to a text, as data: applied, written down, replayed and shown."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from augmentors.text.tokens import split


class Edit(NamedTuple):
    """One change: tokens `at` to `at + span` of the parent become `to`.

    Parameters
    ----------
    op : {"replace", "insert", "delete", "swap", "move"}
    at : int
        Index of the parent's token.
    span : int
        How many tokens are replaced; 0 inserts before `at`.
    to : str
    """

    op: str
    at: int
    span: int
    to: str


class Piece(NamedTuple):
    """A part of a text and the change that touched it ('' where nothing did)."""

    text: str
    op: str


def apply_edits(tokens: Sequence[str], edits: Iterable[Edit]) -> str:
    """Return the text after the edits; they must not overlap.

    Examples
    --------
    >>> apply_edits(["a", " ", "b"], [Edit("replace", 2, 1, "c"), Edit("insert", 0, 0, "x ")])
    'x a c'
    """
    out = [*tokens, ""]
    for _, at, span, to in edits:
        if span:
            out[at] = to
            for i in range(at + 1, at + span):
                out[i] = ""
        else:
            out[at] = to + out[at]
    return "".join(out)


def as_trace(tokens: Sequence[str], edits: Iterable[Edit]) -> list[dict[str, object]]:
    """Return the edits as plain data: ``{op, at, from, to}``, in the order of the text."""
    return [
        {"op": op, "at": at, "from": tokens[at] if span == 1 else "".join(tokens[at : at + span]), "to": to}
        for op, at, span, to in edits
    ]


def replay(parent: str, trace: Iterable[dict[str, object]]) -> str:
    """Return the new text from its parent and the trace in its provenance.

    Raises
    ------
    ValueError
        When the trace does not belong to this parent.

    Examples
    --------
    >>> replay("a small lamp", [{"op": "replace", "at": 2, "from": "small", "to": "little"}])
    'a little lamp'
    """
    tokens, _ = split(parent)
    return apply_edits(tokens, _as_edits(tokens, trace))


def marked(parent: str, trace: Iterable[dict[str, object]]) -> tuple[list[Piece], list[Piece]]:
    """Return parent and new text cut into pieces, each with the change that touched it: for marking on screen.

    Examples
    --------
    >>> before, after = marked("a lamp", [{"op": "insert", "at": 2, "from": "", "to": "small "}])
    >>> [piece.text for piece in before], [tuple(piece) for piece in after]
    (['a lamp'], [('a ', ''), ('small ', 'insert'), ('lamp', '')])
    """
    tokens, _ = split(parent)
    before: list[Piece] = []
    after: list[Piece] = []
    done = 0
    for edit in sorted(_as_edits(tokens, trace), key=lambda edit: (edit.at, edit.span)):
        same = "".join(tokens[done : edit.at])
        done = edit.at + edit.span
        before += [Piece(same, ""), Piece("".join(tokens[edit.at : done]), edit.op)]
        after += [Piece(same, ""), Piece(edit.to, edit.op)]
    rest = Piece("".join(tokens[done:]), "")
    return _tidy([*before, rest]), _tidy([*after, rest])


def _as_edits(tokens: list[str], trace: Iterable[dict[str, object]]) -> list[Edit]:
    edits = []
    for step in trace:
        at, old = int(str(step["at"])), str(step["from"])
        span, found = 0, ""
        while len(found) < len(old) and at + span < len(tokens):
            found += tokens[at + span]
            span += 1
        if found != old:
            raise ValueError(f"the trace says {old!r} at token {at}, the parent has {found!r}")
        edits.append(Edit(str(step["op"]), at, span, str(step["to"])))
    return edits


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """Drop empty pieces and join neighbours that nothing touched."""
    tidy: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if tidy and not piece.op and not tidy[-1].op:
            tidy[-1] = Piece(tidy[-1].text + piece.text, "")
        else:
            tidy.append(piece)
    return tidy
