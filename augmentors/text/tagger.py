"""Parts of speech: NLTK's perceptron model, read from the shipped data, with a faster sum.

NLTK's own loop builds 14 feature strings per word and adds dictionaries of
floats (0.5 ms for 30 words). Here the weights that a word brings to itself and
to its neighbours are summed once per word, as whole thousandths, so the order
of the sum cannot matter, and only words whose tag is asked for (or that such a
tag depends on) are scored. Tests hold the tags equal to NLTK's.
"""

import json
import zipfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

# Facts kept of words; a text collection rarely has more words that matter.
_MOST_KEPT = 50_000
# Scores of all tags lie side by side in one whole number: adding two numbers adds all scores at once.
_BITS, _HALF = 32, 1 << 30
SENTENCE_ENDS = frozenset(".!?")
# What stands in for a tag where there is no word.
SPACE_TAG = " "


class _Facts(NamedTuple):
    """What a word brings to itself and to its neighbours.

    Parameters
    ----------
    tag : str
        The word's only tag, '' where the neighbours decide, ' ' for white space.
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
        known: dict[int, str] = {}
        return [self.tag_at(words, i, known, ends=frozenset()) for i in range(len(words))]

    def tag_at(
        self, tokens: Sequence[str], at: int, known: dict[int, str], ends: frozenset[str] = SENTENCE_ENDS
    ) -> str:
        """Return the tag of one token of a text; only the words that it depends on are scored.

        A tag depends on the two before it, so the way back ends at two words in
        a row that have one tag only or were scored before.

        Parameters
        ----------
        tokens : sequence of str
            White space between words counts for nothing.
        at : int
        known : dict of int to str
            Tags of this text found so far; what is scored is added.
        ends : frozenset of str
            Tokens after which a sentence begins.

        Examples
        --------
        >>> tagger().tag_at(["Old", " ", "dogs", " ", "slept", " ", "outside"], 4, {})
        'VBD'
        """
        sure = self._facts[tokens[at]].tag or known.get(at)
        if sure:
            return str(sure)
        around, places, tags = self._before(tokens, at, known, ends)
        around += self._after(tokens, at, ends)
        for i in range(2, len(places)):
            if not tags[i]:
                own = around[i]
                score = self._past[tags[i - 1], tags[i - 2]] + self._pair[tags[i - 1], own.name] + own.own
                score += around[i - 2].before2 + around[i - 1].before + around[i + 1].after + around[i + 2].after2
                best = np.frombuffer(score.to_bytes(self._bytes, "little"), np.uint32).argmax()
                known[places[i]] = tags[i] = self._tags[best]
        return tags[-1]

    def _before(
        self, tokens: Sequence[str], at: int, known: dict[int, str], ends: frozenset[str]
    ) -> tuple[list[_Facts], list[int], list[str]]:
        """Return facts, places and tags ('' where unknown) of the words up to a token that its tag depends on."""
        facts = self._facts
        around, places, tags = [facts[tokens[at]]], [at], [""]
        sure = 0
        for i in range(at - 1, -1, -1):
            fact = facts[tokens[i]]
            if fact.tag == SPACE_TAG:
                continue
            if tokens[i] in ends:
                break
            tag = fact.tag or known.get(i, "")
            around.append(fact)
            places.append(i)
            tags.append(tag)
            sure = sure + 1 if tag else 0
            if sure == 2:
                return around[::-1], places[::-1], tags[::-1]
        return [*self._starts, *around[::-1]], [-2, -1, *places[::-1]], ["-START2-", "-START-", *tags[::-1]]

    def _after(self, tokens: Sequence[str], at: int, ends: frozenset[str]) -> list[_Facts]:
        """Return the facts of the two words after a token; the end of the sentence counts as two."""
        found: list[_Facts] = []
        for token in tokens[at + 1 : at + 5]:
            fact = self._facts[token]
            if fact.tag != SPACE_TAG:
                found.append(fact)
                if len(found) == 2 or token in ends:
                    break
        return [*found, *self._ends][:2]

    def has_one_tag(self, word: str) -> bool:
        """Tell whether a word has the same tag wherever it stands."""
        return bool(self._facts[word].tag)

    def has_seen(self, word: str) -> bool:
        """Tell whether a lower-case word occurred in the newspaper text that the model was trained on."""
        return f"i word {word}" in self._weights or word in self._tagdict

    def _facts_of(self, word: str, name: str) -> _Facts:
        end = name[-3:]
        return _Facts(
            SPACE_TAG if word.isspace() else self._tagdict.get(word, ""),
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
