import numpy as np

from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.gate import Gate
from augmentors.gate.target_range import TargetRange
from augmentors.table.smogn import Smogn
from augmentors.testing import toy_regression, toy_table


def test_a_number_outside_its_range_is_rejected_with_the_reason() -> None:
    train = toy_regression()
    name = "label >= 20 (rare)"
    made = Smogn().fit(train, rng_from(0)).augment(name, 4, rng_from(1))
    values = [train.targets.max(), 19.5, 31.0, 25.0]
    samples = Samples(made.frame.assign(label=values), made.parents, made.weights, made.certificate)
    judged = Gate(copies=False, constraints=False).fit(train, [name]).judge(samples).table
    assert judged["rule"].tolist() == ["", "target_range", "target_range", ""]
    assert judged["detail"].iloc[1] == f"'label' is 19.5, outside the range '{name}' that it was made for"
    assert "the range seen in training" in judged["detail"].iloc[2]


def test_classes_are_left_alone() -> None:
    assert TargetRange().fit(toy_table(), ["rare"]).idle
    assert np.all([not TargetRange().fit(toy_regression(), []).idle])
