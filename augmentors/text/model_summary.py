"""Summaries by a neural model that is on this machine: T5, BART, Pegasus …"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from augmentors.explore.embeddings import one_thread
from augmentors.text.local_models import load, tokenizer_and_model
from augmentors.text.model_translation import BEAMS

LONGEST = 512
# Shorter ones are no sentences.
SHORTEST = 4
# What these families were trained to be told.
ASKED_BY = {"t5": "summarize: ", "mt5": "summarize: "}


class Summariser:
    """A sequence-to-sequence model; beam search, so nothing is drawn.

    Parameters
    ----------
    tokenizer, model
        As transformers loads them.
    variants : int
        Summaries per text.
    """

    def __init__(self, tokenizer: Any, model: Any, variants: int) -> None:
        self._tokenizer, self._model, self._variants = tokenizer, model, variants
        self._before = ASKED_BY.get(model.config.model_type, "")

    def summaries(self, text: str, longest: float) -> list[str]:
        """Return the summaries of one text, the best first, none longer than a share of it.

        Texts are not batched: padding could change the last bits, and with them a beam.
        """
        import torch

        limit = min(LONGEST, self._tokenizer.model_max_length)
        pieces = self._tokenizer(self._before + text, return_tensors="pt", truncation=True, max_length=limit)
        pieces.pop("token_type_ids", None)
        with one_thread(), torch.inference_mode():
            made = self._model.generate(
                **pieces,
                num_beams=max(BEAMS, self._variants),
                num_return_sequences=self._variants,
                do_sample=False,
                no_repeat_ngram_size=3,
                max_new_tokens=max(SHORTEST, int(longest * pieces["input_ids"].shape[1])),
            )
        return list(dict.fromkeys(one.strip() for one in self._tokenizer.batch_decode(made, skip_special_tokens=True)))


@lru_cache(maxsize=2)
def summariser(name: str, variants: int) -> Summariser:
    """Return a model for summaries by name or folder, loaded once per process.

    Raises
    ------
    NotApplicable
        When it is not on this machine, or is not a sequence-to-sequence model.
    """
    tokenizer, model = load(name, "Abstractive summary", _read)
    return Summariser(tokenizer, model, variants)


def _read(folder: Path) -> tuple[Any, Any]:
    return tokenizer_and_model(folder, "AutoModelForSeq2SeqLM")
