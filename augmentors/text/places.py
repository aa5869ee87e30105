"""Where an English text can take a synonym: found when asked for, since parts of speech are the dear part."""

from collections.abc import Sequence
from dataclasses import dataclass

from augmentors.text.inflection import PART_OF_TAG, like
from augmentors.text.lexicon import lexicon
from augmentors.text.tagger import tagger
from augmentors.text.tokens import OTHER, SPACE, Tokens

_ENDS = frozenset(".!?")


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
    ([2, 6], [('purchased',), ('car', 'auto')])
    """

    __slots__ = ("_found", "_most", "_phrases", "_sentences", "_words", "at", "tokens")

    def __init__(self, tokens: Tokens, most: int, phrases: bool) -> None:
        self.tokens, self._most, self._phrases = tokens, most, phrases
        texts, candidate = tokens.texts, lexicon().candidate
        self._words = {at: word for at in tokens.changeable if (word := candidate(texts[at]))}
        self.at = list(self._words)
        self._found: dict[int, Place | None] = {}
        self._sentences: list[tuple[list[int], int]] | None = None

    def find(self, wanted: Sequence[int]) -> list[Place]:
        """Return those of some candidates that can be replaced, in the same order."""
        new = {at for at in wanted if at not in self._found}
        if new:
            self._work_out(new)
        return [place for at in wanted if (place := self._found[at])]

    def any(self) -> bool:
        """Tell whether any word can be replaced."""
        return any(self.find(self.at[start : start + 2]) for start in range(0, len(self.at), 2))

    def _work_out(self, new: set[int]) -> None:
        texts = self.tokens.texts
        if self._sentences is None:
            self._sentences = _sentences(self.tokens)
        for sentence, first in self._sentences:
            asked = [i for i, at in enumerate(sentence) if at in new]
            if not asked:
                continue
            tags = tagger().tag_some([texts[at] for at in sentence], asked)
            for i in asked:
                at = sentence[i]
                self._found[at] = self._place(at, tags[i], at <= first)

    def _place(self, at: int, tag: str, opening: bool) -> Place | None:
        low, titled = self._words[at]
        if tag not in PART_OF_TAG or (titled and not opening):
            return None
        words = lexicon().synonyms(low, tag, self._most, self._phrases)
        token = self.tokens.texts[at]
        cased = words if token == low else tuple(like(word, token) for word in words)
        return Place(at, cased, _article(self.tokens, at)) if words else None


def _article(tokens: Tokens, at: int) -> int:
    """Return the index of an article right before a token, -1 where there is none that may be changed."""
    before = at - 2
    fits = before >= 0 and tokens.kinds[at - 1] == SPACE and tokens.texts[before].lower() in ("a", "an")
    return before if fits and before not in tokens.protected else -1


def _sentences(tokens: Tokens) -> list[tuple[list[int], int]]:
    """Return the tokens of each sentence but white space, and the first of them that is a word."""
    texts, kinds = tokens.texts, tokens.kinds
    found: list[list[int]] = []
    sentence: list[int] = []
    for at, kind in enumerate(kinds):
        if kind != SPACE:
            sentence.append(at)
            if kind == OTHER and texts[at] in _ENDS:
                found.append(sentence)
                sentence = []
    found.append(sentence)
    return [(sentence, next((at for at in sentence if kinds[at] != OTHER), -1)) for sentence in found]
