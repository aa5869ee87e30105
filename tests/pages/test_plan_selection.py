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
    app.slider(key=f"plan.before.share.{dataset_id}").set_value(0.6).run()
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
