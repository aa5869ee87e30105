"""What Compare shows: the job that compares, the banner, charts and small print."""

import inspect
from collections.abc import Mapping
from typing import Any

import streamlit as st

from augmentors import jobs
from augmentors.evaluate import label_scores, target_verdict
from augmentors.evaluate import verdict as rules
from augmentors.evaluate.looks import looks_so_far, times, workspace_looks
from augmentors.jobs import JobState
from augmentors.learners.labellers import labeller_cards
from augmentors.learners.regressors import regressor_cards
from pages.ui import (
    charts,
    compare_arms,
    compare_charts,
    compare_downloads,
    compare_threshold,
    compare_verdict,
    errors,
    frame,
    theme,
)
from pages.ui.frame import Data

JOB = "augmentors.background:compare_job"
MAX_REPEATS = 20
HOW = {
    "made anew": "In every fold the recipe is carried out anew on that fold's training part alone.",
    "taken over": "In every fold new samples with a parent among the held-out samples are left out.",
}


def place_for_settings(judged: bool) -> Any:
    """Return where the settings stand: open before the first comparison, out of the way of its answer after."""
    return st.expander("Compare again with other models or alternatives") if judged else st.container()


def settings(data: Data) -> tuple[list[str], int, list[str] | None]:
    """Draw the choice of learners, repeats and free alternatives and return it; None stands for the usual ones."""
    by_task = {"regression": regressor_cards, "multilabel": labeller_cards}
    cards = by_task.get(task_of(data), lambda: compare_arms.learner_cards(data))()
    titles = {card.key: card.title for card in cards}
    # Side by side where there is room: in a narrow field the buttons − and + vanish.
    left, right = theme.columns("compare-settings", (4, 1))
    with left:
        chosen = st.pills(
            "Models to train before and after",
            list(titles),
            format_func=lambda key: titles[key],
            selection_mode="multi",
            wrap=True,
            default=[card.key for card in cards if card.by_default],
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
    if task_of(data) != "classification":
        return list(chosen), int(repeats), compare_arms.of_task(data, task_of(data))
    arms = compare_arms.picker(data)
    return compare_arms.with_needed_learners(data, list(chosen), arms), int(repeats), arms


def task_of(data: Data) -> str:
    """Return what is predicted: classes, a number or several labels."""
    return str(data.facts.get("task", "classification"))


def job_of(data: Data, version_id: str) -> JobState | None:
    """Return the newest comparison of a version, running or ended."""
    return next((job for job in comparisons(data) if job.arguments.get("version_id") == version_id), None)


def comparisons(data: Data) -> list[JobState]:
    """Return the comparisons on the dataset in work, newest first."""
    every = jobs.list_jobs(data.workspace.jobs_dir)
    return [job for job in every if job.kind == "compare" and job.arguments.get("dataset_id") == data.id]


def button(action: Any, data: Data, version_id: str, settings: dict[str, Any], again: bool) -> None:
    """Draw the button that starts a comparison: the primary one until there is an answer to take along."""
    label = "Compare again" if again else "Compare"
    with action:
        if again and st.button("Export", type="primary", key="compare.export"):
            frame.go("export")
        pressed = st.button(
            label, type="secondary" if again else "primary", key="compare.go", disabled=not settings["learners"]
        )
    if not pressed:
        return
    with errors.box():
        arguments = {
            "workspace": data.workspace.token,
            "dataset_id": data.id,
            "version_id": version_id,
            **settings,
        }
        jobs.submit(data.workspace.jobs_dir, JOB, arguments, title="Comparing models", kind="compare")
        st.rerun()


def banner(comparison: Mapping[str, Any], data: Data) -> None:
    """Draw the verdict, large, and how often the test part was looked at; until it is judged, that it is not."""
    theme.draw(compare_verdict.banner(comparison["verdict"]))
    path = workspace_looks(data.workspace.path / "datasets" / data.id)
    looks = times(looks_so_far(path, str(comparison["split_hash"])))
    words = f"looked at {looks} here, by comparisons and confirmed thresholds"
    theme.draw(f'<div class="cw-print">The test part of this dataset was {words}.</div>')
    with st.expander("How this is judged"):
        declared = {"regression": target_verdict, "multilabel": label_scores}.get(comparison.get("task", ""), rules)
        st.text(inspect.cleandoc(declared.__doc__ or ""))


def results(comparison: Mapping[str, Any], data: Data, version_id: str) -> None:
    """Draw all that was measured, for one model at a time, in tabs: the verdict stays in sight above them."""
    key = f"compare.{version_id}"
    learners = {one["key"]: one["title"] for one in comparison["learners"]}
    learner = choice("Model", learners, compare_verdict.first_learner(comparison), f"{key}.learner")
    arms = {arm["name"]: arm for arm in comparison["arms"] if arm["learner"] == learner}
    after = next((name for name, arm in arms.items() if arm["synthetic"]["given"]), None)
    other = after or next((name for name in arms if name != compare_charts.PLAIN), compare_charts.PLAIN)
    sides = [arms[compare_charts.PLAIN], arms[other]]
    changed, by_class, probabilities, threshold, measured = st.tabs(
        ["What changed", "Class by class", "Probabilities", "Threshold and costs", "How it was measured"]
    )
    with changed:
        differences(comparison, learner, key)
    with by_class:
        classes(comparison, data, learner, sides, key)
    with probabilities:
        _believable(comparison, data, sides, learner, key)
    with threshold:
        compare_threshold.show(comparison, data, version_id, learner, f"{key}.threshold")
    with measured:
        trained_on(comparison)
        table_and_print(comparison)


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


def differences(comparison: Mapping[str, Any], learner: str, key: str) -> None:
    """Draw every arm's difference from the plain model for one learner and metric."""
    titles = {m["key"]: m["title"] for m in comparison["metrics"]}
    learners = {one["key"]: one["title"] for one in comparison["learners"]}
    metric = choice("Measured by", titles, "average_precision", f"{key}.metric")
    figure = compare_verdict.forest(comparison, learner, metric)
    st.plotly_chart(figure, key=f"{key}.forest", config=compare_downloads.toolbar("differences"))
    compare_downloads.differences(comparison, learner, metric, f"{key}.save.forest")
    st.caption(
        "Each row is a model trained or decided otherwise than before; bars are 95 % intervals, not adjusted for the "
        "number of arms (the verdict is). All but the new samples are free: what they add must be seen beside them."
    )
    if told := compare_verdict.judged(comparison, learner):
        st.caption(told)
    failed = [
        one for one in comparison.get("failed", []) if one["learner"] == learner or one["learner"] not in learners
    ]
    for one in failed:
        st.warning(f"{one['title']} failed with {learners.get(one['learner'], one['learner'])}: {one['reason']}.")


def choice(label: str, titles: Mapping[str, str], default: str, key: str) -> str:
    """Draw one of several titles to choose and return its key."""
    chosen = st.segmented_control(
        label,
        list(titles),
        format_func=lambda name: titles[name],
        default=default if default in titles else next(iter(titles)),
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return str(chosen)


def classes(comparison: Mapping[str, Any], data: Data, learner: str, sides: list[Mapping[str, Any]], key: str) -> None:
    """Draw what each class got from each arm, confusion matrices and curves of one learner."""
    theme.draw(compare_verdict.recall_map(comparison, learner, data.colours))
    st.caption("Points of recall that each arm gives (blue) or takes (orange); the rarest class stands first.")
    compare_downloads.classes(comparison, learner, f"{key}.save.classes")
    with st.expander("Recall and F1 in full"):
        theme.draw(compare_charts.class_table(comparison, learner, data.colours))
    _side_by_side(comparison, data, sides, key)


def _believable(
    comparison: Mapping[str, Any], data: Data, sides: list[Mapping[str, Any]], learner: str, key: str
) -> None:
    """Draw how far probabilities can be believed; results of older versions do not hold it."""
    told = compare_verdict.probabilities(comparison, learner)
    if not told:
        st.caption("This result, of an older version, does not hold them: compare again.")
        return
    theme.draw(told)
    st.caption(
        "Before any recalibration; lower is better, but for resolution. Weights, re-sampling and new samples tell the "
        "model of classes larger than they are, so its probabilities are too high for them."
    )
    rarest = sorted(comparison["classes"], key=lambda name: (comparison["support"][name], name))
    for column, arm in zip(theme.columns("reliability", (1, 1)), sides, strict=True):
        with column:
            st.caption(compare_charts.arm_title(arm["name"], arm["title"]))
            figure = compare_verdict.reliability(arm, rarest[: compare_charts.CURVES], data.colours)
            name = f"reliability-{arm['name']}"
            st.plotly_chart(figure, key=f"{key}.{name}", config=compare_downloads.toolbar(name))
    st.caption(
        f"Along the dotted line probabilities can be believed; points of fewer than {compare_verdict.FEWEST} samples "
        "are left out, larger points hold more."
    )
    compare_downloads.reliability(comparison, sides, data.colours, f"{key}.save.reliability")


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
            name = f"precision-recall-{arm['name']}"
            st.plotly_chart(figure, key=f"{key}.{name}", config=compare_downloads.toolbar(name))
    if len(names) > compare_charts.CURVES:
        st.caption(f"The {compare_charts.CURVES} rarest classes are drawn.")


def table_and_print(comparison: Mapping[str, Any]) -> None:
    """Draw all scores under an expander, then how they were measured."""
    with st.expander("All scores"):
        columns, rows = compare_charts.metric_rows(comparison)
        theme.draw(charts.table(columns, rows))
    small_print(comparison)


def small_print(comparison: Mapping[str, Any]) -> None:
    """Draw how it was measured."""
    said = [
        comparison["method"],
        f"{comparison['folds']} folds, {comparison['repeats']} repeats; {comparison['train']:,} training and "
        f"{comparison['test']:,} test samples.",
        *comparison["notes"],
    ]
    theme.draw(f'<div class="cw-print">{"<br>".join(theme.text(line) for line in said)}</div>')
