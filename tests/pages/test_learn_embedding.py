"""Learning an embedding on the Map: the form starts a job, its results stand beside it, the map can show it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors import embedding_job, jobs, map_points
from augmentors.core.job import NO_JOB
from augmentors.selfsup import kept
from augmentors.store import Workspace
from pages.ui import compare_arms, learnt_results, map_data
from pages.ui.frame import Data

SMALL = {"start": "scratch", "steps": 3, "batch": 16, "width": 4}


def pca_instead(vectors: np.ndarray, labels: Any, job: Any) -> np.ndarray:
    """Stand in for UMAP, which is slow to compile."""
    return map_points.pca_2d(vectors)[:, ::-1]


@pytest.fixture
def laid_out(loaded: Callable[..., str], workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    """The sample of images with its layouts."""
    dataset_id = loaded("fashion")
    monkeypatch.setattr(map_points, "umap_2d", pca_instead)
    monkeypatch.setattr(embedding_job, "umap_2d", pca_instead)
    cache = workspace.cache_path(dataset_id, map_points.EMBEDDING)
    dataset = workspace.load_dataset(dataset_id)
    # Pixels instead of the net's vectors, under its own key: the page is tested here, not the net.
    from augmentors.explore import embeddings
    from augmentors.selfsup.pixel_rows import read_squares

    vectors = read_squares(dataset, np.arange(len(dataset)), 8, NO_JOB).reshape(len(dataset), -1).astype(np.float32)
    embeddings._keep(cache, embeddings._key(dataset, None), vectors)
    map_points.map_job({"workspace": workspace.token, "dataset_id": dataset_id}, NO_JOB, tmp_path)
    return Data(workspace, dataset_id, workspace.facts(dataset_id))


def learn(data: Data, folder: Path) -> str:
    arguments = {"workspace": data.workspace.token, "dataset_id": data.id, "method": "simclr", "params": SMALL}
    done = embedding_job.pretrain_job(arguments | {"seed": 0}, NO_JOB, folder)
    return str(done["encoder_id"])


def test_the_form_starts_a_job_with_what_it_shows(open_step: Callable[[str], Any], laid_out: Data) -> None:
    app = open_step("map")
    assert any("Nothing learnt yet" in markdown.value for markdown in app.markdown)
    app.number_input(key="learn.simclr.steps").set_value(7).run()
    app.button(key="learn-go").click().run()
    assert not app.exception
    (job,) = [one for one in jobs.list_jobs(laid_out.workspace.jobs_dir) if one.kind == "pretrain"]
    assert job.arguments["params"]["steps"] == 7
    assert any("--set simclr.steps=7" in code.value for code in app.code)
    jobs.cancel(laid_out.workspace.jobs_dir, job.id)
    app.run()
    assert app.button(key="learn-resume")


def test_what_was_learnt_is_shown_and_laid_out(open_step: Callable[[str], Any], laid_out: Data, tmp_path: Path) -> None:
    encoder_id = learn(laid_out, tmp_path)
    (known,) = kept.listed(laid_out.workspace.encoders_dir, dataset_id=laid_out.id)
    assert known["id"] == encoder_id
    assert map_data.layouts(laid_out.workspace, laid_out.id, encoder_id) == ["UMAP", "PCA"]
    card = compare_arms.learner_cards(laid_out)[-1]
    assert card.key == f"encoder:{known['hash']}" and not card.by_default
    app = open_step("map")
    assert not app.exception and not app.error
    assert "embedding learnt by SimCLR" in "\n".join(markdown.value for markdown in app.markdown)
    assert any("without their labels" in caption.value for caption in app.caption)
    labels = app.selectbox(key=f"learnt-class-{laid_out.id}").options
    assert labels[0] == "coat"  # the rarest
    app.selectbox(key=f"learnt-class-{laid_out.id}").select("trouser").run()
    assert "of the same class" in "\n".join(markdown.value for markdown in app.markdown)
    app.segmented_control(key=f"map-embedding-{laid_out.id}").set_value(encoder_id).run()
    assert not app.exception and not app.error
    assert any(caption.value.startswith("Learnt by SimCLR") for caption in app.caption)


def test_neighbours_kept_are_those_of_the_training_samples(laid_out: Data, tmp_path: Path) -> None:
    encoder_id = learn(laid_out, tmp_path)
    dataset, split = laid_out.workspace.load_dataset(laid_out.id), laid_out.workspace.load_split(laid_out.id)
    assert split is not None
    with np.load(laid_out.workspace.encoders_dir / encoder_id / embedding_job.NEIGHBOURS_FILE) as file:
        near = {name: file[name] for name in file.files}
    from pages.ui import cached_reads

    first = cached_reads.rows(laid_out.workspace.token, laid_out.id, near["rows"][:20].tolist())
    assert set(first.index) <= set(split.train)
    assert first["__class"].astype(str).tolist() == near["labels"][:20].tolist()
    assert near["before"].shape == near["after"].shape == (len(split.train), 6)
    assert len(dataset) > len(split.train)


def test_right_and_wrong_are_told_in_signs_and_words() -> None:
    drawn = learnt_results.marked(["✓ same class", "✗ another class"])
    assert "1. ✓ same class" in drawn and "2. ✗ another class" in drawn
