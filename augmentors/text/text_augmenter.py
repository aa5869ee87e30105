"""What all text operators share: which parent, which seed, how edits become a new text with its trace."""

import random
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, final

import numpy as np
import pandas as pd
from pydantic import Field, StringConstraints

from augmentors.core.augmenter import Augmenter
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made
from augmentors.text.edits import Edit, apply_edits, as_trace
from augmentors.text.tokens import Tokens, tokenise

# Seeds stay exact in JSON readers that only know doubles (browsers).
SEED_LIMIT = 2**53
# Texts of a class that are read ahead to learn how many can be changed at all.
READ_AHEAD = 500
PARENT_TRIES = 8
CACHE_LIMIT = 20_000

Chance = Callable[[], float]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class TextParams(BaseParams):
    """Parameters of every text operator."""

    rate: float = Field(
        0.1,
        ge=0.01,
        le=0.5,
        title="Share of words changed",
        description="Share of the words of a text that are changed; at least one always is.",
        json_schema_extra={"tune": {"log": True}},
    )
    max_changes: int = Field(
        20,
        ge=1,
        le=200,
        title="Most changes per text",
        description="Upper limit of changes in one text, however long it is.",
        json_schema_extra={"advanced": True, "probe": 1},
    )
    protected: tuple[Phrase, ...] = Field(
        (),
        max_length=1000,
        title="Protected words and phrases",
        description="Words and phrases (of several words too) that are never touched; upper or lower case is equal.",
        json_schema_extra={"probe": ["matter"]},
    )


class SpecialTextParams(TextParams):
    """Parameters of operators that could also change numbers, addresses and hashtags."""

    keep_special: bool = Field(
        True,
        title="Keep numbers and addresses",
        description="Leave numbers, web and e-mail addresses, hashtags and mentions alone.",
        json_schema_extra={"advanced": True},
    )


@dataclass(frozen=True, slots=True)
class View:
    """A parent as an operator sees it: its tokens and the places where it can act."""

    tokens: Tokens
    places: Any = ()


class TextAugmenter(Augmenter):
    """Base of the text operators: subclasses write `_read` and `_edits`.

    A sample's parent and a seed are drawn; everything else follows from the
    seed, so one text never depends on which others were made with it.
    """

    params: TextParams
    needs_text: ClassVar[str] = "a text with at least one word that is not protected"

    # -- what operators write -------------------------------------------------

    def _read(self, text: str) -> View | None:
        """Return what `_edits` needs of a text, None when the text allows no change."""
        tokens = self._tokens(text)
        return View(tokens, tokens.changeable) if tokens.changeable else None

    @abstractmethod
    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        """Return at least one edit; `chance` gives numbers in [0, 1)."""

    # -- the contract ---------------------------------------------------------

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        if all(self._read(text) is None for text in texts_at(train, train.positions(target))):
            raise NotApplicable(
                f"{self.card.title} needs {self.needs_text}; no text of class '{target}' is one.",
            )

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        self._column = _column(train)
        self._views: dict[int, View | None] = {}
        self._usable: dict[str, np.ndarray] = {}

    def _prepare(self, target: str) -> int:
        """Read some texts ahead; return how many of them cannot be changed."""
        positions = self.train.positions(target)
        step = max(1, len(positions) // READ_AHEAD)
        seen = positions[::step]
        refused = sum(self._view(at) is None for at in seen.tolist())
        if refused:
            of = f"{refused:,} of {len(seen):,}" + (" texts looked at" if step > 1 else " texts")
            self._note(
                target,
                f"{of} of class '{target}' cannot be parents: {self.card.title.lower()} needs {self.needs_text}.",
            )
        return refused

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        positions = self.train.positions(target)
        parents = rng.choice(positions, n)
        seeds = rng.integers(SEED_LIMIT, size=n)
        for attempt in range(PARENT_TRIES + 1):
            refused = [i for i, at in enumerate(parents.tolist()) if self._view(at) is None]
            if not refused:
                break
            pool = positions if attempt < PARENT_TRIES else self._usable_positions(target)
            parents[refused] = rng.choice(pool, len(refused))
        return Draws.one_parent(parents, seed=seeds)

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        chance = random.Random()
        parents = draws.parents[:, 0]
        texts: list[str] = []
        trace: list[dict[str, object]] = []
        for i, (parent, seed) in enumerate(zip(parents.tolist(), draws.values["seed"].tolist(), strict=True)):
            if i % 256 == 0:
                job.check()
            view = self._view(parent)
            assert view is not None, "parents are drawn among those that can be changed"
            chance.seed(seed)
            edits = self._edits(view, chance.random)
            tokens = view.tokens.texts
            texts.append(apply_edits(tokens, edits))
            trace.append({"edits": as_trace(tokens, edits)})
        return Made(self._rows(parents, texts), trace=trace)

    # -- parts ----------------------------------------------------------------

    @final
    def _tokens(self, text: str) -> Tokens:
        keep_special = not isinstance(self.params, SpecialTextParams) or self.params.keep_special
        return tokenise(text, self.params.protected, keep_special)

    @final
    def _view(self, position: int) -> View | None:
        """Return the view of a training text, read once and kept while there is room."""
        if position not in self._views:
            if len(self._views) >= CACHE_LIMIT:
                self._views.clear()
            self._views[position] = self._read(_text(self._column[position]))
        return self._views[position]

    def _usable_positions(self, target: str) -> np.ndarray:
        """Return all texts of a class that can be changed: read only when drawing finds none."""
        if target not in self._usable:
            positions = self.train.positions(target)
            texts = texts_at(self.train, positions)
            keep = [self._read(text) is not None for text in texts]
            self._usable[target] = positions[np.array(keep)]
        return self._usable[target]

    def _rows(self, parents: np.ndarray, texts: list[str]) -> pd.DataFrame:
        """Return the new rows: features of the parent, with the new text."""
        schema = self.train.schema
        assert schema.text is not None, "only text datasets have a text column"
        rows = self.train.frame[schema.features()].iloc[parents].reset_index(drop=True)
        rows[schema.text] = pd.Series(texts, dtype=rows[schema.text].dtype)
        return rows


def texts_at(train: Dataset, positions: Sequence[int] | np.ndarray) -> Iterator[str]:
    """Yield the texts at row positions; a missing one is empty."""
    column = _column(train)
    return (_text(column[at]) for at in positions)


def _column(train: Dataset) -> Any:
    assert train.schema.text is not None, "only text datasets have a text column"
    return train.frame[train.schema.text].array


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def count_changes(rate: float, n_words: int, most: int, chance: Chance) -> int:
    """Return how many words to change: the share, rounded up or down by chance, at least one.

    Examples
    --------
    >>> count_changes(0.1, 25, 20, lambda: 0.0), count_changes(0.1, 25, 20, lambda: 0.9)
    (2, 3)
    """
    return max(1, min(int(rate * n_words + chance()), most))


def choose(items: Sequence[Any], k: int, chance: Chance) -> list[Any]:
    """Return k different items (all when there are fewer), in random order.

    Only `random()` is used, whose stream Python keeps equal between versions.
    """
    n = len(items)
    if k >= n:
        k = n
    moved: dict[int, int] = {}
    chosen = []
    for i in range(k):
        j = i + int(chance() * (n - i))
        chosen.append(items[moved.get(j, j)])
        moved[j] = moved.get(i, i)
    return chosen
