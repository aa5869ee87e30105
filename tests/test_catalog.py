"""The catalogue: complete both ways, described as plain data, found by key."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import augmentors.image
import augmentors.table
import augmentors.text
from augmentors import catalog
from augmentors.catalog_text import cards_file
from augmentors.core.augmenter import Augmenter
from augmentors.core.errors import UserError
from augmentors.core.kinds import KINDS
from augmentors.image.library_family import LIBRARY_AUGMENTERS

ROOT = Path(__file__).resolve().parents[1]
# Everything that is installed beside Python's own modules and ours.
EVERY_LIBRARY = set(packages_distributions()) - {"augmentors"}


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


def test_the_file_of_cards_is_what_the_classes_declare() -> None:
    # `list` reads this file. It is written together with the README's table.
    written = catalog.CARDS.read_text(encoding="utf-8")
    assert written == cards_file(catalog.by_line()), "run: python -m augmentors.catalog_text README.md"


def test_cards_are_those_of_the_classes() -> None:
    assert catalog.cards() == tuple(cls.card for cls in catalog.AUGMENTERS)
    for kind in KINDS:
        assert catalog.cards(kind) == tuple(cls.card for cls in catalog.for_kind(kind))
        assert {card.kind for card in catalog.cards(kind)} == {kind}
    assert catalog.selector_cards() == tuple(cls.card for cls in catalog.SELECTORS)
    assert catalog.selector_cards("table", "after") == tuple(
        cls.card for cls in catalog.SELECTORS if "table" in cls.card.kinds and "after" in cls.card.stages
    )


def test_a_line_that_the_file_does_not_know_yet_is_read_from_its_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(catalog.CARDS.read_text(encoding="utf-8"))
    del whole["table.smote:Smote"], whole["selection.near_miss:NearMiss"]
    older = tmp_path / "cards.json"
    older.write_text(json.dumps(whole), encoding="utf-8")
    for path in (older, tmp_path / "none.json"):
        monkeypatch.setattr(catalog, "CARDS", path)
        forget()
        try:
            assert catalog.cards() == tuple(cls.card for cls in catalog.AUGMENTERS)
            assert catalog.selector_cards() == tuple(cls.card for cls in catalog.SELECTORS)
            assert catalog.get("smote").__name__ == "Smote"
            assert catalog.get_selector("near_miss").__name__ == "NearMiss"
        finally:
            forget()


def test_a_key_that_the_file_has_otherwise_is_found_by_its_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(catalog.CARDS.read_text(encoding="utf-8"))
    whole["table.smote:Smote"][0]["key"] = "called_otherwise"
    older = tmp_path / "cards.json"
    older.write_text(json.dumps(whole), encoding="utf-8")
    monkeypatch.setattr(catalog, "CARDS", older)
    forget()
    try:
        assert catalog.get("smote").__name__ == "Smote"
        with pytest.raises(UserError, match="no augmenter 'called_otherwise'"):
            catalog.get("called_otherwise")
    finally:
        forget()


def forget() -> None:
    """Have the file of cards read anew."""
    catalog._written.cache_clear()
    catalog._cards.cache_clear()


def test_one_asked_for_brings_no_other() -> None:
    done = in_new_process("from augmentors import catalog; catalog.get('smote'); catalog.selector_cards()")
    assert "augmentors.table.smote" in done
    assert not done & {"augmentors.table.smotenc", "augmentors.text.random_swap", "augmentors.image.library_family"}


def test_the_catalogue_knows_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'AUGMENTER'"):
        _ = catalog.AUGMENTER


@pytest.mark.parametrize("arguments", [["list"], ["list", "--kind", "image"], ["list", "--selectors"], ["--help"]])
def test_listing_imports_no_library_but_that_of_the_command_line(arguments: list[str]) -> None:
    loaded = in_new_process(f"from augmentors.cli import main; main({arguments!r})")
    others = {name.partition(".")[0] for name in loaded} & EVERY_LIBRARY
    assert others <= {"click", "_distutils_hack"}
    assert not {
        name for name in loaded if name.startswith(("augmentors.table.", "augmentors.text.", "augmentors.image."))
    }


def in_new_process(code: str) -> set[str]:
    """Return the modules that are loaded after some code has run in a process of its own."""
    whole = f"import json, sys\n{code}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", whole], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_description_is_plain_json_with_every_parameter() -> None:
    described = json.loads(json.dumps(catalog.describe()))
    assert [entry["key"] for entry in described] == [cls.card.key for cls in catalog.AUGMENTERS]
    for entry, cls in zip(described, catalog.AUGMENTERS, strict=True):
        assert set(entry) >= {"key", "kind", "family", "title", "needs", "params"}
        assert list(entry["params"]["properties"]) == list(cls.Params.model_fields)
    assert {entry["kind"] for entry in catalog.describe("text")} <= {"text"}
