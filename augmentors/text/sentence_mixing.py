"""Sentence mixing: SMOTE's idea on features that people can read, the sentences of two texts of a class."""

import random

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Augmenter, Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made
from augmentors.text.edits import Edit, apply_edits, as_trace
from augmentors.text.entities import ENTITIES, check_entities, entity_spans, hash_of_entities
from augmentors.text.mixing import Pieces, new_sentences, pieces_of
from augmentors.text.text_augmenter import PROTECTED, SEED_LIMIT, Phrase, choose, rows_with_texts, texts_at

PARTNER_TRIES = 16


class SentenceMixing(Augmenter):
    """Replace sentences of a text by sentences of another text of the class; single sentences are put together.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("sentence_mixing", ["One.", "Two."], 1).frame["text"].iloc[0] in ("One. Two.", "Two. One.")
    True
    """

    card = Card(
        key="sentence_mixing",
        title="Sentence mixing (SMOTE of sentences)",
        kind="text",
        family="mixing",
        summary="Recombines the sentences of two texts of the class into a new text.",
        avoid="Avoid where the order or the unity of a text carries the class, as in stories and dialogues.",
        references=(
            "Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.",
            "Luque (2019), Atalaya at TASS 2019: Data Augmentation and Robust Embeddings (instance crossover).",
        ),
    )

    class Params(BaseParams):
        max_share: float = Field(
            0.5,
            ge=0.05,
            le=0.95,
            title="Largest share of the second text",
            description="Upper limit of the share of sentences from the second text; at least one always is.",
            json_schema_extra={"tune": {}},
        )
        protected: tuple[Phrase, ...] = PROTECTED
        entities: str = ENTITIES

    params: Params

    def _applies_to_data(self, train: Dataset) -> None:
        check_entities(self.params.entities, self.card.title)

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        found = {frozenset(pieces_of(text).texts) for text in texts_at(train, train.positions(target))} - {frozenset()}
        if len(found) < 2:
            raise NotApplicable(
                f"{self.card.title} needs two texts of a class with different sentences; class '{target}' has none."
            )

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        self._pieces: dict[int, Pieces] = {}

    def _prepare(self, target: str) -> tuple[int, int]:
        """Return one pair that can be mixed, for parents that find no partner."""
        positions = self.train.positions(target).tolist()
        first = next(at for at in positions if self._at(at).texts)
        known = set(self._at(first).texts)
        other = next(at for at in positions if self._at(at).texts and set(self._at(at).texts) != known)
        return (first, other) if new_sentences(self._at(first), self._at(other)) else (other, first)

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        positions = self.train.positions(target)
        shares = rng.random(n) * self.params.max_share
        seeds = rng.integers(SEED_LIMIT, size=n)
        pairs = [self._pair(target, positions, rng) for _ in range(n)]
        counts = [self._count(a, b, share) for (a, b), share in zip(pairs, shares.tolist(), strict=True)]
        second = np.array([self._share(a, count) for (a, _), count in zip(pairs, counts, strict=True)])
        weights = np.column_stack([1 - second, second])
        return Draws(np.array(pairs, dtype=np.int64), weights, {"seed": seeds, "sentences": np.array(counts)})

    def _pair(self, target: str, positions: np.ndarray, rng: np.random.Generator) -> tuple[int, int]:
        for a, b in rng.choice(positions, (PARTNER_TRIES, 2)).tolist():
            first = self._at(a)
            if first.free and new_sentences(first, self._at(b)):
                return a, b
        first, second = self._prepared[target]
        return first, second

    def _count(self, a: int, b: int, share: float) -> int:
        """Return how many sentences change; 0 puts one of the second text beside the only one of the first."""
        first = self._at(a)
        most = min(len(first.free), len(first.texts) - 1, len(new_sentences(first, self._at(b))))
        return min(max(1, round(share * len(first.texts))), most)

    def _share(self, a: int, count: int) -> float:
        total = len(self._at(a).texts)
        return count / total if count else 1 / (total + 1)

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        chance = random.Random()
        texts: list[str] = []
        trace: list[dict[str, object]] = []
        columns = draws.values["seed"].tolist(), draws.values["sentences"].tolist()
        for (a, b), seed, count in zip(draws.parents.tolist(), *columns, strict=True):
            job.check()
            chance.seed(seed)
            first = self._at(a)
            offered = new_sentences(first, self._at(b))
            edits = mixed(first, offered, count, chance)
            texts.append(apply_edits(first.tokens.texts, edits))
            trace.append({"edits": as_trace(first.tokens.texts, edits)})
        return Made(rows_with_texts(self.train, draws.parents[:, 0], texts), trace=trace)

    def _at(self, position: int) -> Pieces:
        if position not in self._pieces:
            text = texts_at(self.train, [position])[0]
            spans = entity_spans(self.params.entities, text, self.card.title)
            self._pieces[position] = pieces_of(text, self.params.protected, spans)
        return self._pieces[position]

    def weights_hash(self) -> str | None:
        """Return the hash of the pipeline that finds entities."""
        return hash_of_entities(self.params.entities, self.card.title)


def mixed(first: Pieces, offered: list[str], count: int, chance: random.Random) -> list[Edit]:
    """Return the edits that put some offered sentences into a text.

    Parameters
    ----------
    first : Pieces
    offered : list of str
    count : int
        Sentences that are replaced; 0 puts one before or after the text.
    chance : random.Random
    """
    if not count:
        sentence = offered[int(chance.random() * len(offered))]
        if chance.random() < 0.5:
            return [Edit("insert", 0, 0, sentence + " ")]
        return [Edit("insert", len(first.tokens), 0, " " + sentence)]
    places = sorted(choose(first.free, count, chance.random))
    new = choose(offered, count, chance.random)
    spans = [first.spans[i] for i in places]
    return [Edit("replace", start, end - start, text) for (start, end), text in zip(spans, new, strict=True)]
