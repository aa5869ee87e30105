"""A masked language model: which words are likely at the masks of a text."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from augmentors.explore.embeddings import one_thread
from augmentors.text.local_models import load, tokenizer_and_model


class MaskedModel:
    """A masked language model and its tokeniser.

    Parameters
    ----------
    tokenizer, model
        As transformers loads them.
    """

    def __init__(self, tokenizer: Any, model: Any) -> None:
        import torch

        self._tokenizer, self._model = tokenizer, model
        self.mask: str = tokenizer.mask_token
        words = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        self._words = [_as_word(word, _marks_spaces(words)) for word in words]
        special = set(tokenizer.all_special_ids)
        self._banned = torch.tensor([not word or i in special for i, word in enumerate(self._words)])
        self._longest = min(tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", 512) - 2)

    def fill(self, text: str, most: int) -> list[list[tuple[str, float]]]:
        """Return, for each mask of one text, the likeliest whole words with their probabilities.

        Texts are not batched: padding could change the last bits of a probability, and with them a draw.
        """
        import torch

        with one_thread(), torch.inference_mode():
            pieces = self._tokenizer(text, return_tensors="pt", truncation=True, max_length=self._longest)
            logits = self._model(**pieces).logits[0]
            masks = (pieces["input_ids"][0] == self._tokenizer.mask_token_id).nonzero()[:, 0]
            found = []
            for row in logits[masks][:, : len(self._words)]:
                row = row.masked_fill(self._banned, float("-inf"))
                values, ids = torch.softmax(row, -1).topk(min(most, int((~self._banned).sum())))
                found.append([(self._words[i], p) for i, p in zip(ids.tolist(), values.tolist(), strict=True)])
        return found


@lru_cache(maxsize=2)
def masked_model(name: str) -> MaskedModel:
    """Return a masked language model by name or folder, loaded once per process.

    Raises
    ------
    NotApplicable
        When it is not on this machine, or is not a masked language model.
    """
    return MaskedModel(*load(name, "Contextual words", _read))


def _read(folder: Path) -> tuple[Any, Any]:
    tokenizer, model = tokenizer_and_model(folder, "AutoModelForMaskedLM")
    if tokenizer.mask_token is None:
        raise ValueError("its tokeniser has no mask token")
    return tokenizer, model


def _marks_spaces(words: list[str]) -> str:
    """Return the mark that opens whole words ('Ġ' or '▁'), '' where continuations are marked instead ('##')."""
    return next((mark for mark in ("Ġ", "▁") if any(word and word.startswith(mark) for word in words)), "")


def _as_word(piece: str | None, mark: str) -> str:
    """Return a piece as a whole word of letters, '' when it is not one."""
    if not piece or (mark and not piece.startswith(mark)):
        return ""
    word = piece[len(mark) :]
    return word if word.isalpha() else ""
