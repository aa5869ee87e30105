"""What all text operators share: which parent, which seed, how edits become a new text with its trace."""

from __future__ import annotations

import random
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, final

import numpy as np
from pydantic import Field, StringConstraints

from augmentors.core.augmenter import Augmenter
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.core.seeds import digest
from augmentors.text.edits import Edit, apply_edits, as_trace
from augmentors.text.entities import ENTITIES, check_entities, entity_spans, hash_of_entities
from augmentors.text.tokens import Tokens, tokenise

# Seeds stay exact in JSON readers that only know doubles (browsers).
SEED_LIMIT = 2**53
# Texts read at a time to learn whether any can be changed.
FIRST_READ = 8
PARENT_TRIES = 8
CACHE_LIMIT = 20_000

Chance = Callable[[], float]
Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


PROTECTED: Any = Field(
    (),
    max_length=1000,
    title="Protected words and phrases",
    description="Words and phrases (of several words too) that are never touched; upper or lower case is equal.",
    json_schema_extra={"probe": ["matter", "rare matter", "is good", "don't want", "info"]},
)


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
    protected: tuple[Phrase, ...] = PROTECTED
    entities: str = ENTITIES


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
    # Texts of a class that are read ahead to learn how many can be changed at all.
    read_ahead: ClassVar[int] = 500

    # -- what operators write -------------------------------------------------

    def _read(self, text: str) -> View | None:
        """Return what `_edits` needs of a text, None when the text allows no change."""
        tokens = self._tokens(text)
        return View(tokens, tokens.changeable) if tokens.changeable else None

    def _read_all(self, texts: Sequence[str]) -> list[View | None]:
        """Return the views of texts; override it where reading many at once is cheaper."""
        return [self._read(text) for text in texts]

    @abstractmethod
    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        """Return at least one edit; `chance` gives numbers in [0, 1)."""

    def _edits_for(self, target: str) -> Callable[[View, Chance], list[Edit]]:
        """Return `_edits` for a class; override it where edits depend on the class."""
        return self._edits

    def _model_hash(self) -> str | None:
        """Return the hash of the models that an operator reads; none by default."""
        return None

    # -- the contract ---------------------------------------------------------

    def _applies_to_data(self, train: Dataset) -> None:
        check_entities(self.params.entities, self.card.title)

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        positions = train.positions(target)
        starts = range(0, len(positions), FIRST_READ)  # most often the first texts will do
        parts = (texts_at(train, positions[start : start + FIRST_READ]) for start in starts)
        if not any(view is not None for texts in parts for view in self._read_all(texts)):
            raise NotApplicable(
                f"{self.card.title} needs {self.needs_text}; no text of class '{target}' is one.",
            )

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        self._views: dict[int, View | None] = {}
        self._usable: dict[str, np.ndarray] = {}

    def _prepare(self, target: str) -> int:
        """Read some texts ahead; return how many of them cannot be changed."""
        seen = self._looked_at(target)
        refused = self._views_at(seen).count(None)
        if refused:
            part = len(seen) < len(self.train.positions(target))
            of = f"{refused:,} of {len(seen):,}" + (" texts looked at" if part else " texts")
            self._note(
                target,
                f"{of} of class '{target}' cannot be parents: {self.card.title.lower()} needs {self.needs_text}.",
            )
        return refused

    def _looked_at(self, target: str) -> np.ndarray:
        """Return the positions of the texts of a class that are read ahead."""
        positions = self.train.positions(target)
        return positions[:: max(1, len(positions) // self.read_ahead)]

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        positions = self.train.positions(target)
        parents = rng.choice(positions, n)
        seeds = rng.integers(SEED_LIMIT, size=n)
        for attempt in range(PARENT_TRIES + 1):
            refused = [i for i, view in enumerate(self._views_at(parents)) if view is None]
            if not refused:
                break
            pool = positions if attempt < PARENT_TRIES else self._usable_positions(target)
            parents[refused] = rng.choice(pool, len(refused))
        return Draws.one_parent(parents, seed=seeds)

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        chance, edits_of = random.Random(), self._edits_for(target)
        parents = draws.parents[:, 0]
        texts: list[str] = []
        trace: list[dict[str, object]] = []
        for i, (view, seed) in enumerate(zip(self._views_at(parents), draws.values["seed"].tolist(), strict=True)):
            if i % 256 == 0:
                job.check()
            assert view is not None, "parents are drawn among those that can be changed"
            chance.seed(seed)
            edits = edits_of(view, chance.random)
            tokens = view.tokens.texts
            texts.append(apply_edits(tokens, edits))
            trace.append({"edits": as_trace(tokens, edits)})
        return Made(rows_with_texts(self.train, parents, texts), trace=trace)

    @final
    def weights_hash(self) -> str | None:
        """Return the hash of all models that the texts depend on; nothing else is learnt."""
        return self.models_hash()

    @final
    def models_hash(self) -> str | None:
        """Return the hash of all models that the texts depend on."""
        # Operators that edit nothing of a text have no such parameter.
        pipeline = getattr(self.params, "entities", "")
        own, entities = self._model_hash(), hash_of_entities(pipeline, self.card.title)
        return digest([own, entities]) if own and entities else own or entities

    @final
    def changed(self, text: str, chance: Chance) -> str | None:
        """Return a text changed by chance, without any class or provenance; None when it allows no change."""
        return self.changed_all([text], [chance])[0]

    @final
    def changed_all(self, texts: Sequence[str], chances: Sequence[Chance]) -> list[str | None]:
        """Do the same with many texts, each by a chance of its own."""
        views = zip(self._read_all(texts), chances, strict=True)
        return [
            None if view is None else apply_edits(view.tokens.texts, self._edits(view, chance))
            for view, chance in views
        ]

    # -- parts ----------------------------------------------------------------

    @final
    def _tokens(self, text: str) -> Tokens:
        keep_special = not isinstance(self.params, SpecialTextParams) or self.params.keep_special
        params = self.params
        return tokenise(text, params.protected, keep_special, entity_spans(params.entities, text, self.card.title))

    @final
    def _views_at(self, positions: np.ndarray) -> list[View | None]:
        """Return the views of training texts, read once and kept while there is room."""
        wanted = positions.tolist()
        new = list(dict.fromkeys(at for at in wanted if at not in self._views))
        if len(self._views) + len(new) > CACHE_LIMIT:
            self._views.clear()
            new = list(dict.fromkeys(wanted))
        self._views.update(zip(new, self._read_all(texts_at(self.train, new)), strict=True))
        return [self._views[at] for at in wanted]

    def _usable_positions(self, target: str) -> np.ndarray:
        """Return all texts of a class that can be changed: read only when drawing finds none."""
        if target not in self._usable:
            positions = self.train.positions(target)
            keep = [view is not None for view in self._read_all(texts_at(self.train, positions))]
            self._usable[target] = positions[np.array(keep)]
        return self._usable[target]


def rows_with_texts(train: Dataset, parents: np.ndarray, texts: list[str]) -> pd.DataFrame:
    """Return new rows: features of the parents, with new texts."""
    schema = train.schema
    assert schema.text is not None, "only text datasets have a text column"
    rows = train.frame[schema.features()].iloc[parents].reset_index(drop=True)
    rows[schema.text] = pd.Series(texts, dtype=rows[schema.text].dtype)
    return rows


def texts_at(train: Dataset, positions: Sequence[int] | np.ndarray) -> list[str]:
    """Return the texts at row positions; a missing one is empty."""
    assert train.schema.text is not None, "only text datasets have a text column"
    taken = train.frame[train.schema.text].array.take(np.asarray(positions, dtype=np.int64))
    return [text if isinstance(text, str) else "" for text in taken.tolist()]


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
