"""What operators that exchange fixed words and phrases share: finding them in a text, and their letter case."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from augmentors.text.edits import Edit
from augmentors.text.inflection import like
from augmentors.text.text_augmenter import Chance, TextAugmenter, View, choose, count_changes
from augmentors.text.tokens import SPACE, SPECIAL, WORD, Tokens, split

# Where a phrase stands: first token, number of tokens, what may stand there instead.
Found = tuple[int, int, tuple[str, ...]]


class PhraseTable:
    """Words and phrases with what may stand for them; letter case and the kind of white space do not matter.

    Parameters
    ----------
    swaps : mapping of str to sequence of str

    Examples
    --------
    >>> from augmentors.text.tokens import tokenise
    >>> PhraseTable({"by the way": ["btw"]}).find(tokenise("By  the way, hi"))
    [(0, 5, ('btw',))]
    """

    def __init__(self, swaps: Mapping[str, Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for phrase, others in swaps.items():
            texts, kinds = split(phrase.lower().replace("’", "'"))
            parts = tuple(" " if kind == SPACE else text for text, kind in zip(texts, kinds, strict=True))
            if parts and others:
                self._by_first.setdefault(parts[0], []).append((parts, tuple(others)))
        for choices in self._by_first.values():
            choices.sort(key=lambda choice: -len(choice[0]))

    def find(self, tokens: Tokens) -> list[Found]:
        """Return the phrases of a text from left to right, the longest first where they overlap."""
        low = [_plain(tokens, at) for at in range(len(tokens))]
        free = frozenset(tokens.changeable)
        found, at = [], 0
        while at < len(low):
            hits = (c for c in self._by_first.get(low[at], ()) if tuple(low[at : at + len(c[0])]) == c[0])
            hit = next((c for c in hits if _may_change(tokens, at, len(c[0]), free)), None)
            if hit:
                found.append((at, len(hit[0]), hit[1]))
            at += len(hit[0]) if hit else 1
        return found


class PhraseAugmenter(TextAugmenter):
    """Base of the operators that exchange fixed words and phrases: subclasses give the table."""

    @abstractmethod
    def _table(self) -> PhraseTable:
        """Return the words and phrases with what may stand for them."""

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        found = self._table().find(tokens)
        return View(tokens, found) if found else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = count_changes(self.params.rate, len(view.places), self.params.max_changes, chance)
        edits = []
        for at, span, others in sorted(choose(view.places, wanted, chance)):
            other = others[int(chance() * len(others))]
            edits.append(Edit("replace", at, span, in_case_of(other, view.tokens.texts[at : at + span])))
        return edits


def in_case_of(phrase: str, texts: Sequence[str]) -> str:
    """Return a phrase in the letter case of the tokens it stands for.

    Examples
    --------
    >>> in_case_of("by the way", ["BTW"]), in_case_of("do not", ["Don't"]), in_case_of("FAQ", ["frequent"])
    ('by the way', 'Do not', 'FAQ')
    """
    first, whole = texts[0], "".join(texts)
    short = len(texts) == 1 and len(first) <= 5 and first.isalpha()
    if whole.isupper() and short and " " in phrase:  # an abbreviation is written large, its long form is not
        return phrase
    return like(phrase, whole if whole.isupper() else first)


def groups_as_swaps(groups: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return each phrase of some groups with the others of its group."""
    swaps: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for phrase in group:
            swaps[phrase] = swaps.get(phrase, ()) + tuple(other for other in group if other != phrase)
    return swaps


def _plain(tokens: Tokens, at: int) -> str:
    if tokens.kinds[at] == SPACE:
        return "\n" if set(tokens.texts[at]) & set("\r\n") else " "
    return tokens.texts[at].lower().replace("’", "'")


def _may_change(tokens: Tokens, at: int, span: int, free: frozenset[int]) -> bool:
    """Tell whether nothing of a phrase is protected and no letter touches it ('e.g.' is not the start of 'e.g.x')."""
    places = range(at, at + span)
    if any(i in tokens.protected or (i not in free and tokens.kinds[i] in (WORD, SPECIAL)) for i in places):
        return False
    around = [(i, j) for i, j in ((at - 1, at), (at + span, at + span - 1)) if 0 <= i < len(tokens)]
    return not any(tokens.kinds[i] == WORD and tokens.kinds[j] != WORD for i, j in around)
