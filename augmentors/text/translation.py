"""What a translation engine is, and which there are."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from augmentors.core.errors import NotApplicable


class Translator(Protocol):
    """Translates many texts at once; a text's translation may not depend on the others.

    Anything with this method will do as an engine: Apertium, a local model, or a client of a language model service.
    """

    def translate(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the translations of each text, the best first; at least one each."""
        ...


@lru_cache(maxsize=8)
def apertium(source: str, target: str) -> Translator:
    """Return Apertium for a pair of languages.

    Raises
    ------
    NotApplicable
        When Apertium or this pair is not installed.
    """
    from augmentors.text.apertium import Apertium, installed_pairs

    pairs = installed_pairs()
    if pairs is None:
        raise NotApplicable(
            "Back-translation with Apertium needs the program 'apertium', which is not installed.",
            "On Debian: apt install apertium apertium-eng-spa; or set 'engine' to 'model' and name two models.",
        )
    if f"{source}-{target}" not in pairs:
        raise NotApplicable(
            f"Apertium has no translation from '{source}' to '{target}'; installed are: {', '.join(pairs) or 'none'}.",
            "Install the pair (such as Debian's apertium-eng-spa) or choose another pivot language.",
        )
    return Apertium(f"{source}-{target}")


@lru_cache(maxsize=4)
def translation_model(name: str, source: str, target: str, variants: int) -> Translator:
    """Return a local neural model (Marian, NLLB …) as an engine.

    Raises
    ------
    NotApplicable
        When no model is named, or it is neither a folder nor on this machine.
    """
    from augmentors.text.model_translation import ModelTranslator

    return ModelTranslator(name, source, target, variants)
