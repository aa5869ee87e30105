"""Texts as lists of sentences, for operators that recombine several parents."""

from collections.abc import Sequence
from dataclasses import dataclass

from augmentors.text.sentences import sentences
from augmentors.text.tokens import Tokens, tokenise


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut into sentences.

    Parameters
    ----------
    tokens : Tokens
    spans : list of (int, int)
        First token and the one after the last of each sentence.
    texts : list of str
        The sentences.
    free : list of int
        Sentences without a protected phrase or span.
    """

    tokens: Tokens
    spans: list[tuple[int, int]]
    texts: list[str]
    free: list[int]


def pieces_of(text: str, protected: Sequence[str] = (), spans: Sequence[tuple[int, int]] = ()) -> Pieces:
    """Return the sentences of a text; those with a protected phrase or span are not free.

    Examples
    --------
    >>> pieces_of("One. Two is here.", ("two",)).texts, pieces_of("One. Two is here.", ("two",)).free
    (['One.', 'Two is here.'], [0])
    """
    tokens = tokenise(text, protected, spans=spans)
    spans = sentences(tokens)
    texts = ["".join(tokens.texts[start:end]) for start, end in spans]
    free = [i for i, span in enumerate(spans) if tokens.protected.isdisjoint(range(*span))]
    return Pieces(tokens, spans, texts, free)


def new_sentences(first: Pieces, second: Pieces) -> list[str]:
    """Return the different sentences of a second text that the first one has not."""
    known = set(first.texts)
    return list(dict.fromkeys(text for text in second.texts if text not in known))
