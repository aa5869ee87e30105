"""How often the verdict on numbers and on label sets is wrong without an effect, and right with a large one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.label_sets import LabelSets
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.core.split import Split, make_split
from augmentors.evaluate import AugmentedArm
from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.target_compare import compare_targets
from augmentors.evaluate.target_comparison import TargetComparison
from augmentors.evaluate.target_words import judged_json
from augmentors.evaluate.terms import PRIMARY_LEARNER
from augmentors.evaluate.verdict import HARMS, HELPS, NOTHING
from augmentors.explore.rare_ranges import with_ranges
from augmentors.run import compare_recipes, make_recipe

TASKS = ("regression", "multilabel")
AUGMENTER = {"regression": "smogn", "multilabel": "mlsmote"}
LABELS = ("common", "some", "rare")
TIMES = 200


def numbers(seed: int, n: int) -> Dataset:
    """Return a target with a tail: most values are near 0, a few are large."""
    rng = rng_from("numbers", seed, n)
    points = rng.normal(size=(n, 4))
    return _numbers(points, np.exp(points[:, 0] + 0.5 * points[:, 1] + rng.normal(0, 0.3, n)), f"numbers {seed} {n}")


def sets(seed: int, n: int) -> Dataset:
    """Return three labels, each likelier the further a row lies in a direction of its own."""
    rng = rng_from("sets", seed, n)
    points = rng.normal(size=(n, 4))
    bears = points[:, :3] + rng.normal(0, 1, (n, 3)) > [0.0, 0.8, 1.6]
    return _sets(points, bears, f"sets {seed} {n}")


def hills(seed: int, n: int, share: float) -> Dataset:
    """Return values from 0 to 2, and apart from them, for a share of the rows, hills of large values."""
    rng = rng_from("hills", seed, n, share)
    points, high = rng.uniform(-3, 3, (n, 4)), rng.random(n) < share
    points[:, 0] = np.where(high, 6, 0) + rng.uniform(-2, 2, n)
    height = 40 + 10 * (np.sin(2 * points[:, 1]) + np.sin(2 * points[:, 2]))
    return _numbers(points, rng.uniform(0, 2, n) + high * height, f"hills {seed} {n} {share}")


def island_sets(seed: int, n: int, share: float) -> Dataset:
    """Return three labels, each borne on 64 small islands in three columns of its own."""
    rng = rng_from("island sets", seed, n, share)
    parts = [_islands(rng, n, share) for _ in LABELS]
    bears = np.column_stack([rare for _, rare in parts])
    return _sets(np.hstack([points for points, _ in parts]), bears, f"island sets {seed} {n}")


def _islands(rng: np.random.Generator, n: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return points in three columns, and which of them lie on an island."""
    points, rare = rng.uniform(-3, 3, (n, 3)), rng.random(n) < share
    centres = np.stack(np.meshgrid(*[[-2.4, -0.8, 0.8, 2.4]] * 3), axis=-1).reshape(64, 3)
    points[rare] = (centres[rng.integers(0, 64, n)] + rng.normal(size=(n, 3)) * 0.15)[rare]
    return points, rare


def _numbers(points: np.ndarray, values: np.ndarray, name: str) -> Dataset:
    frame, types = _frame(points)
    schema = Schema("label", types | {"label": "number"}, task="regression")
    return Dataset("table", frame.assign(label=values), schema, name)


def _sets(points: np.ndarray, bears: np.ndarray, name: str) -> Dataset:
    frame, types = _frame(points)
    written = LabelSets(LABELS)
    schema = Schema("label", types, task="multilabel", sets=written)
    return Dataset("table", frame.assign(label=pd.array(written.written(bears), dtype="str")), schema, name)


def _frame(points: np.ndarray) -> tuple[pd.DataFrame, dict[str, str]]:
    frame = pd.DataFrame(points, columns=list("abcdefghi")[: points.shape[1]])
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    return frame, dict.fromkeys(frame.columns, "number")


SMALL: dict[str, Callable[[int, int], Dataset]] = {"regression": numbers, "multilabel": sets}
# Data whose rare part needs more samples than there are, and new ones from its true distribution.
STARVED: dict[str, Callable[[int], Dataset]] = {
    "regression": lambda seed: hills(seed, 600, 0.1),
    "multilabel": lambda seed: island_sets(seed, 600, 0.1),
}
TRUE: dict[str, Callable[[int], Dataset]] = {
    "regression": lambda seed: hills(seed, 600, 1),
    "multilabel": lambda seed: island_sets(seed, 1000, 0.5),
}


def label_of_two_seeds(task: str, seed: int, scratch: Path) -> str:
    """Return the verdict on one recipe against itself with another seed, both made anew in every fold."""
    data = SMALL[task](seed, 300)
    split = make_split(data, seed=seed)
    recipes = {str(i): make_recipe(AUGMENTER[task], seed=i) for i in range(2)}
    found = compare_recipes(data, split, recipes, scratch=scratch, learners=[PRIMARY_LEARNER], free=["none"])
    assert isinstance(found, TargetComparison)
    as_plain = [replace(fit, arm=PLAIN) for fit in found.of_arm("0", PRIMARY_LEARNER)]
    both = replace(found, fits=as_plain + found.of_arm("1", PRIMARY_LEARNER))
    return str(judged_json(both)["label"])


def label_of_true_samples(task: str, seed: int) -> str:
    """Return the verdict on new samples from the true distribution: the best there could be."""
    data = STARVED[task](seed)
    split = make_split(data, seed=seed)
    data = with_ranges(data, split)
    true = TRUE[task](seed + 10_000).frame
    arm = AugmentedArm("true", _with_parents(true, split, seed))
    return str(judged_json(compare_targets(data, split, [arm], [PRIMARY_LEARNER], free=["none"]))["label"])


def _with_parents(frame: pd.DataFrame, split: Split, seed: int) -> Samples:
    """Return rows as new samples; drawn parents only say in which folds they are left out."""
    frame = frame.set_axis([f"new{i}" for i in range(len(frame))])
    parents = rng_from("parents", seed).choice(split.train, (len(frame), 1))
    return Samples(frame, parents, np.ones(parents.shape), pd.DataFrame({"entry": "e"}, frame.index))


@pytest.mark.parametrize("task", TASKS)
def test_quick_share(task: str, tmp_path: Path) -> None:
    assert label_of_two_seeds(task, 0, tmp_path) == NOTHING
    assert label_of_true_samples(task, 0) == HELPS


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("task", TASKS)
def test_without_an_effect(task: str, tmp_path: Path) -> None:
    labels = [label_of_two_seeds(task, seed, tmp_path) for seed in range(TIMES)]
    wrong = labels.count(HELPS) + labels.count(HARMS)
    print(f"{task}: {labels.count(HELPS)} Helps, {labels.count(HARMS)} Harms of {TIMES}")
    assert binomtest(wrong, TIMES).proportion_ci(0.95).low <= 0.05


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("task", TASKS)
def test_with_a_large_effect(task: str) -> None:
    labels = [label_of_true_samples(task, seed) for seed in range(TIMES)]
    print(f"{task}: {labels.count(HELPS)} Helps of {TIMES}")
    assert labels.count(HELPS) >= 0.9 * TIMES
