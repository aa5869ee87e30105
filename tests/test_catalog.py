"""The catalogue: complete both ways, described as plain data, found by key."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator

import pytest

import augmentors.image
import augmentors.table
import augmentors.text
from augmentors import catalog
from augmentors.core.augmenter import Augmenter
from augmentors.core.errors import UserError
from augmentors.image.library_family import LIBRARY_AUGMENTERS


def written() -> Iterator[type[Augmenter]]:
    """Yield every augmenter that can be made and stands in a file of table/, text/ or image/."""
    for package in (augmentors.table, augmentors.text, augmentors.image):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for _, thing in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
                own = thing.__module__ == module.name and issubclass(thing, Augmenter)
                if own and not inspect.isabstract(thing) and hasattr(thing, "card"):
                    yield thing


def test_every_augmenter_is_listed_and_every_listed_one_written() -> None:
    assert set(catalog.AUGMENTERS) == set(written())


def test_keys_and_titles_are_unique() -> None:
    cards = [cls.card for cls in catalog.AUGMENTERS]
    assert len({card.key for card in cards}) == len(cards)
    assert len({(card.kind, card.title) for card in cards}) == len(cards)


def test_one_augmenter_per_file_named_after_it() -> None:
    # A family derived from a library's own schema may be one file.
    written_by_hand = [cls for cls in catalog.AUGMENTERS if cls not in LIBRARY_AUGMENTERS]
    for cls in written_by_hand:
        package, module = cls.__module__.split(".")[1:]
        assert package == cls.card.kind
        assert module == cls.card.key, f"'{cls.card.key}' stands in {module}.py"
    assert len({cls.__module__ for cls in written_by_hand}) == len(written_by_hand)


def test_issue_2_has_its_augmenters() -> None:
    keys = {cls.card.key for cls in catalog.for_kind("table")}
    assert keys >= {"random_oversampling", "smote", "smotenc", "borderline_smote", "adasyn"}


def test_get_finds_by_key() -> None:
    for cls in catalog.AUGMENTERS:
        assert catalog.get(cls.card.key) is cls


def test_get_suggests_what_was_meant() -> None:
    with pytest.raises(UserError, match=r"no augmenter 'smoth'\. Did you mean 'smote'"):
        catalog.get("smoth")
    with pytest.raises(UserError, match="Known are: random_oversampling"):
        catalog.get("zzzzzz")


def test_description_is_plain_json_with_every_parameter() -> None:
    described = json.loads(json.dumps(catalog.describe()))
    assert [entry["key"] for entry in described] == [cls.card.key for cls in catalog.AUGMENTERS]
    for entry, cls in zip(described, catalog.AUGMENTERS, strict=True):
        assert set(entry) >= {"key", "kind", "family", "title", "needs", "params"}
        assert list(entry["params"]["properties"]) == list(cls.Params.model_fields)
    assert {entry["kind"] for entry in catalog.describe("text")} <= {"text"}
