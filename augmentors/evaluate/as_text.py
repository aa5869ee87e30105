"""A comparison as lines for a terminal: scores, changes, recall per class, notes, verdict."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from augmentors.evaluate.looks import times

SHORT_TITLES = {
    "macro_f1": "macro-F1",
    "balanced_accuracy": "balanced accuracy",
    "average_precision": "average precision",
    "brier": "Brier (lower is better)",
}
TARGET_TITLES = {
    "macro_mae": "MAE by range",
    "rare_mae": "MAE in rare ranges",
    "mae": "MAE",
    "rmse": "RMSE",
    "sera": "SERA per row",
    "macro_average_precision": "average precision by label",
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "hamming": "Hamming loss (lower is better)",
}
TASK_HEADS = {
    "regression": (
        "Errors on the test part, lower is better",
        "Change against plain in %, with 95 % intervals; below 0 is better",
        "Mean absolute error per range (test rows)",
        "mae",
    ),
    "multilabel": (
        "Scores on the test part",
        "Change against plain in points, with 95 % intervals",
        "Average precision per label (test samples that bear it)",
        "average_precision",
    ),
}
MOST_CLASSES = 8
LONGEST_NAME = 18
PLAIN = "plain"
NO_LIMITS = " [n/a]"


def comparison_lines(result: Mapping[str, Any]) -> list[str]:
    """Return the JSON of a comparison as lines of text.

    Parameters
    ----------
    result : mapping
        See `Comparison.to_json`.
    """
    if result.get("task") in TASK_HEADS:
        return target_lines(result, *TASK_HEADS[result["task"]])
    metrics = [m for m in SHORT_TITLES if any(one["key"] == m for one in result["metrics"])]
    titles = [SHORT_TITLES[m] for m in metrics]
    lines = ["Scores on the test part, with 95 % intervals"]
    lines += _by_learner(result, titles, lambda arm: [_score(arm["metrics"][m]) for m in metrics])
    changes = {(d["learner"], d["arm"], d["metric"]): d for d in result["differences"] if d["class"] is None}
    lines += ["", "Change against plain in points, with 95 % intervals"]
    lines += _by_learner(
        result, titles, lambda arm: [_change(changes.get((arm["learner"], arm["name"], m))) for m in metrics], PLAIN
    )
    if any(NO_LIMITS in line for line in lines):
        lines.append("n/a: all fits and bootstraps of the test part agree, which is too little to say how sure it is.")
    lines += ["", *_recalls(result), ""]
    lines += [f"- {note}" for note in result["notes"]]
    learners = {one["key"]: one["title"] for one in result["learners"]}
    lines += [
        f"- Failed: {one['title']} with {learners.get(one['learner'], one['learner'])}: {one['reason']}."
        for one in result["failed"]
    ]
    if "looks" in result:
        lines.append(f"- The frozen test part was looked at {times(result['looks'])} by commands on this machine.")
    verdict = result["verdict"]
    return [*lines, f"{verdict['label'][:1].upper()}{verdict['label'][1:]}: {verdict['sentence']}"]


def target_lines(result: Mapping[str, Any], scores: str, change: str, own: str, measure: str) -> list[str]:
    """Return the JSON of a comparison of models of numbers, or of several labels, as lines of text.

    Parameters
    ----------
    result : mapping
    scores, change, own : str
        Heads of the three tables.
    measure : str
        What is shown of each range or label.
    """
    metrics = [one["key"] for one in result["metrics"]]
    changes = {(d["learner"], d["arm"], d["metric"]): d for d in result["differences"]}
    lines = [scores]
    lines += _by_learner(
        result, [TARGET_TITLES[m] for m in metrics], lambda arm: [_plain(arm["metrics"][m]["mean"]) for m in metrics]
    )
    lines += ["", change]
    lines += _by_learner(
        result,
        [TARGET_TITLES[m] for m in metrics],
        lambda arm: [_change(changes.get((arm["learner"], arm["name"], m))) for m in metrics],
        PLAIN,
    )
    heads = [f"{name} ({result['support'][name]:,})" for name in result["classes"]]
    lines += ["", own]
    lines += _by_learner(
        result, heads, lambda arm: [_plain(arm["per_class"][name][measure]) for name in result["classes"]]
    )
    lines += ["", *(f"- {note}" for note in result["notes"])]
    lines += [f"- Failed: {one['title']} with {one['learner']}: {one['reason']}." for one in result["failed"]]
    verdict = result["verdict"]
    return [*lines, f"{verdict['label'][:1].upper()}{verdict['label'][1:]}: {verdict['sentence']}"]


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"


def _recalls(result: Mapping[str, Any]) -> list[str]:
    """Return the table of recall per class, rarest first."""
    support = result["support"]
    labels = sorted(result["classes"], key=lambda label: (support[label], label))
    shown = labels[:MOST_CLASSES]
    title = "Recall per class (test samples)"
    if len(shown) < len(labels):
        title += f", the {MOST_CLASSES} rarest of {len(labels):,}"
    heads = [f"{_clipped(label)} ({support[label]:,})" for label in shown]
    return [title, *_by_learner(result, heads, lambda arm: [_number(arm["per_class"][c]["recall"]) for c in shown])]


def _by_learner(
    result: Mapping[str, Any],
    heads: Sequence[str],
    cells: Callable[[Mapping[str, Any]], Sequence[str]],
    without: str | None = None,
) -> list[str]:
    """Return an aligned table with a line per arm under each learner's title."""
    rows: list[list[str]] = [["", *heads]]
    for learner in result["learners"]:
        rows.append([learner["title"]])
        own = (arm for arm in result["arms"] if arm["learner"] == learner["key"] and arm["name"] != without)
        rows += [[f"  {_arm(arm)}", *cells(arm)] for arm in own]
    full = [row for row in rows if len(row) > 1]
    widths = [max(len(row[i]) for row in full) for i in range(len(heads) + 1)]
    return ["  ".join(cell.ljust(widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]


def _arm(arm: Mapping[str, Any]) -> str:
    # Vectors between embeddings are added to a fit, too, but are no samples: none are given.
    used = arm["synthetic"]["used"] if arm["synthetic"]["given"] else 0
    return f"{arm['title']} (+{used:,.0f} new)" if used else lowered(arm["title"])


def lowered(title: str) -> str:
    """Return a title as it stands inside a line; names that are written in capitals stay as they are.

    Examples
    --------
    >>> lowered("Moved threshold"), lowered("LDAM with deferred re-weighting"), lowered("EasyEnsemble")
    ('moved threshold', 'LDAM with deferred re-weighting', 'EasyEnsemble')
    """
    return title[:1].lower() + title[1:] if title.partition(" ")[0][1:].islower() else title


def _clipped(label: str) -> str:
    return label if len(label) <= LONGEST_NAME else label[: LONGEST_NAME - 1] + "…"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _score(score: Mapping[str, Any]) -> str:
    if score["mean"] is None:
        return "–"
    ends = NO_LIMITS if score["low"] is None else f" [{score['low']:.3f}, {score['high']:.3f}]"
    return f"{score['mean']:.3f}{ends}"


def _change(change: Mapping[str, Any] | None) -> str:
    if change is None or change["mean"] is None:
        return "–"
    ends = NO_LIMITS if change["low"] is None else f" [{_points(change['low'])}, {_points(change['high'])}]"
    return _points(change["mean"]) + ends


def _points(difference: float) -> str:
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"
