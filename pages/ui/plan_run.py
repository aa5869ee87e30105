"""From the draft of a plan to its bill, its recipe and the job that runs it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors import jobs
from augmentors.core.errors import UserError
from augmentors.core.plan import PlanEntry
from augmentors.estimate import Bill, Cost, bill
from augmentors.plan_draft import PlanDraft, draft_of
from augmentors.recipe import from_yaml, to_yaml, uses_unlabelled
from augmentors.run import default_workers
from pages.ui import cached_reads, errors, frame, plan_store, snippets, training
from pages.ui.frame import Data

TIMED = 4
RECIPE_BYTES = 1_000_000
JOB = "augmentors.background:balance_job"


def completed(data: Data, draft: PlanDraft, counts: Mapping[str, int]) -> PlanDraft:
    """Return the draft with a mix for every class that gets samples; what was filled in is kept."""
    lacking = [entry.target for entry in draft.entries(counts) if entry.target not in draft.mix]
    if not lacking:
        return draft
    filled = draft.model_copy(
        update={
            "mix": draft.mix | {name: training.mix_for(data, name, draft.protected.get(name, ())) for name in lacking}
        }
    )
    plan_store.write(data, filled, counts)
    return filled


def bill_for(data: Data, entries: Sequence[PlanEntry], thinned_out: int) -> Bill:
    """Return what the plan costs with so many originals thinned out; an augmenter is timed once, on its main class."""
    timed: dict[str, Cost] = {}
    costs: dict[tuple[str, str], Cost] = {}
    for entry in sorted(entries, key=lambda entry: -entry.count):
        for part in entry.mix:
            name = part.model_copy(update={"share": 1.0}).model_dump_json()
            if name not in timed and len(timed) < TIMED:
                timed[name] = training.cost(data, part, entry.target)
            known = timed.get(name) or next(iter(timed.values()))
            costs[entry.target, part.augmenter] = known
    test = int(data.facts["split"]["test"])
    workers = default_workers(data.facts["kind"])
    stay = int(data.facts["split"]["train"]) - thinned_out
    return bill(stay, entries, costs, training.sample_bytes(data), test, workers)


def recipe_yaml(data: Data, draft: PlanDraft, counts: Mapping[str, int]) -> str | None:
    """Return the recipe of the draft, or None while it is not complete."""
    fixed = cached_reads.split(data.workspace.token, data.id, data.facts["split"]["hash"])
    try:
        recipe = draft.recipe(counts, snippets.recipe_data(data), snippets.recipe_split(data, fixed.n_folds))
    except UserError:
        return None
    if not uses_unlabelled(recipe) and recipe.data is not None:
        recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update={"unlabelled": None})})
    return to_yaml(recipe)


def run_button(
    action: Any, data: Data, draft: PlanDraft, counts: Mapping[str, int], warnings: Mapping[str, str]
) -> None:
    """Draw the primary button; it starts the job and goes to Run."""
    new = sum(entry.count for entry in draft.entries(counts))
    label = f"Run: make {new:,} samples" if new else "Run"
    with action:
        pressed = st.button(label, type="primary", key="plan.run", disabled=not new, wrap=True)
    if not new:
        st.info("This plan makes no new samples. Raise the target of at least one class.")
    if not pressed:
        return
    with errors.box():
        recipe = recipe_yaml(data, draft, counts)
        if recipe is None:
            draft.recipe(counts, snippets.recipe_data(data), snippets.recipe_split(data))
            return
        submit(data, recipe, new)
        frame.go("run")


def submit(data: Data, recipe: str, new: int) -> str:
    """Start the job that runs a recipe on the dataset in work."""
    return jobs.submit(
        data.workspace.jobs_dir,
        JOB,
        {"workspace": data.workspace.token, "dataset_id": data.id, "recipe": recipe},
        title=f"Making {new:,} samples",
        kind="balance",
    )


def upload(data: Data, counts: Mapping[str, int]) -> None:
    """Draw the place where a recipe.yaml replaces the draft."""
    with st.expander("Use a recipe.yaml"):
        given = st.file_uploader(
            "A recipe made here or by the command line", type=["yaml", "yml"], key=f"plan.upload.{data.id}"
        )
        if given is None or not st.button("Use this recipe", key="plan.use"):
            return
        with errors.box():
            body = given.getvalue()
            if len(body) > RECIPE_BYTES:
                raise UserError("The recipe is larger than 1 MB; a recipe is a page of text.", "Choose another file.")
            try:
                recipe = from_yaml(body.decode("utf-8"))
            except UnicodeDecodeError:
                raise UserError(f"'{given.name}' is not a UTF-8 text file.", "Expected a recipe in YAML.") from None
            plan_store.write(data, draft_of(recipe, training.train(data)), counts)
            st.toast("The plan now follows the recipe.")
            st.rerun()
