"""SMOTE between embeddings: points between neighbours of a class and a fold, in the comparison only, and it says so."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.seeds import rng_from
from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.evaluate.free_arms import FREE_ARMS, free_arms
from augmentors.evaluate.vector_smote import KEY, between, with_vectors
from augmentors.learners import learners_for
from augmentors.learners.base import Learner
from augmentors.learners.features import FeatureCache, Source

KEYS = {"text": "minilm_logistic", "image": "efficientnet_logistic"}


def texts(counts: dict[str, int], seed: int = 0) -> tuple[Dataset, FeatureCache]:
    """Return texts with drawn vectors in the place of embeddings: no model is needed to test what is between them."""
    labels = [label for label, n in counts.items() for _ in range(n)]
    frame = pd.DataFrame({"text": pd.Series([f"word{i}" for i in range(len(labels))], dtype="str")})
    frame["label"] = pd.Series(labels, dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(len(labels))], dtype="str")
    dataset = Dataset("text", frame, Schema("label", {"text": "text"}, text="text"), f"vectors {counts} {seed}")
    cache = FeatureCache()
    centres = {label: 0.6 * i for i, label in enumerate(counts)}
    rng = np.random.default_rng(seed)
    vectors = np.array([centres[label] for label in labels])[:, None] + rng.normal(size=(len(labels), 6))
    cache.put("minilm", dataset, vectors.astype(np.float32))
    return dataset, cache


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(13, 40))
@settings(max_examples=25, deadline=None)
def test_points_lie_between_two_neighbours_of_the_class(seed: int, few: int, many: int) -> None:
    train, cache = texts({"common": many, "rare": few}, seed)
    known = cache.of("minilm", train)
    samples, refused = with_vectors(train, "minilm", cache, rng_from("vectors", seed))
    assert samples is not None and not refused and len(samples) == many - few
    made = cache.of("minilm", train, samples)[len(train) :]
    at = train.frame.index.get_indexer
    for vector, pair, shares in zip(made, samples.parents, samples.weights, strict=True):
        a, b = at(pd.Index(pair))
        assert train.labels[a] == train.labels[b] == "rare" and a != b
        assert np.allclose(vector, shares[0] * known[a] + shares[1] * known[b], atol=1e-4)
        own = known[train.positions("rare")]
        gaps = np.sort(np.linalg.norm(own - known[a], axis=1))
        assert np.linalg.norm(known[b] - known[a]) <= gaps[min(5, few - 1)] + 1e-5
    assert set(samples.frame["label"]) == {"rare"} and samples.images is None and "text" not in samples.frame


def test_a_class_of_one_is_told_and_equal_classes_get_nothing() -> None:
    train, cache = texts({"common": 9, "alone": 1})
    assert with_vectors(train, "minilm", cache, rng_from(0)) == (
        None,
        (("alone", "vectors between samples need 2 of a class; it has 1"),),
    )
    train, cache = texts({"one": 5, "other": 5})
    assert with_vectors(train, "minilm", cache, rng_from(0)) == (None, ())


def test_the_second_is_one_of_the_five_nearest() -> None:
    vectors = np.arange(12.0)[:, None]
    pairs = between(vectors, 2000, np.random.default_rng(0))
    assert {int(b) for a, b in pairs if a == 0} == {1, 2, 3, 4, 5}
    assert all(a != b for a, b in pairs)


def test_it_is_for_models_on_embeddings_alone() -> None:
    (arm,) = (arm for arm in FREE_ARMS if arm.key == KEY)
    for kind, key in KEYS.items():
        suited = [card.key for card in learners_for(kind) if arm.suits(card)]  # type: ignore[arg-type]
        assert key in suited and all(learner.split("_")[0] == key.split("_")[0] for learner in suited)
        assert arm not in free_arms(kind)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="no arm 'vector_smote' for table data"):
        free_arms("table", [KEY])


def test_every_fold_is_filled_up_from_its_own_training_rows_and_the_report_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset, cache = texts({"common": 90, "some": 40, "rare": 20})
    split = make_split(dataset)
    seen = []
    learn = Learner.fit

    def watching(self, train, extra=None, job=None):  # type: ignore[no-untyped-def]
        if extra is not None:
            seen.append((frozenset(train.ids), extra, self.features.of("minilm", train, extra)))
        return learn(self, train, extra)

    monkeypatch.setattr(Learner, "fit", watching)
    found = compare(dataset, split, learners=[KEYS["text"]], repeats=1, free=[KEY], features=cache)
    scores = {name: [fit.test["average_precision"] for fit in found.fits if fit.arm == name] for name in ("plain", KEY)}
    assert len(scores["plain"]) == len(scores[KEY]) == 5 and scores["plain"] != scores[KEY]
    for fit in found.fits:
        if fit.arm == KEY:
            own = dataset.take(split.train[split.folds != fit.fold]).class_counts
            assert fit.used == sum(max(own.values()) - n for n in own.values())
    (note,) = (note for note in found.notes if note.startswith("SMOTE on embeddings") and "vectors are added" in note)
    assert note.endswith("They are no samples: what helps here cannot be exported.")
    assert len(seen) == 5
    for ids, extra, matrix in seen:
        assert set(extra.parents.ravel()) <= ids and not ids & set(split.test)
        assert len(matrix) == len(ids) + len(extra)


def test_more_workers_change_nothing() -> None:
    results = []
    for workers in (1, 2):
        dataset, cache = texts({"common": 60, "rare": 20})
        split = make_split(dataset)
        found = compare(dataset, split, learners=[KEYS["text"]], repeats=1, free=[KEY], features=cache, workers=workers)
        results.append(found.to_json())
    assert results[0] == results[1]


def test_what_is_kept_of_one_fit_is_not_in_the_shared_cache() -> None:
    dataset, cache = texts({"common": 60, "rare": 20})
    compare(dataset, make_split(dataset), learners=[KEYS["text"]], repeats=1, free=[KEY], features=cache)
    assert not len(cache.missing("minilm", Source(dataset)))
    assert {key[0] for key in cache._rows["minilm"]} == {"real"}
