"""What the augmenters built on Albumentations share: parents and seeds drawn first, then one call each."""

import random
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.explore.images import WIDE_MODES, image_facts
from augmentors.image.image_augmenter import ImageAugmenter, evenly
from augmentors.image.library import settle_in_worker
from augmentors.image.sample_streams import Streams

Border = Literal["reflect", "edge", "black", "white"]
GREY_MODES = ("1", "L", "LA", "La", *WIDE_MODES)
# What every call of the library carries and nobody wants to read on a birth certificate.
UNTOLD = frozenset({"shape", "cols", "rows", "interpolation", "fill", "fill_mask", "bbox_matrix", "seed"})
LONGEST_TOLD = 64


class RangeParams(BaseParams):
    """Parameters of which some come in pairs ``…_min`` and ``…_max``."""

    @model_validator(mode="after")
    def _ranges_are_ordered(self) -> Self:
        for name in type(self).model_fields:
            if not name.endswith("_min"):
                continue
            low, high = getattr(self, name), getattr(self, name.removesuffix("min") + "max")
            if low > high:
                raise ValueError(f"{name} ({low}) must not be larger than {name[:-3]}max ({high})")
        return self


class AlbumentationsAugmenter(ImageAugmenter):
    """An augmenter that passes each parent through one seeded Albumentations transform.

    Authors declare `card` and `Params` and write `_build`; `_operators` when
    there is a choice between several transforms, `_suit` when one depends on
    the size of the image, `_told` when what it drew needs other words.
    """

    #: The transform does nothing to an image without colours.
    needs_colour: ClassVar[bool] = False
    #: The transform refuses grey images: they are given as RGB and taken back as grey.
    grey_as_rgb: ClassVar[bool] = False

    # -- what authors write ---------------------------------------------------

    @abstractmethod
    def _build(self, operator: str) -> Any:
        """Return the Albumentations transform of this name, always applied (p=1)."""

    @abstractmethod
    def _operators(self) -> tuple[str, ...]:
        """Return the names of the transforms one of which is drawn for each sample."""

    def _suit(self, transform: Any, pixels: np.ndarray) -> None:
        """Set what depends on the size of this image."""

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        """Return what the transform drew, in plain words and plain data."""
        told = {name: plain(value) for name, value in params.items() if name not in UNTOLD}
        return {name: value for name, value in told.items() if value is not None}

    def operators(self) -> tuple[str, ...]:
        """Names of the transforms one of which is drawn for each sample."""
        return self._operators()

    # -- the contract ---------------------------------------------------------

    def _applies_to_data(self, train: Dataset) -> None:
        if self.needs_colour and all(is_grey_file(train.image_path(i)) for i in range(len(train))):
            raise NotApplicable(f"{self.card.title} shifts colours; all images of this dataset are grey.")

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        if not len(self._usable(train, target)):
            count = train.class_counts.get(target, 0)
            raise NotApplicable(
                f"{self.card.title} shifts colours; all training images of '{target}' ({count:,}) are grey."
            )

    def _prepare(self, target: str) -> np.ndarray:
        usable = self._usable(self.train, target)
        skipped = self.train.class_counts[target] - len(usable)
        if skipped:
            self._note(target, f"{skipped:,} grey images of '{target}' are not used as parents.")
        return usable

    def _usable(self, train: Dataset, target: str) -> np.ndarray:
        """Return the row positions of the class that can be parents."""
        positions = train.positions(target)
        if not self.needs_colour:
            return positions
        colourful = [not is_grey_file(train.image_path(i)) for i in positions]
        return positions[np.array(colourful, dtype=bool)]

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        parents = evenly(self._prepared[target], n, rng)
        operators = np.array(self._operators(), dtype=object)
        values = {
            "seed": rng.integers(2**32, size=n),
            "operator": operators[rng.integers(len(operators), size=n)],
        }
        return Draws.one_parent(parents, **values)

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[tuple[int, np.ndarray, dict[str, object]]]:
        settle_in_worker()
        # Built here, not kept: a tenth of a millisecond per block, and nothing is shared between threads.
        streams = Streams(draws.values["seed"])
        transforms = {name: late(self._build(name), streams) for name in self._operators()}
        operators = draws.values["operator"].tolist()
        for place, (pixels, *others) in self._with_parents(draws.parents, job):
            transform = transforms[operators[place]]
            self._suit(transform, pixels)
            transform.seed_at(place)
            yield place, *self._transformed(transform, pixels, *others)

    def _transformed(
        self, transform: Any, pixels: np.ndarray, *others: np.ndarray
    ) -> tuple[np.ndarray, dict[str, object]]:
        is_grey = pixels.ndim == 2
        given = np.repeat(pixels[:, :, None], 3, axis=2) if is_grey and self.grey_as_rgb else pixels
        result = called(transform, given, {})
        if is_grey and result.ndim == 3:
            result = np.rint(result.mean(axis=2)).astype(np.uint8)
        if result is pixels:  # a call that changed nothing hands back its input
            result = pixels.copy()
        return result, self._told(transform.get_applied_params())


class _Late:
    """Mixed into a transform: it gets its generators when it reads them."""

    _streams: Streams
    _place: int

    def seed_at(self, place: int) -> None:
        """Forget the generators of the last image; those of the sample at this place are next."""
        self._place = place
        kept = self.__dict__
        kept["_of_numpy"] = kept["_of_python"] = None

    @property
    def random_generator(self) -> np.random.Generator:
        """The library's name for numpy's generator."""
        if (found := self.__dict__["_of_numpy"]) is None:
            found = self.__dict__["_of_numpy"] = self._streams.numpy(self._place)
        return found

    @property
    def py_random(self) -> random.Random:
        """The library's name for Python's generator."""
        if (found := self.__dict__["_of_python"]) is None:
            found = self.__dict__["_of_python"] = self._streams.plain(self._place)
        return found


@cache
def _late_class(cls: Any) -> Any:
    """Return the class of a transform with late generators."""
    return type(cls)(f"Late{cls.__name__}", (_Late, cls), {"__module__": __name__})


def late(transform: Any, streams: Streams) -> Any:
    """Let a transform take its generators from these, when it asks for them."""
    own: Any = type(transform)
    transform.__class__ = _late_class(own)
    transform._streams = streams
    return transform


def called(transform: Any, image: np.ndarray, beside: Mapping[str, Any]) -> np.ndarray:
    """Return what the library's own call makes of one image, always applied.

    The same steps in the same order, without those for masks, boxes and
    replay: on small images they take as long as many a transform.
    """
    data = {"image": image, **beside}
    params = transform.update_transform_params(params=transform.get_params(), data=data)
    params.update(transform.get_params_dependent_on_data(params=params, data=data))
    transform.params = params
    return np.ascontiguousarray(transform.apply(image, **params))


def plain(value: Any) -> Any:
    """Return what a transform drew as JSON-able data: six digits, long arrays left out."""
    kind = type(value)
    if kind is float:
        return short(value)
    if kind in (int, str, bool):
        return value
    if isinstance(value, Mapping):
        kept = {str(name): plain(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not None}
    if isinstance(value, np.ndarray):
        return plain(value.tolist()) if value.size <= LONGEST_TOLD else None
    if isinstance(value, list | tuple):
        if len(value) > LONGEST_TOLD:
            return None
        return [short(item) if type(item) is float else plain(item) for item in value]
    # numpy's own numbers, and whatever else says that it is one
    return plain(value.item()) if isinstance(value, np.generic) else None


def short(value: float) -> float:
    """Return a number with six digits, at most nine of them after the point: no 1e-17 and no -0.0.

    Examples
    --------
    >>> short(0.123456789), short(1 / 3e7), short(-1e-17)
    (0.123457, 3.3e-08, 0.0)
    """
    if value == 0.0:  # most of a kernel
        return 0.0
    six = float(f"{value:.6g}")
    return six if abs(value) >= 1e-3 else round(six, 9) + 0.0


def border_options(border: Border) -> dict[str, Any]:
    """Return what fills the corners that a moved image leaves empty, in the library's words."""
    import cv2

    modes = {"reflect": cv2.BORDER_REFLECT_101, "edge": cv2.BORDER_REPLICATE}
    return {
        "border_mode": modes.get(border, cv2.BORDER_CONSTANT),
        "fill": 255 if border == "white" else 0,
    }


@lru_cache(maxsize=20_000)
def is_grey_file(path: Path) -> bool:
    """Tell from its header whether an image file has no colours."""
    facts = image_facts(path)
    return facts.colour == "grey" or facts.mode in GREY_MODES
