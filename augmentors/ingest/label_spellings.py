"""Classes whose names differ only by capitals or spaces at the ends: told, and merged where the user asks for it."""

from collections.abc import Mapping

import pandas as pd


def alike(counts: Mapping[str, int]) -> dict[str, str]:
    """Return, for each spelling that has others beside it, the one that they are merged into: the most frequent.

    Of equally frequent spellings the first in order of characters is taken; spaces at the ends go.

    Examples
    --------
    >>> alike({"legit": 9, "fraud": 3, "fraud ": 2, "Fraud": 1})
    {'fraud': 'fraud', 'fraud ': 'fraud', 'Fraud': 'fraud'}
    """
    groups: dict[str, list[str]] = {}
    for name in counts:
        groups.setdefault(name.strip().casefold(), []).append(name)
    several = [names for names in groups.values() if len(names) > 1]
    return {name: min(names, key=lambda n: (-counts[n], n)).strip() for names in several for name in names}


def merged(labels: pd.Series) -> tuple[pd.Series, str]:
    """Return labels with one spelling per class, and a sentence on what was merged ("" when nothing was).

    Parameters
    ----------
    labels : Series
        Labels that are not text are left alone.
    """
    if not (pd.api.types.is_object_dtype(labels) or pd.api.types.is_string_dtype(labels)):
        return labels, ""
    into = alike({str(name): int(n) for name, n in labels.value_counts().items()})
    if not into:
        return labels, ""
    told = ", ".join(f"'{name}' → '{to}'" for name, to in sorted(into.items()) if name != to)
    return labels.replace(into), f"Spellings of one class were merged: {told}."


def spellings_sentence(counts: Mapping[str, int]) -> str:
    """Return which classes seem to be one in several spellings, as a sentence; "" when none do."""
    into = alike(counts)
    groups = [[name for name in into if into[name] == to] for to in dict.fromkeys(into.values())]
    if not groups:
        return ""
    told = "; ".join(" and ".join(f"'{name}' ({counts[name]:,})" for name in names) for names in groups[:5])
    more = f"; and {len(groups) - 5:,} more" if len(groups) > 5 else ""
    return f"Classes {told}{more} differ only by capitals or spaces at the ends: are they the same?"
