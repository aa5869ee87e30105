"""Checks of what an augmenter declares: card, parameters, and that each parameter does something."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from augmentors.core.augmenter import Augmenter
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.testing.trial import CheckFailed, Toys, as_value, difference, expect, is_sentence, made, trial_params


def check_card(cls: type[Augmenter], toys: Toys) -> None:
    """Card, help texts and doctest are there and read as sentences."""
    card = cls.card
    expect(re.fullmatch(r"[a-z][a-z0-9_]*", card.key), f"The key '{card.key}' is not lower_snake_case.")
    expect(card.title and card.family, f"'{card.key}' needs a title and a family.")
    expect(is_sentence(card.summary), f"The summary of '{card.key}' is not a sentence: {card.summary!r}.")
    expect(
        not card.avoid or is_sentence(card.avoid),
        f"'avoid' of '{card.key}' is not a sentence: {card.avoid!r}.",
    )
    expect(">>>" in (cls.__doc__ or ""), f"The docstring of {cls.__name__} has no example (>>>).")
    for name, field in cls.Params.model_fields.items():
        expect(field.title, f"Parameter '{name}' of '{card.key}' has no title.")
        expect(is_sentence(field.description or ""), f"The help of '{name}' of '{card.key}' is not a sentence.")


def check_default_constructible(cls: type[Augmenter], toys: Toys) -> None:
    """Every parameter has a valid default."""
    try:
        augmenter = cls()
    except InvalidParams as error:
        raise CheckFailed(f"'{cls.card.key}' cannot be made with its defaults: {error}") from None
    expect(augmenter.params == cls.Params(), "The defaults are not what Params declares.")


def check_json_round_trip(cls: type[Augmenter], toys: Toys) -> None:
    """Parameters survive a trip through JSON; the schema itself is JSON."""
    json.dumps(cls.Params.model_json_schema())
    for params in [{}, *(p for name in cls.Params.model_fields for p in alternatives(cls, name))]:
        augmenter = cls(**params)
        entry = json.loads(json.dumps(augmenter.entry))
        expect(entry["augmenter"] == cls.card.key, "The entry does not name the augmenter.")
        expect(
            cls(**entry["params"]).params == augmenter.params,
            f"JSON changed the parameters {entry['params']}.",
        )


def check_unknown_parameter(cls: type[Augmenter], toys: Toys) -> None:
    """An unknown parameter is refused by name, with the known ones."""
    message = _refusal(cls, {"no_such_parameter": 1})
    expect("no_such_parameter" in message, f"The refusal does not name the unknown parameter: {message!r}.")
    for name in cls.Params.model_fields:
        expect(name in message, f"The refusal does not list '{name}': {message!r}.")


def check_invalid_values(cls: type[Augmenter], toys: Toys) -> None:
    """Values outside a parameter's type or range are refused in one good sentence."""
    schema = cls.Params.model_json_schema()
    for name, declared in schema.get("properties", {}).items():
        for value in invalid_values(declared, schema.get("$defs", {})):
            message = _refusal(cls, {name: value})
            good = f"'{name}'" in message and cls.card.title in message and "Got" in message and is_sentence(message)
            expect(good, f"The refusal of {name}={value!r} does not say which, what and what came: {message!r}.")


def check_no_dead_parameter(cls: type[Augmenter], toys: Toys) -> None:
    """Every parameter changes the output or the trace, on some toy dataset."""
    for name in cls.Params.model_fields:
        tried = list(alternatives(cls, name))
        expect(tried, f"No other value of '{name}' could be found; declare json_schema_extra={{'probe': value}}.")
        expect(
            any(_changes(cls, name, params, toys) for params in tried),
            f"Parameter '{name}' of '{cls.card.key}' is dead: none of "
            f"{[params[name] for params in tried]} changed the output or the trace.",
        )


def alternatives(cls: type[Augmenter], name: str) -> Iterator[dict[str, Any]]:
    """Yield parameters in which one field has another value than its default.

    Taken from ``json_schema_extra={"probe": value}``, the field's examples,
    choices and bounds. ``"probe_with": {other: value}`` sets other fields on
    which this one depends.
    """
    field = cls.Params.model_fields[name]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    base: Any = extra.get("probe_with", {})
    schema = cls.Params.model_json_schema()
    declared = schema["properties"][name]
    found = [as_value(extra["probe"])] if "probe" in extra else []
    found += list(field.examples or [])
    for branch in _branches(declared, schema.get("$defs", {})):
        found += _valid_values(branch, field)
    seen: list[Any] = [trial_params(cls).get(name, field.default)]
    for value in found:
        if value in seen:
            continue
        seen.append(value)
        try:
            cls(**{**base, name: value})
        except InvalidParams:
            continue
        yield {**base, name: value}


def invalid_values(declared: dict[str, Any], definitions: dict[str, Any]) -> list[Any]:
    """Return values that a parameter with this JSON Schema must refuse."""
    branches = _branches(declared, definitions)
    values: list[Any] = [] if any(b.get("type") == "null" for b in branches) else [None]
    for branch in branches:
        step = 1 if branch.get("type") == "integer" else 0.001
        values += [branch[bound] + sign * step for bound, sign in (("minimum", -1), ("maximum", 1)) if bound in branch]
        values += [branch[bound] for bound in ("exclusiveMinimum", "exclusiveMaximum") if bound in branch]
    types = {branch.get("type") for branch in branches}
    if "string" not in types and not any("enum" in b or "const" in b for b in branches):
        values.append("certainly not this")
    elif any("enum" in b or "const" in b for b in branches):
        values.append("no such choice")
    else:
        values.append({"not": "text"})
    if "number" in types:
        values.append(float("nan"))
    elif "integer" in types:
        values.append(1.5)
    return values


def _branches(declared: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the simple schemas of a property: what `anyOf` and `$ref` lead to."""
    if "$ref" in declared:
        return _branches(definitions[declared["$ref"].rpartition("/")[2]], definitions)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in declared:
            return [simple for part in declared[key] for simple in _branches(part, definitions)]
    return [declared]


def _valid_values(branch: dict[str, Any], field: FieldInfo) -> list[Any]:
    """Return values of a simple schema: choices, the other truth value, bounds and what lies between."""
    if "enum" in branch or "const" in branch:
        return list(branch.get("enum", [branch.get("const")]))
    if branch.get("type") == "boolean":
        return [True, False]
    if branch.get("type") not in ("integer", "number"):
        return []
    low = branch.get("minimum", branch.get("exclusiveMinimum"))
    high = branch.get("maximum", branch.get("exclusiveMaximum"))
    default = field.default if isinstance(field.default, int | float) else (low or 0)
    whole = branch["type"] == "integer"
    found = [value for value in (high, low) if value is not None]
    if low is not None and high is not None:
        found.insert(0, (low + high) // 2 if whole else (low + high) / 2)
    return [*found, default * 2, default + 1, default // 2 if whole else default / 2]


def _changes(cls: type[Augmenter], name: str, params: dict[str, Any], toys: Toys) -> bool:
    base = {key: value for key, value in params.items() if key != name}
    for train in [toys.ordinary(), *toys.odd()]:
        try:
            before = made(cls, train, 32, base)
        except NotApplicable:
            continue
        try:
            after = made(cls, train, 32, params)
        except NotApplicable:
            return True  # a value with which it does not apply has an effect
        if difference(before, after, ids=False) is not None:
            return True
    return False


def _refusal(cls: type[Augmenter], params: dict[str, Any]) -> str:
    try:
        cls(**params)
    except InvalidParams as error:
        return str(error)
    raise CheckFailed(f"'{cls.card.key}' accepted {params}.")
