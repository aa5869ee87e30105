"""Findings about the columns of a table."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.explore.health import Finding, Severity, percent, quoted, some_ids
from augmentors.explore.separation import feature_separation

GIVES_AWAY = 0.98  # of what is possible above chance, with one column alone
FEW_ROWS = 50
MANY_MISSING, SOME_MISSING = 0.5, 0.05
UNEVEN_MISSING = 0.2
MIN_CLASS = 10
IDENTIFIER_SHARE = 0.99


def column_findings(dataset: Dataset, job: Job) -> list[Finding]:
    """Return what is wrong or odd about the columns to learn from."""
    names = [name for name in dataset.schema.features() if name != dataset.schema.text]
    found: list[Finding] = []
    if dataset.kind == "table" and not names:
        found.append(Finding("no_features", "error", "There is no column to learn from beside the label.", 1))
    for name in names:
        job.check()
        column = dataset.frame[name]
        found += _missing(dataset, name, column.isna().to_numpy())
        found += _infinite(dataset, name, column)
        distinct = int(column.nunique())
        if distinct <= 1:
            found += _constant(name, column)
        else:
            found += _identifier(dataset, name, column, distinct)
    # Tables have a finding that also asks what the other columns tell (`health_leaks`).
    if dataset.kind != "table" or dataset.schema.task != "classification":
        found += _giveaways(dataset, job)
    return found


def _missing(dataset: Dataset, name: str, missing: np.ndarray) -> Iterator[Finding]:
    n = int(missing.sum())
    if not n or n == len(missing):
        return
    share = n / len(missing)
    severity: Severity = "warning" if share >= MANY_MISSING else "info"
    what = f"Column '{name}' has no value in {n:,} of {len(missing):,} rows ({percent(share)})"
    ids = some_ids(dataset, missing)
    uneven = _uneven(dataset, missing)
    if uneven is None:
        if share >= SOME_MISSING or dataset.kind == "table":
            yield Finding("missing_values", severity, f"{what}.", n, ids, (name,))
        return
    most, least, high, low = uneven
    yield Finding(
        "missing_by_class",
        "warning",
        f"{what}, but in {percent(high)} of '{most}' and {percent(low)} of '{least}': a model could learn from "
        "the gap instead of the value.",
        n,
        ids,
        (name,),
        (most, least),
    )


def _uneven(dataset: Dataset, missing: np.ndarray) -> tuple[str, str, float, float] | None:
    """Return the classes with the most and least missing, when they differ by far."""
    shares = pd.Series(missing).groupby(dataset.labels).mean()
    shares = shares[[name for name, count in dataset.class_counts.items() if count >= MIN_CLASS]]
    if len(shares) < 2 or shares.max() - shares.min() < UNEVEN_MISSING:
        return None
    return str(shares.idxmax()), str(shares.idxmin()), float(shares.max()), float(shares.min())


def _infinite(dataset: Dataset, name: str, column: pd.Series) -> Iterator[Finding]:
    if dataset.schema.types[name] == "number":
        infinite = np.isinf(column.to_numpy(dtype=np.float64, na_value=np.nan))
        if infinite.any():
            n = int(infinite.sum())
            message = f"Column '{name}' is infinite in {n:,} {'row' if n == 1 else 'rows'}: most models refuse that."
            yield Finding("infinite_values", "warning", message, n, some_ids(dataset, infinite), (name,))


def _constant(name: str, column: pd.Series) -> Iterator[Finding]:
    n_missing = int(column.isna().sum())
    if n_missing == len(column):
        yield Finding("constant_feature", "warning", f"Column '{name}' is empty in every row.", 1, (), (name,))
    elif n_missing == 0:
        value = column.iloc[0]
        message = f"Column '{name}' has the same value in every row ('{value}'): it says nothing about the label."
        yield Finding("constant_feature", "info", message, 1, (), (name,))
    else:
        value = column.dropna().iloc[0]
        message = f"Column '{name}' has only one value ('{value}') wherever it has any."
        yield Finding("constant_feature", "info", message, 1, (), (name,))


def _identifier(dataset: Dataset, name: str, column: pd.Series, distinct: int) -> Iterator[Finding]:
    """Codes that are different in every row; running numbers."""
    kind = dataset.schema.types[name]
    known = column.dropna()
    if len(known) < FEW_ROWS or distinct < IDENTIFIER_SHARE * len(known):
        return
    if kind == "category":
        message = f"Column '{name}' is different in almost every row: it looks like an identifier, not a category."
    elif kind == "integer" and abs(np.diff(known.to_numpy(dtype=np.float64))).max() == 1:
        message = f"Column '{name}' counts the rows: it looks like an identifier, not a measurement."
    else:
        return
    yield Finding(
        "identifier",
        "warning",
        f"{message} Set its type to 'ignored' unless it means something.",
        1,
        (),
        (name,),
    )


def _giveaways(dataset: Dataset, job: Job) -> Iterator[Finding]:
    if len(dataset) < FEW_ROWS or len(dataset.class_counts) < 2:
        return
    table = feature_separation(dataset, job)
    names = table.loc[table["recognised"] >= GIVES_AWAY, "column"].tolist()
    for name in names[:5]:
        score = float(table.loc[table["column"] == name, "recognised"].iloc[0])
        yield Finding(
            "gives_label_away",
            "warning",
            f"Column '{name}' alone tells the classes apart almost perfectly (score {score:.2f} of 1): "
            "was it filled in after the label was known? If so, leave it out.",
            1,
            (),
            (name,),
        )
    if len(names) > 5:
        message = f"So do {len(names) - 5:,} more columns: {quoted(names[5:], 5)}."
        yield Finding("gives_label_away", "warning", message, len(names) - 5, (), tuple(names[5:]))
