"""Pseudo-labelling of texts: predicted classes are right on texts whose label is known, and each learner can judge."""

import pytest

from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.testing import Toys
from augmentors.text.text_pseudo_labelling import TextPseudoLabelling


@pytest.mark.parametrize("learner", ["minilm_logistic", "tfidf_logistic"])
def test_predicted_classes_are_right(learner: str) -> None:
    train = Toys.of(TextPseudoLabelling).ordinary()
    one = TextPseudoLabelling(learner=learner, precision=0.6).fit(train, rng_from("fit"))
    made = one.augment("rare", 12, rng_from(0))
    # Toy texts open with the name of their class.
    assert sum(text.startswith("Rare matter.") for text in made.frame["text"]) >= 10
    assert train.unlabelled is not None
    assert made.frame["text"].tolist() == train.unlabelled.frame.loc[made.parents[:, 0], "text"].tolist()


def test_a_learner_that_cannot_be_trusted_is_refused_with_its_precision() -> None:
    train = Toys.of(TextPseudoLabelling).ordinary()
    one = TextPseudoLabelling(learner="naive_bayes", precision=0.9).fit(train, rng_from("fit"))
    with pytest.raises(NotApplicable, match="no confidence gives a precision of 90%"):
        one.augment("rare", 12, rng_from(0))
