"""The list of methods."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

import augmentors.selfsup
from augmentors.core.errors import UserError
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.registry import PRETEXTS, describe_pretext, pretext, pretexts_for


def test_every_method_written_is_listed_once() -> None:
    folder = Path(augmentors.selfsup.__file__).parent
    modules = [import_module(f"augmentors.selfsup.{path.stem}") for path in folder.glob("*.py")]
    written = {c for m in modules for _, c in inspect.getmembers(m, inspect.isclass) if issubclass(c, Encoder)}
    assert {cls for cls in written if not inspect.isabstract(cls)} == set(PRETEXTS)
    assert len({cls.card.key for cls in PRETEXTS}) == len(PRETEXTS)


@pytest.mark.parametrize("cls", PRETEXTS)
def test_each_says_what_it_is(cls: type[Encoder]) -> None:
    told = describe_pretext(cls)
    assert told["summary"].endswith(".")
    assert told["avoid"].startswith("Avoid")
    assert told["references"]
    assert all(field["title"] and field["description"] for field in told["params"]["properties"].values())
    assert cls in pretexts_for(cls.card.kind)
    assert pretext(cls.card.key) is cls
    cls()


def test_an_unknown_name_is_answered_with_the_closest() -> None:
    with pytest.raises(UserError, match="Did you mean 'simclr'"):
        pretext("simclear")
