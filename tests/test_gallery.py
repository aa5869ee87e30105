"""The gallery: complete, made and not drawn, small, and the same when it is made again."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from augmentors import catalog, gallery
from augmentors.core.job import NO_JOB
from augmentors.gallery import Example
from augmentors.ingest.samples import assets_dir
from augmentors.prepare import prepare_job
from augmentors.store import Workspace
from augmentors.testing import toy_table

MEGABYTE = 1_000_000
# What a JPEG reader or another OpenCV may move: grey levels on the average.
TOLERANCE = 4.0
# What cannot run on shipped data without being told something first.
WITHOUT = {
    "contextual_words": "Name a model",
    "text_continuation": "Name a model",
    "abstractive_summary": "Name a model",
    "word_list_swaps": "List groups",
    "text_pseudo_labelling": "needs unlabelled data",
    "image_pseudo_labelling": "needs unlabelled data",
    "pseudo_labelling": "needs unlabelled data",
}


def pixels(picture: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float32)


@pytest.mark.parametrize("kind", ["table", "text", "image"])
def test_each_augmenter_has_an_example_or_a_stated_reason(kind: str) -> None:
    found = gallery.shipped(kind)  # type: ignore[arg-type]
    classes = catalog.for_kind(kind)  # type: ignore[arg-type]
    assert sorted(found) == sorted(cls.card.key for cls in classes), "run: python assets/build/gallery.py KEY …"
    assert {key: one.why_not for key, one in found.items() if one.why_not}.keys() <= WITHOUT.keys()
    for key, one in found.items():
        if one.why_not:
            assert WITHOUT[key] in one.why_not
        elif kind == "image":
            assert max(pixels(one.picture).shape[:2]) <= gallery.SIDE
        elif kind == "table":
            shown = one.rows
            assert len(shown["columns"]) == len(shown["new"]) == gallery.FEW
            assert shown["parents"] and all(len(parent) == gallery.FEW for parent in shown["parents"])
        else:
            assert one.after


@pytest.mark.parametrize(("key", "label"), [("smogn", "interest_rate"), ("mlsmote", "caution")])
def test_a_label_that_is_made_with_the_row_is_shown(key: str, label: str) -> None:
    assert gallery.shipped("table")[key].rows["columns"][0] == label


def test_the_gallery_is_small() -> None:
    assert sum(path.stat().st_size for path in (assets_dir() / "gallery").iterdir()) < MEGABYTE


@pytest.mark.parametrize("key", ["flip", "rotate", "cutout", "random_fog", "hue_saturation"])
def test_pictures_are_what_the_preview_makes(key: str) -> None:
    again = gallery.shipped_example(catalog.get(key))
    kept = gallery.shipped("image")[key]
    assert np.abs(pixels(again.picture) - pixels(kept.picture)).mean() < TOLERANCE
    assert again.drawn["seed"] == kept.drawn["seed"]


@pytest.mark.parametrize("key", ["random_swap", "random_deletion", "keyboard_typos", "synonym_replacement"])
def test_texts_are_what_the_preview_makes(key: str) -> None:
    again = gallery.shipped_example(catalog.get(key))
    assert (again.before, again.after) == (gallery.shipped("text")[key].before, gallery.shipped("text")[key].after)


@pytest.mark.parametrize("key", ["random_oversampling", "smote", "smotenc", "smoten"])
def test_rows_are_what_the_preview_makes(key: str) -> None:
    again, kept = gallery.shipped_example(catalog.get(key)).rows, gallery.shipped("table")[key].rows
    assert again["columns"] == kept["columns"] and again["parents"] == kept["parents"]
    for one, other in zip([*again["new"], *again["weights"]], [*kept["new"], *kept["weights"]], strict=True):
        assert one == other if isinstance(other, str) else one == pytest.approx(other, rel=1e-6)


def test_rows_start_from_one_original_and_show_what_changes() -> None:
    found = {key: one for key, one in gallery.shipped("table").items() if not one.why_not}
    classes = [key for key in found if catalog.get(key).card.task is None]
    amounts = {found[key].rows["parents"][0][found[key].rows["columns"].index("amount")] for key in classes}
    assert len(amounts) == 1
    same = [key for key, one in found.items() if one.rows["new"] == one.rows["parents"][0]]
    assert same == ["random_oversampling"]
    assert all(
        sum(one.rows["weights"]) == pytest.approx(1, abs=1e-3) for one in found.values() if not one.rows["others"]
    )


def test_cells_are_kept_as_json_holds_them() -> None:
    frame = toy_table(missing=True).frame
    plain = [gallery._plain(value) for name in frame for value in frame[name].head(30)]
    assert json.loads(json.dumps(plain)) == plain and None in plain and True in plain


def test_what_changes_something_shows_a_change() -> None:
    for key, one in gallery.shipped("text").items():
        if one.after and key != "random_text_oversampling":
            assert one.before != one.after, key
    original = next(one.original for one in gallery.shipped("image").values() if one.original)
    same = [
        key
        for key, one in gallery.shipped("image").items()
        if one.picture and np.abs(pixels(one.picture) - pixels(original)).mean() < 0.3
    ]
    assert same == ["random_image_oversampling"]


def test_the_job_makes_one_of_the_data_at_hand_and_names_no_test_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path))
    monkeypatch.setattr(catalog, "for_kind", lambda kind: [catalog.get("random_swap"), catalog.get("keyboard_typos")])
    workspace = Workspace.create()
    given = {"source": {"sample": "spam"}, "name": "spam.jsonl", "choices": {"label": "label", "text": "text"}}
    given |= {"workspace": workspace.token, "split": {"test_size": 0.2}}
    dataset_id = prepare_job(given, NO_JOB, tmp_path / "job")["dataset_id"]
    asked = {"workspace": workspace.token, "dataset_id": dataset_id, "target": "hard-ham"}
    assert gallery.gallery_job(asked, NO_JOB, tmp_path / "gallery") == {"examples": 2}
    split = workspace.load_split(dataset_id)
    assert split is not None
    found = gallery.own(workspace, dataset_id, split.hash, "hard-ham")
    assert sorted(found) == ["keyboard_typos", "random_swap"]
    dataset = workspace.load_dataset(dataset_id)
    train = dataset.take(split.train)
    own = train.frame[train.labels == "hard-ham"]["text"].tolist()
    assert all(one.before in own for one in found.values())
    assert gallery.own(workspace, dataset_id, split.hash, "spam") == {}


def test_a_reason_takes_the_place_of_an_example() -> None:
    found = gallery.shipped_example(catalog.get("contextual_words"))
    assert "needs a model" in found.why_not and not found.after


def test_documents_do_not_repeat_the_original() -> None:
    document = gallery.as_document({"a": Example("p", "o"), "b": Example("q", "o")})
    assert document.count('"original"') == 1


def test_a_list_shows_small_pictures_and_tiny_ones_as_they_are() -> None:
    small = [gallery.thumbnail(one.picture) for one in gallery.shipped("image").values() if one.picture]
    assert sum(map(len, small)) < 150_000
    assert pixels(small[0]).shape[:2] == (gallery.THUMBNAIL, gallery.THUMBNAIL)
    tiny = gallery.as_picture(np.zeros((28, 28), np.uint8))
    assert gallery.thumbnail(tiny) == tiny
