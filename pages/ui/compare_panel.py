"""What Compare shows: the job that compares, the banner, charts and small print."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from augmentors import jobs
from augmentors.jobs import JobState
from augmentors.learners import learners_for
from pages.ui import charts, compare_charts, errors, theme
from pages.ui.frame import Data

JOB = "augmentors.background:compare_job"
MAX_REPEATS = 20
HOW = {
    "made anew": "In every fold the recipe is carried out anew on that fold's training part alone.",
    "taken over": "In every fold new samples with a parent among the held-out samples are left out.",
}


def settings(data: Data) -> tuple[list[str], int]:
    """Draw the choice of learners and repeats and return it."""
    cards = learners_for(data.facts["kind"])
    titles = {card.key: card.title for card in cards}
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        chosen = st.pills(
            "Models to train before and after",
            list(titles),
            format_func=lambda key: titles[key],
            selection_mode="multi",
            wrap=True,
            default=list(titles),
            key=f"compare.learners.{data.id}",
            help="\n\n".join(f"**{card.title}**: {card.summary}" for card in cards),
        )
    with right:
        repeats = st.number_input(
            "Repeats of the folds",
            1,
            MAX_REPEATS,
            2,
            key=f"compare.repeats.{data.id}",
            help="More repeats narrow the intervals and take proportionally longer.",
        )
    return list(chosen), int(repeats)


def job_of(data: Data, version_id: str) -> JobState | None:
    """Return the newest comparison of a version, running or ended."""
    return next((job for job in comparisons(data) if job.arguments.get("version_id") == version_id), None)


def comparisons(data: Data) -> list[JobState]:
    """Return the comparisons on the dataset in work, newest first."""
    every = jobs.list_jobs(data.workspace.jobs_dir)
    return [job for job in every if job.kind == "compare" and job.arguments.get("dataset_id") == data.id]


def button(action: Any, data: Data, version_id: str, learners: list[str], repeats: int, again: bool) -> None:
    """Draw the primary button that starts a comparison."""
    label = "Compare again" if again else "Compare"
    with action:
        pressed = st.button(label, type="secondary" if again else "primary", key="compare.go", disabled=not learners)
    if not pressed:
        return
    with errors.box():
        arguments = {
            "workspace": data.workspace.token,
            "dataset_id": data.id,
            "version_id": version_id,
            "learners": learners,
            "repeats": repeats,
        }
        jobs.submit(data.workspace.jobs_dir, JOB, arguments, title="Comparing models", kind="compare")
        st.rerun()


def banner(comparison: Mapping[str, Any]) -> None:
    """Draw the verdict, large; until it is judged, that it is not."""
    verdict = comparison["verdict"]
    label = str(verdict["label"])
    theme.draw(
        f'<div class="cw-verdict"><b>{theme.text(label[:1].upper() + label[1:])}</b>'
        f"<span>{theme.text(verdict['sentence'])}</span></div>"
    )


def trained_on(comparison: Mapping[str, Any]) -> None:
    """Say how many samples each way of training saw: a difference means little without it."""
    arms = {arm["name"]: arm for arm in comparison["arms"]}
    columns = ["Training", "real samples per fit", "new samples per fit"]
    theme.draw(charts.table(columns, [_training_row(arm) for arm in arms.values()], fit=True))
    for arm in arms.values():
        how, given = arm["synthetic"].get("how"), arm["synthetic"]["given"]
        if how in HOW:
            st.caption(f"{HOW[how]} The whole training part gives {given:,}.")


def _training_row(arm: Mapping[str, Any]) -> list[Any]:
    new = arm["synthetic"]
    originals = round(new["originals"]) if "originals" in new else None
    return [compare_charts.arm_title(arm["name"], arm["title"]), originals, round(new["used"]) if new["given"] else 0]


def differences(comparison: Mapping[str, Any], key: str) -> None:
    """Draw the differences from the plain model with their intervals, one metric at a time."""
    titles = {m["key"]: m["title"] for m in comparison["metrics"]}
    st.subheader("What changed", anchor=False)
    metric = st.segmented_control(
        "Measured by",
        list(titles),
        format_func=lambda name: titles[name],
        default="average_precision" if "average_precision" in titles else next(iter(titles)),
        required=True,
        key=f"{key}.metric",
        label_visibility="collapsed",
    )
    st.plotly_chart(
        compare_charts.forest(comparison, str(metric)), key=f"{key}.forest", config={"displayModeBar": False}
    )
    st.caption(
        "Each mark is a model trained otherwise than before, measured on the untouched test part at its natural "
        "balance; bars are 95 % intervals. Right of the line is better. Class weights cost nothing: what new samples "
        "add must be seen beside them."
    )


def classes(comparison: Mapping[str, Any], data: Data, key: str) -> None:
    """Draw recall and F1 per class, confusion matrices and precision-recall curves of one model."""
    learners = {one["key"]: one["title"] for one in comparison["learners"]}
    st.subheader("Class by class", anchor=False)
    learner = st.segmented_control(
        "Model",
        list(learners),
        format_func=lambda name: learners[name],
        default=next(iter(learners)),
        required=True,
        key=f"{key}.learner",
        label_visibility="collapsed",
    )
    theme.draw(compare_charts.class_table(comparison, str(learner), data.colours))
    st.caption("Blue is better than before, orange worse; the rarest class stands first.")
    arms = {arm["name"]: arm for arm in comparison["arms"] if arm["learner"] == learner}
    others = [name for name in arms if name not in (compare_charts.PLAIN, compare_charts.WEIGHTED)]
    sides = [arms[compare_charts.PLAIN], arms[others[0] if others else compare_charts.WEIGHTED]]
    _side_by_side(comparison, data, sides, key)


def _side_by_side(comparison: Mapping[str, Any], data: Data, sides: list[Mapping[str, Any]], key: str) -> None:
    names = comparison["classes"]
    rarest = sorted(names, key=lambda name: (comparison["support"][name], name))
    st.subheader("Confusion", anchor=False)
    for column, arm in zip(theme.columns("confusion", (1, 1)), sides, strict=True):
        with column:
            st.caption(compare_charts.arm_title(arm["name"], arm["title"]))
            if arm["confusion"] is None:
                st.caption("There are too many classes for a matrix.")
            elif len(names) <= compare_charts.TABLE_CLASSES:
                theme.draw(compare_charts.confusion(arm, names, data.colours))
            else:
                st.plotly_chart(compare_charts.confusion_map(arm, names), key=f"{key}.matrix.{arm['name']}")
    st.subheader("Precision and recall", anchor=False)
    for column, arm in zip(theme.columns("curves", (1, 1)), sides, strict=True):
        with column:
            st.caption(compare_charts.arm_title(arm["name"], arm["title"]))
            figure = compare_charts.pr_curves(arm, rarest, data.colours)
            st.plotly_chart(figure, key=f"{key}.curve.{arm['name']}", config={"displayModeBar": False})
    if len(names) > compare_charts.CURVES:
        st.caption(f"The {compare_charts.CURVES} rarest classes are drawn.")


def table_and_print(comparison: Mapping[str, Any], data: Data) -> None:
    """Draw all scores under an expander, then how they were measured."""
    with st.expander("All scores"):
        columns, rows = compare_charts.metric_rows(comparison)
        theme.draw(charts.table(columns, rows))
    looks = sum(job.status == "done" for job in comparisons(data))
    said = [
        comparison["method"],
        f"{comparison['folds']} folds, {comparison['repeats']} repeats; {comparison['train']:,} training and "
        f"{comparison['test']:,} test samples.",
        f"The test part of this dataset was looked at by {looks:,} comparison{'s' if looks != 1 else ''} here.",
        *comparison["notes"],
    ]
    theme.draw(f'<div class="cw-print">{"<br>".join(theme.text(line) for line in said)}</div>')
