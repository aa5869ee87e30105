"""A causal language model: writes on where a text ends, piece by piece, by draws that are passed in."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from augmentors.explore.embeddings import one_thread
from augmentors.text.local_models import load, tokenizer_and_model

LONGEST = 512
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")


class CausalModel:
    """A causal language model and its tokeniser.

    Parameters
    ----------
    tokenizer, model
        As transformers loads them.
    """

    def __init__(self, tokenizer: Any, model: Any) -> None:
        import torch

        self._tokenizer, self._model = tokenizer, model
        pieces = tokenizer.batch_decode([[i] for i in range(model.config.vocab_size)])
        special = set(tokenizer.all_special_ids)
        # What is written begins with a word, and holds no special piece.
        self._no_word = torch.tensor([i in special or not any(map(str.isalpha, p)) for i, p in enumerate(pieces)])
        self._special = torch.tensor([i in special for i in range(len(pieces))])
        self._sees = min(LONGEST, getattr(model.config, "max_position_embeddings", LONGEST))

    def go_on(self, text: str, most: int, top_k: int, chance: Callable[[], float]) -> str:
        """Return what follows a text: up to the end of a sentence, or `most` pieces.

        Parameters
        ----------
        text : str
            Its end is what the model sees.
        most, top_k : int
            Pieces written at most; likeliest pieces that one is drawn from, by their probabilities.
        chance : callable
            Gives numbers in [0, 1).
        """
        import torch

        ids = self._tokenizer(text, add_special_tokens=False)["input_ids"][-(self._sees - most) :]
        written: list[int] = []
        with one_thread(), torch.inference_mode():
            for i in range(most):
                logits = self._model(torch.tensor([[*ids, *written]])).logits[0, -1]
                logits = logits.masked_fill(self._special if i else self._no_word, float("-inf"))
                values, found = torch.softmax(logits.double(), -1).topk(min(top_k, len(logits)))
                written.append(int(found[_drawn(values.tolist(), chance())]))
                if self._tokenizer.decode(written).rstrip().endswith(SENTENCE_ENDS):
                    break
        return " ".join(self._tokenizer.decode(written).split())


def _drawn(weights: list[float], place: float) -> int:
    """Return the place of one of some weights, drawn by them.

    Examples
    --------
    >>> _drawn([0.5, 0.25], 0.0), _drawn([0.5, 0.25], 0.9)
    (0, 1)
    """
    left = place * sum(weights)
    for i, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return i
    return max(i for i, weight in enumerate(weights) if weight > 0)


@lru_cache(maxsize=2)
def causal_model(name: str) -> CausalModel:
    """Return a causal language model by name or folder, loaded once per process.

    Raises
    ------
    NotApplicable
        When it is not on this machine, or is not a causal language model.
    """
    return CausalModel(*load(name, "Text continuation", _read))


def _read(folder: Path) -> tuple[Any, Any]:
    return tokenizer_and_model(folder, "AutoModelForCausalLM")
