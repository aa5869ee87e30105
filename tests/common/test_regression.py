"""Every augmenter of tables on a target that is a number: what it makes is honest, or it says why it does not apply."""

import numpy as np
import pandas as pd
import pytest

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Augmenter
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.gate import Gate
from augmentors.testing import toy_regression
from augmentors.testing.trial import is_sentence, new

TABLES = [cls for cls in AUGMENTERS if cls.card.kind == "table"]


@pytest.mark.parametrize("whole", [False, True], ids=["numbers", "whole numbers"])
@pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.card.key)
def test_targets_lie_among_those_of_the_parents_or_of_the_range(cls: type[Augmenter], whole: bool) -> None:
    train = toy_regression({"low": 60, "middle": 40, "high": 24}, whole=whole)
    name = list(train.class_counts)[-1]
    try:
        samples = new(cls).fit(train, rng_from("fit")).augment(name, 40, rng_from("augment"))
    except NotApplicable as reason:
        assert is_sentence(reason.message)
        return
    made = samples.frame["label"].to_numpy(dtype=float)
    known = pd.Series(np.append(train.targets, np.nan), index=[*train.ids, ""])
    of_parents = known.reindex(samples.parents.ravel()).to_numpy().reshape(samples.parents.shape)
    own = train.targets[train.positions(name)]
    low = np.minimum(np.nanmin(of_parents, axis=1), own.min())
    high = np.maximum(np.nanmax(of_parents, axis=1), own.max())
    assert ((made >= low) & (made <= high)).all()
    assert samples.frame["label"].dtype == train.frame["label"].dtype
    judged = Gate(copies=False, ranges=True, constraints=False).fit(train, [name]).judge(samples).table
    outside = train.schema.labels_of(samples.frame) != name
    assert (judged["rule"][outside] == "target_range").all() and not outside.all()
