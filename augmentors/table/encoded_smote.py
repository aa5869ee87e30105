"""SMOTE on learnt embeddings: the second parent is a neighbour in the space of a self-supervised encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.selfsup.masked_column import MaskedColumn, columns_seen
from augmentors.table.interpolating import InterpolatingAugmenter

ENCODER = "encoder"


class EncodedSmote(InterpolatingAugmenter):
    """Interpolate between a row and a neighbour of the class in a learnt space.

    An encoder learns from all training rows, without their labels, to fill in hidden cells (masked-column
    prediction). Rows whose vectors lie near each other are parents; the new row lies between them as SMOTE's does,
    in the table's own columns.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> EncodedSmote(steps=5).fit(toy_table(), rng).augment("rare", 2, rng).parents.shape
    (2, 2)
    """

    preview_steps = ("steps", 200)
    card = Card(
        key="encoded_smote",
        title="SMOTE on learnt embeddings",
        kind="table",
        family="oversampling",
        summary="Interpolates between rows of a class that are neighbours in the space of a self-supervised encoder.",
        avoid=(
            "Avoid where columns say little about each other or rows are few: plain SMOTE finds as good neighbours "
            "without training a net."
        ),
        references=(
            "Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16:321-357.",
            "Yoon, Zhang, Jordon & van der Schaar (2020), VIME: Extending the Success of Self- and Semi-supervised "
            "Learning to Tabular Domain, NeurIPS.",
        ),
        needs=frozenset({Need.FIT, Need.TORCH}),
        aliases=("self-supervised", "embedding SMOTE", "latent space"),
    )

    # Scaling is learnt by the encoder: the parameter of that name would do nothing.
    class Params(BaseParams):
        k_neighbors: int = Field(
            5,
            ge=1,
            le=50,
            title="Neighbours",
            description="How many nearest rows of the class may be the second parent of a new row.",
            json_schema_extra={"tune": {"low": 1, "high": 15, "log": True}},
        )
        steps: int = Field(
            1_000,
            ge=1,
            le=100_000,
            title="Training steps",
            description="How many batches of 256 rows the encoder is trained on.",
            json_schema_extra={"tune": {"low": 300, "high": 3_000, "log": True}, "trial": 10, "probe": 40},
        )
        share: float = Field(
            0.3,
            gt=0,
            lt=1,
            title="Corrupted share",
            description="Chance of each cell to be corrupted and predicted while the encoder is trained.",
            json_schema_extra={"tune": {"low": 0.15, "high": 0.6}, "advanced": True, "probe": 0.7},
        )
        width: int = Field(
            64,
            ge=4,
            le=512,
            title="Width",
            description="How many numbers stand for a row.",
            json_schema_extra={"tune": {"low": 32, "high": 128, "log": True}, "advanced": True, "probe": 8},
        )

    def weights_hash(self) -> str | None:
        """Hash of the encoder's weights."""
        return self._encoder.hash if self._train is not None else None

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        names = columns_seen(train)
        if len(names) < 2:
            raise NotApplicable(
                f"{self.card.title} learns from how columns go together and needs 2 or more; this table has "
                f"{len(names)}.",
                "Use SMOTE instead.",
            )

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        super()._fit(train, rng, job)
        chosen = {name: self._chosen[name] for name in ("steps", "share", "width")}
        self._encoder = MaskedColumn(**chosen).fit(train, int(rng.integers(2**31)), job)
        self._tell()

    def _tell(self) -> None:
        for note in self._encoder.told():
            self._note("", note)

    @property
    def _chosen(self) -> dict[str, float]:
        return self.params.model_dump()

    def _search_points(self, rows: np.ndarray | None = None) -> np.ndarray:
        frame = self.train.frame if rows is None else self.train.frame.iloc[rows]
        # Rounded, since the last bits of a vector depend on the rows it is computed with.
        return np.round(self._encoder.encode_new(frame).astype(np.float64), 4)

    def _save_weights(self, folder: Path) -> None:
        self._encoder.save(folder / ENCODER)

    def _load_weights(self, folder: Path) -> None:
        super()._fit(self.train, np.random.default_rng(), NO_JOB)  # notes only
        self._encoder = MaskedColumn.load(folder / ENCODER)
        self._tell()
