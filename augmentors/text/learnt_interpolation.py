"""SMOTE of texts in the space of a self-supervised encoder that learnt from the training texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.seeds import digest
from augmentors.selfsup.masked_token import MaskedToken
from augmentors.text.embedding_interpolation import ComposingParams, EmbeddingInterpolation

ENCODER = "encoder"


class LearntInterpolation(EmbeddingInterpolation):
    """Interpolate between texts of a class in a learnt space, and compose a text that lies near that point.

    An encoder learns from all training texts, without their labels, to fill in hidden pieces of words
    (masked-token prediction). What follows is as in SMOTE of sentence embeddings.

    Examples
    --------
    >>> from augmentors.testing.texts import ENGLISH, made
    >>> made("learnt_interpolation", ENGLISH, 2, start="scratch", training_steps=2).parents.shape
    (2, 3)
    """

    preview_steps = ("training_steps", 20)
    card = Card(
        key="learnt_interpolation",
        title="SMOTE of learnt text embeddings",
        kind="text",
        family="mixing",
        summary="Composes texts between neighbours in the space of an encoder that learnt from the training texts.",
        avoid=(
            "Avoid for plain English before SMOTE of sentence embeddings was tried: it needs no training and finds "
            "about as good neighbours."
        ),
        references=(
            "Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.",
            "Gururangan et al. (2020), Don't Stop Pretraining: Adapt Language Models to Domains and Tasks, ACL.",
        ),
        needs=frozenset({Need.FIT, Need.TORCH}),
        aliases=("self-supervised", "masked language model", "domain adaptation"),
    )

    class Params(ComposingParams):
        start: Literal["minilm", "scratch"] = Field(
            "minilm",
            title="Start",
            description="From MiniLM (English), or from scratch with a vocabulary learnt from the training texts.",
            json_schema_extra={"trial": "scratch", "probe": "minilm", "probe_with": {"steps": 1, "candidates": 1}},
        )
        training_steps: int = Field(
            300,
            ge=1,
            le=100_000,
            title="Training steps",
            description="How many batches of 16 texts the encoder is trained on.",
            json_schema_extra={"trial": 2, "probe": 5},
        )

    params: Params

    def weights_hash(self) -> str | None:
        """Hash of the encoder's weights, and of the pipeline that finds entities."""
        if self._train is None:
            return None
        entities = super().weights_hash()
        return self._encoder.hash if entities is None else digest(self._encoder.hash, entities)

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        encoder = MaskedToken(start=self.params.start, steps=self.params.training_steps)
        self._encoder = encoder.fit(train, int(rng.integers(2**31)), job)
        self._tell()

    def _tell(self) -> None:
        for note in self._encoder.told():
            self._note("", note)

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self._encoder.encode_new(list(texts))

    def _save_weights(self, folder: Path) -> None:
        self._encoder.save(folder / ENCODER)

    def _load_weights(self, folder: Path) -> None:
        self._encoder = MaskedToken.load(folder / ENCODER)
        self._tell()
