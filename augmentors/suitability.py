"""Which augmenters suit a class of a training part, and in one sentence why, or why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from augmentors import catalog
from augmentors.core.augmenter import Augmenter, Card
from augmentors.core.dataset import Dataset
from augmentors.core.plan import MixPart
from augmentors.explore.health import counted
from augmentors.protection import breach
from augmentors.recipe import parse_mix

FEW = 6
MANY = 50


@dataclass(frozen=True)
class Suitability:
    """How an augmenter fits a class.

    Parameters
    ----------
    card : Card
    rank : int
        0 suits best, 1 applies, 2 does not apply.
    reason : str
        One sentence.
    """

    card: Card
    rank: int
    reason: str

    @property
    def applies(self) -> bool:
        """Whether it can be used."""
        return self.rank < 2


def suitabilities(train: Dataset, target: str) -> list[Suitability]:
    """Return all augmenters of this kind of data, those that suit best first.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> suitabilities(toy_table(), "rare")[0].card.key
    'smotenc'
    """
    found = [_judge(cls, train, target) for cls in catalog.for_kind(train.kind)]
    return sorted(found, key=lambda one: one.rank)


def _judge(cls: type[Augmenter], train: Dataset, target: str) -> Suitability:
    against = cls().why_not(train, target)
    if against is not None:
        return Suitability(cls.card, 2, against)
    praise = {"table": _for_table, "text": _for_text, "image": _for_image}[train.kind](cls.card.key, train, target)
    if praise:
        return Suitability(cls.card, 0, praise)
    return Suitability(cls.card, 1, cls.card.summary)


def _for_table(key: str, train: Dataset, target: str) -> str | None:
    count = train.class_counts.get(target, 0)
    if train.schema.task != "classification" and count >= FEW:
        praise = {
            ("smogn", "regression"): "Made for targets that are numbers: the new number is made with the row.",
            ("mlsmote", "multilabel"): "Made for several labels per sample: the labels are made with the row.",
        }
        return praise.get((key, train.schema.task))
    mixed = len(train.schema.features("category", "boolean"))
    if key == "smotenc" and mixed and count >= FEW:
        return f"{mixed} of the columns are categories or yes/no, which it takes from the neighbours' majority."
    if key == "smote" and not mixed and count >= FEW:
        return f"All columns are numbers, and {count:,} samples are enough to interpolate between."
    if key == "borderline_smote" and not mixed and count >= MANY:
        return f"With {count:,} samples there is a border worth filling."
    if key == "random_oversampling" and count < FEW:
        return f"'{target}' has {counted(count, 'sample')}, too few to interpolate between."
    return None


def _for_text(key: str, train: Dataset, target: str) -> str | None:
    own = train.positions(target)[:200]
    texts = train.frame[train.schema.text].iloc[own].fillna("").astype(str)
    words = sum(len(text.split()) for text in texts) / max(len(texts), 1)
    if key == "synonym_replacement":
        return "Keeps grammar and meaning closest to the original."
    if key == "sentence_shuffling" and words >= 40:
        return f"The texts are long ({words:.0f} words on average), so their order can vary."
    if key == "random_deletion" and 8 <= words < 40:
        return f"{words:.0f} words on average leave enough to drop one."
    return None


def _for_image(key: str, train: Dataset, target: str) -> str | None:
    reasons = {
        "affine": "Small moves keep the class for nearly every kind of picture.",
        "brightness_contrast": "Light varies between pictures of almost anything.",
        "crop_resize": "Framing varies between pictures of almost anything.",
    }
    return reasons.get(key)


def default_mix(train: Dataset, target: str, protected: Sequence[str] = ()) -> tuple[MixPart, ...]:
    """Return the mix a class gets before anybody chose one: what suits best; several kinds of change for images.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> [part.augmenter for part in default_mix(toy_table(), "rare")]
    ['smotenc']
    """
    fitting = [one for one in suitabilities(train, target) if one.applies]
    usable = [one for one in fitting if breach(parse_mix([one.card.key])[0], protected) is None]
    best = [one for one in usable if one.rank == 0] or usable
    return parse_mix([one.card.key for one in best[: 3 if train.kind == "image" else 1]])
