"""Strong views of texts for FixMatch: back-translated where a translator is at hand, else changed by EDA.

References
----------
Sohn, Berthelot, Li et al. (2020), FixMatch: simplifying semi-supervised learning with consistency and confidence,
NeurIPS 33, 596–608.
Xie, Dai, Hovy, Luong & Le (2020), Unsupervised data augmentation for consistency training, NeurIPS 33
(back-translation as the strong view of a text).
"""

import json
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from augmentors.core.errors import NotApplicable, UserError
from augmentors.core.seeds import canonical_json, digest
from augmentors.text.apertium import version
from augmentors.text.back_translation import BackTranslation
from augmentors.text.eda import edited
from augmentors.text.english_augmenter import LANGUAGE_SAMPLE
from augmentors.text.lexicon import LEAST_KNOWN, share_known, words_of
from augmentors.text.local_models import MODELS_FOLDER
from augmentors.text.tokens import tokenise

ViewChoice = Literal["auto", "eda", "apertium", "model"]
# Views of each text, one of which is drawn each time it is met.
VIEWS = 2
# Marian's usual name of a model for a pair of languages.
MARIAN = "opus-mt-{}-{}"
PROBE = "This is a sentence."


@dataclass(frozen=True)
class TextViews:
    """How strong views of texts are made; a view depends on its text and number alone.

    Parameters
    ----------
    params : str
        Those of back-translation, as JSON; empty for EDA alone.
    identity : str
        What else the views depend on: the translator's version or the hash of its weights.
    told : str
        For people: which way was chosen, and why.
    """

    params: str
    identity: str
    told: str

    @cached_property
    def _translation(self) -> BackTranslation | None:
        return BackTranslation(**json.loads(self.params)) if self.params else None

    def __getstate__(self) -> dict[str, object]:
        """Travel to other processes without the translator."""
        return {name: getattr(self, name) for name in ("params", "identity", "told")}

    def of(self, texts: Sequence[str], number: int) -> list[str]:
        """Return one view of each text.

        The first view is the back-translation; the second, and a text that comes back as it was, is changed by EDA.
        """
        chances = [_chance(text, number) for text in texts]
        back: Sequence[str | None] = [None] * len(texts)
        if self._translation is not None:
            back = self._translation.changed_all(texts, [_chance(text, VIEWS).random for text in texts])
        return [
            new if new is not None and number == 0 else edited(text if new is None else new, chance)
            for text, new, chance in zip(texts, back, chances, strict=True)
        ]


def text_views(texts: Sequence[str], choice: str = "auto") -> TextViews:
    """Return how strong views of some texts are made on this machine.

    Parameters
    ----------
    texts : sequence of str
        Their first ones tell the language.
    choice : {"auto", "eda", "apertium", "model"}
        ``auto`` takes Apertium, else two Marian models in ``$COUNTERWEIGHT_MODELS``, else EDA, and says so.

    Raises
    ------
    UserError
        When there is no such choice, or what was asked for is not on this machine.
    """
    if choice not in get_args(ViewChoice):
        raise UserError(
            f"There is no strong view '{choice}' of texts.", f"Known are: {', '.join(get_args(ViewChoice))}."
        )
    if choice == "eda":
        return _by_eda("as was asked for")
    ways = [name for name in ("apertium", "model") if choice in ("auto", name)]
    against: list[NotApplicable] = []
    for way in ways:
        try:
            _check_language(texts)
            return WAYS[way]()
        except NotApplicable as reason:
            against.append(reason)
    if choice != "auto":
        raise against[0]
    return _by_eda(" ".join(dict.fromkeys(reason.message for reason in against)).rstrip("."))


def _by_eda(why: str) -> TextViews:
    return TextViews("", "eda", f"Strong views of texts are changed by EDA: {why}.")


def _check_language(texts: Sequence[str]) -> None:
    known = share_known([words_of(tokenise(text)) for text in texts[:LANGUAGE_SAMPLE]])
    if known < LEAST_KNOWN:
        raise NotApplicable(
            f"Back-translation is set up for English, and of the words of the unlabelled texts {known:.0%} are English "
            f"(at least {LEAST_KNOWN:.0%} are needed)."
        )


def _by_apertium() -> TextViews:
    translation = BackTranslation(rate=1.0, max_changes=200)
    translation.ways_back([PROBE])
    params = translation.params
    return TextViews(
        canonical_json(translation.entry["params"]),
        f"Apertium {version()} {params.source}-{params.pivot}",
        f"Strong views of texts are back-translated by Apertium ({params.source} to {params.pivot} and back); {_THEN}",
    )


def _by_model() -> TextViews:
    there, back = marian_pair()
    translation = BackTranslation(rate=1.0, max_changes=200, engine="model", there=there, back=back)
    translation.ways_back([PROBE])
    return TextViews(
        canonical_json(translation.entry["params"]),
        str(translation.weights_hash()),
        f"Strong views of texts are back-translated by {there} and {back}; {_THEN}",
    )


_THEN = "every second view, and a text that comes back as it was, is changed by EDA."
WAYS: dict[str, Callable[[], TextViews]] = {"apertium": _by_apertium, "model": _by_model}


def marian_pair() -> tuple[str, str]:
    """Return the names of two Marian models in $COUNTERWEIGHT_MODELS, from English to a language and back.

    Raises
    ------
    NotApplicable
        When there are none.
    """
    shelf = os.environ.get(MODELS_FOLDER)
    start = MARIAN.format("en", "")
    found = sorted(Path(shelf).glob(f"**/{start}*/config.json")) if shelf else []
    for config in found:
        there = config.parent
        back = there.with_name(MARIAN.format(there.name.removeprefix(start), "en"))
        if shelf and (back / "config.json").is_file():
            return there.relative_to(shelf).as_posix(), back.relative_to(shelf).as_posix()
    raise NotApplicable(
        f"No two Marian models such as {MARIAN.format('en', 'de')} and {MARIAN.format('de', 'en')} lie in "
        f"${MODELS_FOLDER}.",
        "Put them there, or install Apertium.",
    )


def _chance(text: str, number: int) -> random.Random:
    return random.Random(int(digest("strong view", number, text, size=8), 16))
