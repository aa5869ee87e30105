"""What an augmenter is: its card, and the facts that choose its checks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from augmentors.core.errors import NotApplicable
from augmentors.core.kinds import Kind, Stage, Task

if TYPE_CHECKING:
    from augmentors.core.dataset import Schema

WORDS: dict[Task, str] = {
    "classification": "one label per sample",
    "regression": "a target that is a number",
    "multilabel": "several labels per sample",
}
FOUND: dict[Task, str] = {
    "classification": "names classes",
    "regression": "is a number",
    "multilabel": "gives a sample several labels",
}
INSTEAD: dict[Task, str] = {
    "classification": "SMOTE",
    "regression": "SMOGN",
    "multilabel": "MLSMOTE or random oversampling",
}


class Need(StrEnum):
    """Facts about an augmenter that choose its checks; a false fact fails a test."""

    FIT = "fit"  # learns from the training part (output depends on more than the parents)
    TORCH = "torch"  # runs a torch model
    NETWORK = "network"  # talks to a server
    GLOBAL_STATE = "global_state"  # wraps a library that only knows global random state
    COPIES = "copies"  # makes exact copies of real samples on purpose
    UNLABELLED = "unlabelled"  # takes over samples of Dataset.unlabelled, in an order of its own: they are the parents
    PUNCTUATION = "punctuation"  # changes punctuation only, which the copy check does not look at


@dataclass(frozen=True)
class Card:
    """What an augmenter is, for people and for the catalogue.

    Parameters
    ----------
    key : str
        Unique lower-case name used by recipe and command line.
    title, summary, avoid : str
        Name, one line on what it does, one line on when not to use it.
    kind : {"table", "text", "image"}
    family : str
        ``classical``, ``oversampling``, ``mixing``, ``generative``, ``llm`` …
    references : tuple of str
    needs : frozenset of Need
    aliases : tuple of str
        Usual names elsewhere, where neither title, key nor references say them.
    task : {"regression", "multilabel"} or None
        What it is for alone, if so.
    """

    key: str
    title: str
    kind: Kind
    family: str
    summary: str
    avoid: str = ""
    references: tuple[str, ...] = ()
    needs: frozenset[Need] = frozenset()
    aliases: tuple[str, ...] = ()
    task: Task | None = None

    @property
    def copies_allowed(self) -> bool:
        """Whether the gate's copy check says nothing about these samples."""
        return not self.needs.isdisjoint((Need.COPIES, Need.PUNCTUATION))

    @property
    def takes_real(self) -> bool:
        """Whether its samples are real ones, taken over as they are."""
        return Need.UNLABELLED in self.needs

    def check_task(self, schema: Schema) -> None:
        """Raise NotApplicable unless new samples can have the label that the data has."""
        if self.task == schema.task or (schema.task == "classification" and self.task is None):
            return
        if self.task is None and schema.task == "regression" and Need.UNLABELLED not in self.needs:
            return
        if self.task is None and Need.COPIES in self.needs:
            return
        expected, instead = WORDS[self.task or "classification"], INSTEAD[schema.task]
        raise NotApplicable(
            f"{self.title} is for {expected}; '{schema.label}' {FOUND[schema.task]}.", f"Use {instead} instead."
        )


@dataclass(frozen=True)
class SelectorCard:
    """What a selector is, for people and for the catalogue.

    Parameters
    ----------
    key : str
        Unique lower-case name used by recipe and command line; no augmenter has it.
    title, summary, avoid : str
        Name, one line on what it does, one line on when not to use it.
    family : {"under-sampling", "cleaning"}
    stages : tuple of {"before", "after"}
        When it can run: before new samples are made, or after, over originals and new ones.
    kinds : tuple of {"table", "text", "image"}
    references : tuple of str
    """

    key: str
    title: str
    family: Literal["under-sampling", "cleaning"]
    summary: str
    stages: tuple[Stage, ...]
    kinds: tuple[Kind, ...] = ("table", "text", "image")
    avoid: str = ""
    references: tuple[str, ...] = ()


def card_as_json(card: Card | SelectorCard) -> dict[str, Any]:
    """Return a card as plain data, what is at its default left out.

    Examples
    --------
    >>> card_as_json(Card("mine", "Mine", "table", "mixing", "Mixes.", needs=frozenset({Need.FIT})))
    {'key': 'mine', 'title': 'Mine', 'kind': 'table', 'family': 'mixing', 'summary': 'Mixes.', 'needs': ['fit']}
    """
    values = {one.name: getattr(card, one.name) for one in fields(card) if getattr(card, one.name) != one.default}
    return {name: _plain(value) for name, value in values.items()}


def card_from_json(told: dict[str, Any]) -> Card | SelectorCard:
    """Return the card that `card_as_json` wrote; an augmenter's or a selector's."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    if "stages" in values:
        return SelectorCard(**values)
    return Card(**values | {"needs": frozenset(map(Need, values.get("needs", ())))})


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(need.value for need in value)
    return list(value) if isinstance(value, tuple) else value
