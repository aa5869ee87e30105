"""A cost per pair of classes on Compare: every arm's cost when it decides for what is expected to cost least."""

import io
from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.operating_point import cheapest_classes
from augmentors.learners.costs import cost_array, cost_table
from pages.ui import charts, errors, theme

MAX_TYPED = 12


def show(scores: DecisionScores, learner: str, titles: Mapping[str, str], key: str) -> None:
    """Draw the entry of a cost matrix and what each arm costs under it, out of fold."""
    with st.expander("A cost for each pair of classes"):
        st.caption("What it costs to decide for the column's class when the row's is true. Type it, or give a CSV.")
        given = st.file_uploader("Cost matrix (CSV)", type="csv", key=f"{key}.file", label_visibility="collapsed")
        with errors.box():
            table = _typed(scores, key) if given is None else cost_table(io.BytesIO(given.getvalue()), given.name)
            if table is None:
                st.caption(f"There are more than {MAX_TYPED} classes: give the matrix as a CSV.")
                return
            costs = cost_array(table, scores.classes)
            heads = ["Training", "most probable class", "least expected cost"]
            rows = [[title, *_means(scores, (name, learner), costs)] for name, title in titles.items()]
            theme.draw(charts.table(heads, rows, fit=True))
            st.caption("Mean cost of a training sample, by models that had not seen it.")


def _typed(scores: DecisionScores, key: str) -> pd.DataFrame | None:
    names = list(scores.classes)
    if len(names) > MAX_TYPED:
        return None
    start = pd.DataFrame(1.0 - np.eye(len(names)), index=names, columns=names)
    return st.data_editor(start, key=f"{key}.table", width="content")


def _means(scores: DecisionScores, run: tuple[str, str], costs: np.ndarray) -> tuple[float, float]:
    proba = scores.held_out[run]
    decisions = (proba.argmax(axis=1), cheapest_classes(proba, costs))
    first, second = (round(float(costs[scores.truth, decided].mean()), 4) for decided in decisions)
    return first, second
