import gc
import sys
import weakref
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from pages.ui import collection


class Knot:
    """Something that only garbage collection can free."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def thawed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(collection, "_seen", 0)
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_walked_again_and_new_garbage_is_still_found(thawed: Any) -> None:
    before = len(gc.get_objects())
    collection.spare_modules()
    assert gc.get_freeze_count() > before / 2
    assert len(gc.get_objects()) < before / 10
    knot = weakref.ref(Knot())
    assert knot() is not None
    gc.collect()
    assert knot() is None


def test_it_is_done_again_only_when_modules_were_loaded(thawed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collection.spare_modules()
    gc.unfreeze()
    collection.spare_modules()
    assert gc.get_freeze_count() == 0
    monkeypatch.setitem(sys.modules, "just_loaded", ModuleType("just_loaded"))
    collection.spare_modules()
    assert gc.get_freeze_count() > 0
