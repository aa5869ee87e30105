"""Where an English text can take a synonym: found when asked for, since parts of speech are the dear part."""

from collections.abc import Iterable
from typing import NamedTuple

from augmentors.text.inflection import like
from augmentors.text.lexicon import lexicon
from augmentors.text.tagger import SENTENCE_ENDS, tagger
from augmentors.text.tokens import OTHER, SPACE, Tokens

_ARTICLES = frozenset({"a", "an", "A", "An", "AN", "aN"})


class Place(NamedTuple):
    """A word that can be replaced.

    Parameters
    ----------
    at : int
        Token index.
    words : tuple of str
        Replacements, inflected and in the right letter case.
    """

    at: int
    words: tuple[str, ...]


class Replaceable:
    """The words of a text that may have synonyms; which ones have is worked out word by word and remembered.

    Parameters
    ----------
    tokens : Tokens
    most : int
        Most replacements per word.
    phrases : bool
        Whether replacements of several words count.

    Examples
    --------
    >>> from augmentors.text.tokens import tokenise
    >>> words = Replaceable(tokenise("She bought an automobile."), 2, False)
    >>> words.at, [place.words for place in words.find(words.at)]
    ((2, 6), [('purchased',), ('car', 'auto')])
    """

    __slots__ = ("_found", "_known", "_most", "_phrases", "at", "tokens")

    def __init__(self, tokens: Tokens, most: int, phrases: bool) -> None:
        self.tokens, self._most, self._phrases = tokens, most, phrases
        # No token but a word is a candidate, so kinds need no look.
        found = [at for at, word in enumerate(lexicon().candidates(tokens.texts)) if word]
        self.at = tuple(at for at in found if at not in tokens.protected) if tokens.protected else tuple(found)
        self._found: dict[int, Place | None] = {}
        self._known: dict[int, str] = {}

    def find(self, wanted: Iterable[int]) -> list[Place]:
        """Return those of some candidates that can be replaced, in the same order."""
        return [place for at in wanted if (place := self.place(at))]

    def any(self) -> bool:
        """Tell whether any word can be replaced; words with one tag only, which cost little, are tried first."""
        texts, sure = self.tokens.texts, tagger().has_one_tag
        return any(self.place(at) for at in self.at if sure(texts[at])) or any(map(self.place, self.at))

    def place(self, at: int) -> Place | None:
        """Return what a candidate can be replaced by, None for nothing."""
        if at not in self._found:
            self._found[at] = self._work_out(at)
        return self._found[at]

    def _work_out(self, at: int) -> Place | None:
        texts = self.tokens.texts
        token = texts[at]
        candidate = lexicon().candidate(token)
        assert candidate is not None, "only candidates are worked out"
        low, titled = candidate
        if titled and not _opens(self.tokens, at):
            return None
        tag = tagger().tag_at(texts, at, self._known)
        words = lexicon().synonyms(low, tag, self._most, self._phrases)
        if not words:
            return None
        return Place(at, words if token == low else tuple(like(word, token) for word in words))


def article_before(tokens: Tokens, at: int) -> int:
    """Return the index of an 'a' or 'an' right before a token, -1 where there is none that may be changed."""
    before = at - 2
    fits = before >= 0 and tokens.texts[before] in _ARTICLES and tokens.kinds[at - 1] == SPACE
    return before if fits and before not in tokens.protected else -1


def _opens(tokens: Tokens, at: int) -> bool:
    """Tell whether a word is the first of its sentence."""
    for i in range(at - 1, -1, -1):
        kind = tokens.kinds[i]
        if kind == OTHER and tokens.texts[i] in SENTENCE_ENDS:
            return True
        if kind not in (SPACE, OTHER):
            return False
    return True
