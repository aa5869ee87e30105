"""The ranges a search goes through, from the defaults and bounds of the library's parameters."""

from collections.abc import Mapping
from typing import Any

#: Fields by the ends of their names that change how, not how much.
ADVANCED = ("fill", "border_mode", "interpolation")


def tuned(field: Mapping[str, Any], part: str = "") -> dict[str, Any]:
    """Return the range that a search goes through, half to twice the default; the ends of a range never cross.

    Examples
    --------
    >>> tuned({"name": "scale", "as": "number", "default": 0.6, "ge": 0, "le": 1, "whole": False})
    {'tune': {'low': 0.3, 'high': 0.8, 'log': True}}
    """
    if "only_with" in field or field["name"].endswith((*ADVANCED, "_roi", "_color")):
        return {}
    if field["as"] in ("choice", "bool"):
        return {} if "part" in field else {"tune": {}}
    if field["as"] == "fill" or part not in ("", "min", "max"):
        return {}
    if part:
        smallest, largest = field["default"]
        middle, reach = (smallest + largest) / 2, (largest - smallest) / 2 or abs(largest) / 2
        low, high = (smallest - reach, middle) if part == "min" else (middle, largest + reach)
        if field["whole"] and part == "max":
            low = -(-low // 1)
    else:
        low, high = field["default"] / 2, field["default"] * 2
        if field.get("le", high) < high:  # a share never goes all the way to everything
            high = (field["default"] + field["le"]) / 2
    return _within(field["ends"][part] if "ends" in field else field, low, high, field["whole"], log=not part)


def _within(bounds: Mapping[str, Any], low: float, high: float, whole: bool, log: bool) -> dict[str, Any]:
    """Return a range for a search inside the bounds of a parameter; nothing where no range is left."""
    edge = 1 if whole else 0.01  # how far to stay off a bound that is no value itself
    low = max(low, bounds.get("ge", low), bounds.get("gt", low - edge) + edge)
    high = min(high, bounds.get("le", high), bounds.get("lt", high + edge) - edge)
    low, high = (int(low), int(high)) if whole else (round(low, 6), round(high, 6))
    if low >= high:
        return {}
    return {"tune": {"low": low, "high": high} | ({"log": True} if log and low > 0 else {})}
