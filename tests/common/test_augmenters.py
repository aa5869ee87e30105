"""Every augmenter of the catalogue × every check of the public suite."""

from collections.abc import Callable
from functools import cache

import pytest

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import Kind, Task
from augmentors.testing import CHECKS, Check, Toys


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Callable[[type[Augmenter]], Toys]:
    @cache
    def of(kind: Kind, task: Task | None, unlabelled: bool) -> Toys:
        return Toys(kind, tmp_path_factory.mktemp(kind), task, unlabelled)

    return lambda cls: of(cls.card.kind, cls.card.task, Need.UNLABELLED in cls.card.needs)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("cls", AUGMENTERS, ids=lambda cls: cls.card.key)
def test_augmenter(cls: type[Augmenter], check: Check, toys: Callable[[type[Augmenter]], Toys]) -> None:
    check(cls, toys(cls))
