"""Parts of speech: NLTK's perceptron model, read from the shipped data, with a faster sum.

NLTK's own loop builds 14 feature strings per word and adds dictionaries of
floats (0.5 ms for 30 words). Here the weights that a word brings to itself and
to its neighbours are summed once per word, as whole thousandths, so the order
of the sum cannot matter, and only words whose tag is asked for (or that such a
tag depends on) are scored. Tests hold the tags equal to NLTK's.
"""

import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

# Facts kept of words; a text collection rarely has more words that matter.
_MOST_KEPT = 50_000
# Scores of all tags lie side by side in one whole number: adding two numbers adds all scores at once.
_BITS, _HALF = 32, 1 << 30


class _Facts(NamedTuple):
    """What a word brings to itself and to its neighbours.

    Parameters
    ----------
    tag : str
        The word's only tag, '' where the neighbours decide.
    name : str
        The word as the features call it.
    own, before, before2, after, after2 : int
        Packed weights for the word itself, the words one and two places behind it, and those in front of it.
    """

    tag: str
    name: str
    own: int
    before: int
    before2: int
    after: int
    after2: int


def language_folder() -> Path:
    """Return the folder of the language resources that ship with the project."""
    from augmentors.ingest.samples import assets_dir

    return assets_dir() / "language"


class Kept(dict[Any, Any]):
    """Answers, computed when first asked for."""

    def __init__(self, compute: Callable[[Any], Any]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: Any) -> Any:
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
        self._shift = {tag: _BITS * i for i, tag in enumerate(self._tags)}
        self._bytes = _BITS // 8 * len(self._tags)
        # No score may fall below zero, or it would borrow from its neighbour.
        self._base = sum(_HALF << shift for shift in self._shift.values())
        self._facts: dict[str, _Facts] = Kept(lambda word: self._facts_of(word, normalise(word)))
        self._starts = [self._facts_of("", name) for name in ("-START-", "-START2-")]
        self._ends = [self._facts_of("", name) for name in ("-END-", "-END2-")]
        self._pair = Kept(lambda pair: self._sum(f"i-1 tag+i word {pair[0]} {pair[1]}"))
        self._past = Kept(self._past_of)

    def tag(self, words: Sequence[str]) -> list[str]:
        """Return the Penn Treebank tag of each word of a sentence.

        Examples
        --------
        >>> tagger().tag(["The", "old", "dogs", "slept"])
        ['DT', 'JJ', 'NNS', 'VBD']
        """
        return self.tag_some(words, range(len(words)))

    def tag_some(self, words: Sequence[str], wanted: Iterable[int]) -> list[str]:
        """Return the tags of a sentence in which some words are asked for; others may be ''.

        Only the words asked for, and those on which their tags depend, are scored.

        Examples
        --------
        >>> tagger().tag_some(["Old", "dogs", "slept", "outside"], [2])[2:]
        ['VBD', '']
        """
        facts = [*map(self._facts.__getitem__, words)]
        around = [*self._starts, *facts, *self._ends]
        tags = ["-START2-", "-START-", *[fact.tag for fact in facts]]
        for i in _needed(tags, wanted):
            own = facts[i]
            tag2, tag1 = tags[i : i + 2]
            score = self._past[tag1, tag2] + self._pair[tag1, own.name] + own.own
            score += around[i].before2 + around[i + 1].before + around[i + 3].after + around[i + 4].after2
            tags[i + 2] = self._tags[np.frombuffer(score.to_bytes(self._bytes, "little"), np.uint32).argmax()]
        return tags[2:]

    def has_seen(self, word: str) -> bool:
        """Tell whether a lower-case word occurred in the newspaper text that the model was trained on."""
        return f"i word {word}" in self._weights or word in self._tagdict

    def _facts_of(self, word: str, name: str) -> _Facts:
        end = name[-3:]
        return _Facts(
            self._tagdict.get(word, ""),
            name,
            self._sum(f"i word {name}", f"i suffix {word[-3:]}", f"i pref1 {word[:1]}"),
            self._sum(f"i-1 word {name}", f"i-1 suffix {end}"),
            self._sum(f"i-2 word {name}"),
            self._sum(f"i+1 word {name}", f"i+1 suffix {end}"),
            self._sum(f"i+2 word {name}"),
        )

    def _past_of(self, tags: tuple[str, str]) -> int:
        tag1, tag2 = tags
        return self._base + self._sum("bias", f"i-1 tag {tag1}", f"i-2 tag {tag2}", f"i tag+i-2 tag {tag1} {tag2}")

    def _sum(self, *names: str) -> int:
        rows = [self._weights[name] for name in names if name in self._weights]
        return sum(round(1000 * weight) << self._shift[tag] for row in rows for tag, weight in row.items())


def _needed(tags: Sequence[str], wanted: Iterable[int]) -> list[int]:
    """Return the words to be scored, in order: a tag depends on the two before it, and the tags begin with two more."""
    needed: set[int] = set()
    todo = list(wanted)
    while todo:
        i = todo.pop()
        if i not in needed and not tags[i + 2]:
            needed.add(i)
            todo += (i - 1, i - 2)
    return sorted(needed)


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
