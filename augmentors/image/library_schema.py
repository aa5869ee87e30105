"""Reads what Albumentations declares of its transforms, and keeps it as a file.

The catalogue is listed from the file, since importing the library takes seconds.
Written anew by ``python -m augmentors.image.library_schema``; a test fails when the
file differs from the installed library.
"""

import inspect
import json
import re
import warnings
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from augmentors.image.library import albumentations
from augmentors.image.library_choices import (
    COLOURS_ONLY,
    DEFAULTS,
    DEPENDS,
    END_LIMITS,
    EXCLUDED,
    LEFT_OUT,
    LIMITS,
    ODD,
    PAIRS,
    UNFIT,
)

PATH = Path(__file__).with_name("library_schema.json")

# OpenCV's numbers and their names.
INTERPOLATIONS = {0: "nearest", 1: "linear", 2: "cubic", 3: "area", 4: "lanczos", 5: "linear_exact", 6: "nearest_exact"}
BORDERS = {0: "constant", 1: "edge", 2: "reflect", 3: "wrap", 4: "reflect_101"}
GREYS = {"black": 0, "grey": 128, "white": 255}
# A bound that the library leaves open: this many times the default.
OPEN_BOUND = 10
LONGEST_HELP = 240


def snapshot() -> dict[str, Any]:
    """Return name → references and fields of every transform that is offered."""
    library = albumentations()
    names = sorted(name for name in transforms() if name not in EXCLUDED)
    return {name: _described(getattr(library, name)) for name in names}


def transforms() -> dict[str, type]:
    """Return every transform of the installed library by name, its base classes included."""
    library = albumentations()
    from albumentations.core.transforms_interface import BasicTransform

    found = {name: getattr(library, name) for name in dir(library)}
    return {name: cls for name, cls in found.items() if inspect.isclass(cls) and issubclass(cls, BasicTransform)}


def _described(cls: Any) -> dict[str, Any]:
    doc = inspect.cleandoc(cls.__doc__ or "")
    helps = _argument_helps(doc)
    defaults = _defaults(cls)
    fields = []
    for name, info in cls.InitSchema.model_fields.items():
        if name in LEFT_OUT or (cls.__name__, name) in LEFT_OUT:
            continue
        field = _field(cls.__name__, name, info, defaults[name]) | {"help": helps.get(name, "")}
        if (cls.__name__, name) in DEPENDS:
            field["only_with"] = DEPENDS[cls.__name__, name]
        if (cls.__name__, name) in ODD:
            field["odd"] = True
        parts = field["default"] if name == "interpolation_pair" else None
        fields += [field] if parts is None else [field | {"default": d, "part": part} for part, d in parts.items()]
    return {
        "references": _references(doc),
        "grey": _grey(cls),
        "fields": fields,
    }


def _grey(cls: Any) -> str:
    """Return how a grey image is given, found by trying: 'as is', 'as rgb', or 'never' where nothing comes of it."""
    if cls.__name__ in COLOURS_ONLY:
        return "never"
    grey = np.add.outer(np.arange(256) // 2, np.arange(300) // 3).astype(np.uint8)
    grey[80:200, 100:250] //= 2
    for how, given in (("as is", grey), ("as rgb", np.dstack([grey] * 3))):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that another transform is more general, or faster
            transform = cls(p=1, **DEFAULTS.get(cls.__name__, {}))
        extra = {transform.metadata_key: [given // 2]} if hasattr(transform, "metadata_key") else {}
        try:
            made = [transform(image=given, **extra)["image"] for _ in range(8)]
        except Exception:  # whatever the library raises, it does not take it
            continue
        if {image.ndim for image in made} == {given.ndim} and any(not np.array_equal(i, given) for i in made):
            return how
    return "never"


def _defaults(cls: Any) -> dict[str, Any]:
    """Return the defaults as the library understands them: 4 becomes (1, 4) where a range is drawn from."""
    own = {k: p.default for k, p in inspect.signature(cls.__init__).parameters.items() if p.default is not p.empty}
    own |= DEFAULTS.get(cls.__name__, {})
    validated = cls.InitSchema(**{name: own[name] for name in own if name != "p"}, p=1, strict=True)
    # What is a tuple already is taken as it stands: some are worked up into the library's own structures.
    fields = cls.InitSchema.model_fields
    return {name: own[name] if isinstance(own.get(name), tuple) else getattr(validated, name) for name in fields}


def _field(owner: str, name: str, info: Any, default: Any) -> dict[str, Any]:
    """Return one field as plain data: what it is, its default, its bounds."""
    choices = [c for c in _choices(name, info.annotation) if c not in UNFIT.get((owner, name), ())]
    if name == "fill":
        named = next((grey for grey, value in GREYS.items() if value == default), default)
        return {"name": name, "as": "fill", "default": named, "choices": [*GREYS, *choices]}
    if choices:
        return {"name": name, "as": "choice", "default": _named(name, default), "choices": choices}
    if isinstance(default, bool):
        return {"name": name, "as": "bool", "default": default}
    if isinstance(default, dict):  # Downscale's pair of interpolations
        names = {part: INTERPOLATIONS[code] for part, code in sorted(default.items())}
        return {"name": name, "as": "choice", "default": names, "choices": list(INTERPOLATIONS.values())}
    many = isinstance(default, tuple | list)
    values = list(default) if many else [default]
    whole = _is_whole(info.annotation, values)
    field: dict[str, Any] = {"name": name, "as": "numbers" if many else "number", "whole": whole}
    field["default"] = [int(v) if whole else float(v) for v in values] if many else (int if whole else float)(default)
    if many:
        field["parts"] = list(_parts(owner, name, len(values)))
        if (owner, name) in END_LIMITS:
            return field | {"ends": END_LIMITS[owner, name]}
    return field | _bounds(owner, name, info, values, whole)


def _parts(owner: str, name: str, n: int) -> tuple[str, ...]:
    """Return what the numbers of a tuple are called."""
    if name.endswith("_roi"):
        return ("left", "top", "right", "bottom")
    if name.endswith("_color"):
        return ("red", "green", "blue")
    if (owner, name) in PAIRS:
        return PAIRS[owner, name]
    assert n == 2, f"{owner}.{name} has {n} numbers: say in PAIRS what they are"
    return ("min", "max")


def _is_whole(annotation: Any, values: list[Any]) -> bool:
    kinds = _scalars(annotation)
    return (float not in kinds and int in kinds) or (kinds == set() and all(isinstance(v, int) for v in values))


def _scalars(annotation: Any) -> set[type]:
    """Return int or float or both, as they stand anywhere in an annotation."""
    if annotation in (int, float):
        return {annotation}
    return set().union(*(_scalars(arm) for arm in get_args(annotation)), set())


def _choices(name: str, annotation: Any) -> list[str]:
    """Return the values of a Literal, OpenCV's numbers by their names; [] when there is none."""
    if get_origin(annotation) is Literal:
        return [_named(name, value) for value in get_args(annotation) if value is not None]
    if get_origin(annotation) in (Union, UnionType):
        return [choice for arm in get_args(annotation) for choice in _choices(name, arm)]
    return []


def _named(name: str, value: Any) -> str:
    if name.endswith("interpolation"):
        return INTERPOLATIONS[value]
    return BORDERS[value] if name == "border_mode" else value


def _bounds(owner: str, name: str, info: Any, values: list[Any], whole: bool) -> dict[str, Any]:
    """Return ge, gt, le, lt: the library's own, ours where it leaves them open or says them in code only."""
    found: dict[str, Any] = {}
    for rule in _rules(info):
        found |= {key: getattr(rule, key) for key in ("ge", "gt", "le", "lt") if hasattr(rule, key)}
        found |= _of_validator(getattr(rule, "func", None))
    largest = max(abs(v) for v in values) or 1
    if "le" not in found and "lt" not in found:
        found["le"] = largest * OPEN_BOUND
    if "ge" not in found and "gt" not in found:
        found["ge"] = -largest * OPEN_BOUND if min(values) < 0 else 0
    found |= LIMITS.get((owner, name), {})
    if name.endswith("_color"):
        found |= {"ge": 0, "le": 255}
    if name.endswith("_roi"):
        found |= {"ge": 0, "le": 1}
    return {key: int(value) if whole else round(float(value), 6) for key, value in sorted(found.items())}


def _rules(info: Any) -> list[Any]:
    """Return the annotations of a field, also those inside `Optional[Annotated[…]]`."""
    inner = [m for arm in get_args(info.annotation) for m in getattr(arm, "__metadata__", ())]
    return [*info.metadata, *inner]


def _of_validator(function: Any) -> dict[str, Any]:
    """Return the bounds that a validator function of the library enforces."""
    name = getattr(function, "__name__", "")
    if name == "convert_to_1plus_range":
        return {"ge": 1}
    if name in ("convert_to_0plus_range", "process_non_negative_range"):
        return {"ge": 0}
    if name != "validator" or function.__closure__ is None:
        return {}
    kept = dict(zip(function.__code__.co_freevars, (c.cell_contents for c in function.__closure__), strict=True))
    found: dict[str, Any] = {}
    if kept.get("min_val") is not None:
        found["ge" if kept.get("min_inclusive", True) else "gt"] = kept["min_val"]
    if kept.get("max_val") is not None:
        found["le" if kept.get("max_inclusive", True) else "lt"] = kept["max_val"]
    return found


def _argument_helps(doc: str) -> dict[str, str]:
    """Return the first sentence of each argument's description in a Google-style docstring."""
    section = re.search(r"^Args:\n(.*?)(?=^\S|\Z)", doc, re.S | re.M)
    if not section:
        return {}
    pieces = re.split(r"^    (\w+) ?(?:\([^\n]*\))?:", section.group(1), flags=re.M)
    return {name: _first_sentence(text) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _first_sentence(text: str) -> str:
    """Return the first sentence of a text on one line, ending in a full stop."""
    first = re.split(r"\n\s*\n|\n\s*[-*] |\bDefaults? ?(?:is|to|:|\()", text.strip().replace("`", ""), maxsplit=1)[0]
    line = " ".join(first.split())
    line = re.split(r"(?<=[a-z0-9)\]])\. (?=[A-Z])", line, maxsplit=1)[0].rstrip(".:;, ")
    if len(line) > LONGEST_HELP:
        line = line[:LONGEST_HELP].rpartition(" ")[0].rstrip(",;:(") + " …"
    return f"{line[:1].upper()}{line[1:]}." if line else ""


def _references(doc: str) -> list[str]:
    section = re.search(r"^References?:\n(.*?)(?=^\S|\Z)", doc, re.S | re.M)
    lines = [line.strip().lstrip("-*• ").strip() for line in (section.group(1) if section else "").splitlines()]
    return [line for line in lines if "http" in line][:2]


def as_text(schema: dict[str, Any]) -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(as_text(snapshot()), encoding="utf-8")
