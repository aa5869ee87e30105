"""What thresholds are chosen on: probabilities of samples by models that never saw them."""

import numpy as np

from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.testing import toy_table


def test_scores_for_thresholds_are_those_of_samples_no_model_saw():
    """Each training sample once, by the model of its own fold; the test part by every model of the first repeat."""
    data = toy_table({"common": 90, "rare": 30})
    split = make_split(data)
    comparison = compare(data, split, learners=["logistic"], free=["class_weight"])
    kept = comparison.decisions
    assert set(kept.held_out) == {(arm, "logistic") for arm in ("plain", "class_weight")}
    labels = data.take(split.train).labels
    ordered = np.concatenate([labels[split.folds == n] for n in range(5)])
    assert [kept.classes[code] for code in kept.truth] == ordered.tolist()
    assert kept.test["plain", "logistic"].shape == (5, len(split.test), 2)
    first = [fit for fit in comparison.of("plain", "logistic") if fit.repeat == 0]
    assert np.isclose(
        np.mean([fit.test["per_class"]["rare"]["recall"] for fit in first]),
        np.mean([(p.argmax(1) == 1)[kept.test_truth == 1].mean() for p in kept.test["plain", "logistic"]]),
    )
    assert all(fit.probabilities is None for fit in comparison.fits)
    offsets = comparison.to_json()["arms"][0]["offsets"]
    assert offsets["common"] == 0 and offsets["rare"] > 0
