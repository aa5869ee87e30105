"""Pseudo-labelling of tables: unlabelled rows of which a learner is sure enough."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.learners.self_training import REFERENCES, PseudoLabelling, PseudoLabelParams
from augmentors.table.table_augmenter import TableAugmenter


class TablePseudoLabelling(PseudoLabelling, TableAugmenter):
    """Take over unlabelled rows that a learner of the training part is sure of, surest first.

    Examples
    --------
    >>> from augmentors.testing import Toys
    >>> import numpy as np
    >>> train, rng = Toys.of(TablePseudoLabelling).ordinary(), np.random.default_rng(0)
    >>> made = TablePseudoLabelling(precision=0.6).fit(train, rng).augment("common", 3, rng)
    >>> made.parents[:, 0].tolist() == [name for name in made.parents[:, 0] if name in train.unlabelled.ids]
    True
    """

    card = Card(
        key="pseudo_labelling",
        title="Pseudo-labelling",
        kind="table",
        family="semi-supervised",
        summary="Takes over unlabelled rows that a learner is sure of, from a confidence of measured precision.",
        avoid="Avoid where the unlabelled rows come from elsewhere than the training rows: its errors go unseen.",
        references=REFERENCES,
        needs=frozenset({Need.FIT, Need.UNLABELLED}),
        aliases=("self-training", "pseudo-label"),
    )

    class Params(PseudoLabelParams):
        learner: Literal["logistic", "forest", "boosting"] = Field(
            "logistic",
            title="Learner",
            description="What judges the unlabelled rows; trained on the training part alone.",
            json_schema_extra={"tune": {}},
        )

    params: Params
