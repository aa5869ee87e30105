"""Encoders on a shelf: found again under their id, never half written."""

import os
from pathlib import Path

import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.selfsup import kept
from augmentors.selfsup.encoder import FACTS, WEIGHTS, Encoder, encoder_id
from augmentors.selfsup.masked_image import MaskedImage

SMALL = {"steps": 3, "batch": 16, "width": 4}


class NoTraining(Job):
    def check(self) -> None:
        raise AssertionError("an equal encoder was on the shelf")


class Cancels(Job):
    def check(self) -> None:
        raise Cancelled("Cancelled.")


@pytest.fixture(scope="module")
def fitted(images: Dataset) -> Encoder:
    return MaskedImage(**SMALL).fit(images)


def test_an_equal_one_is_taken_from_the_shelf(images: Dataset, fitted: Encoder, tmp_path: Path) -> None:
    with kept.shelf(tmp_path):
        first = kept.learnt(MaskedImage(**SMALL), images, 0)
        assert first.hash == fitted.hash
        assert kept.learnt(MaskedImage(**SMALL), images, 0, NoTraining()).hash == fitted.hash
        with pytest.raises(Cancelled):
            kept.learnt(MaskedImage(**SMALL), images, 1, Cancels())
    assert [path.name for path in tmp_path.iterdir()] == [fitted.id]
    assert fitted.id == encoder_id(MaskedImage(**SMALL), images, 0)


def test_the_list_says_what_is_known(fitted: Encoder, tmp_path: Path) -> None:
    kept.keep(fitted, tmp_path, {"dataset_id": "one"})
    (known,) = kept.listed(tmp_path)
    assert (known["method"], known["hash"], known["dataset_id"]) == ("masked_image", fitted.hash, "one")
    assert "facts" not in known
    assert kept.listed(tmp_path, dataset_id="other") == []
    assert kept.listed(tmp_path / "none") == []


def test_what_is_broken_is_not_found(fitted: Encoder, tmp_path: Path) -> None:
    home = kept.keep(fitted, tmp_path)
    assert kept.find(tmp_path, fitted.id) is not None
    (home / WEIGHTS).write_bytes(b"half")
    assert kept.find(tmp_path, fitted.id) is None
    (home / FACTS).unlink()
    assert kept.find(tmp_path, fitted.id) is None


def test_a_write_that_fails_leaves_nothing(fitted: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, text: str, encoding: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UserError, match="No space left"):
        kept.keep(fitted, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_what_is_old_is_left_over(fitted: Encoder, tmp_path: Path) -> None:
    home, draft = kept.keep(fitted, tmp_path), tmp_path / f"{kept.DRAFT}ab"
    draft.mkdir()
    for path in (home, draft):
        os.utime(path, (1000, 1000))
    assert list(kept.left_over(tmp_path, 1005, 10, 10)) == []
    assert list(kept.left_over(tmp_path, 1005, 1, 10)) == [draft]
    assert set(kept.left_over(tmp_path, 1020, 10, 10)) == {draft, home}
    kept.find(tmp_path, fitted.id)  # used again
    assert list(kept.left_over(tmp_path, 1020, 10, 10)) == [draft]


def test_known_by_its_hash_once_registered(fitted: Encoder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not here any more"):
        kept.known_encoder("0" * 32)
    with pytest.raises(UserError, match="holds no encoder"):
        kept.register(tmp_path)
    assert kept.register(kept.keep(fitted, tmp_path)) == fitted.hash
    assert kept.known_encoder(fitted.hash).id == fitted.id
    assert kept.place_of(fitted.hash) == tmp_path / fitted.id
