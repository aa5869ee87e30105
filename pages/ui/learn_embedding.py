"""Learning an embedding from one's own samples on the Map: method, form, job, and which embedding is shown."""

from typing import Any

import streamlit as st

from augmentors import jobs
from augmentors.jobs import JobState
from augmentors.selfsup import kept
from augmentors.selfsup.registry import pretext, pretexts_for
from pages.ui import code_panel, errors, jobs_watch, learnt_results, params_form, theme
from pages.ui.frame import Data

JOB = "augmentors.embedding_job:pretrain_job"
KIND = "pretrain"
BUILT_IN = "built-in"


def encoders(data: Data) -> list[dict[str, Any]]:
    """Return what is known of the encoders learnt on the dataset in work, newest first."""
    return kept.listed(data.workspace.encoders_dir, dataset_id=data.id)


def choose(data: Data) -> str:
    """Draw the switch between the built-in embedding and those learnt; return an encoder's id, '' for the built-in."""
    shown = [one for one in encoders(data) if data.workspace.cache_path(data.id, f"map-pca-{one['id']}.npy").exists()]
    if not shown:
        return ""
    titles = {BUILT_IN: "built-in"} | {one["id"]: f"learnt ({title_of(one)})" for one in shown}
    chosen = st.segmented_control(
        "Embedding",
        list(titles),
        default=BUILT_IN,
        format_func=lambda key: titles[key],
        key=f"map-embedding-{data.id}",
        required=True,
        persist_state="session",
    )
    return "" if chosen == BUILT_IN else str(chosen)


def title_of(one: dict[str, Any]) -> str:
    """Return an encoder's name with the first of its id, since several may be of one method."""
    return f"{one['title']} {one['id'][:4]}"


def name_of(data: Data, encoder_id: str) -> str:
    """Return what the vectors of an encoder are, for people."""
    one = next(one for one in encoders(data) if one["id"] == encoder_id)
    return f"learnt by {one['title']} from {one['samples']:,} training samples without their labels"


def section(data: Data) -> None:
    """Draw the section: what can be learnt, how far it is, and what it did."""
    methods = pretexts_for(data.facts["kind"])
    if not methods:
        return
    st.subheader("Learn an embedding from your own samples", anchor=False)
    st.caption(
        "A net learns from the training samples without their labels what makes them alike. Its embedding can then "
        "lay out the map and serve a model in Compare. Whether it is better than the built-in one is measured, not "
        "promised."
    )
    job = last_job(data)
    left, right = theme.columns("learn", (2, 3))
    with left, st.container(border=True):
        method, params = _form(data, [cls.card.key for cls in methods], job)
    with right:
        found = encoders(data)
        if found:
            learnt_results.show(data, found)
        else:
            with st.container(border=True):
                st.markdown("**Nothing learnt yet**")
                st.markdown("Here will stand how the loss fell, and for each class what the embedding did.")
    if params is not None:
        _code(data, method, params)


def last_job(data: Data) -> JobState | None:
    """Return the newest job that learns an embedding of the dataset in work."""
    every = jobs.list_jobs(data.workspace.jobs_dir)
    return next((job for job in every if job.kind == KIND and job.arguments.get("dataset_id") == data.id), None)


def _form(data: Data, keys: list[str], job: JobState | None) -> tuple[str, dict[str, Any] | None]:
    method = st.selectbox(
        "Method",
        keys,
        format_func=lambda key: pretext(key).card.title,
        key=f"learn-method-{data.id}",
        persist_state="session",
    )
    cls = pretext(method)
    theme.draw(theme.explanation(cls.card.summary, cls.card.avoid))
    params = params_form.params_form(cls, f"learn.{method}")
    if job is not None and job.active:
        jobs_watch.watch(job.id)
        return method, params
    if job is not None and job.status != "done":
        jobs_watch.failure(job, "Change the settings, or go on: an encoder that was finished is kept.")
        if st.button("Go on", key="learn-resume"):
            with errors.box():
                jobs.resume(data.workspace.jobs_dir, job.id)
                st.rerun()
    if st.button("Learn an embedding", key="learn-go", disabled=params is None):
        with errors.box():
            arguments = {"workspace": data.workspace.token, "dataset_id": data.id, "method": method}
            arguments |= {"params": params, "seed": 0}
            title = f"Learning by {cls.card.title}"
            jobs.submit(data.workspace.jobs_dir, JOB, arguments, title=title, kind=KIND)
            st.rerun()
    return method, params


def _code(data: Data, method: str, params: dict[str, Any]) -> None:
    name, understood = data.facts["name"], data.facts["understood"]
    choices = {key: understood.get(key) for key in code_panel.READING}
    defaults = pretext(method)().params.model_dump(mode="json")
    changed = {key: value for key, value in params.items() if value != defaults[key]}
    given = f", params={changed!r}" if changed else ""
    sets = "".join(f" --set {method}.{key}={_shell(value)}" for key, value in changed.items())
    split = data.facts["split"]
    code_panel.show(
        python=code_panel.load_python(name, choices)
        + "\n\n"
        + code_panel.split_python(split)
        + f'\n\nfrom augmentors import pretrain\n\nmade = pretrain(dataset, split, "{method}"{given}, seed=0)\n'
        "print(made.judged.sentence)\nvectors = made.encoder.encode(dataset)",
        shell=f"python -m augmentors pretrain {name}{code_panel.shell_flags(choices, split['test_size'])} "
        f"--method {method}{sets} --seed 0 --out encoder\n"
        f"# The embedding as a model in a comparison:\n# python -m augmentors compare {name} --learner encoder:encoder",
        key="learn",
    )


def _shell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
