"""Comparing models of several labels per sample: the terms, and one whole comparison."""

import json
from pathlib import Path

import numpy as np
import pytest

from augmentors.core.errors import UserError
from augmentors.core.seeds import rng_from
from augmentors.evaluate.as_text import comparison_lines
from augmentors.evaluate.label_scores import LabelTest
from augmentors.evaluate.target_compare import compare_targets
from augmentors.evaluate.target_scores import bootstraps
from augmentors.evaluate.target_verdict import judge_targets, next_arm
from augmentors.evaluate.terms import MULTILABEL
from augmentors.run import compare_recipes, make_recipe, split_dataset
from augmentors.testing import toy_multilabel


def test_more_average_precision_is_better_and_counts_from_one_point() -> None:
    plain = 0.5 + rng_from(1).normal(0, 0.002, 10)
    values = {"plain": plain, "up": plain + 0.03, "down": plain - 0.03, "tiny": plain + 0.005}
    judged = judge_targets(values, 0.25, MULTILABEL)
    assert {name: one.label for name, one in judged.items()} == {
        "up": "Helps",
        "down": "Harms",
        "tiny": "No detectable effect",
    }
    assert judged["up"].contrast.gap.mean == pytest.approx(0.03)
    assert next_arm(values, judged, 0.25, MULTILABEL) == "up"


def test_scores_on_the_whole_test_part_are_those_of_a_bootstrap_of_itself() -> None:
    data = toy_multilabel()
    test = LabelTest(data, np.vstack([np.ones((1, len(data))), bootstraps(len(data), rng_from(0))]))
    proba = np.clip(data.label_matrix * 0.4 + rng_from(2).random(data.label_matrix.shape) * 0.6, 0, 1)
    found = test.measured(proba, data, proba)
    assert {name: value[0] for name, value in found["resampled"].items()} == pytest.approx(found["test"])
    assert found["test"] == found["held_out"]


def test_a_whole_comparison_is_the_same_on_two_workers(tmp_path: Path) -> None:
    data = toy_multilabel({"common": 160, "some": 90, "rare": 40})
    split = split_dataset(data)
    recipe = make_recipe("mlsmote", target="majority")
    found = [
        compare_recipes(
            data, split, {"mlsmote": recipe}, scratch=tmp_path, learners=["logistic", "boosting"], repeats=1, workers=n
        ).to_json()
        for n in (1, 2)
    ]
    assert [one.pop("looks") for one in found] == [1, 2]
    assert json.dumps(found[0]) == json.dumps(found[1])
    result = found[0]
    assert result["task"] == "multilabel" and {a["name"] for a in result["arms"]} == {
        "plain",
        "class_weight",
        "mlsmote",
    }
    assert result["verdict"]["label"] in ("Helps", "No detectable effect", "Harms")
    assert "points" in result["verdict"]["sentence"] and "each label counting the same" in result["verdict"]["sentence"]
    lines = "\n".join(comparison_lines(result))
    assert "Average precision per label" in lines and "Hamming loss (lower is better)" in lines
    with pytest.raises(UserError, match="no arm 'random_over' for several labels"):
        compare_targets(data, split, free=["random_over"])
