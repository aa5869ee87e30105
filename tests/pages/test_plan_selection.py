from collections.abc import Callable
from typing import Any

from augmentors.plan_draft import PlanDraft
from augmentors.store import Workspace


def test_choices_stand_in_the_draft_and_the_ceiling_moves_it(
    open_step: Callable[[str], Any], loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.selectbox(key=f"plan.before.{dataset_id}").select("random_undersampling").run()
    app.number_input(key=f"plan.before.{dataset_id}.random_undersampling.share").set_value(0.6).run()
    app.selectbox(key=f"plan.after.{dataset_id}").select("tomek_links").run()
    app.selectbox(key=f"plan.when.{dataset_id}").select("repeat").run()
    assert not app.exception and not app.error
    draft = PlanDraft.from_note((workspace.read_note(f"plan-{dataset_id}") or {})["draft"])
    assert [(c.selector, c.params) for c in draft.before] == [("random_undersampling", {"share": 0.6})]
    assert [c.selector for c in draft.after] == ["tomek_links"]
    assert draft.when_not_applicable == "repeat"
    assert any("Dropped from the training part only" in caption.value for caption in app.caption)
    app.selectbox(key=f"plan.before.{dataset_id}").select("nothing").run()
    assert PlanDraft.from_note((workspace.read_note(f"plan-{dataset_id}") or {})["draft"]).before == ()


def test_every_parameter_of_a_selector_can_be_set_and_a_recipe_fills_the_form(
    open_step: Callable[[str], Any], loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.selectbox(key=f"plan.after.{dataset_id}").select("edited_nearest_neighbours").run()
    form = f"plan.after.{dataset_id}.edited_nearest_neighbours"
    app.number_input(key=f"{form}.n_neighbors").set_value(7).run()
    app.segmented_control(key=f"{form}.drop_when").set_value("any").run()
    assert not app.exception and not app.error
    assert any("nothing is made in its place" in caption.value for caption in app.caption)
    note = workspace.read_note(f"plan-{dataset_id}") or {}
    (choice,) = PlanDraft.from_note(note["draft"]).after
    assert (choice.params["n_neighbors"], choice.params["drop_when"]) == (7, "any")
    note["draft"]["after"][0]["params"]["n_neighbors"] = 4
    workspace.write_note(f"plan-{dataset_id}", note)
    app.run()
    assert app.number_input(key=f"{form}.n_neighbors").value == 4
    kept = PlanDraft.from_note((workspace.read_note(f"plan-{dataset_id}") or {})["draft"]).after
    assert kept[0].params["n_neighbors"] == 4
