"""Translation by a neural model that is on this machine: Marian, NLLB, M2M100 …"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from augmentors.explore.embeddings import one_thread
from augmentors.text.local_models import find_model, hash_of_model, load, tokenizer_and_model
from augmentors.text.tagger import Kept

MOST_PIECES = 200
BEAMS = 4


class ModelTranslator:
    """A sequence-to-sequence model; beam search, so nothing is drawn.

    Parameters
    ----------
    name : str
        A model's name or folder.
    source, target : str
        Languages as the model calls them (NLLB: ``eng_Latn``); models for one pair do not need them.
    variants : int
        Translations per text.
    """

    def __init__(self, name: str, source: str, target: str, variants: int) -> None:
        self._variants = variants
        self._kept: dict[str, list[str]] = Kept(self._translate)
        self._tokenizer, self._model = load(name, "Back-translation", lambda folder: _read(folder, source, target))
        self._target = _language_id(self._tokenizer, target)
        self.weights_hash = hash_of_model(find_model(name, "Back-translation"))

    def translate(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the translations of each text, the best first."""
        with one_thread():
            return [self._kept[text] for text in texts]

    def _translate(self, text: str) -> list[str]:
        """Translate one text: in a batch the padding could change the last bits, and with them a beam."""
        import torch

        limit = min(MOST_PIECES, self._tokenizer.model_max_length)
        pieces = self._tokenizer(text, return_tensors="pt", truncation=True, max_length=limit)
        pieces.pop("token_type_ids", None)
        start = {} if self._target is None else {"forced_bos_token_id": self._target}
        with torch.inference_mode():
            made = self._model.generate(
                **pieces,
                num_beams=max(BEAMS, self._variants),
                num_return_sequences=self._variants,
                do_sample=False,
                max_new_tokens=min(limit, 2 * pieces["input_ids"].shape[1] + 8),
                **start,
            )
        texts = [answer.strip() for answer in self._tokenizer.batch_decode(made, skip_special_tokens=True)]
        return list(dict.fromkeys(texts))


def _read(folder: Path, source: str, target: str) -> tuple[Any, Any]:
    tokenizer, model = tokenizer_and_model(folder, "AutoModelForSeq2SeqLM")
    if _language_id(tokenizer, source) is not None:
        tokenizer.src_lang = source
    return tokenizer, model


def _language_id(tokenizer: Any, language: str) -> int | None:
    """Return the token that asks for a language, None for models that know one only."""
    known = tokenizer.get_vocab()
    return next((known[name] for name in (language, f"__{language}__") if language and name in known), None)
