"""TF-IDF word replacement, as in UDA (own code: nlpaug's TfIdfAug draws from global state and cannot name a change)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from math import log
from typing import NamedTuple

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.text.edits import Edit
from augmentors.text.inflection import like
from augmentors.text.text_augmenter import Chance, TextAugmenter, TextParams, View, count_changes, texts_at
from augmentors.text.tokens import Tokens

# Weights are whole millionths, so that no order of summing changes a draw.
_SCALE = 1_000_000


class Offer(NamedTuple):
    """The words of a class, in the alphabet's order, and the sums of their weights up to each."""

    words: list[str]
    sums: list[int]

    @staticmethod
    def of(counts: Counter[str], idf: dict[str, float]) -> "Offer":
        """Weigh each word by how far its count times IDF lies below the largest one: keywords are seldom drawn."""
        words = sorted(counts)
        weights = below_most([counts[word] * idf[word] for word in words])
        return Offer(words, list(accumulate(weights)))

    def draw(self, chance: Chance, instead_of: str) -> str:
        """Return a word by weight; where that is the word itself, the next one."""
        at = bisect_right(self.sums, int(chance() * self.sums[-1]))
        return self.words[at] if self.words[at] != instead_of else self.words[(at + 1) % len(self.words)]


class TfidfReplacement(TextAugmenter):
    """Replace words that say little by words drawn from the class's training texts; words that say much stay.

    How much a word says is its count in the text times the logarithm of the
    training texts per text that has it.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("tfidf_replacement", ["the lamp and the lamp", "the house"], 1).frame["text"].iloc[0] != ""
    True
    """

    card = Card(
        key="tfidf_replacement",
        title="TF-IDF word replacement",
        kind="text",
        family="classical",
        summary="Replaces words that say little by other such words of the class; keywords stay. Any language.",
        avoid="Avoid where grammar or single function words such as 'not' decide the class; protect those words.",
        references=("Xie et al. (2020), Unsupervised Data Augmentation for Consistency Training, NeurIPS 33.",),
    )

    class Params(TextParams):
        keep: float = Field(
            0.2,
            ge=0,
            le=0.9,
            title="Share of words kept",
            description="This share of the words of a text, those that say most, is never replaced.",
            json_schema_extra={"tune": {}, "probe": 0.9},
        )

    params: Params

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        super()._applies_to_target(train, target)
        different: set[str] = set()
        for text in texts_at(train, train.positions(target)):
            different.update(self._words(self._tokens(text)))
            if len(different) > 1:
                return
        raise NotApplicable(
            f"{self.card.title} draws words from the texts of a class and needs 2 different ones that are not "
            f"protected; class '{target}' has {len(different)}."
        )

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        super()._fit(train, rng, job)
        self.__dict__.pop("_idf", None)
        self._offers: dict[str, Offer] = {}

    @cached_property
    def _idf(self) -> dict[str, float]:
        """Logarithm of training texts per text that has a word; computed at the first class, for all."""
        texts = texts_at(self.train, range(len(self.train)))
        having: Counter[str] = Counter()
        for text in texts:
            having.update(set(self._words(self._tokens(text))))
        return {word: log(len(texts) / count) for word, count in having.items()}

    def _prepare(self, target: str) -> int:
        counts: Counter[str] = Counter()
        for text in texts_at(self.train, self.train.positions(target)):
            counts.update(self._words(self._tokens(text)))
        self._offers[target] = Offer.of(counts, self._idf)
        return super()._prepare(target)

    def _edits_for(self, target: str) -> Callable[[View, Chance], list[Edit]]:
        offer = self._offers[target]
        return lambda view, chance: self._replaced(view, chance, offer)

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        raise NotImplementedError("words depend on the class: see _edits_for")

    def _replaced(self, view: View, chance: Chance, offer: Offer) -> list[Edit]:
        tokens = view.tokens
        words = self._words(tokens)
        wanted = count_changes(self.params.rate, tokens.n_words, self.params.max_changes, chance)
        counts = Counter(words)
        weights = below_most([counts[word] * self._idf[word] for word in words])
        weights = without_most(weights, int(self.params.keep * len(words)))
        edits = []
        for i in sorted(weighted(weights, wanted, chance)):
            at = tokens.changeable[i]
            edits.append(Edit("replace", at, 1, like(offer.draw(chance, words[i]), tokens.texts[at])))
        return edits

    @staticmethod
    def _words(tokens: Tokens) -> list[str]:
        return [tokens.texts[at].lower() for at in tokens.changeable]


def below_most(scores: Sequence[float]) -> list[int]:
    """Return how far each score lies below the largest, in millionths; 1 for each when all are equal.

    Examples
    --------
    >>> below_most([0.5, 2.0, 1.0]), below_most([3.0, 3.0])
    ([1500000, 0, 1000000], [1, 1])
    """
    most = max(scores)
    weights = [round((most - score) * _SCALE) for score in scores]
    return weights if any(weights) else [1] * len(weights)


def without_most(weights: list[int], kept: int) -> list[int]:
    """Return the weights with the smallest ones, which say most, set to 0; one that can be drawn always stays.

    Examples
    --------
    >>> without_most([5, 1, 3], 1), without_most([5, 0], 2)
    ([5, 0, 3], [5, 0])
    """
    order = sorted(range(len(weights)), key=weights.__getitem__)
    shut = set(order[: min(kept, len(weights) - 1)])
    return [0 if i in shut else weight for i, weight in enumerate(weights)]


def weighted(weights: Sequence[int], k: int, chance: Chance) -> list[int]:
    """Return up to k different places, each drawn by weight among those left; none of weight 0.

    Examples
    --------
    >>> weighted([1, 0, 3], 2, lambda: 0.5)
    [2, 0]
    """
    left = list(weights)
    found: list[int] = []
    for _ in range(min(k, sum(weight > 0 for weight in left))):
        sums = list(accumulate(left))
        at = bisect_right(sums, int(chance() * sums[-1]))
        found.append(at)
        left[at] = 0
    return found
