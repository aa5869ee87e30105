"""Pipeline: several augmenters one after the other, each with a probability."""

import json
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from augmentors.core.augmenter import Augmenter, Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.image.affine import Affine
from augmentors.image.albumentations_base import AlbumentationsAugmenter, is_grey_file, late
from augmentors.image.blur import Blur
from augmentors.image.brightness_contrast import BrightnessContrast
from augmentors.image.crop_resize import CropResize
from augmentors.image.cutout import Cutout
from augmentors.image.flip import Flip
from augmentors.image.hue_saturation import HueSaturation
from augmentors.image.image_augmenter import ImageAugmenter, OneImage, evenly
from augmentors.image.library import settle_in_worker
from augmentors.image.library_family import LIBRARY_AUGMENTERS, LibraryReference
from augmentors.image.noise import Noise
from augmentors.image.rotate import Rotate
from augmentors.image.sample_streams import Streams

_BY_HAND: tuple[type[AlbumentationsAugmenter], ...] = (
    Flip,
    Rotate,
    CropResize,
    BrightnessContrast,
    HueSaturation,
    Affine,
    Blur,
    Noise,
    Cutout,
)
#: What can be a step: everything that makes one image of one image.
STEPS: dict[str, type[AlbumentationsAugmenter]] = {
    cls.card.key: cls for cls in (*_BY_HAND, *LIBRARY_AUGMENTERS) if not issubclass(cls, LibraryReference)
}


class Step(BaseModel):
    """An augmenter with its parameters and how often it is applied.

    Also written on one line: key, ``p=`` and the probability, parameters.

    Examples
    --------
    >>> str(Step.model_validate("rotate p=0.3 angle_min=-5 border=black"))
    'rotate p=0.3 angle_min=-5 border=black'
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    augmenter: str
    params: dict[str, Any] = Field(default_factory=dict)
    probability: float = Field(0.5, gt=0, le=1)

    @model_validator(mode="before")
    @classmethod
    def _from_line(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        key, *rest = value.split() or [""]
        pairs = dict(part.partition("=")[::2] for part in rest)
        found: dict[str, Any] = {"augmenter": key}
        if "p" in pairs:
            found["probability"] = pairs.pop("p")
        return found | {"params": {name: _value(text) for name, text in pairs.items()}}

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.augmenter not in STEPS:
            raise ValueError(f"'{self.augmenter}' cannot be a step; expected an augmenter of single images")
        try:
            self.made()
        except InvalidParams as error:
            raise ValueError(error.message.rstrip(".")) from None
        return self

    def made(self) -> AlbumentationsAugmenter:
        """Return the augmenter of this step."""
        return STEPS[self.augmenter](**self.params)

    def __str__(self) -> str:
        said = [
            f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in self.params.items()
        ]
        return " ".join([self.augmenter, f"p={self.probability:g}", *said])


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


class Pipeline(ImageAugmenter):
    """Apply several augmenters in order, each with its probability, at least one of them.

    Examples
    --------
    >>> made = Pipeline(steps=["flip p=0.5", {"augmenter": "blur", "probability": 0.2}])
    >>> [str(step) for step in made.params.steps]
    ['flip p=0.5', 'blur p=0.2']
    """

    card = Card(
        key="pipeline",
        title="Pipeline",
        kind="image",
        family="pipeline",
        summary="Applies several augmenters in order, each with a probability of its own.",
        avoid="Avoid long chains of strong steps: what makes the class may not survive all of them.",
        references=(
            "Buslaev et al. (2020), Albumentations: Fast and Flexible Image Augmentations, Information 11(2).",
        ),
    )

    class Params(BaseParams):
        steps: tuple[Step, ...] = Field(
            (  # not validated here, where it would build all their parameters' schemas; a test does
                Step.model_construct(augmenter="flip", params={}, probability=0.5),
                Step.model_construct(augmenter="affine", params={}, probability=0.7),
                Step.model_construct(augmenter="brightness_contrast", params={}, probability=0.5),
            ),
            min_length=1,
            max_length=20,
            title="Steps",
            description="One per line, in order: an augmenter's key, its probability, its parameters, "
            "such as rotate p=0.3 angle_min=-5; where none would be applied one is drawn.",
            json_schema_extra={"probe": [{"augmenter": "blur", "probability": 1.0}]},
        )

    params: Params

    def composed_of(self) -> tuple[Augmenter, ...]:
        """The augmenters of its steps."""
        return tuple(step.made() for step in self.params.steps)

    def _applies_to_data(self, train: Dataset) -> None:
        colours_only = all(STEPS[step.augmenter].needs_colour for step in self.params.steps)
        if colours_only and any(is_grey_file(train.image_path(i)) for i in range(len(train))):
            raise NotApplicable(f"All steps of {self.card.title} shift colours; this dataset has grey images.")

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        for step in self.params.steps:
            step.made()._fit(train, rng, job)

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        chances = np.array([step.probability for step in self.params.steps])
        parents = evenly(self.train.positions(target), n, rng)
        fires = rng.random((n, len(chances))) < chances
        instead = rng.choice(len(chances), size=n, p=chances / chances.sum())
        idle = ~fires.any(axis=1)
        fires[idle, instead[idle]] = True
        return Draws.one_parent(
            parents, fires=fires, seed=rng.integers(2**32, size=fires.shape), operator=rng.random(fires.shape)
        )

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[OneImage]:
        settle_in_worker()
        fires, seeds, operators = (draws.values[name] for name in ("fires", "seed", "operator"))
        steps = [_Ready(step.made(), seeds[fires[:, k], k]) for k, step in enumerate(self.params.steps)]
        # Which of a step's seeds belongs to a sample: it has one per sample that it changes.
        turns = np.cumsum(fires, axis=0) - 1
        for place, (pixels,) in self._with_parents(draws.parents, job):
            told: list[object] = []
            for k in np.flatnonzero(fires[place]).tolist():
                pixels, facts = steps[k].applied(pixels, int(turns[place, k]), float(operators[place, k]))
                told.append(facts)
            yield place, pixels if pixels.flags.writeable else pixels.copy(), {"steps": told}


class _Ready:
    """A step with its transforms built, which take the generators of a sample when they ask for them."""

    def __init__(self, augmenter: AlbumentationsAugmenter, seeds: np.ndarray) -> None:
        self._augmenter, streams = augmenter, Streams(seeds)
        self._transforms = [(name, late(augmenter._build(name), streams)) for name in augmenter._operators()]

    def applied(self, pixels: np.ndarray, turn: int, which: float) -> tuple[np.ndarray, dict[str, object]]:
        """Return the image after this step and what it drew.

        Parameters
        ----------
        pixels : ndarray
        turn : int
            Place of the sample's seed among the step's.
        which : float
            Chooses the operator, in [0, 1).
        """
        named: dict[str, object] = {"augmenter": self._augmenter.card.key}
        if pixels.ndim == 2 and self._augmenter.needs_colour:
            return pixels, named | {"skipped": "grey image"}
        operator, transform = self._transforms[int(which * len(self._transforms))]
        self._augmenter._suit(transform, pixels)
        transform.seed_at(turn)
        made, told = self._augmenter._transformed(transform, pixels)
        return made, named | {"operator": operator} | told
