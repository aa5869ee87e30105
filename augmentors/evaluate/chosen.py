"""Which learners a comparison trains: those asked for, or those of the kind and of the arms."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from augmentors.core.dataset import Kind
from augmentors.core.errors import UserError
from augmentors.evaluate.arms import Arm
from augmentors.learners.base import LearnerCard
from augmentors.learners.own import is_own, own_card
from augmentors.learners.pretrained import is_pretrained, pretrained_card, with_hash
from augmentors.learners.registry import learners_for

_Arm = TypeVar("_Arm", bound="Suiting")


class Suiting(Protocol):
    """An arm, as far as it says which learners can be trained so."""

    def suits(self, card: LearnerCard) -> bool:
        """Whether a learner can be trained so."""


def chosen_learners(
    kind: Kind, keys: Sequence[str] | None, arms: Sequence[Arm], asked: Sequence[str] = ()
) -> tuple[LearnerCard, ...]:
    """Return the learners asked for; without asking, those of the kind and what an arm needs beyond them.

    Parameters
    ----------
    kind : {"table", "text", "image"}
    keys : sequence of str, optional
        ``package.module:name`` is an estimator of one's own; alone it joins those of the kind. ``encoder:FOLDER`` is
        logistic regression on an embedding learnt without labels.
    arms : sequence of Arm
    asked : sequence of str
        Arms that were asked for by name.

    Raises
    ------
    UserError
        When a key is unknown or of another kind, or an arm asked for by name suits none of the learners.
    """
    keys = keys and [with_hash(key) if is_pretrained(key) else key for key in keys]
    learnt = tuple(pretrained_card(key, kind) for key in keys or () if is_pretrained(key))
    known = (*learners_for(kind), *learnt)
    usual = tuple(card for card in learners_for(kind) if card.by_default)
    own = [key for key in keys or () if is_own(key)]
    if keys is None or (own and len(own) == len(keys)):
        needed = missing_learners(kind, usual, arms)
        return (*(card for card in known if card in (*usual, *needed)), *(own_card(key, kind) for key in own))
    by_key = {card.key: card for card in known} | {key: own_card(key, kind) for key in own}
    unknown = next((key for key in keys if key not in by_key), None)
    if unknown is not None or not keys:
        raise UserError(
            f"There is no learner '{unknown or ''}' for {kind} data.",
            f"Known are: {', '.join(card.key for card in known)}; or package.module:name for an estimator of your own.",
        )
    chosen = tuple(by_key[key] for key in dict.fromkeys([*(key for key in keys if key not in own), *own]))
    idle = next((arm for arm in _unserved(arms, chosen) if arm.name in asked), None)
    if idle is not None:
        suited = [card.key for card in known if idle.suits(card)]
        raise UserError(
            f"The arm '{idle.name}' cannot be trained with {' or '.join(card.key for card in chosen)}.",
            f"Add one of these learners: {', '.join(suited)}; or leave the arm out.",
        )
    return chosen


def missing_learners(kind: Kind, chosen: Sequence[LearnerCard], arms: Sequence[Suiting]) -> tuple[LearnerCard, ...]:
    """Return the learners of a kind that must join so that every arm is trained with at least one."""
    unserved = _unserved(arms, chosen)
    return tuple(card for card in learners_for(kind) if any(arm.suits(card) for arm in unserved))


def _unserved(arms: Sequence[_Arm], cards: Sequence[LearnerCard]) -> list[_Arm]:
    return [arm for arm in arms if not any(arm.suits(card) for card in cards)]


def partial_arms(arms: Sequence[Arm], cards: Sequence[LearnerCard]) -> list[str]:
    """Return a sentence per group of arms that some of the learners have no part in."""
    of_learners: dict[tuple[str, ...], list[str]] = {}
    for arm in arms:
        suited = tuple(card.title for card in cards if arm.suits(card))
        if len(suited) < len(cards):
            of_learners.setdefault(suited, []).append(arm.title)
    return [
        f"{'Only ' if suited else 'None of the models'}{' and '.join(suited)} can be trained with: {', '.join(titles)}."
        for suited, titles in of_learners.items()
    ]
