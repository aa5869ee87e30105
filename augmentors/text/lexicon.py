"""English synonyms from WordNet: antonym-safe, inflected, in the letter case of what they replace."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from augmentors.text.inflection import PART_OF_TAG, bases, inflect, like, takes_an
from augmentors.text.tagger import Kept, language_folder, tagger
from augmentors.text.tokens import WORD, Tokens

# Texts with a smaller share of known words are taken for another language.
LEAST_KNOWN = 0.3
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
        self._antonyms = antonyms
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
        self._replaceable = frozenset().union(*(synonyms[part] for part in "nvar"))
        self._asked: dict[str, bool] = Kept(self._looks_english)
        self._candidates: dict[str, tuple[str, bool] | None] = Kept(self._as_candidate)
        self._found: dict[tuple[str, str, int, bool], tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        """Tell whether an English word is in the lexicon, in any form.

        Examples
        --------
        >>> lexicon().knows("Deliveries"), lexicon().knows("pünktlich")
        (True, False)
        """
        return self._asked[word]

    def count_known(self, words: Iterable[str]) -> int:
        """Return how many of some words the lexicon knows."""
        return sum(map(self._asked.__getitem__, words))

    def _looks_english(self, word: str) -> bool:
        if not word[:1].isalpha():  # '10th', '.'
            return False
        word = word.lower().replace("’", "'")
        known = self._replaceable
        low = word if word in known or word in self._stopwords else word.partition("'")[0]
        return low in known or low in self._stopwords or self._is_form(low)

    def _is_form(self, low: str) -> bool:
        """Tell whether a word may be a form of a word that has synonyms."""
        tags = {"s": ("NNS", "VBZ"), "g": ("VBG",), "d": ("VBD",), "r": ("JJR",), "t": ("JJS",)}.get(low[-1:], ())
        roots = (root for tag in tags for root in bases(low, tag, self._irregular[PART_OF_TAG[tag]]))
        return any(root in self._replaceable for root in roots) or any(low in self._irregular[part] for part in "nv")

    def candidate(self, token: str) -> tuple[str, bool] | None:
        """Return a token in small letters, and whether only the start of a sentence allows its capital.

        None where no tag would give it synonyms, or where its letters mark a name.
        """
        return self._candidates[token]

    def candidates(self, tokens: Iterable[str]) -> Iterable[tuple[str, bool] | None]:
        """Return `candidate` of each token."""
        return map(self._candidates.__getitem__, tokens)

    def _as_candidate(self, token: str) -> tuple[str, bool] | None:
        low = token.lower()
        # A capital inside a sentence marks a name; so do a mixed case like 'iPhone' and short capitals.
        shouted = len(token) > 3 and token.isupper()
        titled = token != low and not shouted
        if len(low) < 3 or not low[0].isalpha() or low in self._stopwords or (titled and not token.istitle()):
            return None
        return (low, titled) if low in self._replaceable or self._is_form(low) else None

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

    def opposed(self, word: str, other: str) -> bool:
        """Tell whether two words, in small letters, are opposites, or one is the opposite of the other's synonym.

        Examples
        --------
        >>> lexicon().opposed("good", "bad"), lexicon().opposed("good", "fine")
        (True, False)
        """
        ours, theirs = self._opposites.get(word, set()), self._opposites.get(other, set())
        if other in ours or word in theirs:
            return True
        near = [self._synonyms[part].get(word, ()) for part in "nvar"]
        return any(not theirs.isdisjoint(words) for words in near)

    def opposites(self, word: str, part: str) -> tuple[str, ...]:
        """Return the direct opposites of a word of a part of speech (n, v, a, r)."""
        return tuple(self._antonyms[part].get(word, ()))

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


def share_known(texts: Iterable[Sequence[str]]) -> float:
    """Return the share of words that the English lexicon knows (1 when there are no words)."""
    words = [word for text in texts for word in text]
    return lexicon().count_known(words) / len(words) if words else 1.0


def is_english(tokens: Tokens) -> bool:
    """Tell whether enough words of a text are known; a text without words passes."""
    words = tokens.kinds.count(WORD)
    return not words or lexicon().count_known(tokens.texts) / words >= LEAST_KNOWN


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


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the shipped lexicon, read once per process."""
    stopwords = (language_folder() / "stopwords.txt").read_text(encoding="utf-8").split()
    return Lexicon(_read("synonyms"), _read("antonyms"), _read("irregular"), frozenset(stopwords))


def _read(name: str) -> Any:
    """Return a table with tuples for its lists, which the garbage collector soon stops looking at."""
    parts = json.loads(gzip.decompress((language_folder() / f"{name}.json.gz").read_bytes()))
    return {part: {word: tuple(others) for word, others in parts[part].items()} for part in "nvar"}
