"""Planted duplicates are found, in every kind of data, and nothing else is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import Cancelled
from augmentors.core.job import Job
from augmentors.explore.duplicate_texts import normalised, overlap
from augmentors.explore.duplicates import Pair, duplicate_pairs


class _Stopped(Job):
    def check(self):
        raise Cancelled


def _ids(n):
    return [f"r{i}" for i in range(n)]


def _table(columns, types=None):
    frame = pd.DataFrame(columns)
    frame.index = pd.Index(_ids(len(frame)), dtype=object)
    frame["y"] = "a"
    types = types or {name: "number" for name in columns}
    return Dataset("table", frame, Schema("y", types), "f")


def _text(texts):
    frame = pd.DataFrame({"t": pd.Series(texts, dtype="str"), "y": "a"})
    frame.index = pd.Index(_ids(len(texts)), dtype=object)
    return Dataset("text", frame, Schema("y", {"t": "text"}, text="t"), "f")


def _found(dataset, **how):
    return {(p.a, p.b): p for p in duplicate_pairs(dataset, **how)}


# -- tables --------------------------------------------------------------------


def test_planted_rows_are_found_and_nothing_else():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((3000, 6)) * [1, 100, 1e-3, 1e6, 1, 1]
    X[2000:2050] = X[:50]
    X[2050:2150] = X[50:150] + X.std(axis=0) * rng.uniform(-0.004, 0.004, (100, 6))
    found = _found(_table({f"x{j}": X[:, j] for j in range(6)}))
    exact = {(f"r{i}", f"r{2000 + i}") for i in range(50)}
    close = {(f"r{i}", f"r{2000 + i}") for i in range(50, 150)}
    assert {pair for pair, p in found.items() if p.exact} == exact
    assert {pair for pair, p in found.items() if not p.exact} >= close
    assert len(found) <= 153, "rows that only happen to lie close are rare"
    assert all(0.995 <= p.similarity < 1 for p in found.values() if not p.exact)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 12), st.sampled_from([0.5, 0.9, 0.999]))
def test_no_near_row_is_missed(seed, columns, share):
    """The worst case too: every column off by almost the tolerance."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (400, columns))
    X[380:] = X[:20]
    spread = np.array([np.subtract(*np.quantile(x, [0.75, 0.25])) / 1.349 for x in X.T])
    # The shift itself moves the quartiles by up to half a percent.
    X[380:] += 0.995 * 0.005 * share * spread * rng.choice([-1, 1], (20, columns))
    found = _found(_table({f"x{j}": X[:, j] for j in range(columns)}))
    assert {(f"r{i}", f"r{380 + i}") for i in range(20)} <= set(found)


def test_other_columns_must_be_equal():
    table = {
        "x": [1.0, 1.0, 1.0, 1.0, 5.0, 9.0],
        "z": [3.0, 3.0, 3.0, 3.0, 7.0, 1.0],
        "c": ["u", "u", "v", None, "u", "v"],
        "d": pd.to_datetime(["2020-01-01"] * 6),
    }
    types = {"x": "number", "z": "number", "c": "category", "d": "date"}
    assert set(_found(_table(table, types))) == {("r0", "r1")}


def test_missing_values_equal_missing_values_only():
    nan = np.nan
    table = _table({"x": [1.0, 1.0, nan, nan, 0.0, -0.0], "z": [nan, 2.0, 2.0, 2.0, nan, nan]})
    assert set(_found(table)) == {("r2", "r3"), ("r4", "r5")}


def test_missing_values_of_other_bits_are_the_same():
    odd = np.array([0x7FF8000000000000, 0x7FF8000000000001, 0xFFF8000000000000], np.uint64).view(np.float64)
    assert set(_found(_table({"x": odd, "z": [1.0, 1.0, 1.0]}), near=False)) == {("r0", "r1"), ("r0", "r2")}


def test_a_column_of_mostly_zeros_has_a_spread_of_its_own():
    rng = np.random.default_rng(5)
    X = rng.standard_normal((600, 4))
    X[:, 0] = np.where(np.arange(600) % 10 == 0, rng.random(600) * 1000, 0.0)
    X[599] = X[590] + [1.0, 0, 0, 0]
    assert set(_found(_table({f"x{j}": X[:, j] for j in range(4)}))) == {("r590", "r599")}


def test_nullable_integers_and_booleans():
    columns = {
        "k": pd.array([1, 1, None, None, 9], dtype="Int64"),
        "b": pd.array([True, True, None, None, False], dtype="boolean"),
    }
    assert set(_found(_table(columns, {"k": "integer", "b": "boolean"}))) == {("r0", "r1"), ("r2", "r3")}


def test_label_group_and_ignored_columns_are_not_looked_at():
    frame = pd.DataFrame({"x": [1.0, 1.0], "id": ["p", "q"], "g": ["m", "n"], "y": ["a", "b"]}, index=["r0", "r1"])
    schema = Schema("y", {"x": "number", "id": "ignored", "g": "category"}, group="g")
    assert duplicate_pairs(Dataset("table", frame, schema, "f")) == [Pair("r0", "r1", 1.0, True)]


def test_outliers_do_not_make_everything_near():
    rng = np.random.default_rng(1)
    X = rng.standard_normal((2000, 4))
    X[0] = 1e9
    assert len(_found(_table({f"x{j}": X[:, j] for j in range(4)}))) < 20


def test_one_column_of_many_values_is_not_all_near():
    rng = np.random.default_rng(2)
    assert len(_found(_table({"x": rng.standard_normal(5000)}))) < 200


def test_values_far_from_zero_and_infinite():
    rng = np.random.default_rng(3)
    X = rng.standard_normal((500, 4)) + 1e12
    X[499] = X[0] + 1e-3
    X[1:3] = [np.inf, 1e12, 1e12, 1e12]
    assert set(_found(_table({f"x{j}": X[:, j] for j in range(4)}))) == {("r0", "r499"), ("r1", "r2")}


def test_a_huge_column_does_not_drown_the_others():
    rng = np.random.default_rng(6)
    X = rng.standard_normal((400, 4))
    X[:, 0] = 1e16 + 4 * rng.integers(0, 9, 400)
    X[380:] = X[:20] + np.array([0, 0.003, -0.003, 0.003])
    assert {(f"r{i}", f"r{380 + i}") for i in range(20)} <= set(_found(_table({f"x{j}": X[:, j] for j in range(4)})))


def test_groups_give_a_star_not_all_pairs():
    pairs = duplicate_pairs(_table({"x": [1.0] * 1000}))
    assert len(pairs) == 999
    assert {p.a for p in pairs} == {"r0"}


def test_exact_only():
    table = _table({f"x{j}": [1.0, 1.0, 1.0 + 1e-9, 50.0, 99.0] for j in range(3)})
    assert set(_found(table, near=False)) == {("r0", "r1")}
    assert set(_found(table)) == {("r0", "r1"), ("r0", "r2")}


def test_fewer_than_two_rows():
    assert duplicate_pairs(_table({"x": [1.0]})) == []
    assert duplicate_pairs(_text(["one"])) == []


def test_cancel_reaches_every_kind(tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    Image.new("L", (8, 8)).save(tmp_path / "b.png")
    for dataset in (_table({"x": [1.0, 2.0]}), _text(["one text", "two text"]), _images(tmp_path)):
        with pytest.raises(Cancelled):
            duplicate_pairs(dataset, job=_Stopped())


# -- texts ---------------------------------------------------------------------

WORDS = [f"{a}{b}{c}" for a in "btkmps" for b in "aeiou" for c in ("rn", "lt", "sk", "nd", "m")]


def _sentences(n, seed, words=14):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, words)) for _ in range(n)]


def test_planted_texts_are_found_and_nothing_else():
    texts = _sentences(400, 0)
    texts[300:320] = texts[:20]
    texts[320:340] = [f"  {t.upper().replace(' ', ', ')}!" for t in texts[20:40]]
    texts[340:360] = [t[:-2] + "zz" for t in texts[40:60]]
    found = _found(_text(texts))
    assert {k for k, p in found.items() if p.exact} == {(f"r{i}", f"r{300 + i}") for i in range(20)}
    assert set(found) == {(f"r{i}", f"r{300 + i}") for i in range(60)}
    assert all(p.similarity == 1.0 for k, p in found.items() if int(k[0][1:]) < 40)
    for (a, b), p in found.items():
        if int(a[1:]) >= 40:
            assert p.similarity == pytest.approx(overlap(texts[int(a[1:])], texts[int(b[1:])]))
            assert 0.9 <= p.similarity < 1


def test_long_texts_need_more_than_the_same_letters():
    texts = _sentences(60, 1, words=400)
    texts[59] = texts[0].replace("barn", "bxrn", 1)
    assert set(_found(_text(texts))) == {("r0", "r59")}


@pytest.mark.parametrize("edits", range(12))
def test_texts_are_near_from_an_overlap_of_nine_tenths(edits):
    text = _sentences(1, 2, words=40)[0]
    other = text
    for i in range(edits):
        other = other[: 13 * i + 4] + "#" + other[13 * i + 5 :]  # signs become spaces
    value = overlap(normalised(text), normalised(other))
    found = _found(_text([text, other, *_sentences(50, 3)]))
    if not 0.9 <= value < 0.92:  # that close to the limit one in a thousand may be missed
        assert (("r0", "r1") in found) == (value >= 0.9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=2, max_size=30))
def test_any_text_works_and_links_are_true(texts):
    for pair in duplicate_pairs(_text(texts)):
        a, b = texts[int(pair.a[1:])], texts[int(pair.b[1:])]
        assert pair.exact == (a == b)
        if not pair.exact:
            assert normalised(a) == normalised(b) or overlap(normalised(a), normalised(b)) >= 0.9
    groups = {}
    for pair in duplicate_pairs(_text(texts), near=False):
        groups.setdefault(texts[int(pair.a[1:])], []).append(pair)
    assert {t: len(g) + 1 for t, g in groups.items()} == {t: texts.count(t) for t in set(texts) if texts.count(t) > 1}


def test_texts_of_signs_alone_are_not_the_same():
    assert set(_found(_text(["!!!", "???", "!!!", "...", "日本語です", "日本語です。"]))) == {
        ("r0", "r2"),
        ("r4", "r5"),
    }


def test_missing_texts_count_as_empty():
    assert set(_found(_text([None, "", "some words"]))) == {("r0", "r1")}


# -- images --------------------------------------------------------------------


def _images(folder):
    names = sorted(p.name for p in folder.iterdir())
    frame = pd.DataFrame({"path": names, "label": "a"}, index=pd.Index(names, dtype=object))
    return Dataset("image", frame, Schema("label", {}), "f", folder)


def _scene(seed, size=96):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (6, 6, 3), np.uint8)
    return Image.fromarray(small).resize((size, size), Image.Resampling.BICUBIC)


def test_planted_images_are_found_and_nothing_else(tmp_path):
    for i in range(40):
        _scene(i).save(tmp_path / f"{i:02d}.png")
    (tmp_path / "c0.png").write_bytes((tmp_path / "00.png").read_bytes())
    _scene(1).save(tmp_path / "c1.jpg", quality=80)
    _scene(2).resize((64, 64)).save(tmp_path / "c2.png")
    Image.fromarray(np.clip(np.asarray(_scene(3)).astype(int) + 2, 0, 255).astype(np.uint8)).save(tmp_path / "c3.png")
    found = _found(_images(tmp_path))
    expected = {("00.png", "c0.png"), ("01.png", "c1.jpg"), ("02.png", "c2.png"), ("03.png", "c3.png")}
    assert set(found) == expected
    assert [p.exact for p in found.values()] == [True, False, False, False]
    assert set(_found(_images(tmp_path), near=False)) == {("00.png", "c0.png")}


def test_strongly_compressed_images_are_found(tmp_path):
    for i in range(80):
        _scene(i).save(tmp_path / f"{i:02d}.png")
        _scene(i).save(tmp_path / f"{i:02d}.jpg", quality=60)
    assert set(_found(_images(tmp_path))) == {(f"{i:02d}.jpg", f"{i:02d}.png") for i in range(80)}


def test_a_crack_in_a_busy_scene_makes_a_difference(tmp_path):
    scene = np.asarray(_scene(5)).copy()
    Image.fromarray(scene).save(tmp_path / "clean.png")
    scene[40:52, 40:52] = 255 - scene[40:52, 40:52]
    Image.fromarray(scene).save(tmp_path / "crack.png")
    assert _found(_images(tmp_path)) == {}


def test_a_small_object_makes_a_difference(tmp_path):
    Image.new("L", (64, 64), 200).save(tmp_path / "clean.png")
    marked = np.full((64, 64), 200, np.uint8)
    marked[20:30, 30:40] = 60
    Image.fromarray(marked).save(tmp_path / "crack.png")
    assert _found(_images(tmp_path)) == {}


def test_proportions_make_a_difference(tmp_path):
    Image.new("L", (64, 64), 200).save(tmp_path / "a.png")
    Image.new("L", (64, 32), 200).save(tmp_path / "b.png")
    assert _found(_images(tmp_path)) == {}
