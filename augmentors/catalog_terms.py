"""What an augmenter is found by, and what it needs, in plain words: derived from its declaration."""

import re
from dataclasses import dataclass
from typing import get_args

from augmentors.core.augmenter import Augmenter, Need

NO_TRAINING, NO_TORCH, OFFLINE = "no training", "no PyTorch", "offline"
_JOINT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")


@dataclass(frozen=True)
class Terms:
    """Words that lead to an augmenter, those that weigh most first.

    Parameters
    ----------
    title : str
    names : str
        What it is called elsewhere: class, aliases, key.
    family : str
    told : str
        Summary, the choices that its parameters offer, references.
    spares : tuple of str
        What it does without, as people ask for it: ``no training``, ``no PyTorch``, ``offline``.
    """

    title: str
    names: str
    family: str
    told: str
    spares: tuple[str, ...]


def terms(cls: type[Augmenter]) -> Terms:
    """Return what an augmenter is found by.

    Examples
    --------
    >>> from augmentors.catalog import get
    >>> found = terms(get("flip"))
    >>> found.family, "Horizontal Flip" in found.names, found.spares
    ('geometry', True, ('no training', 'no PyTorch', 'offline'))
    """
    card = cls.card
    called = (cls.__name__, *card.aliases)
    names = [*(split_name(name) for name in called), *called, split_name(card.key)]
    return Terms(
        title=f"{card.title} {split_name(card.title)}",
        names=" · ".join(dict.fromkeys(names)),
        family=card.family,
        told=" · ".join((card.summary, *_choices(cls), *card.references)),
        spares=_spares(cls),
    )


def split_name(name: str) -> str:
    """Return a name of code as words.

    Examples
    --------
    >>> split_name("RandomErasing"), split_name("keyboard_typos"), split_name("HEStain")
    ('Random Erasing', 'keyboard typos', 'HE Stain')
    """
    return " ".join(_JOINT.sub(" ", name).split())


def needs_in_words(cls: type[Augmenter]) -> str:
    """Return in one sentence what an augmenter asks for: training, PyTorch, a network, patience.

    Examples
    --------
    >>> from augmentors.catalog import get
    >>> needs_in_words(get("smote"))
    'No training and no PyTorch; it starts at once.'
    >>> needs_in_words(get("deep_smote"))
    'Trains a neural network on the training part first (PyTorch): minutes, not seconds.'
    """
    needs = cls.card.needs
    if Need.TORCH in needs:
        said = (
            "Trains a neural network on the training part first (PyTorch): minutes, not seconds."
            if trains_long(cls)
            else "Runs a ready-made neural network (PyTorch); nothing is trained."
        )
    elif Need.FIT in needs:
        said = "Learns from the training part first, in seconds; no PyTorch."
    else:
        said = "No training and no PyTorch; it starts at once."
    return f"{said} Talks to a server." if Need.NETWORK in needs else said


def trains_long(cls: type[Augmenter]) -> bool:
    """Whether fitting takes so long that previews use a shorter version."""
    return Need.TORCH in cls.card.needs and cls().preview_version()[1] > 1


def _spares(cls: type[Augmenter]) -> tuple[str, ...]:
    needs = cls.card.needs
    learns = Need.FIT in needs and (Need.TORCH not in needs or trains_long(cls))
    said = ((NO_TRAINING, not learns), (NO_TORCH, Need.TORCH not in needs), (OFFLINE, Need.NETWORK not in needs))
    return tuple(words for words, true in said if true)


def _choices(cls: type[Augmenter]) -> list[str]:
    """Return the words that a parameter can be set to, such as 'horizontal'."""
    offered = [
        str(one) for field in cls.Params.model_fields.values() for one in get_args(field.annotation) if _is_word(one)
    ]
    return [split_name(one) for one in offered]


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier()
