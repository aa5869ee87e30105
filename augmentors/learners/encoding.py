"""Rows of a table as numbers, for linear models and for trees."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np

from augmentors.core.dataset import Schema
from augmentors.core.late import pd

Style = Literal["linear", "trees"]
MAX_CATEGORIES = 50
MAX_WORDS = 100
_HUGE = 1e30
_MISSING = "\0missing"
_DAY_NS = 86_400_000_000_000


class TableEncoder:
    """Turns a frame into float32 features, learnt from the rows given to `fit`.

    Numbers, integers, booleans and dates (as days since 1970) become one
    number each. For ``linear`` they are imputed by the median, with an
    indicator where the training rows had holes, and scaled; for ``trees`` holes
    stay NaN. Categories become indicators (``linear``) or codes by falling
    frequency (``trees``); beyond the 50 most frequent they share one. Free
    text becomes TF-IDF of its 100 most frequent words.

    Parameters
    ----------
    schema : Schema
    style : {"linear", "trees"}
    """

    def __init__(self, schema: Schema, style: Style) -> None:
        self.style = style
        self.numeric = schema.features("number", "integer", "boolean", "date")
        self.category = schema.features("category")
        self.text = schema.features("text")
        self._levels: dict[str, pd.Index] = {}
        self._words: dict[str, Any] = {}

    def fit(self, frame: pd.DataFrame) -> Self:
        """Learn medians, scales, categories and words."""
        numbers = self._numbers(frame)
        known = np.isfinite(numbers)
        self._holes = ~known.all(axis=0)
        self._median = np.array([np.median(c[k]) if k.any() else 0.0 for c, k in zip(numbers.T, known.T, strict=True)])
        filled = np.where(known, numbers, self._median)
        self._mean = filled.mean(axis=0)
        spread = filled.std(axis=0)
        self._spread = np.where(spread > 1e-12 * np.maximum(np.abs(self._mean), 1), spread, 1.0)
        for name in self.category:
            counts = _as_text(frame[name], _MISSING).value_counts()
            # Ties by name, so that the order of rows does not choose who is kept.
            ordered = counts.sort_index().sort_values(ascending=False, kind="stable")
            self._levels[name] = ordered.index[:MAX_CATEGORIES]
        for name in self.text:
            self._words[name] = _fit_words(_as_text(frame[name], "").tolist())
        return self

    @property
    def is_category(self) -> np.ndarray:
        """Which columns of the output hold codes (style ``trees``), shape (d,)."""
        words = sum(len(v.vocabulary_) for v in self._words.values() if v is not None)
        return np.repeat([False, True, False], [len(self.numeric), len(self.category), words])

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Return features, shape (n, d), float32; never zero columns wide."""
        blocks = [self._numeric_block(frame)]
        for name in self.category:
            codes = self._levels[name].get_indexer(pd.Index(_as_text(frame[name], _MISSING)))
            if self.style == "linear":
                blocks.append((codes[:, None] == np.arange(len(self._levels[name]))).astype(np.float32))
            else:
                blocks.append(np.where(codes < 0, len(self._levels[name]), codes)[:, None].astype(np.float32))
        for name, words in self._words.items():
            if words is not None:
                blocks.append(words.transform(_as_text(frame[name], "").tolist()).toarray().astype(np.float32))
        matrix = np.concatenate(blocks, axis=1)
        return matrix if matrix.shape[1] else np.zeros((len(frame), 1), np.float32)

    def _numeric_block(self, frame: pd.DataFrame) -> np.ndarray:
        numbers = self._numbers(frame)
        known = np.isfinite(numbers)
        if self.style == "trees":
            return numbers.astype(np.float32)
        scaled = (np.where(known, numbers, self._median) - self._mean) / self._spread
        # A row far outside the training range must not overflow the model.
        scaled = np.clip(scaled, -1e4, 1e4)
        return np.concatenate([scaled, ~known[:, self._holes]], axis=1).astype(np.float32)

    def _numbers(self, frame: pd.DataFrame) -> np.ndarray:
        columns = [_as_number(frame[name]) for name in self.numeric]
        return np.stack(columns, axis=1) if columns else np.empty((len(frame), 0))


def _as_number(column: pd.Series) -> np.ndarray:
    """Return a column as float64 with NaN for what is missing; dates as days since 1970."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        ns = column.to_numpy(dtype="datetime64[ns]")
        return np.where(np.isnat(ns), np.nan, ns.astype(np.int64) / _DAY_NS)
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    # Beyond this a square would overflow; infinite values count as missing.
    return np.where(np.isfinite(numbers), np.clip(numbers, -_HUGE, _HUGE), np.nan)


def _as_text(column: pd.Series, missing: str) -> pd.Series:
    return column.astype(object).where(column.notna(), missing).astype(str)


def _fit_words(texts: list[str]) -> Any:
    """Return a fitted TF-IDF of the most frequent words, or None when there is no word at all."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(max_features=MAX_WORDS, sublinear_tf=True, dtype=np.float32)
    try:
        return words.fit(texts)
    except ValueError:  # "empty vocabulary": only punctuation or nothing
        return None
