"""Pages without a browser: AppTest over app.py, workspaces in a temporary folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from augmentors.core.job import NO_JOB
from augmentors.ingest import sample
from augmentors.prepare import prepare_job
from augmentors.store import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Workspaces of the test only."""
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def app_py_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run app.py first, as a server does from its second run on (see `frame._through_app`).

    AppTest resets this before every run; the extra run that follows would swallow clicks.
    """
    from streamlit.runtime.pages_manager import PagesManager

    set_up = PagesManager.__init__

    def without_directory(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        set_up(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", without_directory)


@pytest.fixture
def workspace(home: Path) -> Workspace:
    """An empty workspace."""
    return Workspace.create()


@pytest.fixture
def loaded(workspace: Workspace) -> Callable[..., str]:
    """Return a function that puts a built-in sample into the workspace, split fixed, and gives its id."""

    def load(key: str = "tiny", *, split: bool = True) -> str:
        chosen = sample(key)
        arguments: dict[str, Any] = {
            "workspace": workspace.token,
            "source": {"sample": key},
            "name": chosen.path.name,
            "choices": {k: v for k, v in (("label", chosen.label), ("text", chosen.text)) if v},
            "split": {"test_size": 0.2} if split else None,
        }
        dataset_id: str = prepare_job(arguments, NO_JOB, workspace.upload_dir())["dataset_id"]
        workspace.write_note("open", {"dataset": dataset_id})
        return dataset_id

    return load


@pytest.fixture
def open_step(workspace: Workspace) -> Callable[[str], Any]:
    """Return a function that opens a step of the journey in the workspace and runs it."""
    from streamlit.testing.v1 import AppTest

    def run(step: str) -> Any:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["w"] = workspace.token
        app.run()
        if step != "start":
            app.switch_page(f"pages/{step}.py").run()
        assert not app.exception
        return app

    return run
