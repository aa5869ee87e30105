"""The charts of a comparison in the report, each with its downloads inside the page."""

import base64
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from augmentors.export.comparison_csv import classes_csv, differences_csv, reliability_csv
from augmentors.export.figures import PLAIN, arms_of, forest_svg, rarest_first, recall_svg, reliability_svg


def figures(comparison: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the charts of the learner that decides: ``name``, ``title``, ``svg`` and ``csv``, a data address.

    Reliability is drawn of the plain arm and of the one that speaks in the verdict.
    """
    if not comparison["learners"]:
        return []
    learner = deciding_learner(comparison)
    if comparison.get("task") in ("regression", "multilabel"):
        return [_one_figure(comparison, learner)]
    arms, labels = arms_of(comparison, learner), rarest_first(comparison)
    spoken = comparison["verdict"].get("arm") or next((a["name"] for a in arms if a["name"] != PLAIN), PLAIN)
    shown = [arm for arm in arms if arm["name"] in (PLAIN, spoken) and arm.get("calibration")]
    curves = [reliability_svg(arm, labels) for arm in shown]
    title = next(one["title"] for one in comparison["learners"] if one["key"] == learner)
    found = [
        (
            "differences",
            f"Average precision against plain, {title}",
            [forest_svg(comparison, learner)],
            differences_csv,
        ),
        ("recall", f"Points of recall per class and arm, {title}", [recall_svg(comparison, learner)], classes_csv),
        ("reliability", f"How far probabilities can be believed, {title}", curves, reliability_csv),
    ]
    return [
        {"name": name, "title": said, "svgs": [Markup(svg) for svg in svgs], "csv": _address(as_csv(comparison))}
        for name, said, svgs, as_csv in found
        if svgs
    ]


def _one_figure(comparison: Mapping[str, Any], learner: str) -> dict[str, Any]:
    """Return the chart of the metric that decides, against plain, where a label is no class."""
    metric = comparison["metrics"][0]
    title = next(one["title"] for one in comparison["learners"] if one["key"] == learner)
    return {
        "name": "differences",
        "title": f"{metric['title']}, against plain, {title}",
        "svgs": [Markup(forest_svg(comparison, learner, metric["key"]))],
        "csv": _address(differences_csv(comparison)),
    }


def deciding_learner(comparison: Mapping[str, Any]) -> str:
    """Return the learner that decides, else the first one."""
    keys = [one["key"] for one in comparison["learners"]]
    primary = comparison["verdict"].get("learner")
    return str(primary if primary in keys else keys[0])


def _address(content: str) -> str:
    return "data:text/csv;base64," + base64.b64encode(content.encode()).decode("ascii")
