"""The built-in datasets load, and are what their catalogue says."""

import sys

import pytest

from augmentors.core.errors import UserError
from augmentors.ingest import Sample, load, sample, samples
from augmentors.ingest.samples import assets_dir

SAMPLES = samples()


def test_five_datasets_of_all_kinds() -> None:
    assert len(SAMPLES) == 5
    assert {one.kind for one in SAMPLES} == {"table", "text", "image"}
    assert len({one.key for one in SAMPLES}) == 5


@pytest.mark.parametrize("one", SAMPLES, ids=lambda one: one.key)
def test_each_is_what_the_catalogue_says(one: Sample) -> None:
    loaded = load(one.path, label=one.label, text=one.text)
    data = loaded.dataset
    assert (data.kind, len(data), data.class_counts) == (one.kind, one.rows, one.classes)
    counts = one.classes.values()
    assert one.imbalance_ratio == pytest.approx(max(counts) / min(counts), rel=0.05)
    assert loaded.quarantine == []
    assert one.thumbnail.is_file() and one.licence and one.source and one.one_line and one.title


@pytest.mark.parametrize("one", SAMPLES, ids=lambda one: one.key)
def test_each_is_guessed_right(one: Sample) -> None:
    understood = load(one.path).understood
    assert (understood.kind, understood.text) == (one.kind, one.text)
    assert understood.label == (one.label or "label")


def test_an_unknown_key_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"no built-in sample 'nope'.*tiny"):
        sample("nope")
    assert sample("tiny") == next(one for one in SAMPLES if one.key == "tiny")


def test_missing_assets_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # By its name in sys.modules: the package's attribute of that name is the function.
    module = sys.modules["augmentors.ingest.samples"]
    monkeypatch.setattr(module, "__file__", "/nowhere/augmentors/ingest/samples.py")
    with pytest.raises(UserError, match="not beside the package"):
        assets_dir()
