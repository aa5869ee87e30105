"""Pseudo-labelling of images: predicted classes are right where the label is known, whichever learner judges."""

from pathlib import Path

import pytest

from augmentors.core.seeds import rng_from
from augmentors.image.image_pseudo_labelling import ImagePseudoLabelling
from augmentors.testing import Toys


@pytest.mark.parametrize("learner", ["efficientnet_logistic", "pixel_forest"])
def test_predicted_classes_are_right(learner: str, tmp_path: Path) -> None:
    train = Toys.of(ImagePseudoLabelling, tmp_path).ordinary()
    one = ImagePseudoLabelling(learner=learner, precision=0.6).fit(train, rng_from("fit"))
    made = one.augment("rare", 8, rng_from(0))
    # The path of a toy image begins with the name of its class.
    assert all(name.startswith("unlabelled:rare/") for name in made.parents[:, 0])
    assert made.images is not None and len(made.images) == 8
