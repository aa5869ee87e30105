"""English synonyms from WordNet: antonym-safe, inflected, in the letter case of what they replace."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from augmentors.text.inflection import PART_OF_TAG, bases, inflect, like, takes_an
from augmentors.text.tagger import LANGUAGE, tagger
from augmentors.text.tokens import OTHER, SPACE, SPECIAL, WORD, Tokens

# Texts with a smaller share of known words are taken for another language.
LEAST_KNOWN = 0.3
ENDS = frozenset(".!?")

STOPWORDS = frozenset(
    """a about above across after again against all almost along already also although always am among an and another
    any anybody anyone anything are around as at away back be became because become been before behind being below
    between both but by came can cannot could did do does doing done down during each either else enough even ever every
    everybody everyone everything except few for from further get gets getting go goes going gone got had has have
    having he hence her here hers herself him himself his how however i if in indeed instead into is it its itself just
    last least less lot lots made make makes making many may maybe me might mine more most much must my myself near need
    neither never next no nobody none nor not nothing now of off often on once one ones only onto or other others our
    ours ourselves out over own perhaps please quite rather really said same saw say says see seen several shall she
    should since so some somebody someone something sometimes soon still such take taken than that the their theirs them
    themselves then there therefore these they thing things this those though through thus till to together too took
    toward towards under unless until up upon us use used using very via was way we well went were what whatever when
    whenever where wherever whether which while who whoever whole whom whose why will with within without would yes yet
    you your yours yourself yourselves hi hello hey ok okay thanks two three four five six seven eight nine ten first
    second third""".split()  # noqa: SIM905 (as a list it would fill two pages)
)


@dataclass(frozen=True, slots=True)
class Place:
    """A word that can be replaced.

    Parameters
    ----------
    at : int
        Token index.
    words : tuple of str
        Replacements, inflected and in the right letter case.
    article : int
        Token index of the 'a' or 'an' before it; -1 where there is none.
    """

    at: int
    words: tuple[str, ...]
    article: int


class Lexicon:
    """Synonyms, antonyms and irregular forms by part of speech.

    Parameters
    ----------
    synonyms, antonyms, irregular : dict
        Part of speech (n, v, a, r) to word to words.
    """

    def __init__(self, synonyms: dict[str, Any], antonyms: dict[str, Any], irregular: dict[str, Any]) -> None:
        self._synonyms = synonyms
        self._irregular = irregular
        self._opposites: dict[str, set[str]] = defaultdict(set)
        for part in ("n", "v", "a", "r"):
            for word, opposites in antonyms[part].items():
                self._opposites[word].update(opposites)
        self._forms: dict[str, dict[str, list[str]]] = {}
        for part in ("n", "v", "a", "r"):
            forms = self._forms[part] = defaultdict(list)
            for form, roots in irregular[part].items():
                for root in roots:
                    forms[root].append(form)
        self._known = STOPWORDS.union(*(synonyms[part] for part in "nvar"))
        self._found: dict[tuple[str, str, int, bool], tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        """Tell whether an English word is in the lexicon, in any form.

        Examples
        --------
        >>> lexicon().knows("Deliveries"), lexicon().knows("pünktlich")
        (True, False)
        """
        low = word.lower().partition("'")[0].partition("’")[0]
        if low in self._known:
            return True
        tags = {"s": ("NNS", "VBZ"), "g": ("VBG",), "d": ("VBD",), "r": ("JJR",), "t": ("JJS",)}.get(
            low[-1:], ()
        )
        roots = (root for tag in tags for root in bases(low, tag, self._irregular[PART_OF_TAG[tag]]))
        return any(root in self._known for root in roots) or any(
            low in self._irregular[part] for part in "nv"
        )

    def synonyms(self, word: str, tag: str, most: int, phrases: bool) -> tuple[str, ...]:
        """Return replacements for a lower-case word of a tag, most usual first.

        Parameters
        ----------
        word, tag : str
        most : int
            Most replacements.
        phrases : bool
            Whether replacements of several words count.

        Examples
        --------
        >>> lexicon().synonyms("children", "NNS", 2, False)
        ('kids', 'minors')
        """
        key = (word, tag, most, phrases)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > 100_000:
                self._found = {}
            found = self._found[key] = tuple(self._look_up(word, tag, phrases))[:most]
        return found

    def _look_up(self, word: str, tag: str, phrases: bool) -> Iterable[str]:
        part = PART_OF_TAG.get(tag)
        if part is None or word in STOPWORDS or len(word) < 3:
            return
        table, irregular = self._synonyms[part], self._irregular[part]
        roots = [word, *bases(word, tag, irregular)] if tag == "NNS" else bases(word, tag, irregular)
        base = next((root for root in roots if root in table), None)
        if base is None or base in STOPWORDS:
            return
        if tag == "NNS" and base == word:  # 'physics', 'papers': a word of its own, not a plural
            tag = "NN"
        seen = {word, base}
        for other in sorted(table[base], key=_rare):
            if (" " in other and not phrases) or not self._fits(base, other, table):
                continue
            head, gap, rest = other.partition(" ")
            # Of a phrase the verb is its first word ('call up'), the noun its last ('alkali metal').
            if gap and part == "n":
                head, rest = rest, head
            form = inflect(head, tag, self._forms[part].get(head, ()))
            if form is None:
                continue
            whole = form if not gap else f"{rest} {form}" if part == "n" else f"{form} {rest}"
            if whole not in seen:
                seen.add(whole)
                yield whole

    def _fits(self, base: str, other: str, table: dict[str, list[str]]) -> bool:
        """Tell whether a word can stand for the base.

        It may not be the opposite of the base or of one of its synonyms, nor a form of the base ('old', 'older').
        """
        opposites: set[str] = self._opposites.get(other, set())
        opposed = (
            base in opposites
            or other in self._opposites.get(base, ())
            or not opposites.isdisjoint(table[base])
        )
        form_of_base = other.startswith(base) and other[len(base) :] in ("s", "er", "r", "est", "st", "ing")
        return not opposed and not form_of_base


def _rare(word: str) -> bool:
    """Tell whether the text the tagger learnt from lacks a word: usual words are offered first ('week', 'hebdomad')."""
    return not tagger().has_seen(word)


def places(tokens: Tokens, most: int, phrases: bool) -> list[Place]:
    """Return the words of an English text that can be replaced, with their replacements.

    Examples
    --------
    >>> from augmentors.text.tokens import tokenise
    >>> [place.words for place in places(tokenise("She bought an automobile."), 2, False)]
    [('purchased',), ('car', 'auto')]
    """
    changeable = frozenset(tokens.changeable)
    words = lexicon()
    found = []
    for at, tag, opening in _tagged(tokens):
        token = tokens.texts[at]
        # A capital inside a sentence marks a name; so does a mixed case like 'iPhone'.
        named = not (token.islower() or token.isupper() or (opening and token.istitle()))
        if at not in changeable or named or (token.isupper() and len(token) < 4):
            continue
        others = words.synonyms(token.lower(), tag, most, phrases)
        if others:
            found.append(Place(at, tuple(like(other, token) for other in others), _article(tokens, at)))
    return found


def share_known(texts: Iterable[Sequence[str]]) -> float:
    """Return the share of words that the English lexicon knows (1 when there are no words)."""
    words = [word for text in texts for word in text]
    return sum(map(lexicon().knows, words)) / len(words) if words else 1.0


def words_of(tokens: Tokens) -> list[str]:
    """Return the words of a text, without numbers and addresses."""
    return [text for text, kind in zip(tokens.texts, tokens.kinds, strict=True) if kind == WORD]


def fitting_article(article: str, word: str) -> str:
    """Return 'a' or 'an' as the next word asks for, in the same letter case.

    Examples
    --------
    >>> fitting_article("A", "automobile"), fitting_article("an", "car")
    ('An', 'a')
    """
    return like("an" if takes_an(word) else "a", article if article != "A" else "The")


def _article(tokens: Tokens, at: int) -> int:
    """Return the index of an article right before a token, -1 where there is none that may be changed."""
    before = at - 2
    fits = before >= 0 and tokens.kinds[at - 1] == SPACE and tokens.texts[before].lower() in ("a", "an")
    return before if fits and before not in tokens.protected else -1


def _tagged(tokens: Tokens) -> Iterable[tuple[int, str, bool]]:
    """Yield index, tag and whether it opens a sentence, for every word."""
    sentence: list[int] = []
    for at, kind in enumerate(tokens.kinds):
        if kind == SPACE:
            continue
        sentence.append(at)
        if kind == OTHER and tokens.texts[at] in ENDS:
            yield from _tag_sentence(tokens, sentence)
            sentence = []
    yield from _tag_sentence(tokens, sentence)


def _tag_sentence(tokens: Tokens, sentence: list[int]) -> Iterable[tuple[int, str, bool]]:
    tags = tagger().tag([tokens.texts[at] for at in sentence])
    opening = True
    for at, tag in zip(sentence, tags, strict=True):
        if tokens.kinds[at] in (WORD, SPECIAL):
            yield at, tag, opening
            opening = False


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the shipped lexicon, read once per process."""
    return Lexicon(*(_read(name) for name in ("synonyms", "antonyms", "irregular")))


def _read(name: str) -> Any:
    return json.loads(gzip.decompress((LANGUAGE / f"{name}.json.gz").read_bytes()))
