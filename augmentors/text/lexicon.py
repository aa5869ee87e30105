"""English synonyms from WordNet: antonym-safe, inflected, in the letter case of what they replace."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from augmentors.text.inflection import PART_OF_TAG, bases, inflect, like, takes_an
from augmentors.text.tagger import language_folder, tagger
from augmentors.text.tokens import OTHER, SPACE, WORD, Tokens

# Texts with a smaller share of known words are taken for another language.
LEAST_KNOWN = 0.3
_ENDS = frozenset(".!?")
# Answers kept per table.
_MOST_KEPT = 100_000

# Besides the shipped list of function words: words so general that their synonyms rarely fit.
_VAGUE = frozenset(
    """across along already also although always another anybody anyone anything around away back became become behind
    beside besides beyond came can cannot come could deal else enough even ever every everybody everyone everything
    except first get gets getting go goes going gone got hello hence hey hi however indeed instead kind last least less
    let like lot lots made make makes making many may maybe might mine much must near need neither never next nobody
    none nothing often ok okay one ones onto others perhaps please put quite rather really said saw say says second see
    seen several shall since some somebody someone something sometimes soon still take taken thanks therefore thing
    things third though three thus till together too took toward towards two unless upon us use used using via way well
    went whatever whenever wherever whether whoever whole whose within without would yes yet""".split()  # noqa: SIM905
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
    stopwords : frozenset of str
        Function words, which are never replaced.
    """

    def __init__(
        self,
        synonyms: dict[str, Any],
        antonyms: dict[str, Any],
        irregular: dict[str, Any],
        stopwords: frozenset[str],
    ) -> None:
        self._stopwords = stopwords | _VAGUE
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
        self._known = self._stopwords.union(*(synonyms[part] for part in "nvar"))
        self._asked: dict[str, bool] = {}
        self._found: dict[tuple[str, str, int, bool], tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        """Tell whether an English word is in the lexicon, in any form.

        Examples
        --------
        >>> lexicon().knows("Deliveries"), lexicon().knows("pünktlich")
        (True, False)
        """
        found = self._asked.get(word)
        if found is None:
            if len(self._asked) > _MOST_KEPT:
                self._asked.clear()
            found = self._asked[word] = self._looks_english(word.lower().replace("’", "'"))
        return found

    def _looks_english(self, word: str) -> bool:
        low = word if word in self._known else word.partition("'")[0]
        if low in self._known:
            return True
        tags = {"s": ("NNS", "VBZ"), "g": ("VBG",), "d": ("VBD",), "r": ("JJR",), "t": ("JJS",)}.get(low[-1:], ())
        roots = (root for tag in tags for root in bases(low, tag, self._irregular[PART_OF_TAG[tag]]))
        return any(root in self._known for root in roots) or any(low in self._irregular[part] for part in "nv")

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
            if len(self._found) > _MOST_KEPT:
                self._found.clear()
            found = self._found[key] = tuple(self._look_up(word, tag, phrases))[:most]
        return found

    def _look_up(self, word: str, tag: str, phrases: bool) -> Iterable[str]:
        part = PART_OF_TAG.get(tag)
        if part is None or word in self._stopwords or len(word) < 3:
            return
        table, irregular = self._synonyms[part], self._irregular[part]
        roots = [word, *bases(word, tag, irregular)] if tag == "NNS" else bases(word, tag, irregular)
        base = next((root for root in roots if root in table), None)
        if base is None or base in self._stopwords:
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
        opposed = base in opposites or other in self._opposites.get(base, ()) or not opposites.isdisjoint(table[base])
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
    look_up = lexicon().synonyms
    found = []
    for at, tag, opening in _tagged(tokens):
        if at not in changeable or tag not in PART_OF_TAG:
            continue
        token = tokens.texts[at]
        low = token.lower()
        # A capital inside a sentence marks a name; so do a mixed case like 'iPhone' and short capitals.
        shouted = len(token) > 3 and token.isupper()
        if token != low and not shouted and not (opening and token.istitle()):
            continue
        others = look_up(low, tag, most, phrases)
        if others:
            cased = others if token == low else tuple(like(other, token) for other in others)
            found.append(Place(at, cased, _article(tokens, at)))
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
    """Yield index, tag and whether it opens a sentence, for every token but white space."""
    texts, kinds = tokens.texts, tokens.kinds
    solid = [at for at, kind in enumerate(kinds) if kind != SPACE]
    ends = [i + 1 for i, at in enumerate(solid) if kinds[at] == OTHER and texts[at] in _ENDS]
    start = 0
    for end in [*ends, len(solid)]:
        sentence = solid[start:end]
        tags = tagger().tag([texts[at] for at in sentence])
        opening = True
        for at, tag in zip(sentence, tags, strict=True):
            yield at, tag, opening
            opening = opening and kinds[at] == OTHER
        start = end


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the shipped lexicon, read once per process."""
    stopwords = (language_folder() / "stopwords.txt").read_text(encoding="utf-8").split()
    return Lexicon(_read("synonyms"), _read("antonyms"), _read("irregular"), frozenset(stopwords))


def _read(name: str) -> Any:
    return json.loads(gzip.decompress((language_folder() / f"{name}.json.gz").read_bytes()))
