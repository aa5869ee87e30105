"""Negated antonyms: "is good" becomes "is not bad", so that the meaning, and with it the label, stays.

Own code: nlpaug's AntonymAug puts opposites in ("is bad"), which turns the meaning and often the class round.
"""

from functools import lru_cache

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import EnglishAugmenter, EnglishParams
from augmentors.text.inflection import like
from augmentors.text.lexicon import lexicon
from augmentors.text.text_augmenter import Chance, View, choose, count_changes
from augmentors.text.tokens import OTHER, SPACE, Tokens

_BE = frozenset({"is", "are", "was", "were", "am", "be", "been", "seems", "seemed", "looks", "looked", "feels", "felt"})
_AFTER = frozenset({"and", "but", "or", "because", "when", "if", "in", "on", "at", "for", "with", "that", "to", "as"})


class NegatedAntonyms(EnglishAugmenter):
    """Say an adjective by the negation of its opposite, and the other way round.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("negated_antonyms", ["The room was dirty."], 1).frame["text"].tolist()
    ['The room was not clean.']
    """

    card = Card(
        key="negated_antonyms",
        title="Negated antonyms",
        kind="text",
        family="classical",
        summary='Says "not bad" for "good" after is, was …, and "bad" for "not good": words change, the meaning stays.',
        avoid="Avoid with bag-of-words models: they see the opposite and miss the negation.",
        references=("Fellbaum (1998), WordNet: An Electronic Lexical Database, MIT Press (antonyms).",),
    )
    needs_text = 'an English text with an adjective after "is", "was" …, that has an opposite and is not protected'
    resource = "opposites"

    class Params(EnglishParams):
        pass

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        places = negatable(tokens)
        return View(tokens, places) if places and self._is_english(tokens) else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        edits = []
        for start, span, opposites in sorted(choose(view.places, wanted, chance)):
            word = opposites[int(chance() * len(opposites))]
            old = view.tokens.texts[start + span - 1]
            to = like(word, old) if span > 1 else like(f"not {word}", old)
            edits.append(Edit("replace", start, span, to))
        return edits


def negatable(tokens: Tokens) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return adjectives after a form of "to be": first token, number of tokens ('not good' has three), opposites.

    Examples
    --------
    >>> from augmentors.text.tokens import tokenise
    >>> [place[:2] for place in negatable(tokenise("It was dirty, not clean. It is not dirty. A dirty room."))]
    [(4, 1), (16, 3)]
    """
    texts = [text.lower() for text in tokens.texts]
    free = frozenset(tokens.changeable)
    found = []
    for at in tokens.changeable:
        opposites = _opposites(texts[at])
        if not opposites or at < 2 or not _ends_phrase(tokens, texts, at):
            continue
        if tokens.kinds[at - 1] != SPACE or at - 1 in tokens.protected:
            continue
        if texts[at - 2] in _BE:
            found.append((at, 1, opposites))
        elif texts[at - 2] == "not" and at > 3 and texts[at - 4] in _BE and at - 2 in free:
            found.append((at - 2, 3, opposites))
    return found


def _ends_phrase(tokens: Tokens, texts: list[str], at: int) -> bool:
    """Tell whether the adjective stands alone: punctuation, the end or a linking word follows, no noun."""
    if at + 1 >= len(tokens) or tokens.kinds[at + 1] == OTHER:
        return True
    return tokens.kinds[at + 1] == SPACE and at + 2 < len(tokens) and texts[at + 2] in _AFTER


@lru_cache(maxsize=10_000)
def _opposites(word: str) -> tuple[str, ...]:
    """Return opposites of an adjective that are as usual as words go; none for words of other kinds first."""
    return tuple(w for w in lexicon().opposites(word, "a") if w.isalpha() and lexicon().knows(w))[:2]
