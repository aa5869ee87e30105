"""Masked-token prediction: an encoder of texts that can fill in the pieces of words that were hidden."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.generative.trainer import warm_cosine
from augmentors.selfsup.encoder import Encoder, PretextCard
from augmentors.selfsup.encoder import Params as BaseParams
from augmentors.selfsup.pieces import Pieces
from augmentors.selfsup.token_masking import masked_pieces, padded

BATCH, WINDOW, READ = 16, 46, 126  # texts per step; pieces per text in training; pieces per text in a vector
WIDTH, DEPTH = 128, 3
NEW_LAYERS = 10.0  # drawn weights take steps ten times as large as learnt ones
MANY_UNKNOWN = 0.1


class MaskedToken(Encoder):
    """Train a transformer to fill in pieces of words.

    Of the pieces of a text 15 % are predicted: 80 % of them are masked, 10 % swapped, 10 % left as they are. A
    text's vector is the mean of the last layer over its first 126 pieces, of unit length. MiniLM as a start keeps
    its knowledge of English and adapts its last layers; from scratch a small transformer and its vocabulary are
    learnt from the training texts, in any language.

    Examples
    --------
    >>> MaskedToken(steps=100).params.start
    'minilm'
    """

    card = PretextCard(
        key="masked_token",
        title="Masked-token prediction",
        kind="text",
        summary="Learns to fill in hidden pieces of words from the rest of the text.",
        avoid="Avoid with a few hundred short texts, and do not expect to beat MiniLM on plain English.",
        references=(
            "Devlin, Chang, Lee & Toutanova (2019), BERT: Pre-training of Deep Bidirectional Transformers for Language "
            "Understanding, NAACL, arXiv:1810.04805.",
            "Gururangan et al. (2020), Don't Stop Pretraining: Adapt Language Models to Domains and Tasks, ACL, "
            "arXiv:2004.10964.",
        ),
    )

    class Params(BaseParams):
        start: Literal["minilm", "scratch"] = Field(
            "minilm",
            title="Start",
            description="From MiniLM (English), or from scratch with a vocabulary learnt from the training texts.",
        )
        steps: int = Field(
            300, ge=1, le=100_000, title="Training steps", description=f"How many batches of {BATCH} texts are seen."
        )
        share: float = Field(
            0.15, gt=0, lt=1, title="Predicted share", description="Chance of each piece of a word to be predicted."
        )
        layers: int = Field(
            1,
            ge=1,
            le=6,
            title="Trained layers",
            description="How many of MiniLM's last layers are trained; the others stay as they are.",
            json_schema_extra={"advanced": True},
        )
        learning_rate: float = Field(
            0.0001,
            gt=0,
            le=0.01,
            title="Learning rate",
            description="Size of the first steps of MiniLM's layers; layers that are new take ten times as much.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _applies(self, rows: Dataset) -> None:
        super()._applies(rows)
        if sum(bool(text.strip()) for text in rows.texts) < 2:
            raise NotApplicable(f"{self.card.title} needs 2 texts or more that are not empty.")

    def _fit(self, rows: Dataset, rng: np.random.Generator, job: Job) -> None:
        seed = int(rng.integers(2**63))
        scratch = self.params.start == "scratch"
        pieces = Pieces.learnt(rows.texts) if scratch else _minilm()[0]
        texts = [text for text in pieces.of_texts(rows.texts, 10 * WINDOW) if text]
        self._note_unknown(texts, pieces)
        body = _fresh(len(pieces), seed) if scratch else _minilm()[1]
        task = _Task(body, pieces, texts, self.params, rng, seed)
        self._train(task.step, self.params.steps, job)
        self.facts = {"pieces": pieces.written()} if scratch else {"backbone": "all-MiniLM-L6-v2"}
        learnt = {name for name, value in body.named_parameters() if value.requires_grad}
        self.weights = {n: value.numpy().copy() for n, value in body.state_dict().items() if n in learnt}

    def _note_unknown(self, texts: list[list[int]], pieces: Pieces) -> None:
        total = sum(map(len, texts))
        unknown = sum(text.count(pieces.unknown) for text in texts) / max(total, 1)
        if unknown > MANY_UNKNOWN:
            self.notes.append(
                f"MiniLM does not know {unknown:.0%} of the pieces of these texts: start from scratch instead."
            )

    def _encode(self, samples: Any) -> np.ndarray:
        import torch

        from augmentors.selfsup.token_net import text_vectors

        if self._built is None:
            self._built = self._rebuilt()
        pieces, body = self._built
        texts = pieces.of_texts([str(text) for text in samples], READ)
        with torch.inference_mode():
            return text_vectors(body, texts, (pieces.first, pieces.last, pieces.pad))

    def _rebuilt(self) -> tuple[Pieces, Any]:
        import torch

        if self.params.start == "minilm":
            pieces, body = _minilm()
        else:
            pieces = Pieces.read(self.facts["pieces"])
            body = _fresh(len(pieces), 0)
        body.load_state_dict({name: torch.from_numpy(value) for name, value in self.weights.items()}, strict=False)
        return pieces, body.eval()


def _minilm() -> tuple[Pieces, Any]:
    """Return MiniLM's pieces and a copy of its transformer."""
    from augmentors.explore.embeddings import sentence_backbone

    tokenizer, body = sentence_backbone()
    return Pieces.of(tokenizer), body


def _fresh(vocabulary: int, seed: int) -> Any:
    from augmentors.selfsup.token_net import fresh_transformer

    return fresh_transformer(vocabulary, WIDTH, DEPTH, READ + 2, seed)


class _Task:
    """What is trained: layers and head, the drawing of batches and masks, one step."""

    def __init__(
        self, body: Any, pieces: Pieces, texts: list[list[int]], params: Any, rng: np.random.Generator, seed: int
    ) -> None:
        import torch

        from augmentors.selfsup.token_net import PieceHead

        self._body, self._pieces, self._texts, self._params, self._rng = body, pieces, texts, params, rng
        # Only what occurs can be predicted: a full vocabulary would cost most of the time.
        self._used = np.unique(np.concatenate([np.array(text) for text in texts]))
        self._choices = self._used[self._used != pieces.unknown]
        table = body.embeddings.word_embeddings.weight
        self._head = PieceHead(table, self._used, torch.Generator().manual_seed(seed))
        own, rate = list(body.parameters()), params.learning_rate * NEW_LAYERS
        if params.start == "minilm":
            body.requires_grad_(False)
            own = [p for layer in body.encoder.layer[-params.layers :] for p in layer.parameters()]
            rate = params.learning_rate
        for one in own:
            one.requires_grad_(True)
        self._rates = [rate, params.learning_rate * NEW_LAYERS]
        groups = [{"params": own}, {"params": list(self._head.parameters())}]
        self._optimiser = torch.optim.AdamW(groups, lr=rate, weight_decay=0.01)

    def step(self, i: int) -> float:
        """Do one step and return its loss."""
        import torch
        from torch.nn.functional import cross_entropy

        from augmentors.selfsup.token_net import hidden_states

        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * warm_cosine(i, self._params.steps)
        ids, real = padded(self._batch(), self._pieces.first, self._pieces.last, self._pieces.pad)
        special = [self._pieces.first, self._pieces.last, self._pieces.pad]
        allowed = real & ~np.isin(ids, special)
        choices = self._choices if len(self._choices) else self._used
        shown, wanted = masked_pieces(ids, allowed, self._params.share, self._pieces.mask, choices, self._rng)
        scores = self._head(hidden_states(self._body, shown, real)[torch.from_numpy(wanted)])
        loss = cross_entropy(scores, torch.from_numpy(np.searchsorted(self._used, ids[wanted])))
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())

    def _batch(self) -> list[list[int]]:
        """Return windows of texts: a long one is seen in another place each time."""
        chosen = self._rng.integers(len(self._texts), size=min(BATCH, len(self._texts)))
        places = self._rng.random(len(chosen))
        windows = []
        for text, place in zip((self._texts[i] for i in chosen), places.tolist(), strict=True):
            start = int(place * (max(len(text) - WINDOW, 0) + 1))
            windows.append(text[start : start + WINDOW])
        return windows
