"""Comparing regressors: metrics by hand, rules on made-up folds, one whole comparison on real data."""

import json
from pathlib import Path

import numpy as np
import pytest

from augmentors.core.errors import UserError
from augmentors.core.ranges import Ranges
from augmentors.core.seeds import rng_from
from augmentors.evaluate.as_text import comparison_lines
from augmentors.evaluate.target_compare import compare_targets
from augmentors.evaluate.target_scores import TargetTest, bootstraps
from augmentors.evaluate.target_verdict import judge_targets, next_arm
from augmentors.explore.rare_ranges import with_ranges
from augmentors.ingest import load
from augmentors.learners.regressors import make_regressor, regressor_cards
from augmentors.learners.target_metrics import target_scores
from augmentors.run import compare_recipes, make_recipe, split_dataset
from augmentors.testing import toy_regression

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
RATIO = 0.25


def test_the_area_is_that_under_the_curve_of_the_paper() -> None:
    rng = rng_from(5)
    ranges = Ranges("y", (8.0,), (False, True), "box plot", ((0.0, 0.0), (10.0, 1.0)))
    true, predicted = rng.uniform(-5, 15, 400), rng.uniform(-5, 15, 400)
    relevance, squared = ranges.relevances(true), (predicted - true) ** 2
    steps = np.linspace(0, 1, 20_001)
    curve = [squared[relevance >= t].sum() for t in steps]
    area = np.trapezoid(curve, steps)
    assert target_scores(true, predicted, ranges)["sera"] * 400 == pytest.approx(area, rel=1e-3)


def test_bootstraps_measure_what_the_metrics_measure() -> None:
    data = toy_regression()
    test = TargetTest(data, bootstraps(len(data), rng_from(1)))
    predicted = data.targets + rng_from(2).normal(0, 2, len(data))
    found = test._resampled(np.abs(predicted - data.targets))
    for b in (0, 57):
        at = np.repeat(np.arange(len(data)), test.draws[b].astype(int))
        exact = target_scores(data.targets[at], predicted[at], test.ranges)
        assert {name: found[name][b] for name in exact} == pytest.approx(exact, rel=1e-5)


def test_rules_of_the_verdict_on_folds_made_by_hand() -> None:
    noise = rng_from(7).normal(0, 0.01, 10)
    plain = 10 + noise
    errors = {"plain": plain, "same": plain + rng_from(8).normal(0, 0.3, 10), "better": plain - 0.5, "worse": plain + 1}
    # 0.15 of 10 is below the margin of 2 %, however sure it is.
    errors["tiny"] = plain - 0.15
    judged = judge_targets(errors, RATIO)
    labels = {name: one.label for name, one in judged.items()}
    assert labels == {
        "same": "No detectable effect",
        "better": "Helps",
        "worse": "Harms",
        "tiny": "No detectable effect",
    }
    assert judged["better"].contrast.gap.mean == pytest.approx(0.5 / plain.mean())
    assert next_arm(errors, judged, RATIO) == "better"
    assert next_arm({name: errors[name] for name in ("plain", "worse")}, {"worse": judged["worse"]}, RATIO) == "plain"


def test_one_fold_is_too_few_to_judge_by() -> None:
    assert judge_targets({"plain": np.array([1.0]), "new": np.array([0.5])}, RATIO) == {}


@pytest.mark.parametrize("key", [card.key for card in regressor_cards()])
def test_regressors_learn_in_the_unit_of_the_target(key: str) -> None:
    train = toy_regression({"a": 300, "b": 100, "c": 60})
    fitted = make_regressor(key, 0).fit(train)
    assert np.abs(fitted.predict(train) - train.targets).mean() < np.abs(train.targets - train.targets.mean()).mean()
    weights = np.where(train.targets > 20, 1e4, 1e-4)
    heavy = make_regressor(key, 0).fit(train, weights=weights).predict(train)
    assert heavy.mean() > fitted.predict(train).mean() + 3


def test_an_unknown_regressor_is_named_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"no learner 'logistic' .*: ridge, forest, boosting"):
        regressor_cards(["logistic"])


def test_a_whole_comparison_is_the_same_on_two_workers(tmp_path: Path) -> None:
    loaded = load(SAMPLES / "lending.csv", label="annual_income", task="regression")
    small = loaded.dataset.take(loaded.dataset.ids[:400])
    split = split_dataset(small)
    recipe = make_recipe("smogn", target="ratio:0.5")
    found = [
        compare_recipes(
            small, split, {"smogn": recipe}, scratch=tmp_path, learners=["ridge", "boosting"], repeats=1, workers=n
        ).to_json()
        for n in (1, 2)
    ]
    assert [one.pop("looks") for one in found] == [1, 2]
    assert json.dumps(found[0]) == json.dumps(found[1])
    result = found[0]
    assert {arm["name"] for arm in result["arms"]} == {
        "plain",
        "relevance_weight",
        "random_under",
        "random_over",
        "smogn",
    }
    assert result["verdict"]["label"] in ("Helps", "No detectable effect", "Harms")
    new = next(arm for arm in result["arms"] if arm["name"] == "smogn")
    assert new["synthetic"]["how"] == "made anew" and new["synthetic"]["used"] > 0
    lines = "\n".join(comparison_lines(result))
    assert "SERA per row" in lines and "annual_income >= " in lines
    with pytest.raises(UserError, match="no arm 'class_weight'"):
        compare_targets(with_ranges(small, split), split, free=["class_weight"])
