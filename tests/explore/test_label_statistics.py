from dataclasses import replace

import pytest

from augmentors.core.label_sets import LabelSets
from augmentors.explore.label_statistics import Told, label_statistics, told_of_label
from augmentors.testing import toy_multilabel, toy_regression, toy_table


def test_measures_by_hand() -> None:
    data = toy_multilabel().take(toy_multilabel().ids[:5])
    frame = data.frame.assign(label=["a", "a", "a|b", "a", ""])
    found = label_statistics(replace(data, frame=frame, schema=replace(data.schema, sets=LabelSets(("a", "b", "c")))))
    assert (found.cardinality, found.sets, found.without) == (1.0, 3, 1)
    assert found.density == pytest.approx(1 / 3)
    # 4 bear a, 1 bears b, none bears c, which has no ratio.
    assert found.imbalance == {"b": 4.0, "a": 1.0} and found.mean_imbalance == 2.5
    # The one sample of both: 1 - sqrt(4 · 1) / 2.5 = 0.2, over five samples.
    assert found.concurrence == pytest.approx(0.04)
    assert "(IRLbl above the mean of 2.5): 'b'." in found.sentence


def test_classes_need_no_more_words() -> None:
    assert told_of_label(toy_table()) == Told()
    assert told_of_label(toy_regression()).noun == "ranges of 'label'"
    assert told_of_label(toy_multilabel()).facts["labels"]["imbalance"]["common"] == 1.0
