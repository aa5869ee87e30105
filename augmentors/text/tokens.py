"""The shared tokeniser: reversible, for any language, and it knows what must not be touched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

# A word is letters with their marks (Devanagari vowels, combined accents), joined by apostrophes, hyphens
# or joiners. Scripts written without spaces give one token per character: a whole clause is no "word".
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}"
_DOMAINS = "com|org|net|edu|gov|io|co|info|uk|de|fr|es"
_LETTER = rf"(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}_])"
_START = rf"(?:(?![{_UNSPACED}])[\p{{L}}_])"
_WORD = rf"{_START}(?:{_LETTER}|\p{{Nd}})*(?:['’\-\u200c\u200d](?:{_LETTER}|\p{{Nd}})+)*"
# Lengths are bounded where a failed match would otherwise be tried from every place of a long run.
_PATTERN = regex.compile(
    rf"""
    (?P<special>
        (?:https?://|ftp://|www\.)[^\s<>"'“”„«»。，、]*[^\s<>"'“”„«»。，、.,;:!?)\]}}]
      | [\w.+\-]{{1,64}}@[\w\-]{{1,64}}(?:\.[\w\-]{{1,64}}){{1,8}}
      | [\#@]\d*+[^\W\d]\w*
      | (?:[a-zA-Z0-9\-]{{1,63}}\.){{1,8}}(?:{_DOMAINS})\b(?:/[^\s<>"']*[^\s<>"'.,;:!?)\]}}])?
      | [+\-]?\p{{Nd}}+(?![\ufe0f\u20e3])(?:[.,:/\-'’]\p{{Nd}}+)*(?:%|{_LETTER}+)?
    )
  | (?P<word>{_WORD}|[{_UNSPACED}][\p{{M}}ー]*)
  | (?P<other>\X|.)
    """,
    regex.VERBOSE | regex.DOTALL,
)
WORD, SPECIAL, SPACE, OTHER = "word", "special", "space", "other"
# No token but white space itself holds white space, so what stands between is cut once and remembered.
_PIECES = re.compile(r"\S+\s*|\s+")
_LONGEST_KEPT, _MOST_KEPT = 40, 50_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut into tokens; joined without separator they are the text again.

    Parameters
    ----------
    texts : tuple of str
    kinds : tuple of str
        ``word``, ``special`` (number, web or e-mail address, hashtag, mention), ``space`` or ``other``.
    protected : frozenset of int
        Indices inside a protected phrase.
    changeable : tuple of int
        Indices that an operator may change, ascending.
    n_words : int
        Number of words and special tokens, protected ones included.
    """

    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    protected: frozenset[int]
    changeable: tuple[int, ...]
    n_words: int

    def __len__(self) -> int:
        return len(self.texts)

    def inside_phrase(self, index: int) -> bool:
        """Tell whether the place before a token lies inside a protected phrase."""
        return index in self.protected and index - 1 in self.protected


def split(text: str) -> tuple[list[str], list[str]]:
    """Return the tokens of a text and the kind of each.

    Examples
    --------
    >>> split("Mail a@b.org, 3 times!")[0]
    ['Mail', ' ', 'a@b.org', ',', ' ', '3', ' ', 'times', '!']
    >>> "".join(split("naïve 你好 👩‍👩‍👧")[0])
    'naïve 你好 👩‍👩‍👧'
    """
    texts: list[str] = []
    kinds: list[str] = []
    for piece_texts, piece_kinds in map(_cut.__getitem__, _PIECES.findall(text)):
        texts += piece_texts
        kinds += piece_kinds
    return texts, kinds


def _tokens_of(piece: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tokens of a text with white space at its end only, and the kind of each."""
    body = piece.rstrip()
    found = [(match.group(), match.lastgroup or OTHER) for match in _PATTERN.finditer(body)]
    if len(body) < len(piece):
        found.append((piece[len(body) :], SPACE))
    return tuple(text for text, _ in found), tuple(kind for _, kind in found)


class _Cut(dict[str, tuple[tuple[str, ...], tuple[str, ...]]]):
    """Pieces of text and their tokens, cut when first met."""

    def __missing__(self, piece: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = _tokens_of(piece)
        if len(piece) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[piece] = found
        return found


_cut = _Cut()


def tokenise(
    text: str, protected: Sequence[str] = (), keep_special: bool = True, spans: Sequence[tuple[int, int]] = ()
) -> Tokens:
    """Return the tokens of a text with what may be changed.

    Parameters
    ----------
    text : str
    protected : sequence of str
        Words and phrases (of several words too) never touched; upper and lower case count as equal.
    keep_special : bool
        Whether numbers, web and e-mail addresses, hashtags and mentions are left alone.
    spans : sequence of (int, int)
        First and last character (exclusive) of further parts never touched.

    Examples
    --------
    >>> tokens = tokenise("I love New  York 24", protected=("new york",))
    >>> [tokens.texts[i] for i in tokens.changeable]
    ['I', 'love']
    """
    texts, kinds = split(text)
    shut = _protected_tokens(text, texts, tuple(protected), spans) if protected or spans else frozenset()
    wanted = (WORD,) if keep_special else (WORD, SPECIAL)
    if keep_special and not shut:  # nearly always, and quicker
        changeable = [i for i, kind in enumerate(kinds) if kind == WORD]
    else:
        changeable = [i for i, kind in enumerate(kinds) if kind in wanted and i not in shut]
    n_words = kinds.count(WORD) + kinds.count(SPECIAL)
    # Of tuples of plain values the garbage collector soon lets go; of thousands of lists it never does.
    return Tokens(tuple(texts), tuple(kinds), shut, tuple(changeable), n_words)


def _protected_tokens(
    text: str, texts: list[str], phrases: tuple[str, ...], spans: Sequence[tuple[int, int]]
) -> frozenset[int]:
    """Return the indices of all tokens that a protected phrase or span overlaps."""
    shut = bytearray(len(text))
    found_phrases = (match.span() for match in _phrase_pattern(phrases).finditer(text, overlapped=True))
    for left, right in (*found_phrases, *spans):
        shut[left:right] = b"\1" * (right - left)
    found, start = set(), 0
    for index, token in enumerate(texts):
        end = start + len(token)
        if shut.find(1, start, end) >= 0:
            found.add(index)
        start = end
    return frozenset(found)


@lru_cache(maxsize=64)
def _phrase_pattern(phrases: tuple[str, ...]) -> "regex.Pattern[str]":
    """Return the pattern of the phrases as whole words, any white space between their parts."""
    parts = []
    for phrase in sorted(filter(str.strip, phrases), key=len, reverse=True):
        body = r"\s+".join(regex.escape(word) for word in phrase.split())
        # Characters of unspaced scripts have word characters on both sides without being part of them.
        before = rf"(?<![\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]])" if _spaced(phrase.strip()[0]) else ""
        after = rf"(?![\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]])" if _spaced(phrase.strip()[-1]) else ""
        parts.append(before + body + after)
    return regex.compile("|".join(parts) or r"(?!)", regex.IGNORECASE | regex.VERSION1 | regex.FULLCASE)


def _spaced(char: str) -> bool:
    return char.isalnum() and not regex.match(rf"[{_UNSPACED}]", char)
