"""Word merging: the space between random neighbours is lost (own code: nlpaug has none)."""

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.text_augmenter import Chance, SpecialTextParams, TextAugmenter, View, choose, count_changes
from augmentors.text.tokens import SPACE


class WordMerging(TextAugmenter):
    """Leave out the space between random words that stand side by side.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(WordMerging().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="word_merging",
        title="Word merging",
        kind="text",
        family="classical",
        summary="Runs random neighbouring words together, as slips of the space bar do.",
        avoid="Avoid for edited texts, and with models of whole words.",
        references=("Ribeiro et al. (2020), Beyond Accuracy: Behavioral Testing with CheckList, ACL (typos).",),
    )
    needs_text = "a text with two words side by side that are not protected"

    class Params(SpecialTextParams):
        pass

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        free = frozenset(tokens.changeable)
        gaps = [
            at + 1
            for at in tokens.changeable
            if at + 2 in free and tokens.kinds[at + 1] == SPACE and not set(tokens.texts[at + 1]) & set("\r\n")
        ]
        return View(tokens, gaps) if gaps else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        return [Edit("delete", at, 1, "") for at in sorted(choose(view.places, wanted, chance))]
