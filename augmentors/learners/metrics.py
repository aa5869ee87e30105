"""What is measured on a model's probabilities.

Macro averages run over the classes that have at least one true sample in what
is scored: a class without any cannot be measured, and counting it as 0 would
punish every model alike. Predictions are the most probable class; ties go to
the first class.

==================== ==========================================================
``macro_f1``          mean F1 of the classes
``balanced_accuracy`` mean recall of the classes
``g_mean``            geometric mean of the recalls; 0 when a class is never found
``mcc``               Matthews correlation of true and predicted class
``average_precision`` mean over classes of the one-versus-rest area under the
                      precision-recall steps; what the choice of a threshold
                      cannot change
``roc_auc``           mean over classes of the one-versus-rest area under the
                      ROC curve; no threshold changes it either
``brier``             mean squared error of the probabilities, halved so that it
                      lies in [0, 1] and is the usual Brier score for two
                      classes; lower is better
``log_loss``          mean of −log of the true class's probability; lower is better
``ece``               expected calibration error of the most probable class, over
                      15 bins; lower is better
``cost``              mean cost under a user's cost matrix; only where one is
                      given; lower is better
==================== ==========================================================

A decision other than the most probable class (a moved threshold) changes
what counts decisions and leaves what reads probabilities as it is.

References
----------
Brier (1950), Verification of forecasts expressed in terms of probability,
Monthly Weather Review 78(1).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from augmentors.learners.calibration import brier_parts, expected_calibration_error, log_loss_terms

METRICS: tuple[str, ...] = (
    "macro_f1",
    "balanced_accuracy",
    "g_mean",
    "mcc",
    "average_precision",
    "roc_auc",
    "brier",
    "log_loss",
    "ece",
)
COST = "cost"
CLASS_METRICS: tuple[str, ...] = ("recall", "precision", "f1", "average_precision")
LOWER_IS_BETTER: frozenset[str] = frozenset({"brier", "log_loss", "ece", COST})
METRIC_TITLES: dict[str, str] = {
    "macro_f1": "Macro-F1",
    "balanced_accuracy": "Balanced accuracy",
    "g_mean": "G-mean",
    "mcc": "Matthews correlation",
    "average_precision": "Average precision (macro)",
    "roc_auc": "ROC AUC (macro)",
    "brier": "Brier score (lower is better)",
    "log_loss": "Log loss (lower is better)",
    "ece": "Calibration error (lower is better)",
    COST: "Mean cost (lower is better)",
    "recall": "Recall",
    "precision": "Precision",
    "f1": "F1",
}
BOUNDS: dict[str, tuple[float, float]] = {
    "mcc": (-1.0, 1.0),
    "log_loss": (0.0, float("inf")),
    COST: (float("-inf"), float("inf")),
}
MAX_CURVE_POINTS = 200


def scores(
    y: Sequence[str] | np.ndarray,
    proba: np.ndarray,
    classes: Sequence[str],
    decided: np.ndarray | None = None,
    costs: np.ndarray | None = None,
) -> dict[str, Any]:
    """Return all metrics of one set of predictions.

    Parameters
    ----------
    y : array of str, shape (n,)
        True labels, each one of `classes`.
    proba : ndarray, shape (n, k)
        Columns in the order of `classes`.
    classes : sequence of str
        All classes that could occur, distinct.
    decided : ndarray of int, shape (n,), optional
        The class decided for; the most probable one when left out.
    costs : ndarray, shape (k, k), optional
        What it costs to decide for the column's class when the row's is true.

    Returns
    -------
    dict
        The metrics (float; NaN when `y` is empty), ``brier_parts`` (see
        `calibration.brier_parts`) and ``per_class``:
        {label: {recall, precision, f1, average_precision, support}}. Recall
        and average precision of a class without true samples are NaN;
        precision of a class never predicted is 0.

    Examples
    --------
    >>> result = scores(["a", "b"], [[0.8, 0.2], [0.6, 0.4]], ["a", "b"])
    >>> round(result["macro_f1"], 3), round(result["brier"], 3)
    (0.333, 0.2)
    """
    from sklearn.metrics import precision_recall_fscore_support

    proba = np.asarray(proba, dtype=np.float64)
    codes = class_codes(y, classes)
    decided = proba.argmax(axis=1) if decided is None else np.asarray(decided)
    if not len(codes):
        nothing: dict[str, Any] = {name: float("nan") for name in (*METRICS, COST)}
        return nothing | {"brier_parts": brier_parts(codes, proba), "per_class": _no_scores(classes)}
    precision, recall, f1, support = precision_recall_fscore_support(
        codes, decided, labels=np.arange(len(classes)), zero_division=0.0
    )
    ap = one_vs_rest_ap(codes, proba)
    per_class = {
        str(label): {
            "recall": float(recall[i]) if support[i] else float("nan"),
            "precision": float(precision[i]),
            "f1": float(f1[i]),
            "average_precision": float(ap[i]),
            "support": int(support[i]),
        }
        for i, label in enumerate(classes)
    }
    present = support > 0
    found = _decision_scores(codes, decided, recall[present], f1[present]) | _probability_scores(codes, proba)
    found["average_precision"] = float(ap[present].mean())
    if costs is not None:
        found[COST] = float(costs[codes, decided].mean())
    return found | {"brier_parts": brier_parts(codes, proba), "per_class": per_class}


def _decision_scores(codes: np.ndarray, decided: np.ndarray, recall: np.ndarray, f1: np.ndarray) -> dict[str, float]:
    """Return what counts decisions; recall and F1 are those of the classes present."""
    from sklearn.metrics import matthews_corrcoef

    return {
        "macro_f1": float(f1.mean()),
        "balanced_accuracy": float(recall.mean()),
        "g_mean": float(recall.prod() ** (1 / len(recall))),
        "mcc": float(matthews_corrcoef(codes, decided)) if len(codes) > 1 else 0.0,
    }


def _probability_scores(codes: np.ndarray, proba: np.ndarray) -> dict[str, float]:
    """Return what reads probabilities."""
    auc = one_vs_rest_auc(codes, proba)
    known = np.isfinite(auc)
    return {
        "roc_auc": float(auc[known].mean()) if known.any() else float("nan"),
        "brier": brier(codes, proba),
        "log_loss": float(log_loss_terms(codes, proba).mean()),
        "ece": expected_calibration_error(codes, proba),
    }


def _no_scores(classes: Sequence[str]) -> dict[str, dict[str, float]]:
    return {str(c): dict.fromkeys(CLASS_METRICS, float("nan")) | {"support": 0} for c in classes}


def class_codes(y: Sequence[str] | np.ndarray, classes: Sequence[str]) -> np.ndarray:
    """Return the position in `classes` of each label, shape (n,).

    Raises
    ------
    ValueError
        When a label is none of the classes.
    """
    position = {str(label): i for i, label in enumerate(classes)}
    unknown = next((label for label in y if str(label) not in position), None)
    if unknown is not None:
        raise ValueError(f"label {unknown!r} is none of the {len(position)} classes that are scored")
    return np.array([position[str(label)] for label in y], dtype=np.int64)


def one_vs_rest_ap(codes: np.ndarray, proba: np.ndarray) -> np.ndarray:
    """Return the average precision of each class against all others, shape (k,); NaN without a true sample."""
    from sklearn.metrics import average_precision_score

    return np.array(
        [
            average_precision_score(codes == i, proba[:, i]) if (codes == i).any() else np.nan
            for i in range(proba.shape[1])
        ]
    )


def one_vs_rest_auc(codes: np.ndarray, proba: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve of each class against all others, shape (k,); NaN without both sides."""
    from sklearn.metrics import roc_auc_score

    own = codes[:, None] == np.arange(proba.shape[1])
    both = own.any(axis=0) & ~own.all(axis=0)
    return np.array([roc_auc_score(own[:, i], proba[:, i]) if both[i] else np.nan for i in range(proba.shape[1])])


def brier(codes: np.ndarray, proba: np.ndarray) -> float:
    """Return half the mean over samples of the squared distance to the true class's corner, in [0, 1]."""
    return float(brier_terms(codes, proba).mean())


def brier_terms(codes: np.ndarray, proba: np.ndarray) -> np.ndarray:
    """Return each sample's share of the Brier score, shape (n,)."""
    own = proba[np.arange(len(codes)), codes]
    return ((proba**2).sum(axis=1) - 2 * own + 1) / 2


def confusion(
    y: Sequence[str] | np.ndarray, proba: np.ndarray, classes: Sequence[str], decided: np.ndarray | None = None
) -> np.ndarray:
    """Return counts by true class (rows) and predicted class (columns), shape (k, k), int64."""
    from sklearn.metrics import confusion_matrix

    if not len(y):
        return np.zeros((len(classes), len(classes)), np.int64)
    codes = class_codes(y, classes)
    decided = np.asarray(proba).argmax(axis=1) if decided is None else decided
    return confusion_matrix(codes, decided, labels=np.arange(len(classes)))


def pr_curve(is_class: np.ndarray, score: np.ndarray, max_points: int = MAX_CURVE_POINTS) -> dict[str, list[float]]:
    """Return precision and recall at falling thresholds, for one class against the rest.

    Parameters
    ----------
    is_class : ndarray of bool, shape (n,)
        At least one true value.
    score : ndarray, shape (n,)
    max_points : int
        Thinned to at most so many points, evenly along the curve, ends kept.

    Returns
    -------
    dict
        ``recall`` (rising from 0 to 1), ``precision``, ``threshold`` (None at recall 0: above every score).
    """
    from sklearn.metrics import precision_recall_curve

    precision, recall, threshold = precision_recall_curve(is_class, score)
    # scikit-learn goes from recall 1 down to 0; thresholds that gain no recall after 1 are not drawn.
    precision, recall = precision[::-1], recall[::-1]
    limits: list[float | None] = [None, *threshold[::-1].tolist()]
    last = int(np.argmax(recall >= 1.0))
    at = np.unique(np.linspace(0, last, min(max_points, last + 1)).round().astype(int))
    return {
        "recall": recall[at].tolist(),
        "precision": precision[at].tolist(),
        "threshold": [limits[i] for i in at],
    }


def precision_at(is_class: np.ndarray, score: np.ndarray, recall_grid: np.ndarray) -> np.ndarray:
    """Return the precision where each recall is first reached, shape of `recall_grid`.

    Curves of several fits read at one grid of recalls can be averaged.
    """
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(is_class, score)
    precision, recall = precision[::-1], recall[::-1]
    return precision[np.searchsorted(recall, recall_grid - 1e-12)]
