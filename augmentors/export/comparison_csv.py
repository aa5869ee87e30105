"""The numbers behind the charts of a comparison, as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def differences_csv(comparison: Mapping[str, Any]) -> str:
    """Return every difference from the plain arm with its interval: on folds and test part, whole and per class."""
    head = ["measured_on", "learner", "arm", "metric", "class", "difference", "low", "high"]
    rows = (
        [where, d["learner"], d["arm"], d["metric"], d["class"], d["mean"], d["low"], d["high"]]
        for where, name in (("folds", "fold_differences"), ("test", "differences"))
        for d in comparison.get(name, [])
    )
    return _csv(head, rows)


def classes_csv(comparison: Mapping[str, Any]) -> str:
    """Return how each class (each range of a number) is predicted by each arm and learner on the test part."""
    by_task = {"regression": ("mae", "bias"), "multilabel": ("average_precision", "f1")}
    measures = by_task.get(comparison.get("task", ""), ("recall", "precision", "f1", "average_precision"))
    rows = (
        [arm["learner"], arm["name"], label, own["support"], *(own[m] for m in measures)]
        for arm in comparison["arms"]
        for label, own in arm["per_class"].items()
    )
    return _csv(["learner", "arm", "class", "test_samples", *measures], rows)


def reliability_csv(comparison: Mapping[str, Any]) -> str:
    """Return the points of the reliability curves of each class, arm and learner."""
    rows = (
        [arm["learner"], arm["name"], label, *point]
        for arm in comparison["arms"]
        for label, curve in arm.get("calibration", {}).items()
        for point in zip(curve["predicted"], curve["observed"], curve["samples"], strict=True)
    )
    return _csv(["learner", "arm", "class", "predicted", "observed", "samples"], rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return sink.getvalue()
