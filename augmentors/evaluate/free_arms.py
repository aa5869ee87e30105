"""What costs nothing: the alternatives that new samples must beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import UserError
from augmentors.evaluate.semi_supervised import SemiSupervised
from augmentors.learners.base import Ensemble, LearnerCard
from augmentors.learners.features import ENCODED
from augmentors.learners.objectives import Objective
from augmentors.learners.weighting import Weighting

PLAIN = "plain"
THRESHOLD = "threshold"
CLASS_WEIGHT = "class_weight"
Resampling = Literal["under", "over"]
# Features between which there are meaningful points.
EMBEDDINGS = ("minilm", "efficientnet")
# What kinds of free arms there are, as people choose among them.
GROUPS = {
    "decision": "Decision",
    "weights": "Weights",
    "resampling": "Re-sampling",
    "ensembles": "Ensembles",
    "semi_supervised": "Semi-supervised",
    "losses": "Losses and strategies for nets",
}


@dataclass(frozen=True)
class FreeArm:
    """A way of training or deciding that makes no new samples.

    Parameters
    ----------
    key, title, summary : str
    group : str
        One of `GROUPS`.
    reference : str
        Where it comes from.
    moves_threshold : bool
        The plain model's probabilities, decided by tuned offsets.
    class_weight : {"balanced", "effective"}, optional
    resampling : {"under", "over"}, optional
        Samples are dropped down to the smallest class, or repeated up to the largest.
    ensemble : {"balanced_bagging", "easy_ensemble"}, optional
        Models on balanced parts are averaged.
    objective : Objective, optional
        How a net is trained; other learners have no part in it.
    between_vectors : bool
        Vectors between the embeddings of a class fill it up, for learners that read embeddings (see `vector_smote`).
    semi : {"crest", "fixmatch"}, optional
        How unlabelled samples are learnt from.
    kinds : tuple of str
    light : bool
        Whether it runs by default with learners that take long, too.
    by_default : bool
        Whether it runs without being asked for: what takes no longer than a few plain fits of the default learners.
    """

    key: str
    title: str
    summary: str
    group: str
    reference: str = ""
    moves_threshold: bool = False
    class_weight: Weighting | None = None
    resampling: Resampling | None = None
    ensemble: Ensemble | None = None
    objective: Objective | None = None
    between_vectors: bool = False
    semi: SemiSupervised | None = None
    kinds: tuple[Kind, ...] = ("table", "text", "image")
    light: bool = False
    by_default: bool = True

    def suits(self, card: LearnerCard) -> bool:
        """Whether a learner can be trained so."""
        if self.objective is not None or self.semi == "fixmatch":
            return card.is_net
        if self.between_vectors:
            return card.features is not None and card.features.startswith((*EMBEDDINGS, ENCODED))
        return self.ensemble is None or self.ensemble in card.ensembles


# The plain fit, told as an arm: nothing is done.
NOTHING = FreeArm(PLAIN, "Plain", "Each sample counts the same.", "decision")


def _for_nets(key: Objective, title: str, summary: str, reference: str) -> FreeArm:
    return FreeArm(key, title, summary, "losses", reference, objective=key, by_default=False)


# From the cheapest on; the verdict's "cheapest arm" reads this order.
FREE_ARMS: tuple[FreeArm, ...] = (
    FreeArm(
        THRESHOLD,
        "Moved threshold",
        "The plain model; each class's log-probability gets an offset tuned for macro-F1 on the other folds.",
        "decision",
        moves_threshold=True,
        light=True,
    ),
    _for_nets(
        "logit_adjustment",
        "Logit adjustment",
        "The plain net; the logarithm of each class's share is taken off its logits.",
        "Menon et al. 2021, ICLR",
    ),
    FreeArm(
        CLASS_WEIGHT,
        "Class weights",
        "Each class counts the same in the loss; for nets this is weighted cross-entropy.",
        "weights",
        "King & Zeng 2001",
        class_weight="balanced",
        light=True,
    ),
    FreeArm(
        "effective_weight",
        "Effective-number weights",
        "Classes are weighted by their effective number of samples; for nets this is class-balanced cross-entropy.",
        "weights",
        "Cui et al. 2019, CVPR",
        class_weight="effective",
    ),
    FreeArm(
        "random_under",
        "Random under-sampling",
        "Samples are dropped down to the smallest class.",
        "resampling",
        resampling="under",
    ),
    FreeArm(
        "random_over",
        "Random over-sampling",
        "Samples are repeated up to the largest class.",
        "resampling",
        resampling="over",
    ),
    FreeArm(
        "vector_smote",
        "SMOTE on embeddings (vectors, not exported)",
        "Vectors between neighbours bring every class up to the largest, inside the model alone: "
        "this makes no samples, so there is nothing to look at or to export.",
        "resampling",
        "Chawla et al. 2002, JAIR 16",
        between_vectors=True,
        kinds=("text", "image"),
        by_default=False,
    ),
    _for_nets("focal", "Focal loss", "What the net is already sure of counts little (γ = 2).", "Lin et al. 2017, ICCV"),
    _for_nets(
        "class_balanced_focal",
        "Class-balanced focal loss",
        "Focal loss, classes weighted by their effective number of samples.",
        "Cui et al. 2019, CVPR",
    ),
    _for_nets(
        "balanced_softmax",
        "Balanced softmax",
        "In training the logarithm of each class's share is added to the logits, so that the net need not learn it.",
        "Ren et al. 2020, NeurIPS",
    ),
    _for_nets(
        "ldam_drw",
        "LDAM with deferred re-weighting",
        "The rarer a class, the wider its margin; in the last fifth of the steps classes are also weighted.",
        "Cao et al. 2019, NeurIPS",
    ),
    _for_nets(
        "crt",
        "Decoupled training (cRT)",
        "The plain net's features are frozen; a new head is trained on batches in which all classes are alike.",
        "Kang et al. 2020, ICLR",
    ),
    FreeArm(
        "balanced_bagging",
        "Balanced bagging",
        "Ten models, each on a bootstrap thinned out to the smallest class, are averaged.",
        "ensembles",
        "Wallace et al. 2011, ICDM",
        ensemble="balanced_bagging",
        kinds=("table",),
    ),
    FreeArm(
        "easy_ensemble",
        "EasyEnsemble",
        "Ten AdaBoosts of 50 stumps, each on a part thinned out to the smallest class, are averaged; "
        "in the place of boosting alone.",
        "ensembles",
        "Liu, Wu & Zhou 2009, IEEE Trans. SMC-B",
        ensemble="easy_ensemble",
        kinds=("table",),
        by_default=False,
    ),
    FreeArm(
        "crest",
        "CReST",
        "Self-training on unlabelled data in three generations; the rarer a class, the larger the share of its "
        "predictions that is believed.",
        "semi_supervised",
        "Wei et al. 2021, CVPR",
        semi="crest",
        by_default=False,
    ),
    FreeArm(
        "fixmatch",
        "FixMatch",
        "What the net is sure of on a weak view of an unlabelled sample (images: shifted; texts: as it is) it must say "
        "of a strong one (images: light, colour, shape and a hole; texts: translated there and back, or EDA).",
        "semi_supervised",
        "Sohn et al. 2020, NeurIPS",
        semi="fixmatch",
        kinds=("text", "image"),
        by_default=False,
    ),
)
# Learners of this effort or more run the light arms alone, unless others are asked for.
HEAVY_EFFORT = 10.0
NONE, DEFAULT, ALL = "none", "default", "all"
FREE_KEYS = ", ".join(arm.key for arm in FREE_ARMS)


def free_arms(kind: Kind, keys: Sequence[str] | None = None, unlabelled: bool = True) -> tuple[FreeArm, ...]:
    """Return the alternatives of a kind of data, or those asked for, from the cheapest on.

    Parameters
    ----------
    kind : {"table", "text", "image"}
    keys : sequence of str, optional
        Keys of arms or of groups (see `GROUPS`), ``default`` or ``all``; those that run by default when left out.
        ``["none"]`` asks for none.
    unlabelled : bool
        Whether there are unlabelled samples; ``all`` means no arm that learns from them when there are none.

    Raises
    ------
    UserError
        When a key is unknown or of another kind.

    Examples
    --------
    >>> [arm.key for arm in free_arms("image", ["weights", "focal"])]
    ['class_weight', 'effective_weight', 'focal']
    """
    known = {arm.key: arm for arm in FREE_ARMS if kind in arm.kinds}
    wanted = set((DEFAULT,) if keys is None else keys) - {NONE, PLAIN}
    unknown = next((key for key in keys or () if key in wanted - {*known, *GROUPS, DEFAULT, ALL}), None)
    if unknown is not None:
        raise UserError(
            f"There is no arm '{unknown}' for {kind} data.",
            f"Known are: {', '.join(known)}; the groups {', '.join(GROUPS)}; '{DEFAULT}' runs what runs without "
            f"asking, '{ALL}' all of them, '{NONE}' none.",
        )
    return tuple(arm for arm in known.values() if wanted & _names_of(arm, unlabelled))


def _names_of(arm: FreeArm, unlabelled: bool) -> set[str]:
    """Return what an arm may be asked for by."""
    names = {arm.key, arm.group} | ({DEFAULT} if arm.by_default else set())
    return names | ({ALL} if unlabelled or arm.semi is None else set())


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
