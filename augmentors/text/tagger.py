"""Parts of speech: NLTK's perceptron model, read from the shipped data, with a faster sum.

NLTK's own loop builds 14 feature strings per word and adds dictionaries of
floats (0.5 ms for 30 words). Here the weights that a word brings to itself and
to its neighbours are summed once per word, as whole thousandths, so the order
of the sum cannot matter; tests hold the tags equal to NLTK's.
"""

import json
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

LANGUAGE = Path(__file__).resolve().parents[2] / "assets" / "language"
_MODEL = LANGUAGE / "nltk_data" / "taggers" / "averaged_perceptron_tagger_eng.zip"
_START, _END = ("-START-", "-START2-"), ("-END-", "-END2-")
# Words whose sums are kept; a text collection rarely has more.
_MOST_WORDS = 50_000


class PerceptronTagger:
    """Greedy averaged perceptron with NLTK's features.

    Parameters
    ----------
    weights : dict of str to dict of str to float
        Feature to tag to weight.
    tagdict : dict of str to str
        Words with one tag.
    classes : sequence of str

    References
    ----------
    Honnibal (2013), A Good Part-of-Speech Tagger in about 200 Lines of Python; NLTK ``nltk.tag.perceptron``.
    """

    def __init__(
        self, weights: dict[str, dict[str, float]], tagdict: dict[str, str], classes: Sequence[str]
    ) -> None:
        self._weights = weights
        self._tagdict = tagdict
        # Ties go to the last tag in the alphabet, as in NLTK: argmax over the reversed order.
        self._tags = sorted(classes, reverse=True)
        self._column = {tag: i for i, tag in enumerate(self._tags)}
        self._zero = np.zeros(len(self._tags), np.int32)
        self._by_word: dict[tuple[str, str], np.ndarray] = {}
        self._by_tags: dict[tuple[str, str], np.ndarray] = {}
        self._by_pair: dict[tuple[str, str], np.ndarray] = {}

    def tag(self, words: Sequence[str]) -> list[str]:
        """Return the Penn Treebank tag of each word of a sentence.

        Examples
        --------
        >>> tagger().tag(["The", "old", "dogs", "slept"])
        ['DT', 'JJ', 'NNS', 'VBD']
        """
        if len(self._by_word) + len(self._by_pair) > 10 * _MOST_WORDS:
            self._by_word, self._by_pair = {}, {}
        tag1, tag2 = _START
        context = [*_START, *map(normalise, words), *_END]
        tags = []
        for i, word in enumerate(words):
            tag = self._tagdict.get(word) or self._predict(word, context[i : i + 5], tag1, tag2)
            tags.append(tag)
            tag2, tag1 = tag1, tag
        return tags

    def has_seen(self, word: str) -> bool:
        """Tell whether a lower-case word occurred in the newspaper text that the model was trained on."""
        return f"i word {word}" in self._weights or word in self._tagdict

    def _predict(self, word: str, context: list[str], tag1: str, tag2: str) -> str:
        before2, before1, own, after1, after2 = context
        score = (
            self._tag_sum(tag1, tag2)
            + self._word_sum("i", word, own)
            + self._word_sum("i-1", before1, before1)
            + self._word_sum("i+1", after1, after1)
            + self._word_sum("i-2", before2, before2)
            + self._word_sum("i+2", after2, after2)
            + self._pair_sum(tag1, own)
        )
        return self._tags[int(score.argmax())]

    def _word_sum(self, place: str, word: str, normal: str) -> np.ndarray:
        """Return what a word at a place relative to the tagged one adds to each tag."""
        key = (place, word)
        found = self._by_word.get(key)
        if found is None:
            names = [f"{place} word {normal}"]
            if place == "i":
                names += [f"i suffix {word[-3:]}", f"i pref1 {word[0] if word else ''}"]
            elif place in ("i-1", "i+1"):
                names.append(f"{place} suffix {word[-3:]}")
            found = self._by_word[key] = self._sum(names)
        return found

    def _tag_sum(self, tag1: str, tag2: str) -> np.ndarray:
        key = (tag1, tag2)
        found = self._by_tags.get(key)
        if found is None:
            names = ["bias", f"i-1 tag {tag1}", f"i-2 tag {tag2}", f"i tag+i-2 tag {tag1} {tag2}"]
            found = self._by_tags[key] = self._sum(names)
        return found

    def _pair_sum(self, tag1: str, own: str) -> np.ndarray:
        key = (tag1, own)
        found = self._by_pair.get(key)
        if found is None:
            found = self._by_pair[key] = self._sum([f"i-1 tag+i word {tag1} {own}"])
        return found

    def _sum(self, names: list[str]) -> np.ndarray:
        known = [row for name in names if (row := self._weights.get(name))]
        if not known:
            return self._zero
        total = np.zeros(len(self._tags), np.int32)
        for row in known:
            for tag, weight in row.items():
                total[self._column[tag]] += round(1000 * weight)
        return total


def normalise(word: str) -> str:
    """Return a word as the model knows it: lower case, numbers by their form."""
    if "-" in word and word[0] != "-":
        return "!HYPHEN"
    if word[:1].isdigit():
        return "!YEAR" if len(word) == 4 and word.isdigit() else "!DIGITS"
    return word.lower()


@lru_cache(maxsize=1)
def tagger() -> PerceptronTagger:
    """Return the shipped English tagger, read once per process."""
    with zipfile.ZipFile(_MODEL) as archive:
        name = _MODEL.stem
        parts: list[Any] = [
            json.loads(archive.read(f"{name}/{name}.{part}.json"))
            for part in ("weights", "tagdict", "classes")
        ]
    return PerceptronTagger(*parts)
