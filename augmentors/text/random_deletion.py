"""Random deletion: some words of a text are left out (own code: nlpaug's rebuilds the white space)."""

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.text_augmenter import (
    Chance,
    SpecialTextParams,
    TextAugmenter,
    View,
    choose,
    count_changes,
)
from augmentors.text.tokens import SPACE, Tokens


class RandomDeletion(TextAugmenter):
    """Leave out random words, each with one space beside it.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(RandomDeletion().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="random_deletion",
        title="Random deletion",
        kind="text",
        family="classical",
        summary="Leaves out some random words of a text.",
        avoid="Avoid where single words decide the class, such as 'not'; protect them.",
        references=("Wei & Zou (2019), EDA: Easy Data Augmentation, EMNLP, doi:10.18653/v1/D19-1670.",),
        aliases=("RD", "word dropout"),
    )
    needs_text = "a text with at least two words, one of them not protected"

    class Params(SpecialTextParams):
        pass

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        if not tokens.changeable or tokens.n_words < 2:
            return None
        return View(tokens, tokens.changeable)

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        tokens = view.tokens
        most = min(self.params.max_changes, tokens.n_words - 1)  # a word is left
        wanted = count_changes(self.params.rate, tokens.n_words, most, chance)
        edits: list[Edit] = []
        free = 0  # tokens before this one are already gone
        for at in sorted(choose(view.places, wanted, chance)):
            start, span = _with_space(tokens, at, free)
            edits.append(Edit("delete", start, span, ""))
            free = start + span
        return edits


def _with_space(tokens: Tokens, at: int, free: int) -> tuple[int, int]:
    """Return start and length of a word with the space after it, or else before it."""
    if _is_space(tokens, at + 1):
        return at, 2
    if at > free and _is_space(tokens, at - 1):
        return at - 1, 2
    return at, 1


def _is_space(tokens: Tokens, at: int) -> bool:
    """Tell whether a token is white space that may go: line breaks stay, and so does a phrase's own."""
    if at >= len(tokens) or tokens.kinds[at] != SPACE or at in tokens.protected:
        return False
    return "\n" not in tokens.texts[at] and "\r" not in tokens.texts[at]
