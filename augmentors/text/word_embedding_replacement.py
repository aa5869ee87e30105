"""Word-embedding replacement with the shipped GloVe vectors.

Own code: nlpaug's WordEmbsAug needs downloaded vectors and gensim, and offers opposites, which stand near each other.
"""

from functools import cached_property

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import EnglishAugmenter, EnglishParams
from augmentors.text.inflection import like
from augmentors.text.lexicon import lexicon
from augmentors.text.tagger import Kept
from augmentors.text.text_augmenter import Chance, View, choose, count_changes
from augmentors.text.word_vectors import word_vectors

_ENDINGS = frozenset({"s", "es", "ed", "d", "ing", "er", "r", "est", "ly"})


class WordEmbeddingReplacement(EnglishAugmenter):
    """Replace words by others whose GloVe vectors are near; opposites and forms of the same word are not offered.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("word_embedding_replacement", ["A terrible noise!"], 1, neighbors=1).frame["text"].tolist()
    ['A horrible noise!']
    """

    card = Card(
        key="word_embedding_replacement",
        title="Word-embedding replacement",
        kind="text",
        family="classical",
        summary="Replaces English words by words that are used alike, told by GloVe vectors.",
        avoid="Avoid where exact terms decide the class: Monday and Tuesday are used alike, but are not the same.",
        references=(
            "Wang & Yang (2015), That's So Annoying!!!: Data Augmentation with Word Embeddings, EMNLP.",
            "Pennington, Socher & Manning (2014), GloVe: Global Vectors for Word Representation, EMNLP.",
        ),
    )
    needs_text = "an English text with a word that has near neighbours and is not protected"
    resource = "word vectors"

    class Params(EnglishParams):
        neighbors: int = Field(
            5,
            ge=1,
            le=30,
            title="Words to choose from",
            description="How many of the nearest words are candidates.",
            json_schema_extra={"tune": {"log": True}},
        )
        min_similarity: float = Field(
            0.6,
            ge=0.3,
            le=0.95,
            title="Least similarity",
            description="Least cosine between the vectors of a word and its replacement.",
            json_schema_extra={"tune": {}},
        )

    params: Params

    @cached_property
    def _offers(self) -> dict[str, tuple[str, ...]]:
        return Kept(self._offered)

    def _offered(self, token: str) -> tuple[str, ...]:
        """Return what a token may be replaced by; capitals inside a text may be names and are left alone."""
        if not token.islower() or not token.isalpha() or lexicon().candidate(token) is None:
            return ()
        near = [w for w, cosine in word_vectors().near(token) if cosine >= self.params.min_similarity]
        fits = [w for w in near if not same_word(token, w) and not lexicon().opposed(token, w) and lexicon().knows(w)]
        return tuple(fits[: self.params.neighbors])

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        fits = [(at, words) for at in tokens.changeable if (words := self._offers[tokens.texts[at]])]
        return View(tokens, fits) if fits and self._is_english(tokens) else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        texts = view.tokens.texts
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        chosen = sorted(choose(view.places, wanted, chance))
        return [Edit("replace", at, 1, like(ws[int(chance() * len(ws))], texts[at])) for at, ws in chosen]


def same_word(word: str, other: str) -> bool:
    """Tell whether two words seem to be forms of one.

    Examples
    --------
    >>> same_word("car", "cars"), same_word("car", "truck"), same_word("making", "make"), same_word("try", "tries")
    (True, False, True, True)
    """
    short, long = sorted((word, other), key=len)
    stem = short[:-1] if short[-1] in "ey" and len(short) > 2 else short
    rest = long.removeprefix(short) if long.startswith(short) else long.removeprefix(stem)
    return long.startswith(stem) and rest in _ENDINGS | {"", "ies", "ied", "ier", "iest", "ily"}
