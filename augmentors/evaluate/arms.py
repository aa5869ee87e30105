"""Ways of training one model: what an arm adds to the plain fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.core.split import Split
from augmentors.evaluate.free_arms import HEAVY_EFFORT, PLAIN, FreeArm
from augmentors.evaluate.safe_folds import folds_of_parents, usable_in
from augmentors.learners.base import LearnerCard
from augmentors.recipe import Recipe


@dataclass(frozen=True)
class AugmentedArm:
    """New samples under a name: the models are also trained with them.

    Parameters
    ----------
    name : str
        Unique in a comparison; not ``plain`` and not that of a free arm.
    samples : Samples, optional
        Their parents lie in the training part. Those whose parents all lie outside the held-out fold are used.
    title : str
        For people; the name when empty.
    recipe : Recipe, optional
        Resolved. When given, it is carried out anew on each fold's training part, as if the held-out fold had
        never been; `samples` then only tell how many it makes of the whole training part.
    dropped : frozenset of str
        Originals that the recipe's selectors dropped, where samples are taken over.
    why_kept : str
        Why samples are taken over and not made anew, for people.
    """

    name: str
    samples: Samples | None = None
    title: str = ""
    recipe: Recipe | None = None
    dropped: frozenset[str] = frozenset()
    why_kept: str = ""

    @property
    def given(self) -> int:
        """New samples that the whole training part gives."""
        if self.samples is not None:
            return len(self.samples)
        return sum(entry.count for entry in self.recipe.plan.entries) if self.recipe is not None else 0


@dataclass(frozen=True)
class Arm:
    """An arm as the comparison runs it."""

    name: str
    title: str
    free: FreeArm | None = None
    augmented: AugmentedArm | None = None

    @property
    def is_fitted(self) -> bool:
        """Whether models are trained for it; a moved threshold decides by those of the plain arm."""
        return self.free is None or not self.free.moves_threshold

    def suits(self, card: LearnerCard) -> bool:
        """Whether a learner can be trained so."""
        return self.free is None or self.free.suits(card)

    def runs_on(self, card: LearnerCard) -> bool:
        """Whether it runs by default with a learner."""
        return self.free is None or self.free.light or card.effort < HEAVY_EFFORT

    @property
    def samples(self) -> Samples | None:
        """New samples that are taken over as they are; None where there are none or they are made anew."""
        if self.augmented is None or self.augmented.recipe is not None:
            return None
        return self.augmented.samples

    @property
    def recipe(self) -> Recipe | None:
        """What is carried out anew on each fold's training part."""
        return None if self.augmented is None else self.augmented.recipe

    @property
    def given(self) -> int:
        """New samples that the whole training part gives."""
        return 0 if self.augmented is None else self.augmented.given

    @property
    def dropped(self) -> frozenset[str]:
        """Originals that are not trained on."""
        return frozenset() if self.augmented is None else self.augmented.dropped

    def taken_over(self, split: Split, folds: np.ndarray, number: int) -> Samples | None:
        """Return the given samples whose parents all lie outside the held-out fold."""
        samples = self.samples
        if samples is None or not len(samples):
            return None
        ids = samples.frame.index.to_numpy(dtype=object)
        parent_folds = folds_of_parents(ids, samples.parents, split.train, folds)
        return take_lazily(samples, np.flatnonzero(usable_in(parent_folds, number)))


def is_fixmatch(arm: Arm) -> bool:
    """Whether an arm looks at strong views of unlabelled samples."""
    return arm.free is not None and arm.free.semi == "fixmatch"


def all_arms(augmented: Sequence[AugmentedArm], free: Sequence[FreeArm]) -> tuple[Arm, ...]:
    """Return the plain arm, the free alternatives, then the augmented ones.

    Raises
    ------
    ValueError
        When two arms have one name.
    """
    arms = (
        Arm(PLAIN, "Plain"),
        *(Arm(one.key, one.title, free=one) for one in free),
        *(Arm(a.name, a.title or a.name, augmented=a) for a in augmented),
    )
    names = [arm.name for arm in arms]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise ValueError(f"two arms are named '{double}'; each needs a name of its own")
    return arms


class ImageView(Sequence[np.ndarray]):
    """Some of a sequence of images, read only when asked for."""

    def __init__(self, images: Sequence[np.ndarray], at: np.ndarray) -> None:
        self._images, self._at = images, at

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, i: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, i: slice) -> "ImageView": ...
    def __getitem__(self, i: int | slice) -> Any:
        if isinstance(i, slice):
            return ImageView(self._images, self._at[i])
        return self._images[int(self._at[i])]


def take_lazily(samples: Samples, at: np.ndarray) -> Samples:
    """Return the samples at these positions like `Samples.take`, without reading images from disk."""
    images: Any = None if samples.images is None else ImageView(samples.images, at)
    rows = replace(samples, images=None).take(at)
    return replace(rows, images=images)


def check_parts(split: Split, dataset: Dataset) -> None:
    """Stop before any fit that could see a test sample."""
    known = set(dataset.ids)
    train, test = set(split.train), set(split.test)
    if train & test:
        raise AssertionError("the split has samples on both sides; it was not made by make_split")
    if not (train | test) <= known:
        raise AssertionError("the split was made for another dataset: some of its ids are unknown")
