"""Every other transform of Albumentations that changes pictures, made from the library's own schema.

One class per transform, its parameters derived and not typed again (`library_schema`);
what the schema cannot say stands in `library_choices`.
"""

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, create_model, model_validator

from augmentors.core.augmenter import Card
from augmentors.core.dataset import Dataset
from augmentors.core.errors import InvalidParams, NotApplicable, UserError
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, called
from augmentors.image.image_augmenter import others
from augmentors.image.library import albumentations
from augmentors.image.library_choices import ALSO_DOES, BESIDE, FAMILY, KEYS, ROOM, TURNS, WRITES
from augmentors.image.library_tuning import ADVANCED, tuned
from augmentors.image.library_words import WORDS

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("library_schema.json").read_text(encoding="utf-8"))
LIBRARY = "Buslaev et al. (2020), Albumentations: Fast and Flexible Image Augmentations, Information 11(2)."
GREYS = {"black": 0, "grey": 128, "white": 255}
# OpenCV's own numbers, so that nothing needs to be imported to name them.
NUMBERS = {
    "nearest": 0, "linear": 1, "cubic": 2, "area": 3, "lanczos": 4, "linear_exact": 5, "nearest_exact": 6,
    "constant": 0, "edge": 1, "reflect": 2, "wrap": 3, "reflect_101": 4,
}  # fmt: skip
# Below this side, in pixels, an image that the library cannot take is enlarged for it and shrunk back.
SMALL = 64
BOUNDS = ("ge", "gt", "le", "lt")
# Share of the side that a region spans at least, so that it holds pixels.
LEAST_REGION = 0.1


class LibraryParams(RangeParams):
    """Parameters derived from the library's schema; regions have their corners in order."""

    @model_validator(mode="after")
    def _regions_are_regions(self) -> Self:
        for name in type(self).model_fields:
            for low, high in (("left", "right"), ("top", "bottom")):
                other = name.removesuffix(low) + high
                if name.endswith(f"_roi_{low}") and getattr(self, other) - getattr(self, name) < LEAST_REGION - 1e-9:
                    raise ValueError(f"{other} must be at least {LEAST_REGION} above {name} ({getattr(self, name)})")
        return self


class _LateParams:
    """Makes the parameters of a transform when they are first asked for: a millisecond each."""

    def __get__(self, made: Any, owner: type[Any]) -> type[LibraryParams]:
        params = declared_params(owner.transform) if "transform" in vars(owner) else LibraryParams
        owner.Params = params
        return params


class LibraryAugmenter(AlbumentationsAugmenter):
    """A transform of the library behind the contract of an augmenter.

    The size of the image is kept: what comes back in another one is resized,
    but for transforms that turn by quarters, which swap width and height. An
    image too small for the library is enlarged for it and shrunk back; its
    certificate then says ``enlarged_to``.
    """

    #: Name of the transform in the library.
    transform: ClassVar[str]
    Params = _LateParams()

    def _operators(self) -> tuple[str, ...]:
        return (self.transform,)

    def also_does(self) -> tuple[str, ...]:
        """Operators of other augmenters that this one may amount to."""
        return ALSO_DOES.get(self.transform, ())

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        try:
            self._build(self.transform)
        except ValueError as error:  # what only the library knows of settings that do not go together
            said = next((line for line in str(error).splitlines()[2:] if line.strip()), str(error)).strip()
            reason = said.removeprefix("Value error, ").partition(" [type=")[0].rstrip(".")
            raise InvalidParams(f"{self.card.title} does not take these settings together: {reason}.") from None

    def _build(self, operator: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that another transform is more general, or faster
            made = getattr(albumentations(), operator)(p=1, **arguments(SCHEMA[operator]["fields"], self.params))
        if operator == "Erasing":
            # Where the library finds no room for a hole it forgets the seed that its own `apply` asks for.
            find = made.get_params_dependent_on_data
            made.get_params_dependent_on_data = lambda params, data: {"seed": 0} | find(params, data)
        if "Masking" in operator:
            made.asked = {"mask_x_length": made.mask_x_length, "mask_y_length": made.mask_y_length}
        return made

    def _suit(self, transform: Any, pixels: np.ndarray) -> None:
        # Strips longer than the image are refused by the library; they end at its border.
        if "Masking" in self.transform:
            for (name, lengths), side in zip(transform.asked.items(), pixels.shape[1::-1], strict=True):
                setattr(transform, name, tuple(min(length, side) for length in lengths))

    def _extra(self, transform: Any, pixels: np.ndarray, others: tuple[np.ndarray, ...]) -> dict[str, Any]:
        """Return what the transform is given beside the image."""
        return {}

    def _transformed(
        self, transform: Any, pixels: np.ndarray, *others: np.ndarray
    ) -> tuple[np.ndarray, dict[str, object]]:
        shorter, room = min(pixels.shape[:2]), ROOM.get(self.transform, 0)
        try:
            if shorter >= room:
                with _strict() if shorter < SMALL else nullcontext():
                    return self._applied(transform, pixels, others)
        except _errors() as error:
            if shorter >= SMALL:
                said = str(error).strip().splitlines() or [type(error).__name__]
                raise UserError(
                    f"{self.card.title} cannot be applied to an image of {pixels.shape[1]} × {pixels.shape[0]} pixels: "
                    f"{said[0].rstrip('.')}.",
                    "Choose milder settings or another augmenter.",
                ) from None
        larger = _enlarged(pixels, max(SMALL, room))
        image, told = self._applied(transform, larger, others)
        height, width = pixels.shape[:2]
        turned = image.shape[:2] != larger.shape[:2]
        back = _resized(image, (width, height) if turned else (height, width))
        return back, told | {"enlarged_to": [larger.shape[1], larger.shape[0]]}

    def _applied(
        self, transform: Any, pixels: np.ndarray, others: tuple[np.ndarray, ...]
    ) -> tuple[np.ndarray, dict[str, object]]:
        """Call the library: grey as RGB where it must be, back to grey and to the size that came."""
        is_grey = pixels.ndim == 2
        given = np.repeat(pixels[:, :, None], 3, axis=2) if is_grey and self.grey_as_rgb else pixels
        if self.transform in WRITES:
            given = given.copy()
        with np.errstate(all="ignore"):
            result = called(transform, given, self._extra(transform, given, others))
        if is_grey and result.ndim == 3:
            result = result[..., 0] if result.shape[2] == 1 else np.rint(result.mean(axis=2)).astype(np.uint8)
        if result.shape[:2] != pixels.shape[:2] and self.transform not in TURNS:
            result = _resized(result, pixels.shape[:2])
        if result is pixels:  # a call that changed nothing hands back its input
            result = pixels.copy()
        return result, self._told(transform.get_applied_params())


class LibraryReference(LibraryAugmenter):
    """A transform that takes style from a second image: another training image of the class."""

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        count = len(train.positions(target))
        if count < 2:
            raise NotApplicable(f"{self.card.title} needs 2 images of a class; '{target}' has {count}.")

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        draws = super()._draw(target, n, rng)
        parents = np.column_stack([draws.parents[:, 0], others(draws.parents[:, 0], self._prepared[target], rng)])
        return Draws(parents, np.full(parents.shape, 0.5), draws.values)

    def _extra(self, transform: Any, pixels: np.ndarray, others: tuple[np.ndarray, ...]) -> dict[str, Any]:
        style = others[0]
        if style.ndim != pixels.ndim:  # grey beside colour
            style = np.rint(style.mean(axis=2)).astype(np.uint8) if pixels.ndim == 2 else np.dstack([style] * 3)
        return {transform.metadata_key: [style]}


@cache
def _errors() -> tuple[type[Exception], ...]:
    """Return what the library raises on images it cannot take."""
    import cv2

    return (ValueError, IndexError, ZeroDivisionError, TypeError, ArithmeticError, RuntimeWarning, cv2.error)


@contextmanager
def _strict() -> Iterator[None]:
    """Turn the library's warnings about what cannot be computed on a few pixels into errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def _enlarged(pixels: np.ndarray, least: int) -> np.ndarray:
    """Return an image whose shorter side is `least`, proportions kept as far as 64 to 1."""
    height, width = (min(round(side * least / min(pixels.shape[:2])), 64 * least) for side in pixels.shape[:2])
    return _resized(pixels, (height, width))


def _resized(image: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    import cv2

    how = cv2.INTER_AREA if image.shape[0] > shape[0] else cv2.INTER_LINEAR
    return cv2.resize(image, (shape[1], shape[0]), interpolation=how)


def arguments(fields: list[dict[str, Any]], params: Any) -> dict[str, Any]:
    """Return parameters in the library's own terms."""
    found: dict[str, Any] = {}
    for field in fields:
        name, kind = field["name"], field["as"]
        if kind == "numbers":
            found[name] = tuple(getattr(params, f"{_stem(name)}_{part}") for part in field["parts"])
        elif "part" in field:
            found.setdefault(name, {})[field["part"]] = NUMBERS[getattr(params, f"interpolation_{field['part']}")]
        else:
            found[name] = _in_library_terms(field, getattr(params, name))
    return found


def _in_library_terms(field: Mapping[str, Any], value: Any) -> Any:
    if field.get("odd"):
        return value | 1
    if field["as"] == "fill":
        return GREYS.get(value, value)
    if field["as"] == "choice" and (field["name"].endswith("interpolation") or field["name"] == "border_mode"):
        return NUMBERS[value]
    return value


def _stem(name: str) -> str:
    """Return the name of a range without the word that says it is one.

    Examples
    --------
    >>> _stem("std_range"), _stem("num_grid_xy"), _stem("limit")
    ('std', 'num_grid', 'limit')
    """
    return re.sub(r"_(range|limit|xy)$", "", name)


def _declared(field: Mapping[str, Any]) -> dict[str, Any]:
    """Return pydantic's field definitions of one field of the library."""
    kind, name = field["as"], field["name"]
    help_ = field["help"] or f"As {name} of the library."
    if field.get("odd"):
        help_ += " An even size is taken one larger."
    if "only_with" in field:
        help_ += f" Counts only with {' and '.join(f'{_words(k)} {v}' for k, v in field['only_with'].items())}."
    if kind == "numbers":
        return _declared_numbers(field, help_)
    if kind in ("choice", "fill"):
        named = f"interpolation_{field['part']}" if "part" in field else name
        # A Literal of names that only the schema knows.
        return {named: (Literal[tuple(field["choices"])], _one(field, field["default"], _words(named), help_, {}))}
    bounds = {key: field[key] for key in BOUNDS if key in field}
    number = bool if kind == "bool" else int if field["whole"] else float
    return {name: (number, _one(field, field["default"], _words(name), help_, bounds))}


def _declared_numbers(field: Mapping[str, Any], help_: str) -> dict[str, Any]:
    """Return one definition per number of a tuple, each with another value to try that fits the others."""
    stem, number = _stem(field["name"]), int if field["whole"] else float
    found = {}
    for part, value in zip(field["parts"], field["default"], strict=True):
        declared = field["ends"][part] if "ends" in field else field
        bounds = {key: declared[key] for key in BOUNDS if key in declared}
        title = f"{_part_title(part)}{_words(stem)}"
        found[f"{stem}_{part}"] = (number, _one(field, value, title, help_, bounds, part))
    return found


def _probe(field: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return a value to try for one number of a tuple: between it and the other end of its range."""
    values, stem = dict(zip(field["parts"], field["default"], strict=True)), _stem(field["name"])
    ends = {"min": "max", "max": "min", "left": "right", "right": "left", "top": "bottom", "bottom": "top"}
    if part not in ends:
        return {}
    own, other = values[part], values[ends[part]]
    if own != other:
        middle = (own + other) / 2
        return {"probe": round(middle) if field["whole"] else middle} if not field["whole"] or own + 1 < other else {}
    if part == "min":
        top = min(own + 2, field["le"])
        return {"probe": top, "probe_with": {f"{stem}_max": top}}
    return {}


def _one(field: Mapping[str, Any], default: Any, title: str, help_: str, bounds: dict[str, Any], part: str = "") -> Any:
    extra = (_probe(field, part) if part else {}) | tuned(field, part)
    if "only_with" in field:
        extra["probe_with"] = extra.get("probe_with", {}) | field["only_with"]
    if field["name"].endswith(ADVANCED) or "part" in field:
        extra["advanced"] = True
    return Field(default, title=_capital(title), description=help_, json_schema_extra=extra or None, **bounds)


def _part_title(part: str) -> str:
    return {"min": "Smallest ", "max": "Largest "}.get(part, f"{part.capitalize()} of ")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def snake(name: str) -> str:
    """Return a class name as a key.

    Examples
    --------
    >>> snake("RandomRotate90"), snake("HEStain"), snake("CLAHE"), snake("D4")
    ('random_rotate90', 'he_stain', 'clahe', 'd4')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _title(name: str, key: str) -> str:
    if name in KEYS:
        words = _capital(_words(key))
        return re.sub(r" all settings$", " (all settings)", words)
    first, *rest = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).split(" ")
    return " ".join([first, *(word if word.isupper() else word.lower() for word in rest)])


def declared_params(name: str) -> type[LibraryParams]:
    """Return the parameters of a transform, made from the library's own schema."""
    fields: dict[str, Any] = {}
    for field in SCHEMA[name]["fields"]:
        fields |= _declared(field)
    params = create_model("Params", __base__=LibraryParams, __module__=__name__, **fields)
    params.__qualname__ = f"{name}.Params"
    return params


def _made(name: str) -> type[LibraryAugmenter]:
    """Return the augmenter of a transform."""
    schema, family, key = SCHEMA[name], FAMILY[name], KEYS.get(name, snake(name))
    does, avoid = WORDS[name]
    summary = does + (f" {BESIDE[name]}" if name in BESIDE else "")
    example = f">>> {name}.card.family\n    {family!r}"
    if schema["fields"]:
        last, declared = list(_declared(schema["fields"][-1]).items())[-1]
        example = f">>> {name}().params.{last}\n    {declared[1].default!r}"
    body = {
        "__module__": __name__,
        "__doc__": f"{does}\n\n    Examples\n    --------\n    {example}\n    ",
        "card": Card(key, _title(name, key), "image", family, summary, avoid, (*schema["references"], LIBRARY)),
        "Params": _LateParams(),
        "transform": name,
        "needs_colour": schema["grey"] == "never",
        "grey_as_rgb": schema["grey"] == "as rgb",
    }
    return type(name, (LibraryReference if family == "mixing" else LibraryAugmenter,), body)


LIBRARY_AUGMENTERS = tuple(_made(name) for name in SCHEMA)
globals().update({cls.__name__: cls for cls in LIBRARY_AUGMENTERS})  # so that workers find them by name
