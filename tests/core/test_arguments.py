from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest

from augmentors.core.arguments import checked, fits


@pytest.mark.parametrize(
    ("value", "hint", "good"),
    [
        (3, int, True),
        (True, int, False),
        (3, float, True),
        ("3", float, False),
        (None, str | None, True),
        ("b", Literal["a", "b"], True),
        (["b"], Literal["a", "b"], False),
        (["a", 1], list[str], False),
        ("abc", Sequence[str], False),
        ({"a": {"b": object()}}, dict[str, dict[str, Any]], True),
        ({"a": 1}, Mapping[str, str], False),
        (object(), "Text", True),
    ],
)
def test_fits(value: Any, hint: Any, good: bool) -> None:
    assert fits(value, hint) is good


def test_text_is_taken_for_a_path() -> None:
    def size(path: Path) -> Path:
        return path

    assert checked("size", size)("a/b") == Path("a/b")
