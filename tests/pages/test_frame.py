"""The frame stands around every page, however a visitor comes to it."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from augmentors import jobs
from augmentors.recipe import to_yaml
from augmentors.run import make_recipe
from augmentors.store import Workspace
from tests.pages.conftest import ROOT


@pytest.mark.parametrize("other_visitor", [False, True], ids=["alone", "beside another visitor"])
def test_a_deep_link_right_after_a_restart_has_its_sidebar(
    other_visitor: bool, workspace: Workspace, loaded: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("tiny")
    set_up, old_way, ran = PagesManager.__init__, script_runner._mpa_v1, []

    def after_a_restart(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        set_up(self, *args, **kwargs)
        PagesManager.uses_pages_directory = True

    def page_alone(main_script_path: str) -> None:
        # Streamlit has decided to run the page without app.py; just then another visitor's run reaches it.
        ran.append(main_script_path)
        if other_visitor:
            PagesManager.uses_pages_directory = False
        old_way(main_script_path)

    monkeypatch.setattr(PagesManager, "__init__", after_a_restart)
    monkeypatch.setattr(script_runner, "_mpa_v1", page_alone)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["w"] = workspace.token
    app.switch_page("pages/overview.py").run()
    assert len(ran) == 1
    assert not app.exception
    assert "tiny.csv" in "".join(element.proto.body for element in app.sidebar.get("html"))
    assert "cw-bars" in "".join(element.proto.body for element in app.main.get("html"))


def test_the_journey_says_that_a_run_was_cancelled(
    workspace: Workspace, loaded: Callable[..., str], open_step: Callable[[str], Any]
) -> None:
    dataset_id = loaded("tiny")
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id, "recipe": to_yaml(make_recipe("smote"))}
    job_id = jobs.submit(
        workspace.jobs_dir, "augmentors.background:balance_job", arguments, title="Making", kind="balance"
    )
    jobs.cancel(workspace.jobs_dir, job_id)
    links = [element.proto.label for element in open_step("overview").sidebar.get("page_link")]
    assert any("Run" in link and "cancelled" in link for link in links)
    assert sum("needs a run" in link for link in links) == 1
