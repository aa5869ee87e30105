"""Synonym replacement from WordNet (own code: nlpaug's needs downloads, loses inflection and is ten times slower)."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import SynonymAugmenter, SynonymParams
from augmentors.text.lexicon import fitting_article
from augmentors.text.places import Place, Replaceable, article_before
from augmentors.text.text_augmenter import Chance, View, choose, count_changes

# Tokens on either side of a word that its synonyms are compared in.
AROUND = 60


class SynonymReplacement(SynonymAugmenter):
    """Replace words by synonyms of the same part of speech, in the same form and letter case.

    Opposites are never offered, names are left alone, and 'a' or 'an' follows the new word.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SynonymReplacement().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="synonym_replacement",
        title="Synonym replacement",
        kind="text",
        family="classical",
        summary="Replaces words by WordNet synonyms, keeping part of speech, inflection and letter case.",
        avoid="Avoid for texts that are not English or where exact terms decide the class; protect those terms.",
        references=(
            "Fellbaum (1998), WordNet: An Electronic Lexical Database, MIT Press.",
            "Zhang, Zhao & LeCun (2015), Character-level Convolutional Networks, NeurIPS 28.",
        ),
        aliases=("thesaurus", "EDA", "SynonymAug"),
    )

    class Params(SynonymParams):
        choice: Literal["random", "embedding"] = Field(
            "random",
            title="Choice among synonyms",
            description="Draw a synonym, or take the one that changes the MiniLM embedding of its surroundings least.",
            json_schema_extra={"tune": {}},
        )

    params: Params

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        tokens = view.tokens
        wanted = count_changes(self.params.rate, tokens.n_words, self.params.max_changes, chance)
        edits: list[Edit] = []
        places = self._chosen(view.places, wanted, chance)
        words = [place.words[int(chance() * len(place.words))] for place in places]
        if self.params.choice == "embedding":
            words = closest(tokens.texts, places)
        for place, word in zip(places, words, strict=True):
            before = article_before(tokens, place.at)
            if before >= 0:
                article = tokens.texts[before]
                fitting = fitting_article(article, word)
                if fitting != article:
                    edits.append(Edit("replace", before, 1, fitting))
            edits.append(Edit("replace", place.at, 1, word))
        return edits

    def _chosen(self, words: Replaceable, wanted: int, chance: Chance) -> list[Place]:
        """Return places in the order of the text: candidates are drawn until enough of them have synonyms."""
        found: list[Place] = []
        for at in choose(words.at, len(words.at), chance):
            place = words.place(at)
            if place:
                found.append(place)
                if len(found) == wanted:
                    break
        return sorted(found)


def closest(texts: Sequence[str], places: Sequence[Place]) -> list[str]:
    """Return, per place, the synonym with which the text around it keeps its sentence embedding best.

    All candidates of a text are embedded in one batch, which no other text shares: same text, same choice.
    """
    from augmentors.explore.embeddings import embed_texts

    versions = []
    for place in places:
        before = "".join(texts[max(place.at - AROUND, 0) : place.at])
        after = "".join(texts[place.at + 1 : place.at + AROUND])
        versions += [before + word + after for word in (texts[place.at], *place.words)]
    vectors = embed_texts(versions)
    chosen, start = [], 0
    for place in places:
        end = start + 1 + len(place.words)
        chosen.append(place.words[int(np.argmax(vectors[start + 1 : end] @ vectors[start]))])
        start = end
    return chosen
