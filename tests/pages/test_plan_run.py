import time
from collections.abc import Callable
from typing import Any

import pytest

from augmentors import jobs
from augmentors.plan_draft import PlanDraft
from augmentors.recipe import from_yaml
from augmentors.store import Workspace
from pages.ui import finished, job_panel, plan_editor

Open = Callable[[str], Any]


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def wait(workspace: Workspace, job_id: str, seconds: float = 90) -> jobs.JobState:
    deadline = time.monotonic() + seconds
    while (state := jobs.read_state(workspace.jobs_dir, job_id)).active:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return state


def draft_of(workspace: Workspace, dataset_id: str) -> PlanDraft:
    return PlanDraft.from_note((workspace.read_note(f"plan-{dataset_id}") or {})["draft"])


def test_plan_starts_at_auto_with_a_reason_a_mix_and_a_bill(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    assert not app.error
    assert any("half of the largest class" in caption.value for caption in app.caption)
    assert "new samples" in html_of(app)
    assert app.button(key="plan.run").label.startswith("Run: make 20 samples")
    assert draft_of(workspace, dataset_id).mix["barbera"][0].augmenter == "smote"


def test_changing_a_count_makes_the_plan_custom_and_survives_a_reload(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.number_input(key=f"plan.{dataset_id}.barbera.count").set_value(40).run()
    assert not app.exception
    assert app.slider(key=f"plan.{dataset_id}.barbera.slide").value == 40
    assert draft_of(workspace, dataset_id).target == "custom"
    again = open_step("plan")
    assert again.number_input(key=f"plan.{dataset_id}.barbera.count").value == 40
    again.slider(key=f"plan.{dataset_id}.barbera.slide").set_value(8).run()
    assert "makes no new samples" in again.info[0].value
    assert again.button(key="plan.run").disabled


def test_presets(open_step: Open, loaded: Callable[..., str], workspace: Workspace) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    for preset, expected in (("majority", 57), ("median", 48)):
        app.segmented_control(key=f"plan.preset.{dataset_id}").set_value(preset).run()
        assert app.number_input(key=f"plan.{dataset_id}.barbera.count").value == expected
    app.segmented_control(key=f"plan.preset.{dataset_id}").set_value("ratio").run()
    app.slider(key=f"plan.ratio.{dataset_id}").set_value(0.75).run()
    assert draft_of(workspace, dataset_id).target == "ratio:0.75"
    app.segmented_control(key=f"plan.preset.{dataset_id}").set_value("custom").run()
    assert app.number_input(key=f"plan.{dataset_id}.barbera.count").value == 42
    assert not app.exception


def test_seed_and_gate_go_into_the_recipe(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.number_input(key=f"plan.advanced.{dataset_id}.seed").set_value(11).run()
    app.toggle(key=f"plan.advanced.{dataset_id}.ranges").set_value(False).run()
    recipe = from_yaml(next(code.value for code in app.code if "counterweight: 1" in code.value))
    assert recipe.seed == 11
    assert recipe.gate.copies and not recipe.gate.ranges


def test_run_makes_a_version_and_says_what_happened(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.button(key="plan.run").click().run()
    assert not app.exception
    (job,) = [job for job in jobs.list_jobs(workspace.jobs_dir) if job.kind == "balance"]
    assert wait(workspace, job.id).status == "done"
    app = open_step("run")
    assert not app.error
    said = " ".join(element.value for element in app.markdown)
    assert "samples were made" in said and "times the smallest" in said
    assert app.button(key="run.compare") and app.button(key="run.export")
    assert len(workspace.versions(dataset_id)) == 1


def test_what_gives_new_rows_away_is_a_warning() -> None:
    from streamlit.testing.v1 import AppTest

    def script() -> None:
        from pages.ui import finished

        finished.warnings(["Leave columns 'claim_id', 'postcode' out when training."])

    app = AppTest.from_function(script).run()
    assert [warning.value for warning in app.warning] == ["Leave columns 'claim\\_id', 'postcode' out when training."]


def test_many_warnings_do_not_push_the_result_away() -> None:
    from streamlit.testing.v1 import AppTest

    def script() -> None:
        from pages.ui import finished

        finished.warnings([f"Categories of 'c{i}' are lost." for i in range(9)])

    app = AppTest.from_function(script).run()
    (warning,) = app.warning
    assert warning.value.count("\n- ") == finished.WARNINGS - 1
    assert app.expander[0].label == "6 more to know of the new samples"
    assert app.expander[0].markdown[0].value.count("- Categories") == 6


def test_a_class_that_stays_short_is_named_with_what_to_do() -> None:
    gate = {"NA": {"kept": 20, "wanted": 108}, "fine": {"kept": 5, "wanted": 5}}
    (said,) = finished.shortfalls(gate)
    assert said.startswith("'NA' got 20 of the 108 new samples wanted")
    assert "Add another augmenter to its mix on Plan" in said


def test_a_cancelled_run_offers_to_resume_and_comes_to_its_end(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("tiny")
    app = open_step("plan")
    begin = jobs.submit

    def cut_short(*arguments: Any, **options: Any) -> str:
        """Begin the real job and cancel it before it can be done, however fast the machine is."""
        job_id = begin(*arguments, **options)
        jobs.cancel(workspace.jobs_dir, job_id)
        return job_id

    with monkeypatch.context() as only_now:
        only_now.setattr(jobs, "submit", cut_short)
        app.button(key="plan.run").click().run()
    (job,) = [job for job in jobs.list_jobs(workspace.jobs_dir) if job.kind == "balance"]
    assert job.status == "cancelled"
    app = open_step("run")
    assert "Cancelled" in app.info[0].value
    app.button(key=f"run.resume.{job.id}").click().run()
    assert wait(workspace, job.id).status == "done"


def test_run_before_any_plan_points_to_the_plan(open_step: Open, loaded: Callable[..., str]) -> None:
    loaded("tiny")
    assert "Nothing has run yet" in html_of(open_step("run"))


def test_a_plan_that_cannot_work_warns_and_fails_in_one_sentence(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded("tiny")
    app = open_step("plan")
    app.number_input(key=f"plan.{dataset_id}.barbera.count").set_value(400).run()
    assert "50-fold" in html_of(app)
    recipe = next(code.value for code in app.code if "counterweight: 1" in code.value)
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id, "recipe": recipe.replace("barbera", "gone")}
    job_id = jobs.submit(
        workspace.jobs_dir, "augmentors.background:balance_job", arguments, title="Making", kind="balance"
    )
    assert wait(workspace, job_id).status == "failed"
    app = open_step("run")
    assert "names class 'gone'" in app.error[0].value
    assert app.button(key=f"run.resume.{job_id}").label == "Try again"


def test_words_of_the_gate() -> None:
    assert job_panel.rejected_words({"copies": 1, "twin": 2}) == "1 copy of a real sample, 2 same as another new sample"
    result = {
        "gate": {"rust": {"wanted": 5, "made": 6, "kept": 5, "rejected": {"ranges": 1}}},
        "counts": {"before": {"ok": 20, "rust": 5}, "after": {"ok": 20, "rust": 10}},
    }
    made, gate, now = job_panel.summary(result, (25, 30))
    assert made == "6 samples were made and 5 of them kept (83.3%)."
    assert gate == "The gate turned down 1: 1 out of the range seen."
    assert now.startswith("The training part went from 25 to 30 samples")
    assert now.endswith("was 4.0 times the smallest and is now 2.0 times.")


def test_markup_escapes_class_names() -> None:
    tally = {"<b>": {"wanted": 2, "made": 2, "kept": 1, "rejected": {"copies": 1}}}
    assert "<b>" not in job_panel.class_progress(tally, {})
    assert "1 kept of 2 wanted" in job_panel.class_progress(tally, {})
    assert "<b>" not in plan_editor.growth_bars({"<b>": 1}, {"<b>": 2}, {})


def test_bars_show_what_is_thinned_out_and_what_is_added() -> None:
    bars = plan_editor.growth_bars({"ok": 100, "rust": 10}, {"ok": 100, "rust": 40}, {}, {"ok": 50, "rust": 10})
    assert "width:50.00%;background:var(--c);opacity" in bars and "thinned out" in bars
    assert ">50</span>" in bars and ">40</span>" in bars
    assert "thinned out" not in plan_editor.growth_bars({"ok": 3}, {"ok": 5}, {})


def test_selectors_are_named_in_words() -> None:
    assert job_panel.rejected_words({"tomek_links": 3}) == "3 cleaned away by Tomek links"
