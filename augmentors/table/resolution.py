"""How finely a column is written: decimals of numbers, days, half hours or seconds of dates."""

from __future__ import annotations

import numpy as np

from augmentors.core.late import pd

MOST_DECIMALS = 6
# Fewer values may share their decimals by chance.
LEAST_VALUES = 20
SCREENED = 500
_SECOND = 1_000_000
# From a day down to a microsecond.
STEPS = (86_400, 43_200, 21_600, 3_600, 1_800, 900, 600, 300, 60, 30, 15, 10, 5, 1)
STEPS_IN_MICROSECONDS = (*(step * _SECOND for step in STEPS), 1_000, 1)


def decimals_of(column: pd.Series) -> int | None:
    """Return the largest number of decimals that a column of numbers uses; None when it keeps to none up to six.

    Examples
    --------
    >>> import pandas as pd
    >>> decimals_of(pd.Series([0.25, 1.5] * 10)), decimals_of(pd.Series(np.arange(1, 21) / 7))
    (2, None)
    """
    if column.dtype.kind != "f":
        return None
    known = column.dropna().to_numpy()
    known = known[np.isfinite(known)]
    # Most columns that keep to none are told by their first values.
    if len(known) < LEAST_VALUES or not _kept_to(known[:SCREENED], MOST_DECIMALS):
        return None
    return next((digits for digits in range(MOST_DECIMALS + 1) if _kept_to(known, digits)), None)


def _kept_to(values: np.ndarray, digits: int) -> bool:
    return bool((_rounded(values, digits).astype(values.dtype) == values).all())


def _rounded(values: np.ndarray, digits: int) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.round(values.astype(np.float64), digits)


def to_decimals(values: np.ndarray, column: pd.Series) -> np.ndarray:
    """Return new values of a column with as many decimals as the training part's."""
    digits = decimals_of(column)
    if digits is None:
        return values
    rounded = _rounded(values, digits)
    return np.where(np.isfinite(rounded), rounded, values)


def date_grid(column: pd.Series) -> tuple[int, int]:
    """Return a value and the step that all dates of a column lie on, in microseconds since 1970.

    Examples
    --------
    >>> import pandas as pd
    >>> first, step = date_grid(pd.Series(pd.to_datetime(["2024-01-01 08:30", "2024-01-03 08:30"])))
    >>> step == 86_400_000_000, first % step == 30_600_000_000
    (True, True)
    """
    known = column.dropna().to_numpy(dtype="datetime64[us]").view("int64")
    first = int(known[0]) if len(known) else 0
    return first, next(step for step in STEPS_IN_MICROSECONDS if not ((known - first) % step).any())
