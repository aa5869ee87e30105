"""The examples in docstrings are true."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

from augmentors.catalog import AUGMENTERS

ROOT = Path(__file__).resolve().parents[1]


def modules_with_examples() -> list[str]:
    found = []
    for path in sorted((ROOT / "augmentors").rglob("*.py")):
        if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # Examples read assets/ from the repository's root.
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0 and result.attempted > 0


@pytest.mark.parametrize("cls", AUGMENTERS, ids=lambda cls: cls.card.key)
def test_every_augmenter_has_an_example_that_runs(cls: type) -> None:
    examples = doctest.DocTestFinder(recurse=False).find(cls, cls.__name__)
    assert any(example.examples for example in examples)
