"""Is this still a '6'? The gauge, the warning in the plan, and what a class is protected from."""

from collections.abc import Callable
from typing import Any

import pytest

from augmentors.agreement import Rate, compared
from augmentors.plan_draft import PlanDraft
from augmentors.recipe import from_yaml
from augmentors.store import Workspace
from pages.ui import meaning

Open = Callable[[str], Any]


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def draft_of(workspace: Workspace, dataset_id: str) -> PlanDraft:
    return PlanDraft.from_note((workspace.read_note(f"plan-{dataset_id}") or {}).get("draft"))


def test_the_gauge_answers_once_asked_and_from_then_on(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    assert "95 %" not in html_of(app)
    app.button(key="meaning.ask").click().run()
    assert not app.exception
    assert "95 %" in html_of(app)
    assert any("classifier" in caption.value for caption in app.caption)
    app.session_state[f"cw:augment.key.{dataset_id}"] = "random_oversampling"
    app.run()
    assert "95 %" in html_of(app)


def test_protecting_on_augment_takes_it_out_of_the_plan(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    app.button(key="augment.add").click().run()
    assert [p.augmenter for p in draft_of(workspace, dataset_id).mix["barbera"]] == ["smote"]
    app.toggle(key=f"protect.{dataset_id}.barbera.smote").set_value(True).run()
    assert not app.exception
    assert draft_of(workspace, dataset_id).protected == {"barbera": ("smote",)}
    assert app.button(key="augment.add").disabled
    plan = open_step("plan")
    assert "smote" not in [p.augmenter for p in draft_of(workspace, dataset_id).mix["barbera"]]
    recipe = from_yaml(next(code.value for code in plan.code if "counterweight: 1" in code.value))
    assert recipe.plan.protected == {"barbera": ("smote",)}
    assert "Protected from" in html_of(plan)
    app.toggle(key=f"protect.{dataset_id}.barbera.smote").set_value(False).run()
    assert draft_of(workspace, dataset_id).protected == {}


def test_the_plan_is_checked_and_the_answers_kept(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.button(key="plan.meaning").click().run()
    assert not app.exception
    kept = (workspace.read_note(f"meaning-{dataset_id}") or {})["answers"]
    assert len(kept) == 1 and not next(iter(kept.values()))["changes"]
    assert any("none changes what its class means" in caption.value for caption in app.caption)
    # An answer of another kind shows as a warning beside the class.
    name, answer = next(iter(kept.items()))
    warned = answer | {"changes": True, "sentence": "SMOTE changes what 'barbera' means: so it is."}
    workspace.write_note(f"meaning-{dataset_id}", {"answers": {name: warned}})
    again = open_step("plan")
    assert "⚠ SMOTE changes what" in html_of(again)


@pytest.mark.parametrize("name", ["<b>", "a:b"])
def test_bars_show_shares_and_intervals(name: str) -> None:
    markup = meaning.bars(compared(name, "Flip", Rate(9, 10), Rate(5, 10), "x"), "#111111")
    assert "width:90.0%" in markup and "width:50.0%" in markup
    assert "95 %: 60% to 98%" in markup
    assert "<b>" not in markup
