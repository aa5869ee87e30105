"""Vectors learn from the given rows only, keep what is alike together, and can be cached."""

import random

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import Cancelled
from augmentors.core.job import Job
from augmentors.explore import embeddings
from augmentors.explore.embed_tables import TableEmbedding
from augmentors.explore.embeddings import as_rgb, embed, embed_images, embed_texts, embedding_name


class _Recorder(Job):
    def __init__(self, stop_after=10**9):
        self.fractions, self.checks, self.stop_after = [], 0, stop_after

    def progress(self, fraction, message="", **counts):
        self.fractions.append(fraction)

    def check(self):
        self.checks += 1
        if self.checks > self.stop_after:
            raise Cancelled


def _table():
    frame = pd.DataFrame(
        {
            "x": [1.0, 3.0, np.nan, 100.0],
            "k": pd.array([1, None, 3, 5], dtype="Int64"),
            "b": pd.array([True, False, None, True], dtype="boolean"),
            "c": pd.array(["u", "v", None, "unseen"], dtype="str"),
            "d": pd.to_datetime(["2020-01-01", "2020-01-03", None, "2021-01-01"]),
            "t": ["free text"] * 4,
            "y": ["a", "b", "a", "b"],
        },
        index=pd.Index(["r0", "r1", "r2", "r3"], dtype=object),
    )
    types = {"x": "number", "k": "integer", "b": "boolean", "c": "category", "d": "date", "t": "text"}
    return Dataset("table", frame, Schema("y", types), "f")


def test_table_golden_values():
    learnt = TableEmbedding.fit(_table().take(["r0", "r1", "r2"]))
    assert learnt.names == ["x", "k", "b", "d", "c = (missing)", "c = u", "c = v"]
    vectors = learnt.transform(_table().frame)
    assert vectors.dtype == np.float32 and vectors.shape == (4, 7)
    # x: median 2 fills the gap; mean 2, deviation sqrt(2/3)
    np.testing.assert_allclose(vectors[:, 0], np.array([-1, 1, 0, 98]) / np.sqrt(2 / 3), rtol=1e-6)
    half = np.sqrt(0.5)
    expected = [[0, half, 0], [0, 0, half], [half, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(vectors[:, 4:], expected, rtol=1e-6)


def test_table_learns_from_the_given_rows_only():
    dataset = _table()
    part = ["r0", "r1", "r2"]
    other = dataset.frame.copy()
    other.loc["r3", "x"] = -1e9
    changed = Dataset("table", other, dataset.schema, "f")
    np.testing.assert_array_equal(embed(dataset, fit_on=part)[:3], embed(changed, fit_on=part)[:3])
    assert not np.array_equal(embed(dataset)[:3], embed(changed)[:3])


def test_table_without_usable_columns_or_values():
    frame = pd.DataFrame({"x": [np.nan, np.nan], "y": ["a", "b"]}, index=["r0", "r1"])
    assert np.isfinite(embed(Dataset("table", frame, Schema("y", {"x": "number"}), "f"))).all()
    assert embed(Dataset("table", frame, Schema("y", {"x": "ignored"}), "f")).shape == (2, 1)


def test_many_categories_are_bounded():
    n = 500
    frame = pd.DataFrame({"c": [f"v{i}" for i in range(n)], "y": "a"}, index=[f"r{i}" for i in range(n)])
    assert embed(Dataset("table", frame, Schema("y", {"c": "category"}), "f")).shape == (n, 50)


def test_cache_is_used_only_for_the_same_vectors(tmp_path, monkeypatch):
    dataset, cache = _table(), tmp_path / "deep" / "vectors.npy"
    first = embed(dataset, cache=cache)
    calls = []
    real = TableEmbedding.transform
    monkeypatch.setattr(TableEmbedding, "transform", lambda *a: calls.append(1) or real(*a))
    np.testing.assert_array_equal(embed(dataset, cache=cache), first)
    assert not calls
    assert not np.array_equal(embed(dataset, cache=cache, fit_on=["r0", "r1"]), first)
    assert len(calls) == 1
    cache.write_bytes(b"broken")
    np.testing.assert_array_equal(embed(dataset, cache=cache), first)
    assert sorted(p.name for p in cache.parent.iterdir()) == ["vectors.key", "vectors.npy"]


def test_texts_of_like_meaning_lie_close(monkeypatch, capfd):
    import torch

    texts = ["The pump leaks oil.", "Oil is dripping from the pump.", "", "The choir sang on Sunday."]
    job, threads = _Recorder(), torch.get_num_threads()
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())
    vectors = embed_texts(texts, job)
    assert (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()) == before
    assert torch.get_num_threads() == threads
    assert vectors.shape == (4, 384) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    alike = vectors @ vectors.T
    assert alike[0, 1] > 0.6 > 0.3 > alike[0, 3]
    assert capfd.readouterr() == ("", ""), "loading the model says nothing on stderr"
    # The order in which texts come, and so their batch, changes nothing but the last digits.
    monkeypatch.setattr(embeddings, "TEXT_BATCH", 1)
    np.testing.assert_allclose(embed_texts(texts[::-1])[::-1], vectors, atol=1e-5)
    assert job.fractions[-1] == 1.0 and job.fractions == sorted(job.fractions)


def test_long_texts_make_small_batches():
    texts = ["w" * 5000] * 9 + ["short"] * 100
    batches = list(embeddings._text_batches(texts))
    assert [len(batch) for batch in batches] == [4, 4, 4, 32, 32, 32, 1]
    assert sorted(np.concatenate(batches).tolist()) == list(range(109))


def _photo(seed, size=(40, 50)):
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (5, 5, 3), np.uint8))
    return np.asarray(small.resize(size[::-1], Image.Resampling.BICUBIC))


def test_images_of_any_shape(tmp_path):
    import torch

    grey = np.random.default_rng(0).integers(0, 255, (28, 28), np.uint8)
    images = [
        _photo(0),
        np.asarray(Image.fromarray(_photo(0)).resize((200, 160))),
        _photo(1),
        grey,
        grey[:1, :1],
    ]
    job, random_state = _Recorder(), torch.get_rng_state().tolist()
    vectors = embed_images(images, job)
    assert torch.get_rng_state().tolist() == random_state
    assert vectors.shape == (5, 1280) and np.isfinite(vectors).all()
    gap = np.linalg.norm(vectors[0] - vectors, axis=1)
    assert gap[1] < 0.5 * gap[2], "the same picture in another size stays close"
    assert job.fractions == [1.0]
    for i in (0, 1, 3):
        Image.fromarray(images[i]).save(tmp_path / f"{i}.png")
    names = ["0.png", "1.png", "3.png"]
    frame = pd.DataFrame({"path": names, "label": "a"}, index=names)
    files = embed(Dataset("image", frame, Schema("label", {}), "f", tmp_path))
    np.testing.assert_allclose(files, vectors[[0, 1, 3]], atol=1e-4)


def test_transparent_pixels_become_white():
    rgba = np.zeros((1, 2, 4), np.uint8)
    rgba[0, 1, 3] = 255
    assert as_rgb(rgba).tolist() == [[[255] * 3, [0] * 3]]


def test_cancel_is_asked_for_between_batches(monkeypatch):
    monkeypatch.setattr(embeddings, "IMAGE_BATCH", 2)
    with pytest.raises(Cancelled):
        embed_images([_photo(i, (8, 8)) for i in range(6)], _Recorder(stop_after=2))
    with pytest.raises(Cancelled):
        embed_texts(["a", "b"], _Recorder(stop_after=1))


def test_nothing_to_embed():
    assert embed_texts([]).shape == (0, 384)
    assert embed_images([]).shape == (0, 1280)


def test_every_kind_has_a_name():
    assert len({embedding_name(kind) for kind in ("table", "text", "image")}) == 3
