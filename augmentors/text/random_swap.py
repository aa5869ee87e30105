"""Random swap: words that stand close trade places (own code: nlpaug's changes case and white space)."""

from itertools import pairwise

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.text_augmenter import Chance, SpecialTextParams, TextAugmenter, View, count_changes


class RandomSwap(TextAugmenter):
    """Exchange random pairs of words that stand at most `max_distance` words apart.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(RandomSwap().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="random_swap",
        title="Random swap",
        kind="text",
        family="classical",
        summary="Exchanges random pairs of words that stand close to each other.",
        avoid="Avoid with bag-of-words models: to them nothing has changed.",
        references=("Wei & Zou (2019), EDA: Easy Data Augmentation, EMNLP, doi:10.18653/v1/D19-1670.",),
        aliases=("RS", "word order"),
    )
    needs_text = "a text with two different words near each other that are not protected"

    class Params(SpecialTextParams):
        max_distance: int = Field(
            5,
            ge=1,
            le=50,
            title="Farthest swap",
            description="Most words between which a swap may reach; 1 exchanges neighbours only.",
            json_schema_extra={"tune": {"log": True}},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        words = [tokens.texts[i] for i in tokens.changeable]
        far = self.params.max_distance
        # Words differ somewhere exactly when two neighbours differ, and neighbours are always in reach.
        differ = any(a != b for a, b in pairwise(words))
        return View(tokens, (tokens.changeable, words, far)) if differ else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        places, words, far = view.places
        n = len(places)
        # A swap changes two words.
        wanted = count_changes(self.params.rate / 2, view.tokens.n_words, self.params.max_changes, chance)
        pairs: list[tuple[int, int]] = []
        used: set[int] = set()
        for _ in range(4 * wanted):
            if len(pairs) == wanted:
                break
            a = int(chance() * n)
            b = a + 1 + int(chance() * far)
            if b < n and a not in used and b not in used and words[a] != words[b]:
                pairs.append((a, b))
                used |= {a, b}
        if not pairs:
            pairs = [_first_pair(words, int(chance() * n))]
        return sorted(Edit("swap", places[at], 1, words[other]) for a, b in pairs for at, other in ((a, b), (b, a)))


def _first_pair(words: list[str], start: int) -> tuple[int, int]:
    """Return the first two different neighbours from a place on, going round."""
    n = len(words)
    starts = ((start + i) % n for i in range(n))
    return next((a, a + 1) for a in starts if a + 1 < n and words[a] != words[a + 1])
