"""What is shared between arms changes nothing: every number of a contest is the same without it."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.learners.encodings import Encodings, samples_key
from augmentors.recipe import resolve
from augmentors.run import make_recipe
from augmentors.testing import toy_table, toy_text

TEXT = toy_text({"common": 40, "rare": 20})
TABLE = toy_table({"common": 60, "rare": 25}, missing=True)


def flat(value: Any) -> Any:
    """Return a result as nested lists, so that it can be compared whole."""
    if dataclasses.is_dataclass(value):
        return [flat(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        return [[repr(name), flat(item)] for name, item in value.items()]
    if isinstance(value, np.ndarray):
        return value.tobytes()
    return [flat(item) for item in value] if isinstance(value, list | tuple) else repr(value)


def contest(data: Dataset, key: str, learners: list[str]) -> Any:
    split = make_split(data, n_folds=3)
    recipe = resolve(make_recipe(key, target="majority"), data, split)
    free = ["default", "balanced_bagging"] if data.kind == "table" else ["default"]
    return compare(data, split, [AugmentedArm("mine", recipe=recipe)], learners, 1, free=free)


@pytest.mark.parametrize(
    ("data", "key", "learners"),
    [
        (TABLE, "smotenc", ["logistic", "forest", "boosting"]),
        (TEXT, "random_swap", ["tfidf_logistic", "naive_bayes"]),
    ],
    ids=["table", "text"],
)
def test_every_number_is_the_same_without_sharing(
    data: Dataset, key: str, learners: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    made: list[tuple[str, ...]] = []
    real = Encodings.of

    def counted(self: Encodings, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        def once() -> Any:
            made.append(key)
            return make()

        asked.append(key)
        return real(self, key, once)

    monkeypatch.setattr(Encodings, "of", counted)
    shared = contest(data, key, learners)
    # Plain and both weightings alone are three of the arms.
    assert len(made) < 0.7 * len(asked)
    monkeypatch.setattr(Encodings, "of", lambda self, key, make: make())
    alone = contest(data, key, learners)
    assert [flat(fit) for fit in shared.fits] == [flat(fit) for fit in alone.fits]
    assert shared.decisions.to_bytes() == alone.decisions.to_bytes() and len(shared.fits) > 3 * len(learners)


def test_the_longest_unused_goes_first_and_what_is_too_large_is_not_kept() -> None:
    kept = Encodings(most=200)
    made: list[str] = []

    def make(name: str, size: int) -> Callable[[], np.ndarray]:
        return lambda: made.append(name) or np.zeros(size, np.uint8)  # type: ignore[func-returns-value]

    for name, size in (("a", 100), ("b", 100), ("a", 100), ("c", 100), ("a", 100), ("b", 100), ("huge", 201)):
        assert len(kept.of((name,), make(name, size))) == size
    assert made == ["a", "b", "c", "b", "huge"]
    kept.of(("b",), make("b", 100))
    assert made[-1] == "huge"


def test_samples_are_known_by_order_and_repeats() -> None:
    ids = TEXT.ids[:3].tolist()
    keys = {samples_key(TEXT.take(some)) for some in (ids, ids[::-1], [*ids, ids[0]], ids[:2])}
    assert len(keys) == 4 and samples_key(TEXT.take(ids)) in keys
