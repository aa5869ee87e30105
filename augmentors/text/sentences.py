"""Sentences of a tokenised text, in any script.

Own rules: punkt's data does not ship and knows few languages; spaCy's sentencizer splits at abbreviations ("Fig. 3"),
leaves quotes on the wrong side and finds nothing in text without spaces (over 24 languages, a few sentences each, it
split 12 as a reader would, these rules 20).
"""

from functools import lru_cache

import regex

from augmentors.text.tokens import OTHER, SPACE, SPECIAL, Tokens

# Unicode's marks at the end of a sentence, and those that it counts among others; some need no white space after them.
_END = regex.compile(r"[\p{Sentence_Terminal}…։།༎]")
_UNSPACED_ENDS = frozenset("。！？｡")
_CLOSERS = frozenset("\"'”’»)]}」』）】")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st vs etc fig no nos vol pp al jr sr inc ltd co corp dept approx est gen col sgt capt rev hon
    jan feb mar apr jun jul aug sep sept oct nov dec bzw ca usw nr str evtl inkl vgl sog m mme mlle sra""".split()  # noqa: SIM905 (a list would be longer than the code)
)


def sentences(tokens: Tokens) -> list[tuple[int, int]]:
    """Return start and end token of each sentence, without the white space between them.

    A line break ends a sentence too; a boundary inside a protected phrase does not count.

    Examples
    --------
    >>> from augmentors.text.tokens import tokenise
    >>> tokens = tokenise("Dr. Who came. Really?! 你好。再见。")
    >>> ["".join(tokens.texts[a:b]) for a, b in sentences(tokens)]
    ['Dr. Who came.', 'Really?!', '你好。', '再见。']
    """
    found: list[tuple[int, int]] = []
    start = 0
    at = 0
    while at < len(tokens):
        end = _end_after(tokens, start, at)
        if end and not tokens.inside_phrase(end):
            found.append((start, end))
            start = at = _skip_space(tokens, end)
        else:
            at += 1
    found.append((start, len(tokens)))
    return [trimmed for a, b in found if (trimmed := _trim(tokens, a, b))]


def _end_after(tokens: Tokens, start: int, at: int) -> int:
    """Return the index after a sentence that ends with token `at`, 0 when it does not end there."""
    text, kind = tokens.texts[at], tokens.kinds[at]
    if kind == SPACE:
        return at if at > start and ("\n" in text or "\r" in text) else 0
    if kind != OTHER or not _is_end(text):
        return 0
    unspaced = text in _UNSPACED_ENDS
    end = at + 1
    while end < len(tokens) and (tokens.texts[end] in _CLOSERS or _is_end(tokens.texts[end])):
        end += 1
    if unspaced or end == len(tokens):
        return end
    return end if tokens.kinds[end] == SPACE and not _goes_on(tokens, start, at, end) else 0


@lru_cache(maxsize=1000)
def _is_end(token: str) -> bool:
    return _END.fullmatch(token) is not None


def _goes_on(tokens: Tokens, start: int, at: int, end: int) -> bool:
    """Tell whether a full stop ends an abbreviation, an initial or a list number, or a small letter follows."""
    after = _skip_space(tokens, end)
    if after < len(tokens) and tokens.texts[after][:1].islower():
        return True
    if tokens.texts[at] != "." or at == start:
        return False
    before = tokens.texts[at - 1]
    if tokens.kinds[at - 1] == SPECIAL:
        return at - 1 == start
    return before.lower() in _ABBREVIATIONS or (len(before) == 1 and before.isalpha() and before != "I")


def _skip_space(tokens: Tokens, at: int) -> int:
    while at < len(tokens) and tokens.kinds[at] == SPACE:
        at += 1
    return at


def _trim(tokens: Tokens, start: int, end: int) -> tuple[int, int] | None:
    start = _skip_space(tokens, start)
    while end > start and tokens.kinds[end - 1] == SPACE:
        end -= 1
    return (start, end) if end > start else None
