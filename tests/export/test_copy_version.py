from pathlib import Path

import pytest

from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.export.copy_version import copy_version


@pytest.fixture
def version(tmp_path: Path) -> Path:
    folder = tmp_path / "version"
    (folder / "train").mkdir(parents=True)
    (folder / "train" / "train.csv").write_text("a\n1\n")
    (folder / "manifest.json").write_text('{"files": {"train/train.csv": {}}}')
    return folder


def test_copies_every_file_and_replaces_an_earlier_export(version: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert copy_version(version, out) == 2
    (version / "train" / "train.csv").write_text("a\n2\n")
    copy_version(version, out)
    assert (out / "train" / "train.csv").read_text() == "a\n2\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "version"]


def test_refuses_other_content_and_places_that_are_not_there(version: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("precious")
    with pytest.raises(UserError, match="not an earlier export"):
        copy_version(version, mine)
    with pytest.raises(UserError, match="no folder"):
        copy_version(version, tmp_path / "nowhere" / "out")
    with pytest.raises(UserError, match="not a full path"):
        copy_version(version, Path("out"))
    assert (mine / "thesis.tex").read_text() == "precious"


def test_cancel_leaves_nothing(version: Path, tmp_path: Path) -> None:
    class Stop(Job):
        def check(self) -> None:
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        copy_version(version, tmp_path / "out", Stop())
    assert [p.name for p in tmp_path.iterdir()] == ["version"]
