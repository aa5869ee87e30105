"""A form drawn from an augmenter's Params: one widget per field, nothing written twice.

Every widget has a key of its own and keeps its value across pages, so a form
that is drawn again after a visit elsewhere is as it was left.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import streamlit as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from augmentors.core.augmenter import Augmenter, explain_invalid
from augmentors.core.selector import Selector
from augmentors.selfsup.encoder import Encoder
from pages.ui import state

MAIN = 3
SLIDER_STEPS = 2_000


def params_form(
    cls: type[Augmenter] | type[Selector] | type[Encoder], key: str, start: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """Draw the form and return the parameters as plain data; None, with a sentence, while they are not valid.

    Parameters
    ----------
    cls : type of Augmenter, Selector or Encoder
    key : str
        Prefix of the widgets' keys: one form, one prefix.
    start : mapping, optional
        Values to start with instead of the defaults.
    """
    fields = cls.Params.model_fields
    if not fields:
        st.caption("This augmenter has nothing to set.")
        return {}
    begin = {name: (start or {}).get(name, default_of(field)) for name, field in fields.items()}
    main, advanced = main_and_advanced(fields)
    values = _widgets(main, fields, key, begin)
    if advanced:
        with st.expander("Advanced"):
            values |= _widgets(advanced, fields, key, begin)
    st.button(
        "Reset",
        key=f"{key}.reset",
        type="tertiary",
        help="Back to the values it comes with.",
        on_click=_reset,
        args=(fields, key),
    )
    try:
        return cls.Params(**values).model_dump(mode="json")
    except ValidationError as error:
        st.warning(explain_invalid(cls.card.title, error, list(fields)))
        return None


def fill(cls: type[Augmenter] | type[Selector], key: str, values: Mapping[str, Any]) -> None:
    """Put values into a form before it is drawn, whatever it held."""
    for name, field in cls.Params.model_fields.items():
        state.set_widget(f"{key}.{name}", _as_shown(field, values.get(name, default_of(field))))


def main_and_advanced(fields: Mapping[str, FieldInfo]) -> tuple[list[str], list[str]]:
    """Return the few fields shown at once, and the rest: those declared advanced and whatever is too many.

    Two ends of a range are one thing to set, so they count once and stay together.
    """
    plain = [name for name, field in fields.items() if not _extra(field).get("advanced")]
    shown: list[str] = []
    groups: list[str] = []
    for name in plain:
        group = name.removesuffix("_min").removesuffix("_max")
        if group not in groups and len(groups) == MAIN:
            continue
        groups += [] if group in groups else [group]
        shown.append(name)
    return shown, [name for name in fields if name not in shown]


def default_of(field: FieldInfo) -> Any:
    """Return the field's default as plain data."""
    value = field.get_default(call_default_factory=True)
    return list(value) if isinstance(value, tuple | set | frozenset) else value


def _widgets(names: list[str], fields: Mapping[str, FieldInfo], key: str, start: Mapping[str, Any]) -> dict[str, Any]:
    """Draw some fields; the two ends of a range share a row."""
    values: dict[str, Any] = {}
    for name in names:
        if name in values:
            continue
        other = name.removesuffix("_min") + "_max"
        if name.endswith("_min") and other in names and _is_range(fields[name], fields[other]):
            pair = (name, other)
            values |= _range(pair, (fields[name], fields[other]), key, (start[name], start[other]))
        else:
            values[name] = _widget(name, fields[name], f"{key}.{name}", start[name])
    return values


def _is_range(low: FieldInfo, high: FieldInfo) -> bool:
    kind = _plain_type(low)
    if kind is not _plain_type(high) or kind not in (int, float):
        return False
    return None not in bounds(low, kind is int) and bounds(low, kind is int) == bounds(high, kind is int)


def _range(
    names: tuple[str, str], fields: tuple[FieldInfo, FieldInfo], key: str, start: tuple[Any, Any]
) -> dict[str, Any]:
    """Draw a slider with two ends and a box for each; they follow each other."""
    keys = (f"{key}.{names[0]}", f"{key}.{names[1]}")
    for at, field, value in zip(keys, fields, start, strict=True):
        if state.widget(at) is None:
            state.set_widget(at, _as_shown(field, value))
    whole = _plain_type(fields[0]) is int
    low, high = bounds(fields[0], whole)
    step = _step(low, high, whole)
    slide = f"{keys[0]}.slide"
    state.set_widget(slide, tuple(sorted((state.widget(keys[0]), state.widget(keys[1])))))
    title = (fields[0].title or names[0].removesuffix("_min").replace("_", " ")).removeprefix("Smallest ")
    said = [f"{field.title}: {field.description}" for field in fields if field.description]
    columns = st.columns([6, 4, 4], vertical_alignment="bottom", gap="small", wrap=False)
    with columns[0]:
        st.slider(
            title[:1].upper() + title[1:],
            low,
            high,
            key=slide,
            step=step,
            format=_format(whole),
            help="\n\n".join(said) or None,
            on_change=_copy_ends,
            args=(slide, keys),
        )
    values = {}
    for column, name, field, at in zip(columns[1:], names, fields, keys, strict=True):
        with column:
            values[name] = _box(field.title or name, at, field, low, high, step, hidden=True)
    return values


def _widget(name: str, field: FieldInfo, key: str, start: Any) -> Any:
    """Draw the widget for a field's type and return its value."""
    draw = _drawer(field)
    if draw is None:
        raise TypeError(f"no widget is known for the type {field.annotation} of '{name}'")
    if state.widget(key) is None:
        state.set_widget(key, _as_shown(field, start))
    return draw(field.title or name.replace("_", " ").capitalize(), key, field)


def _drawer(field: FieldInfo) -> Callable[[str, str, FieldInfo], Any] | None:
    kind = _plain_type(field)
    if _options(field):
        return _choice
    if get_origin(kind) in (list, tuple, set, frozenset):
        return _lines
    return {bool: _switch, int: _number, float: _number, str: _text}.get(kind) if isinstance(kind, type) else None


def _switch(label: str, key: str, field: FieldInfo) -> bool:
    return st.toggle(label, key=key, help=field.description, persist_state="session")


def _text(label: str, key: str, field: FieldInfo) -> str:
    return st.text_input(label, key=key, help=field.description, persist_state="session")


def _choice(label: str, key: str, field: FieldInfo) -> Any:
    options = _options(field)
    if len(options) <= 4:
        return st.segmented_control(
            label,
            options,
            key=key,
            help=field.description,
            format_func=_in_words,
            required=True,
            persist_state="session",
        )
    return st.selectbox(label, options, key=key, help=field.description, format_func=_in_words, persist_state="session")


def _lines(label: str, key: str, field: FieldInfo) -> list[str]:
    text = st.text_area(
        label, key=key, help=field.description, placeholder="one per line", height=96, persist_state="session"
    )
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(label: str, key: str, field: FieldInfo) -> int | float:
    """Draw a slider and, beside it, a box for the exact number; each follows the other."""
    whole = _plain_type(field) is int
    low, high = bounds(field, whole)
    step = _step(low, high, whole)
    if low is None or high is None or (high - low) / step > SLIDER_STEPS:
        return _box(label, key, field, low, high, step)
    slide = f"{key}.slide"
    state.set_widget(slide, state.widget(key))
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="small", wrap=False)
    with left:
        st.slider(
            label,
            low,
            high,
            key=slide,
            step=step,
            help=field.description,
            format=_format(whole),
            on_change=_copy,
            args=(slide, key),
        )
    with right:
        return _box(label, key, field, low, high, step, hidden=True)


def _box(
    label: str, key: str, field: FieldInfo, low: Any, high: Any, step: int | float, hidden: bool = False
) -> int | float:
    return st.number_input(
        label,
        low,
        high,
        key=key,
        step=step,
        format=_format(isinstance(step, int)),
        help=None if hidden else field.description,
        label_visibility="collapsed" if hidden else "visible",
        persist_state="session",
    )


def bounds(field: FieldInfo, whole: bool) -> tuple[Any, Any]:
    """Return the smallest and largest value a widget offers; None where the field has no bound.

    A bound that is itself excluded moves in by a hair (by one for integers), a thousandth of a narrow range.
    """
    found: dict[str, Any] = {}
    for rule in _rules(field):
        for name in ("ge", "gt", "le", "lt"):
            if hasattr(rule, name):
                found[name] = getattr(rule, name)
    low, high = found.get("ge", found.get("gt")), found.get("le", found.get("lt"))
    hair = 1 if whole else 0.001 if low is None or high is None else min(0.001, (high - low) / 1000)
    kind: Any = int if whole else float
    low = None if low is None else kind(low if "ge" in found else low + hair)
    high = None if high is None else kind(high if "le" in found else high - hair)
    return low, high


def _rules(field: FieldInfo) -> Iterator[Any]:
    yield from field.metadata


def _step(low: Any, high: Any, whole: bool) -> int | float:
    if whole:
        return 1
    span = (high - low) if low is not None and high is not None else 1.0
    return float(10 ** (math.floor(math.log10(span)) - 2)) if span > 0 else 0.01


def _format(whole: bool) -> str:
    return "%d" if whole else "%g"


def _options(field: FieldInfo) -> tuple[Any, ...]:
    kind = _plain_type(field)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _plain_type(field: FieldInfo) -> Any:
    """Return the field's type without ``| None`` and without a type alias's name."""
    kind: Any = getattr(field.annotation, "__value__", field.annotation)
    if get_origin(kind) in (Union, UnionType):
        inner = [arm for arm in get_args(kind) if arm is not NoneType]
        return inner[0] if len(inner) == 1 else kind
    return kind


def _as_shown(field: FieldInfo, value: Any) -> Any:
    kind = _plain_type(field)
    if get_origin(kind) in (list, tuple, set, frozenset):
        item = get_args(kind)[0]
        if isinstance(item, type) and issubclass(item, BaseModel):  # such as steps: each says itself on a line
            value = [item.model_validate(one) for one in value or ()]
        return "\n".join(map(str, value or ()))
    if kind is float:
        return float(value)
    return "" if kind is str and value is None else value


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def _in_words(option: Any) -> str:
    return str(option).replace("_", " ")


def _copy_ends(source: str, targets: tuple[str, str]) -> None:
    for target, value in zip(targets, state.widget(source), strict=True):
        state.set_widget(target, _clean(value))


def _copy(source: str, target: str) -> None:
    state.set_widget(target, _clean(state.widget(source)))


def _clean(value: Any) -> Any:
    """Return a slider's number without the noise of adding steps up."""
    return round(value, 9) if isinstance(value, float) else value


def _reset(fields: Mapping[str, FieldInfo], key: str) -> None:
    for name, field in fields.items():
        state.set_widget(f"{key}.{name}", _as_shown(field, default_of(field)))
