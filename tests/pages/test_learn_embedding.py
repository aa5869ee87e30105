"""Learning an embedding on the Map: the form starts a job, its results stand beside it, the map can show it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors import embedding_job, jobs, map_points
from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB
from augmentors.explore import embeddings
from augmentors.prepare import prepare_job
from augmentors.selfsup import kept
from augmentors.selfsup.judged import SIDES
from augmentors.selfsup.pixel_rows import read_squares
from augmentors.selfsup.pretrain import JUDGED
from augmentors.store import Workspace
from pages.ui import compare_arms, learnt_results, map_data, nearest_samples
from pages.ui.frame import Data
from tests.browser.small_data import image_file, regression_file, table_file, text_file

FILES = {"image": image_file, "text": text_file, "table": table_file}
SMALL: dict[str, tuple[str, dict[str, Any]]] = {
    "image": ("simclr", {"start": "scratch", "steps": 2, "batch": 16, "width": 4}),
    "text": ("masked_token", {"start": "scratch", "steps": 2}),
    "table": ("masked_column", {"steps": 2, "width": 8}),
}
TITLES = {"image": "SimCLR", "text": "Masked-token prediction", "table": "Masked-column prediction"}
RAREST = {"image": "coat", "text": "hard-ham", "table": "barbera"}


def pca_instead(vectors: np.ndarray, labels: Any, job: Any) -> np.ndarray:
    """Stand in for UMAP, which is slow to compile."""
    return map_points.pca_2d(vectors)[:, ::-1]


def plain_vectors(dataset: Dataset) -> np.ndarray:
    """Return pixels, or counts of letters, instead of a net's vectors: the page is tested here, not the net."""
    if dataset.kind == "image":
        return read_squares(dataset, np.arange(len(dataset)), 8, NO_JOB).reshape(len(dataset), -1).astype(np.float32)
    return np.array([[text.count(letter) for letter in "aeiout ,.!"] for text in dataset.texts], dtype=np.float32)


@pytest.fixture
def laid_out(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Data]:
    """Return a function that opens a small dataset of a kind, split fixed and laid out."""
    monkeypatch.setattr(map_points, "umap_2d", pca_instead)
    monkeypatch.setattr(embedding_job, "umap_2d", pca_instead)

    def load(kind: str) -> Data:
        path = Path(shutil.move(FILES.get(kind, regression_file)(tmp_path), workspace.upload_dir()))
        choices = {} if kind in FILES else {"label": "interest_rate", "task": "regression"}
        arguments = {"workspace": workspace.token, "source": {"upload": str(path)}, "name": path.name}
        arguments |= {"choices": choices}
        done = prepare_job(arguments | {"split": {"test_size": 0.2}}, NO_JOB, tmp_path)
        dataset_id = str(done["dataset_id"])
        workspace.write_note("open", {"dataset": dataset_id})
        dataset = workspace.load_dataset(dataset_id)
        if dataset.kind != "table":
            cache = workspace.cache_path(dataset_id, map_points.EMBEDDING)
            embeddings._keep(cache, embeddings._key(dataset, None), plain_vectors(dataset))
        map_points.map_job({"workspace": workspace.token, "dataset_id": dataset_id}, NO_JOB, tmp_path)
        return Data(workspace, dataset_id, workspace.facts(dataset_id))

    return load


def learn(data: Data, folder: Path) -> str:
    method, params = SMALL[data.facts["kind"]]
    arguments = {"workspace": data.workspace.token, "dataset_id": data.id, "method": method, "params": params}
    done = embedding_job.pretrain_job(arguments | {"seed": 0}, NO_JOB, folder)
    return str(done["encoder_id"])


def words(app: Any) -> str:
    """Return everything that a page says outside its widgets."""
    said = [*app.markdown, *app.caption, *app.get("html")]
    return "\n".join(one.value if hasattr(one, "value") else one.proto.body for one in said)


def test_the_form_starts_a_job_with_what_it_shows(
    open_step: Callable[[str], Any], laid_out: Callable[[str], Data]
) -> None:
    data = laid_out("table")
    app = open_step("map")
    assert "Nothing learnt yet" in words(app)
    # So many steps that the job cannot end before it is cancelled.
    app.number_input(key="learn.masked_column.steps").set_value(100_000).run()
    app.button(key="learn-go").click().run()
    assert not app.exception
    (job,) = [one for one in jobs.list_jobs(data.workspace.jobs_dir) if one.kind == "pretrain"]
    assert job.arguments["params"]["steps"] == 100_000
    assert any("--set masked_column.steps=100000" in code.value for code in app.code)
    jobs.cancel(data.workspace.jobs_dir, job.id)
    app.run()
    assert app.button(key="learn-resume")


@pytest.mark.parametrize("kind", list(FILES))
def test_what_was_learnt_is_shown_and_laid_out(
    open_step: Callable[[str], Any], laid_out: Callable[[str], Data], tmp_path: Path, kind: str
) -> None:
    data = laid_out(kind)
    encoder_id = learn(data, tmp_path)
    (known,) = kept.listed(data.workspace.encoders_dir, dataset_id=data.id)
    assert known["id"] == encoder_id
    assert map_data.layouts(data.workspace, data.id, encoder_id) == ["UMAP", "PCA"]
    card = compare_arms.learner_cards(data)[-1]
    assert card.key == f"encoder:{known['hash']}" and not card.by_default
    app = open_step("map")
    assert not app.exception and not [one.value for one in app.error]
    said = words(app)
    assert f"embedding learnt by {TITLES[kind]}" in said and "without their labels" in said
    assert said.count("of the same class") == 2
    assert kind == "image" or "images" not in said
    assert_three_stand_side_by_side(app, data, encoder_id)
    assert app.selectbox(key=f"learnt-class-{data.id}").value == RAREST[kind]
    method = SMALL[kind][0]
    assert app.number_input(key=f"learn.{method}.steps")
    assert any(f'pretrain(dataset, split, "{method}"' in code.value for code in app.code)
    other = app.selectbox(key=f"learnt-class-{data.id}").options[-1]
    app.selectbox(key=f"learnt-class-{data.id}").select(other).run()
    app.segmented_control(key=f"map-embedding-{data.id}").set_value(encoder_id).run()
    assert not app.exception and not app.error
    assert f"Learnt by {TITLES[kind]}" in words(app)


def assert_three_stand_side_by_side(app: Any, data: Data, encoder_id: str) -> None:
    judged = json.loads((data.workspace.encoders_dir / encoder_id / JUDGED).read_text())
    figures = [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")]
    (traces,) = [traces for traces in figures if "built-in" in {trace.get("name") for trace in traces}]
    assert [trace["name"] for trace in traces] == ["built-in", "before training", "learnt"]
    assert len({trace["marker"]["symbol"] for trace in traces}) == 3
    assert {trace["orientation"] for trace in traces} == {"h"}  # else equal shares hide each other
    first = judged["classes"][0]
    assert [trace["x"][-1] for trace in traces] == [first[side]["recall"] for side in SIDES]
    row = learnt_results.class_table(judged, {}).partition("<tbody>")[2].partition("</tr>")[0]
    shown = [f">{first[side][name]:.0%}<" for name in ("recall", "neighbours") for side in SIDES]
    assert re.findall(r">\d+%<", row) == shown


def test_a_judgement_of_an_earlier_version_is_still_to_be_measured(
    open_step: Callable[[str], Any], laid_out: Callable[[str], Data], tmp_path: Path
) -> None:
    data = laid_out("table")
    path = data.workspace.encoders_dir / learn(data, tmp_path) / JUDGED
    known = json.loads(path.read_text())
    del known["untrained"]
    path.write_text(json.dumps(known))
    app = open_step("map")
    assert not app.exception
    assert any("still to be measured" in caption.value for caption in app.caption)


@pytest.mark.parametrize("kind", list(FILES))
def test_neighbours_are_drawn_as_the_kind_asks_for(laid_out: Callable[[str], Data], tmp_path: Path, kind: str) -> None:
    data = laid_out(kind)
    encoder_id = learn(data, tmp_path)
    dataset, split = data.workspace.load_dataset(data.id), data.workspace.load_split(data.id)
    assert split is not None
    with np.load(data.workspace.encoders_dir / encoder_id / embedding_job.NEIGHBOURS_FILE) as file:
        near = {name: file[name] for name in file.files}
    frame = nearest_samples.frame_of(data, near, range(20))
    assert set(frame.index) <= set(split.train)
    assert frame["__class"].astype(str).tolist() == near["labels"][:20].tolist()
    n = len(split.train)
    assert near["before"].shape == near["after_gaps"].shape == (n, 6) and len(dataset) > n
    assert (np.diff(near["before_gaps"], axis=1) >= -1e-4).all()  # nearest first
    at = 3
    marks = nearest_samples.marks_of(near["labels"], at, near["after"][at], "class")
    if kind != "table":
        draw, each = (nearest_samples.texts, "<article") if kind == "text" else (nearest_samples.pictures, "<figure ")
        drawn = draw(data, near, at, "after", marks)
        assert drawn.count(each) == 6 and all(drawn.count(mark) >= marks.count(mark) for mark in marks)
        return
    places = [at, *near["after"][at]]
    drawn = nearest_samples.rows(data, near, at, "after", marks)
    assert drawn.count("<tr>") == 8 and all(mark in drawn for mark in marks)
    head, asked, first = drawn.split("<tr>")[1:4]
    assert "<th>class</th>" in head and "asked about" in asked and "data-alike" not in asked
    values = frame_values(data, near, places[:2])
    assert first.count("data-alike") == sum(a == b for a, b in zip(*values, strict=True))


def frame_values(data: Data, near: dict[str, np.ndarray], places: list[int]) -> list[list[Any]]:
    frame = nearest_samples.frame_of(data, near, places)
    measured = [name for name in frame.columns if not name.startswith("__") and name != data.facts["label"]]
    return [list(row) for row in frame[measured].to_numpy().tolist()]


def test_ranges_of_a_number_are_called_ranges(
    open_step: Callable[[str], Any], laid_out: Callable[[str], Data], tmp_path: Path
) -> None:
    data = laid_out("number")
    learn(data, tmp_path)
    app = open_step("map")
    assert not app.exception and not [one.value for one in app.error]
    said = words(app)
    assert said.count("of the same range") == 2 and "of the same class" not in said and "<th>range</th>" in said
    assert "Each range" in [tab.label for tab in app.tabs]


def test_equal_cells_are_pale_and_others_are_not() -> None:
    drawn = nearest_samples.cells([1.5, "a", None, True], [1.5, "b", None, False])
    assert drawn.count("<td") == 4
    assert [own.startswith(" data-alike") for own in drawn.split("<td")[1:]] == [True, False, True, False]
    assert "data-alike" not in nearest_samples.cells([1.5, "a"], None)


def test_right_and_wrong_are_told_in_signs_and_words() -> None:
    labels = np.array(["a", "a", "b"])
    assert nearest_samples.marks_of(labels, 0, np.array([1, 2]), "class") == ["✓ same class", "✗ another class"]
