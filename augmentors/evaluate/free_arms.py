"""What costs nothing: the alternatives that new samples must beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import UserError
from augmentors.learners.weighting import Weighting

PLAIN = "plain"
THRESHOLD = "threshold"
CLASS_WEIGHT = "class_weight"
Resampling = Literal["under", "over"]


@dataclass(frozen=True)
class FreeArm:
    """A way of training or deciding that makes no new samples.

    Parameters
    ----------
    key, title, summary : str
    moves_threshold : bool
        The plain model's probabilities, decided by tuned offsets.
    class_weight : {"balanced", "effective"}, optional
    resampling : {"under", "over"}, optional
        Samples are dropped down to the smallest class, or repeated up to the largest.
    bags : bool
        Models on balanced parts are averaged.
    kinds : tuple of str
    light : bool
        Whether it runs by default with learners that take long, too.
    """

    key: str
    title: str
    summary: str
    moves_threshold: bool = False
    class_weight: Weighting | None = None
    resampling: Resampling | None = None
    bags: bool = False
    kinds: tuple[Kind, ...] = ("table", "text", "image")
    light: bool = False


# From the cheapest on; the verdict's "cheapest arm" reads this order.
FREE_ARMS: tuple[FreeArm, ...] = (
    FreeArm(
        THRESHOLD,
        "Moved threshold",
        "The plain model; each class's log-probability gets an offset tuned for macro-F1 on the other folds.",
        moves_threshold=True,
        light=True,
    ),
    FreeArm(
        CLASS_WEIGHT, "Class weights", "Each class counts the same in the loss.", class_weight="balanced", light=True
    ),
    FreeArm(
        "effective_weight",
        "Effective-number weights",
        "Classes are weighted by their effective number of samples.",
        class_weight="effective",
    ),
    FreeArm(
        "random_under", "Random under-sampling", "Samples are dropped down to the smallest class.", resampling="under"
    ),
    FreeArm("random_over", "Random over-sampling", "Samples are repeated up to the largest class.", resampling="over"),
    FreeArm(
        "balanced_bagging",
        "Balanced bagging",
        "Ten models, each on a bootstrap thinned out to the smallest class, are averaged (EasyEnsemble).",
        bags=True,
        kinds=("table",),
    ),
)
# Learners of this effort or more run the light arms alone, unless others are asked for.
HEAVY_EFFORT = 10.0
NONE = "none"
FREE_KEYS = ", ".join(arm.key for arm in FREE_ARMS)


def free_arms(kind: Kind, keys: Sequence[str] | None = None) -> tuple[FreeArm, ...]:
    """Return the alternatives of a kind of data, or those asked for, from the cheapest on.

    Parameters
    ----------
    kind : {"table", "text", "image"}
    keys : sequence of str, optional
        All of the kind when left out; ``["none"]`` asks for none.

    Raises
    ------
    UserError
        When a key is unknown or of another kind.
    """
    known = {arm.key: arm for arm in FREE_ARMS if kind in arm.kinds}
    if keys is None:
        return tuple(known.values())
    wanted = [key for key in keys if key not in (NONE, PLAIN)]
    unknown = next((key for key in wanted if key not in known), None)
    if unknown is not None:
        raise UserError(
            f"There is no arm '{unknown}' for {kind} data.", f"Known are: {', '.join(known)}; 'none' runs none of them."
        )
    return tuple(arm for key, arm in known.items() if key in wanted)


def resampled(train: Dataset, how: Resampling, rng: np.random.Generator) -> Dataset:
    """Return the training samples with every class at the size of the smallest or the largest one.

    Over-sampling keeps each sample and repeats drawn ones, under their own
    ids, so that features computed for them are used again.
    """
    counts = train.class_counts
    aim = min(counts.values()) if how == "under" else max(counts.values())
    parts = []
    for label in sorted(counts):
        own = train.positions(label)
        if how == "under":
            parts.append(rng.choice(own, aim, replace=False))
        else:
            parts += [own, rng.choice(own, aim - len(own))]
    return train.take(train.ids[np.sort(np.concatenate(parts))])
