"""DeepSMOTE: interpolate between two images of the class in the code of a trained encoder–decoder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.explore.embeddings import as_rgb
from augmentors.explore.images import image_facts, read_pixels, read_reduced
from augmentors.generative.autoencoder import Autoencoder, Design, Quality, Training
from augmentors.image.class_neighbours import K_NEIGHBORS, LEAST_SHARE, ClassNeighbours, NeighbourAugmenter
from augmentors.image.squares import from_square, to_square

MOST_IMAGES = 20_000
SMALL_SIDE = 40
BLURRY = 0.6
WEIGHTS = "weights.safetensors"


class DeepSmote(NeighbourAugmenter):
    """Decode points between the codes of two images of a class.

    Notes
    -----
    The paper's formula adds the error of rebuilding a class's images from each
    other's codes with weight 1, which pulls every image towards the mean of its
    class; here its weight is a parameter with a low default.

    Examples
    --------
    >>> DeepSmote(steps=200).params.size
    'auto'
    """

    preview_steps = ("steps", 150)
    card = Card(
        key="deep_smote",
        title="DeepSMOTE",
        kind="image",
        family="generative",
        summary="Trains an encoder and decoder and decodes new images between two neighbours of the class.",
        avoid=(
            "Avoid where fine detail makes the class: new images are small (32 to 128 pixels, enlarged again) and "
            "smoother than real ones; it needs some hundred training images and minutes of training."
        ),
        references=(
            "Dablain, Krawczyk & Chawla (2021), DeepSMOTE: Fusing Deep Learning and SMOTE for Imbalanced Data, "
            "IEEE Transactions on Neural Networks and Learning Systems, arXiv:2105.02340.",
        ),
        needs=frozenset({Need.FIT, Need.TORCH}),
        aliases=("autoencoder", "latent interpolation"),
    )

    class Params(BaseParams):
        steps: int = Field(
            1_200,
            ge=1,
            le=100_000,
            title="Training steps",
            description="How many batches of 80 images the nets are trained on.",
            json_schema_extra={"tune": {"low": 500, "high": 5_000, "log": True}, "trial": 6, "probe": 3},
        )
        size: Literal["auto", "32", "64", "128"] = Field(
            "auto",
            title="Working size",
            description=(
                "Side in pixels of the images the nets see and make; auto takes 32 for small images, else 64. "
                "Doubling it takes about four times as long."
            ),
        )
        k_neighbors: int = K_NEIGHBORS
        least_share: float = LEAST_SHARE
        penalty: float = Field(
            0.02,
            ge=0,
            le=10,
            title="Penalty",
            description=(
                "Weight of rebuilding images from the codes of class mates; high values make images alike and blurry."
            ),
            json_schema_extra={"tune": {"low": 0.0, "high": 0.2}, "advanced": True, "probe": 5.0},
        )
        latent: int = Field(
            128,
            ge=2,
            le=1_024,
            title="Code length",
            description="How many numbers stand for an image.",
            json_schema_extra={"tune": {"low": 32, "high": 300, "log": True}, "advanced": True, "probe": 16},
        )
        width: int = Field(
            16,
            ge=4,
            le=128,
            title="Width",
            description="Channels of the first convolution; each further one doubles them.",
            json_schema_extra={"tune": {"low": 8, "high": 48, "log": True}, "advanced": True, "probe": 4},
        )
        learning_rate: float = Field(
            0.005,
            gt=0,
            le=0.1,
            title="Learning rate",
            description="Size of the first steps of the training; it falls to zero until the last one.",
            json_schema_extra={"tune": {"low": 0.001, "high": 0.01, "log": True}, "advanced": True, "probe": 0.001},
        )

    params: Params

    def weights_hash(self) -> str | None:
        """Hash of the nets' weights."""
        return self._model.hash if self._train is not None else None

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        at = _in_order_of_ids(train)
        if len(at) > MOST_IMAGES:
            at = at[np.sort(rng.permutation(len(at))[:MOST_IMAGES])]
            self._note("", f"{self.card.title} was trained on {MOST_IMAGES:,} of {len(train):,} training images.")
        side = self._side(train, at)
        self._grey = _all_grey(train, at)
        images = _squares(train, at, side, self._grey, job)
        design = Design(side, images.shape[3], self.params.width, self.params.latent)
        training = Training(self.params.steps, self.params.learning_rate, self.params.penalty)
        classes = np.unique(train.labels[at].astype(str), return_inverse=True)[1]
        self._model, quality, self.history = Autoencoder.fit(images, classes, design, training, rng, job)
        for sentence in _told(quality, side):
            self._note("", sentence)

    def _side(self, train: Dataset, at: np.ndarray) -> int:
        if self.params.size != "auto":
            return int(self.params.size)
        facts = [image_facts(train.image_path(int(i))) for i in at[:: max(len(at) // 200, 1)]]
        return 32 if np.median([max(one.width, one.height) for one in facts]) <= SMALL_SIDE else 64

    def _prepare(self, target: str) -> ClassNeighbours:
        design = self._model.design
        return self._neighbours(
            target,
            self.params.k_neighbors,
            lambda own: self._model.encode(_squares(self.train, own, design.size, design.channels == 1, Job())),
        )

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        known: ClassNeighbours = self._prepared[target]
        return known.draws(*known.pick(n, rng, self.params.least_share))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        known: ClassNeighbours = self._prepared[target]
        places = np.searchsorted(known.own, draws.parents)
        images = []
        for (a, b), step, parent in zip(places, draws.values["step"], draws.parents[:, 0], strict=True):
            job.check()
            made = self._model.decode((1 - step) * known.vectors[a] + step * known.vectors[b])
            images.append(_like(made, self.train.image_path(int(parent))))
        return Made(pd.DataFrame(index=range(len(draws))), images)

    def _save_weights(self, folder: Path) -> None:
        self._model.save(folder / WEIGHTS)
        (folder / "notes.txt").write_text("\n".join(self._notes.get("", [])), encoding="utf-8")

    def _load_weights(self, folder: Path) -> None:
        self._model = Autoencoder.load(folder / WEIGHTS)
        for sentence in (folder / "notes.txt").read_text(encoding="utf-8").splitlines():
            self._note("", sentence)


def _told(quality: Quality, side: int) -> list[str]:
    """Return in words how good the nets became."""
    seen = "images kept out of the training" if quality.held_out else "the images it was trained on"
    said = [
        f"DeepSMOTE makes images of {side} × {side} pixels and resizes them to their first parent's size.",
        f"DeepSMOTE rebuilds {seen} with a mean error of {quality.error:.1f} of 255 grey levels and "
        f"{min(quality.sharpness, 1):.0%} of their fine detail.",
    ]
    if quality.sharpness < BLURRY:
        said.append("Expect blurry images from DeepSMOTE: more training steps or a longer code may sharpen them.")
    return said


def _in_order_of_ids(train: Dataset) -> np.ndarray:
    """Return all row positions by sample id: how rows are ordered must not matter to the training."""
    return np.argsort(train.ids.astype(str), kind="stable")


def _all_grey(train: Dataset, at: np.ndarray) -> bool:
    return all(image_facts(train.image_path(int(i))).colour == "grey" for i in at)


def _squares(train: Dataset, at: np.ndarray, side: int, grey: bool, job: Job) -> np.ndarray:
    """Return images squeezed to squares, shape (n, side, side, 1 or 3)."""
    import cv2

    images = np.empty((len(at), side, side, 1 if grey else 3), np.uint8)
    for place, i in enumerate(at):
        job.check()
        pixels = read_reduced(train.image_path(int(i)), side)
        if grey != (pixels.ndim == 2):
            pixels = as_rgb(pixels) if not grey else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        images[place] = to_square(pixels, side).reshape(images.shape[1:])
    return images


def _like(made: np.ndarray, parent: Path) -> np.ndarray:
    """Return a decoded image in the size and colours (grey or not) of its first parent."""
    import cv2

    model = read_pixels(parent)
    resized = from_square(made, *model.shape[:2])
    if model.ndim == 2 and resized.ndim == 3:
        resized = cv2.cvtColor(resized, cv2.COLOR_RGB2GRAY)
    return resized
