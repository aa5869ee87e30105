"""SMOTE on image embeddings that were learnt from the training images themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.image.embedding_smote import EmbeddingSmote
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.masked_image import MaskedImage
from augmentors.selfsup.simclr import SimClr

ENCODER = "encoder"


class LearntEmbeddingSmote(EmbeddingSmote):
    """Blend real images of a class that are neighbours in a learnt space.

    An encoder learns from all training images, without their labels: by
    contrast between views (SimCLR) or by filling in hidden patches. What
    follows is as in Embedding SMOTE.

    Examples
    --------
    >>> LearntEmbeddingSmote(encoder="masked_image", training_steps=600).params.method
    'morph'
    """

    preview_steps = ("training_steps", 5)
    card = Card(
        key="learnt_embedding_smote",
        title="SMOTE on learnt image embeddings",
        kind="image",
        family="oversampling",
        summary="Blends class neighbours in the space of an encoder that learnt from the training images.",
        avoid=(
            "Avoid for photographs of everyday things before Embedding SMOTE was tried: its net has seen a million of "
            "them and needs no training."
        ),
        references=(
            "Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.",
            "Chen, Kornblith, Norouzi & Hinton (2020), A Simple Framework for Contrastive Learning of Visual "
            "Representations, ICML, arXiv:2002.05709.",
            "Xie, Zhang, Cao et al. (2022), SimMIM: A Simple Framework for Masked Image Modeling, CVPR.",
        ),
        needs=frozenset({Need.FIT, Need.TORCH}),
        aliases=("self-supervised", "SimCLR", "latent interpolation"),
    )

    class Params(EmbeddingSmote.Params):
        encoder: Literal["simclr", "simclr_scratch", "masked_image"] = Field(
            "simclr",
            title="Encoder",
            description=(
                "SimCLR trains a net that knows ImageNet on; simclr_scratch and masked_image train a small net that "
                "has seen nothing else and want ten times the steps."
            ),
            json_schema_extra={"trial": "masked_image", "probe": "simclr_scratch"},
        )
        training_steps: int = Field(
            100,
            ge=1,
            le=100_000,
            title="Training steps",
            description="How many batches of 64 images the encoder is trained on.",
            json_schema_extra={"trial": 2, "probe": 5},
        )

    params: Params

    def weights_hash(self) -> str | None:
        """Hash of the encoder's weights."""
        return self._encoder.hash if self._train is not None else None

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        if len(train) < 2:
            raise NotApplicable(f"{self.card.title} learns from 2 images or more; there are {len(train)}.")

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        super()._fit(train, rng, job)
        self._encoder = self._unfitted().fit(train, int(rng.integers(2**31)), job)
        self._tell()

    def _unfitted(self) -> Encoder:
        given: dict[str, Any] = {"steps": self.params.training_steps}
        if self.params.encoder == "masked_image":
            return MaskedImage(**given)
        return SimClr(**given, start="imagenet" if self.params.encoder == "simclr" else "scratch")

    def _tell(self) -> None:
        for note in self._encoder.told():
            self._note("", note)

    def _vectors(self, own: np.ndarray) -> np.ndarray:
        return self._encoder.encode(self.train.take(self.train.ids[own]))

    def _save_weights(self, folder: Path) -> None:
        self._encoder.save(folder / ENCODER)

    def _load_weights(self, folder: Path) -> None:
        self._encoder = type(self._unfitted()).load(folder / ENCODER)
        self._tell()
