"""What Compare shows where the label is a number or holds several: what changed, and what each range or label got."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui import charts, compare_charts, compare_downloads, compare_panel, compare_verdict, theme
from pages.ui.frame import Data


def results(comparison: Mapping[str, Any], data: Data, version_id: str) -> None:
    """Draw all that was measured, for one model at a time, in tabs."""
    key = f"compare.{version_id}"
    learners = {one["key"]: one["title"] for one in comparison["learners"]}
    learner = compare_panel.choice("Model", learners, compare_verdict.first_learner(comparison), f"{key}.learner")
    each = "Range by range" if is_number(comparison) else "Label by label"
    changed, by_range, measured = st.tabs(["What changed", each, "How it was measured"])
    with changed:
        differences(comparison, learner, key)
    with by_range:
        ranges(comparison, data, learner)
    with measured:
        compare_panel.trained_on(comparison)
        all_errors(comparison)
        compare_panel.small_print(comparison)


def differences(comparison: Mapping[str, Any], learner: str, key: str) -> None:
    """Draw every arm's change for one model and metric."""
    titles = {m["key"]: m["title"] for m in comparison["metrics"]}
    metric = compare_panel.choice("Measured by", titles, next(iter(titles)), f"{key}.metric")
    figure = compare_verdict.forest(comparison, learner, metric)
    if is_number(comparison):
        figure.update_xaxes(title="error lower than before by (per cent); right is better")
    st.plotly_chart(figure, key=f"{key}.forest", config=compare_downloads.toolbar("differences"))
    compare_downloads.differences(comparison, learner, metric, f"{key}.save.forest")
    st.caption(
        "Each row is a model trained otherwise than before; bars are 95 % intervals, not adjusted for the number of "
        "arms (the verdict is). All but the new rows are free: what they add must be seen beside them."
    )
    for one in comparison["failed"]:
        st.warning(f"{one['title']} failed with {one['learner']}: {one['reason']}.")


def ranges(comparison: Mapping[str, Any], data: Data, learner: str) -> None:
    """Draw what each range or label got, arm by arm."""
    arms = [arm for arm in comparison["arms"] if arm["learner"] == learner]
    heads = ["Training", *(f"{name} ({comparison['support'][name]:,})" for name in comparison["classes"])]
    rows = [
        [
            compare_charts.arm_title(arm["name"], arm["title"]),
            *(_cell(arm["per_class"][name]) for name in comparison["classes"]),
        ]
        for arm in arms
    ]
    theme.draw(charts.table(heads, rows))
    if is_number(comparison):
        st.caption(
            f"Mean absolute error on the test part, in the unit of {theme.escape(data.facts['label'])}; in brackets "
            "how much predictions are too high (+) or too low (−) on average. Behind each range stand its test rows."
        )
    else:
        st.caption("Average precision on the test part, in brackets F1. Behind each label stand its test samples.")


def is_number(comparison: Mapping[str, Any]) -> bool:
    """Whether a number was predicted."""
    return bool(comparison["task"] == "regression")


def _cell(own: Mapping[str, Any]) -> str:
    if "average_precision" in own:
        known = own["average_precision"] is not None and own["f1"] is not None
        return f"{own['average_precision']:.3f} ({own['f1']:.3f})" if known else "–"
    if own["mae"] is None:
        return "–"
    sign = "+" if own["bias"] > 0 else "−"
    return f"{own['mae']:,.4g} ({sign}{abs(own['bias']):,.3g})"


def all_errors(comparison: Mapping[str, Any]) -> None:
    """Draw every score of every model under an expander."""
    metrics = comparison["metrics"]
    with st.expander("All scores"):
        heads = ["Model", "Training", *(m["title"] for m in metrics)]
        rows = [
            [arm["learner_title"], compare_charts.arm_title(arm["name"], arm["title"])]
            + [_error(arm["metrics"][m["key"]]) for m in metrics]
            for arm in comparison["arms"]
        ]
        theme.draw(charts.table(heads, rows))


def _error(interval: Mapping[str, Any]) -> str:
    if interval["mean"] is None:
        return "–"
    ends = "" if interval["low"] is None else f" [{interval['low']:,.4g}, {interval['high']:,.4g}]"
    return f"{interval['mean']:,.4g}{ends}"
