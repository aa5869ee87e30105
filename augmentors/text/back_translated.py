"""What came back from a translation: is it new, and has it kept what must be kept?"""

from difflib import SequenceMatcher

from augmentors.text.tokens import SPECIAL, WORD, split

BACK, EQUAL, LOST = "back", "equal", "lost"
# Sentences whose words agree by more than this are nearly equal: in twenty words one was exchanged.
NEARLY = 0.95


def verdict(sentence: str, back: str) -> str:
    """Return whether a sentence came back new, (nearly) equal, or without one of its numbers or addresses.

    Examples
    --------
    >>> verdict("Call 555 now.", "Phone 555 now."), verdict("So it is!", "so it is"), verdict("Call 555.", "Phone.")
    ('back', 'equal', 'lost')
    """
    words, kept = _parts(sentence)
    new_words, new_kept = _parts(back)
    if kept != new_kept or not new_words:
        return LOST
    if SequenceMatcher(None, words, new_words, autojunk=False).ratio() > NEARLY:
        return EQUAL
    return BACK


def _parts(sentence: str) -> tuple[list[str], list[str]]:
    """Return the words in small letters, and the numbers and addresses in order of the alphabet."""
    texts, kinds = split(sentence)
    pairs = list(zip(texts, kinds, strict=True))
    words = [text.lower() for text, kind in pairs if kind in (WORD, SPECIAL)]
    return words, sorted(text for text, kind in pairs if kind == SPECIAL)
