"""SVM-SMOTE against imbalanced-learn: same support vectors in danger or safe, same neighbours, same rows."""

import numpy as np
import pytest
from imblearn.over_sampling import SVMSMOTE

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table.svm_smote import SvmSmote
from augmentors.testing import feature_array, numeric_table


@pytest.fixture(scope="module")
def train() -> Dataset:
    table = numeric_table(400, share=0.25)
    # A shift that leaves part of the border safe, part in danger.
    frame = table.frame.copy()
    frame.loc[table.labels == "rare", "x1"] += 3.0
    return Dataset("table", frame, table.schema, "shifted")


def prepared(train: Dataset, **params: object):
    augmenter = SvmSmote(scale=False, **params).fit(train, rng_from(0))
    augmenter.prepare("rare")
    return augmenter, augmenter._prepared["rare"]


def test_support_vectors_and_neighbours_are_imbalanced_learns(train: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = feature_array(train), train.labels.astype(str)
    asked: list[tuple[np.ndarray, np.ndarray, float]] = []
    original = SVMSMOTE._make_samples

    def record(self, X, dtype, kind, nn_data, nn_num, n, step_size=1.0, *rest):  # type: ignore[no-untyped-def]
        asked.append((X, nn_data[nn_num], step_size))
        return original(self, X, dtype, kind, nn_data, nn_num, n, step_size, *rest)

    monkeypatch.setattr(SVMSMOTE, "_make_samples", record)
    SVMSMOTE(random_state=0).fit_resample(X, y)
    _, ready = prepared(train)
    who, kinds = ready.neighbourhood, ready.extra
    assert len(asked) == 2 and all(len(kind) for kind in kinds), "the test needs both kinds"
    for (bases, near, _), places in zip(asked, kinds, strict=True):
        ours = X[who.bases[places]]
        order, theirs = np.lexsort(ours.T), np.lexsort(bases.T)
        assert (ours[order] == bases[theirs]).all()
        assert (X[who.neighbours[places]][order] == near[theirs]).all()
    assert [step for *_, step in asked] == [1.0, -0.5]


def test_new_rows_lie_inwards_or_outwards_on_the_line(train: Dataset) -> None:
    augmenter, ready = prepared(train, out_step=0.4)
    samples = augmenter.augment_blocks("rare", [(64, rng_from("block", i)) for i in range(40)])
    step = np.array([float(text.split(":")[1][:-1]) for text in samples.certificate["drawn"]])
    safe = set(train.ids[ready.neighbourhood.bases[ready.extra[1]]])
    outwards = np.array([parent in safe for parent in samples.parents[:, 0]])
    assert (step[outwards] <= 0).all() and (step[outwards] >= -0.4).all() and (step[~outwards] >= 0).all()
    assert abs(outwards.mean() - 0.5) < 0.1, "a beta distribution around one half deals them out"
    first, second = (feature_array(train.take(samples.parents[:, i])) for i in (0, 1))
    X = feature_array(train)
    expected = np.clip(first + step[:, None] * (second - first), X.min(axis=0), X.max(axis=0))
    assert np.allclose(samples.frame[train.schema.features()].to_numpy(), expected)


def test_weights_tell_the_influence_of_both_parents(train: Dataset) -> None:
    samples = prepared(train)[0].augment("rare", 300, rng_from(1))
    assert (samples.weights >= 0).all() and np.allclose(samples.weights.sum(axis=1), 1)


def test_large_tables_train_the_machine_on_a_part_and_say_so(train: Dataset) -> None:
    samples = prepared(train, most_rows=200)[0].augment("rare", 10, rng_from(1))
    assert "The support vector machine was trained on 200 of 400 rows, evenly taken." in samples.notes


def test_noise_only_is_a_reason() -> None:
    table = numeric_table(60)
    frame = table.frame.copy()
    for name in ("x0", "x1", "x2", "x3"):
        frame[name] = np.arange(60.0)
    frame["label"] = "common"
    frame.loc[frame.index[[10, 30, 50]], "label"] = "rare"
    alone = Dataset("table", frame.astype({"label": "str"}), table.schema, "alone")
    with pytest.raises(NotApplicable, match="look like noise"):
        SvmSmote().fit(alone, rng_from(0)).augment("rare", 3, rng_from(1))
