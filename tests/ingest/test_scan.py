"""Facts about raw bytes: never a miss, against a plain loop (Hypothesis)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.ingest import scan

BYTES = st.lists(st.sampled_from(list(',;|\t\n\r"+-0179x.a ')), max_size=60).map("".join)


def newline_in_quotes(text: str) -> bool:
    inside = False
    for sign in text:
        inside ^= sign == '"'
        if inside and sign in "\r\n":
            return True
    return False


@pytest.fixture(autouse=True, scope="module", params=[5, 16, 1 << 17])
def step(request: pytest.FixtureRequest) -> object:
    """Cut pieces anywhere: what lies across two of them must be seen too."""
    before, scan._STEP = scan._STEP, request.param
    yield
    scan._STEP = before


@settings(max_examples=300, deadline=None)
@given(BYTES, st.sampled_from(",;|\t"))
def test_leading_zeros_are_never_missed(text: str, delimiter: str) -> None:
    body = "h" + delimiter + "label\n" + text
    fields = [f.strip().strip('"').strip() for f in re.split(f"[\n\r{re.escape(delimiter)}]", body)]
    expected = sum(bool(re.match(r"[+-]?0[\dxX]", field)) for field in fields)
    found = scan.leading_zeros(memoryview(body.encode()), delimiter)
    assert found is None or found >= expected


@pytest.mark.parametrize("field", ["1e-05", "0", "0.5", "-0.25", "100", "2024-01-05", "10:05", "1.05"])
def test_plain_numbers_are_no_alarm(field: str) -> None:
    body = f"x,y,label\n{field},{field},a\n".encode()
    assert scan.leading_zeros(memoryview(body), ",") == 0


def test_leading_zeros_are_counted_once_whatever_piece_they_lie_in(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"x,y,label\n" + b"007,-01,a\n10,0.5,b\n" * 50
    for step in range(3, 40):
        monkeypatch.setattr(scan, "_STEP", step)
        assert scan.leading_zeros(memoryview(body), ",") == 100


@settings(max_examples=300, deadline=None)
@given(BYTES)
def test_newlines_in_quotes_are_found(text: str) -> None:
    body = memoryview(text.encode())
    assert scan.has_quoted_newlines(body) == newline_in_quotes(text)
    assert scan.quote_left_open(body) == (text.count('"') % 2 == 1)


@given(
    st.lists(st.sampled_from(["ab", "", "\u00e4"]), min_size=1, max_size=9),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_line_count(lines: list[str], ending: str) -> None:
    text = ending.join(["x", *lines, "y"])
    assert scan.line_count(memoryview(text.encode())) == len(lines) + 2
    assert scan.line_count(memoryview((text + ending).encode())) == len(lines) + 2
