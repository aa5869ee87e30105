"""Pseudo-labelling of texts: unlabelled texts of which a learner is sure enough."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.learners.self_training import REFERENCES, PseudoLabelling, PseudoLabelParams


class TextPseudoLabelling(PseudoLabelling):
    """Take over unlabelled texts that a learner of the training part is sure of, surest first.

    Examples
    --------
    >>> from augmentors.testing import Toys
    >>> import numpy as np
    >>> train, rng = Toys.of(TextPseudoLabelling).ordinary({"common": 60, "rare": 40}), np.random.default_rng(0)
    >>> made = TextPseudoLabelling(learner="tfidf_logistic").fit(train, rng).augment("rare", 2, rng)
    >>> [text.split()[0] for text in made.frame["text"]]
    ['Rare', 'Rare']
    """

    card = Card(
        key="text_pseudo_labelling",
        title="Pseudo-labelling of texts",
        kind="text",
        family="semi-supervised",
        summary="Takes over unlabelled texts that a learner is sure of, from a confidence of measured precision.",
        avoid="Avoid where the unlabelled texts come from elsewhere than the training texts: its errors go unseen.",
        references=REFERENCES,
        needs=frozenset({Need.FIT, Need.UNLABELLED, Need.TORCH}),
        aliases=("self-training", "pseudo-label"),
    )

    class Params(PseudoLabelParams):
        learner: Literal["minilm_logistic", "tfidf_logistic", "naive_bayes"] = Field(
            "minilm_logistic",
            title="Learner",
            description="What judges the unlabelled texts; trained on the training part alone.",
            json_schema_extra={"tune": {}, "trial": "tfidf_logistic"},
        )

    params: Params
