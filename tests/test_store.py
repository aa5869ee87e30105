from pathlib import Path

import pandas as pd
import pytest

from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.store import Workspace, disk_errors, write_bytes
from augmentors.testing import toy_images, toy_table


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path / "home"))
    return Workspace.create()


@pytest.mark.parametrize("labels", ["text", "integer", "boolean"])
def test_a_dataset_comes_back_as_it_was(workspace: Workspace, labels: str) -> None:
    data = toy_table(labels=labels, missing=True)  # type: ignore[arg-type]
    key = workspace.save_dataset(data, name="toy", understood={}, quarantine=[])
    again = workspace.load_dataset(key)
    pd.testing.assert_frame_equal(again.frame, data.frame)
    assert again.schema == data.schema
    assert again.content_hash == data.content_hash
    assert workspace.save_dataset(data, name="other", understood={}, quarantine=[]) == key
    assert workspace.dataset_ids() == [key]


def test_images_move_in(workspace: Workspace, tmp_path: Path) -> None:
    data = toy_images(tmp_path / "incoming")
    first = data.image_path(0).read_bytes()
    key = workspace.save_dataset(data, name="toy", understood={}, quarantine=[])
    again = workspace.load_dataset(key)
    assert again.image_path(0).read_bytes() == first
    assert not (tmp_path / "incoming").exists()


def test_a_split_comes_back_and_is_summed_up(workspace: Workspace) -> None:
    data = toy_table()
    key = workspace.save_dataset(data, name="toy", understood={}, quarantine=[])
    assert workspace.load_split(key) is None
    assert workspace.facts(key)["split"] is None
    split = make_split(data, duplicate_pairs=[("r0", "r1")])
    workspace.save_split(key, split, near=True)
    assert workspace.load_split(key).hash == split.hash  # type: ignore[union-attr]
    facts = workspace.facts(key)["split"]
    assert (facts["train"], facts["test"], facts["linked"], facts["near"]) == (
        len(split.train),
        len(split.test),
        1,
        True,
    )


def test_a_split_with_versions_is_frozen(workspace: Workspace) -> None:
    data = toy_table()
    key = workspace.save_dataset(data, name="toy", understood={}, quarantine=[])
    split = make_split(data)
    workspace.save_split(key, split)
    folder = workspace.version_dir("v1")
    write_bytes(folder / "version.json", f'{{"id": "v1", "dataset_id": "{key}", "created": 1}}'.encode())
    workspace.save_split(key, split)
    with pytest.raises(UserError, match="split of this dataset is fixed"):
        workspace.save_split(key, make_split(data, seed=5))


@pytest.mark.parametrize("token", ["", "short", "../../../../etc/passwd", "a" * 65, "spaces are not allowed"])
def test_other_tokens_are_refused(token: str) -> None:
    with pytest.raises(UserError, match="workspace link is not valid"):
        Workspace(token)


@pytest.mark.parametrize("name", ["../x", ".hidden", "", "a/b"])
def test_names_cannot_climb_out(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserError, match="not a valid name"):
        workspace.read_note(name)


def test_notes_are_kept(workspace: Workspace) -> None:
    assert workspace.read_note("plan-x") is None
    workspace.write_note("plan-x", {"ü": [1, None]})
    assert workspace.read_note("plan-x") == {"ü": [1, None]}


def test_an_unwritable_place_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file is in the way")
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path / "home"))
    with pytest.raises(UserError, match=r"The workspace could not be written at .*: Not a directory"):
        Workspace.create()


def test_a_full_disk_is_one_sentence() -> None:
    with pytest.raises(UserError, match="No space left on device"), disk_errors("The export"):
        raise OSError(28, "No space left on device", "/somewhere")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    write_bytes(path, b"old")

    def fail(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]
