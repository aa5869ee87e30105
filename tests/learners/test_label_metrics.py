import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, hamming_loss

from augmentors.core.seeds import rng_from
from augmentors.learners.label_metrics import label_scores, per_label
from augmentors.learners.labellers import labeller_cards, make_labeller
from augmentors.testing import toy_multilabel


def test_metrics_are_scikit_learns_also_where_samples_count_more_than_once() -> None:
    rng = rng_from("labels")
    true = rng.random((200, 4)) < [0.5, 0.2, 0.1, 0.05]
    # One digit, so that many probabilities are equal.
    proba = np.round(np.clip(true * 0.3 + rng.random((200, 4)) * 0.7, 0, 1), 1)
    counts = rng.integers(0, 4, 200)
    found = label_scores(true, proba, np.stack([np.ones(200), counts]))
    for i, weights in enumerate((np.ones(200), counts)):
        decided = proba >= 0.5
        expected = {
            "macro_average_precision": average_precision_score(true, proba, average="macro", sample_weight=weights),
            "macro_f1": f1_score(true, decided, average="macro", sample_weight=weights),
            "micro_f1": f1_score(true, decided, average="micro", sample_weight=weights),
            "hamming": hamming_loss(true, decided, sample_weight=weights),
        }
        assert {name: value[i] for name, value in found.items()} == pytest.approx(expected)


def test_a_label_that_nobody_bears_is_left_out() -> None:
    true = np.array([[1, 0], [0, 0], [1, 0]], dtype=bool)
    proba = np.array([[0.9, 0.1], [0.2, 0.6], [0.8, 0.3]])
    found = label_scores(true, proba, np.ones((1, 3)))
    assert found["macro_average_precision"][0] == 1.0 and found["macro_f1"][0] == 1.0
    own = per_label(true, proba, ("a", "b"))
    assert own["average_precision"]["a"] == 1.0 and np.isnan(own["average_precision"]["b"]) and np.isnan(own["f1"]["b"])


@pytest.mark.parametrize("key", [card.key for card in labeller_cards()])
def test_labellers_learn_each_label_and_weights_raise_the_rare_one(key: str) -> None:
    train = toy_multilabel({"common": 160, "some": 80, "rare": 30})
    plain = make_labeller(key, 0).fit(train).predict(train)
    assert (
        plain.shape == (270, 3) and per_label(train.label_matrix, plain, ("common", "some", "rare"))["f1"]["some"] > 0
    )
    heavy = make_labeller(key, 0, balanced=True).fit(train).predict(train)
    assert heavy[:, 2].mean() > plain[:, 2].mean() + 0.05
