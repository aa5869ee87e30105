"""Negated antonyms: "is good" becomes "is not bad", so that the meaning, and with it the label, stays.

Own code: nlpaug's AntonymAug puts opposites in ("is bad"), which turns the meaning and often the class round.
"""

from functools import lru_cache

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import EnglishAugmenter, EnglishParams
from augmentors.text.inflection import like
from augmentors.text.lexicon import lexicon
from augmentors.text.tagger import tagger
from augmentors.text.text_augmenter import Chance, View, choose, count_changes
from augmentors.text.tokens import OTHER, SPACE, Tokens

_BE = frozenset({"is", "are", "was", "were", "am", "be", "been", "seems", "seemed", "looks", "looked", "feels", "felt"})
# Adverbs between verb and adjective that leave the degree alone: "very dirty" is more than "not clean".
_BETWEEN = frozenset(
    {"still", "now", "often", "usually", "generally", "currently", "probably", "clearly", "obviously", "also"}
)
# Tags of words after an adjective that stands alone; a noun would make it a part of a name for something.
_AFTER = frozenset({"IN", "TO", "CC", "RB", "DT", "PRP", "PRP$", "WDT", "WP", "WRB", "MD"})
_COMPARES = frozenset({"enough", "than"})
# "dirty and old rooms": what is joined to the adjective may belong to a noun too.
_GO_ON = frozenset({"CC", "RB", "JJ", "JJR"})


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
    known: dict[int, str] = {}
    found = []
    for at in tokens.changeable:
        opposites = _opposites(texts[at])
        before = _before(tokens, at)
        if not opposites or before < 0 or at - 1 in tokens.protected:
            continue
        negated = texts[before] == "not" and before in free
        verb = _before(tokens, before) if negated or texts[before] in _BETWEEN else before
        if verb < 0 or texts[verb] not in _BE:
            continue
        if tagger().tag_at(tokens.texts, at, known) == "JJ" and _stands_alone(tokens, at, known):
            found.append((before, 3, opposites) if negated else (at, 1, opposites))
    return found


def _before(tokens: Tokens, at: int) -> int:
    """Return the index of the word right before a token, -1 where something else stands between."""
    return at - 2 if at > 1 and tokens.kinds[at - 1] == SPACE else -1


def _stands_alone(tokens: Tokens, at: int, known: dict[int, str]) -> bool:
    """Tell whether an adjective belongs to no noun after it, nor to a comparison or an 'enough'."""
    tags, words = [], []
    while at + 2 < len(tokens) and tokens.kinds[at + 1] == SPACE:
        at += 2
        words.append(tokens.texts[at].lower())
        tags.append(tagger().tag_at(tokens.texts, at, known))
        if tags[0] != "CC" or tags[-1] not in _GO_ON:
            break
    if not tags or tokens.kinds[at] == OTHER:
        return True
    return tags[0] in _AFTER and words[0] not in _COMPARES and not tags[-1].startswith("NN")


@lru_cache(maxsize=10_000)
def _opposites(word: str) -> tuple[str, ...]:
    """Return opposites of an adjective that are as usual as words go; none for words of other kinds first."""
    return tuple(w for w in lexicon().opposites(word, "a") if w.isalpha() and lexicon().knows(w))[:2]
