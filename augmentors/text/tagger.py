"""Parts of speech: NLTK's perceptron model, read from the shipped data, with a faster sum.

NLTK's own loop builds 14 feature strings per word and adds dictionaries of
floats (0.5 ms for 30 words). Here the weights that a word brings to itself and
to its neighbours are summed once per word, as whole thousandths, so the order
of the sum cannot matter; tests hold the tags equal to NLTK's.
"""

import json
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

_START, _END = ("-START-", "-START2-"), ("-END-", "-END2-")
# Sums kept per table; a text collection rarely has more words.
_MOST_KEPT = 100_000


def language_folder() -> Path:
    """Return the folder of the language resources that ship with the project."""
    from augmentors.ingest.samples import assets_dir

    return assets_dir() / "language"


class _Sums(dict[Any, np.ndarray]):
    """Sums of weights, computed when first asked for."""

    def __init__(self, compute: Callable[[Any], np.ndarray]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: Any) -> np.ndarray:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[key] = found = self._compute(key)
        return found


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

    def __init__(self, weights: dict[str, dict[str, float]], tagdict: dict[str, str], classes: Sequence[str]) -> None:
        self._weights = weights
        self._tagdict = tagdict
        # Ties go to the last tag in the alphabet, as in NLTK: argmax over the reversed order.
        self._tags = sorted(classes, reverse=True)
        self._column = {tag: i for i, tag in enumerate(self._tags)}
        self._zero = np.zeros(len(self._tags), np.int32)
        total = self._sum
        self._own = _Sums(
            lambda w: total(f"i word {normalise(w)}", f"i suffix {w[-3:]}", f"i pref1 {w[0] if w else ''}")
        )
        self._before = _Sums(lambda w: total(f"i-1 word {w}", f"i-1 suffix {w[-3:]}"))
        self._after = _Sums(lambda w: total(f"i+1 word {w}", f"i+1 suffix {w[-3:]}"))
        self._before2 = _Sums(lambda w: total(f"i-2 word {w}"))
        self._after2 = _Sums(lambda w: total(f"i+2 word {w}"))
        self._pair = _Sums(lambda pair: total(f"i-1 tag+i word {pair[0]} {pair[1]}"))
        self._past = _Sums(
            lambda tags: total("bias", f"i-1 tag {tags[0]}", f"i-2 tag {tags[1]}", f"i tag+i-2 tag {tags[0]} {tags[1]}")
        )

    def tag(self, words: Sequence[str]) -> list[str]:
        """Return the Penn Treebank tag of each word of a sentence.

        Examples
        --------
        >>> tagger().tag(["The", "old", "dogs", "slept"])
        ['DT', 'JJ', 'NNS', 'VBD']
        """
        tag1, tag2 = _START
        context = [*_START, *map(normalise, words), *_END]
        tags = []
        for i, word in enumerate(words):
            tag = self._tagdict.get(word)
            if not tag:
                score = self._past[tag1, tag2] + self._own[word]
                score += self._before2[context[i]]
                score += self._before[context[i + 1]]
                score += self._pair[tag1, context[i + 2]]
                score += self._after[context[i + 3]]
                score += self._after2[context[i + 4]]
                tag = self._tags[score.argmax()]
            tags.append(tag)
            tag2, tag1 = tag1, tag
        return tags

    def has_seen(self, word: str) -> bool:
        """Tell whether a lower-case word occurred in the newspaper text that the model was trained on."""
        return f"i word {word}" in self._weights or word in self._tagdict

    def _sum(self, *names: str) -> np.ndarray:
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
    model = language_folder() / "nltk_data" / "taggers" / "averaged_perceptron_tagger_eng.zip"
    with zipfile.ZipFile(model) as archive:
        name = model.stem
        parts: list[Any] = [
            json.loads(archive.read(f"{name}/{name}.{part}.json")) for part in ("weights", "tagdict", "classes")
        ]
    return PerceptronTagger(*parts)
