"""What the report says of a comparison: formatted rows, nothing computed anew."""

from collections.abc import Mapping
from typing import Any

from augmentors.evaluate.looks import times
from augmentors.export.report_figures import figures

METRICS = {
    "macro_f1": "Macro F1",
    "balanced_accuracy": "Balanced accuracy",
    "average_precision": "Average precision",
    "brier": "Brier score (lower is better)",
}
TARGET_METRICS = {
    "macro_mae": "Mean absolute error, by range",
    "rare_mae": "The same in rare ranges",
    "rmse": "Root mean squared error",
    "sera": "Squared error-relevance area, per row",
}
LABEL_METRICS = {
    "macro_average_precision": "Average precision, by label",
    "macro_f1": "F1, by label",
    "micro_f1": "F1, by decision",
    "hamming": "Hamming loss (lower is better)",
}
# By task: metrics, unit of a change, and which measure of each class, range or label is shown under which head.
SHOWN: dict[str, tuple[dict[str, str], str, str, str]] = {
    "classification": (METRICS, "points", "Recall per class", "recall"),
    "regression": (TARGET_METRICS, "%; below 0 is better", "Mean absolute error per range", "mae"),
    "multilabel": (LABEL_METRICS, "points", "Average precision per label", "average_precision"),
}
PLAIN = "plain"
CLASSES = 12


def comparison_context(comparison: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the template needs to show a comparison; the comparison itself may be None."""
    metrics, unit, measured, of_class = shown(comparison or {})
    return {
        "comparison": comparison,
        "metrics": metrics,
        "unit": unit,
        "measured": measured,
        "of_class": of_class,
        "changes": [] if comparison is None else changes(comparison),
        "alternatives": [] if comparison is None else alternatives(comparison),
        "figures": [] if comparison is None else figures(comparison),
        "rarest": [] if comparison is None else rarest(comparison),
        "score": score,
        "ends": ends,
        "share": error if of_class == "mae" else share,
        "times": times,
    }


def shown(comparison: Mapping[str, Any]) -> tuple[dict[str, str], str, str, str]:
    """Return what is shown of a comparison of its task; see `SHOWN`."""
    return SHOWN[comparison.get("task", "classification")]


def alternatives(comparison: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return title, summary and reference of each free alternative; none for comparisons of older versions."""
    told = {arm["name"]: {"title": arm["title"], **arm["about"]} for arm in comparison["arms"] if arm.get("about")}
    return list(told.values())


def changes(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row per learner and arm but the plain one: change of each metric in points, with its interval."""
    found = {(d["learner"], d["arm"], d["metric"]): d for d in comparison["differences"] if d["class"] is None}
    metrics = shown(comparison)[0]
    return [
        {
            "learner": arm["learner_title"],
            "arm": arm["title"],
            "cells": [_points(found.get((arm["learner"], arm["name"], metric))) for metric in metrics],
        }
        for arm in comparison["arms"]
        if arm["name"] != PLAIN
    ]


def rarest(comparison: Mapping[str, Any]) -> list[str]:
    """Return the classes with the fewest test samples, rarest first."""
    support = comparison["support"]
    return sorted(comparison["classes"], key=lambda name: (support[name], name))[:CLASSES]


def score(interval: Mapping[str, Any]) -> str:
    """Return a mean in three digits, or a dash where nothing could be measured."""
    return "–" if interval["mean"] is None else f"{interval['mean']:.3f}"


def ends(interval: Mapping[str, Any]) -> str:
    """Return the limits of an interval in words, or nothing."""
    return "" if interval["low"] is None else f"{interval['low']:.3f} to {interval['high']:.3f}"


def error(value: float | None) -> str:
    """Return a mean error in four digits, or a dash."""
    return "–" if value is None else f"{value:,.4g}"


def share(value: float | None) -> str:
    """Return a share in two digits, or a dash."""
    return "–" if value is None else f"{value:.2f}"


def _points(difference: Mapping[str, Any] | None) -> dict[str, str]:
    if difference is None or difference["mean"] is None:
        return {"mean": "–", "ends": ""}
    between = "" if difference["low"] is None else f"{signed(difference['low'])} to {signed(difference['high'])}"
    return {"mean": signed(difference["mean"]), "ends": between}


def signed(difference: float) -> str:
    """Return a difference in points with its sign; what rounds to nothing has none.

    Examples
    --------
    >>> signed(0.0123), signed(-0.0001)
    ('+1.2', '0.0')
    """
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"
