"""What Compare shows where the label is a number: errors against before, and what each range got."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from augmentors.learners.target_metrics import MACRO
from pages.ui import charts, compare_charts, compare_downloads, compare_panel, compare_verdict, theme
from pages.ui.frame import Data


def results(comparison: Mapping[str, Any], data: Data, version_id: str) -> None:
    """Draw all that was measured, for one model at a time, in tabs."""
    key = f"compare.{version_id}"
    learners = {one["key"]: one["title"] for one in comparison["learners"]}
    learner = compare_panel.choice("Model", learners, compare_verdict.first_learner(comparison), f"{key}.learner")
    changed, by_range, measured = st.tabs(["What changed", "Range by range", "How it was measured"])
    with changed:
        differences(comparison, learner, key)
    with by_range:
        ranges(comparison, data, learner)
    with measured:
        compare_panel.trained_on(comparison)
        all_errors(comparison)
        compare_panel.small_print(comparison)


def differences(comparison: Mapping[str, Any], learner: str, key: str) -> None:
    """Draw every arm's change of error for one model and metric."""
    titles = {m["key"]: m["title"] for m in comparison["metrics"]}
    metric = compare_panel.choice("Measured by", titles, MACRO, f"{key}.metric")
    figure = compare_verdict.forest(comparison, learner, metric)
    figure.update_xaxes(title="change of the error in per cent; right is better")
    st.plotly_chart(figure, key=f"{key}.forest", config=compare_downloads.toolbar("differences"))
    compare_downloads.differences(comparison, learner, metric, f"{key}.save.forest")
    st.caption(
        "Each row is a model trained otherwise than before; bars are 95 % intervals, not adjusted for the number of "
        "arms (the verdict is). All but the new rows are free: what they add must be seen beside them."
    )
    for one in comparison["failed"]:
        st.warning(f"{one['title']} failed with {one['learner']}: {one['reason']}.")


def ranges(comparison: Mapping[str, Any], data: Data, learner: str) -> None:
    """Draw the mean absolute error and the bias in each range, arm by arm."""
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
    st.caption(
        f"Mean absolute error on the test part, in the unit of {theme.escape(data.facts['label'])}; in brackets how "
        "much predictions are too high (+) or too low (−) on average. Behind each range stand its test rows."
    )


def _cell(own: Mapping[str, Any]) -> str:
    if own["mae"] is None:
        return "–"
    sign = "+" if own["bias"] > 0 else "−"
    return f"{own['mae']:,.4g} ({sign}{abs(own['bias']):,.3g})"


def all_errors(comparison: Mapping[str, Any]) -> None:
    """Draw every error of every model under an expander."""
    metrics = comparison["metrics"]
    with st.expander("All errors"):
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
