"""Every augmenter of the catalogue × every check of the public suite."""

import pytest

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Augmenter
from augmentors.testing import CHECKS, Check, Toys


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str | None], Toys]:
    kinds = {(kind, None): Toys(kind, tmp_path_factory.mktemp(kind)) for kind in ("table", "text", "image")}
    return kinds | {("table", task): Toys("table", task=task) for task in ("regression", "multilabel")}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("cls", AUGMENTERS, ids=lambda cls: cls.card.key)
def test_augmenter(cls: type[Augmenter], check: Check, toys: dict[tuple[str, str | None], Toys]) -> None:
    check(cls, toys[cls.card.kind, cls.card.task])
