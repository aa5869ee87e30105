import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.samples import Samples
from augmentors.gate import Gate, leak_check
from augmentors.gate.funnel import TWIN_RULE, reject_twins
from augmentors.gate.near_copies import plain
from augmentors.testing import toy_images, toy_table, toy_text


def samples(frame: pd.DataFrame, images: list[np.ndarray] | None = None) -> Samples:
    frame = frame.set_axis(pd.Index([f"new-{i}" for i in range(len(frame))], dtype="str"))
    blank = np.full((len(frame), 1), "", dtype=object)
    return Samples(frame, blank, np.ones((len(frame), 1)), pd.DataFrame(index=frame.index), images)


def rules(gate: Gate, new: Samples, **options: bool) -> list[str]:
    return gate.judge(new, **options).table["rule"].tolist()


@pytest.fixture
def table() -> Dataset:
    return toy_table()


def test_copies_and_near_copies_of_rows_are_rejected_with_the_row_they_copy(table: Dataset) -> None:
    gate = Gate().fit(table, ["rare"])
    rows = table.frame.iloc[[3, 3, 3]].copy()
    rows["width"] = rows["width"] + [0.0, 1e-5, 0.5]
    judged = gate.judge(samples(rows)).table
    assert judged["rule"].tolist() == ["copies", "copies", ""]
    assert judged["nearest"].tolist() == [table.ids[3], table.ids[3], ""]
    assert "copy" in judged["detail"].iloc[0]


def test_a_row_that_differs_in_a_category_is_no_copy(table: Dataset) -> None:
    rows = table.frame.iloc[[3]].copy()
    rows["colour"] = "red" if rows["colour"].iloc[0] != "red" else "blue"
    assert rules(Gate().fit(table, ["rare"]), samples(rows)) == [""]


def test_copies_made_on_purpose_pass_the_copy_check_only(table: Dataset) -> None:
    rows = table.frame.iloc[[3, 3]].copy()
    rows.iloc[1, rows.columns.get_loc("width")] = 1e9
    assert rules(Gate().fit(table, ["rare"]), samples(rows), copies_allowed=True) == ["", "ranges"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("width", 99.0, "'width' lies outside"),
        ("visits", -5, "'visits' lies outside"),
        ("colour", "plaid", "'colour' holds a value never seen in training"),
        ("width", np.nan, "'width' is missing, which never happens in training"),
        ("seen", pd.Timestamp("1900-01-01"), "'seen' lies outside"),
    ],
)
def test_schema_and_range_violations_name_the_column(table: Dataset, column: str, value: object, words: str) -> None:
    rows = table.frame.iloc[[0]].copy()
    rows[column] = pd.Series([value], index=rows.index).astype(table.frame[column].dtype)
    judged = Gate(copies=False).fit(table, ["rare"]).judge(samples(rows)).table
    assert judged["rule"].iloc[0] == "ranges"
    assert words in judged["detail"].iloc[0]


def test_the_margin_tolerates_an_overshoot(table: Dataset) -> None:
    high, low = table.frame["width"].max(), table.frame["width"].min()
    rows = table.frame.iloc[[0]].assign(width=high + 0.05 * (high - low))
    assert rules(Gate(copies=False).fit(table, ["rare"]), samples(rows)) == ["ranges"]
    assert rules(Gate(copies=False, range_margin=0.1).fit(table, ["rare"]), samples(rows)) == [""]


def test_texts_equal_but_for_case_and_punctuation_are_copies() -> None:
    data = toy_text()
    changed = data.frame.iloc[[0, 1]].copy()
    changed["text"] = [data.texts[0].upper().replace(".", " !"), data.texts[1] + " indeed"]
    assert rules(Gate().fit(data, ["rare"]), samples(changed)) == ["copies", ""]


def test_texts_without_a_word_are_rejected() -> None:
    data = toy_text()
    empty = data.frame.iloc[[0]].assign(text="… !")
    judged = Gate().fit(data, ["rare"]).judge(samples(empty)).table
    assert judged["detail"].iloc[0] == "'text' holds no word"


def test_plain_keeps_signs_when_there_is_nothing_else() -> None:
    assert plain("!!!") == "!!!"
    assert plain("Ü-Wagen") == plain("ü wagen")


def test_images_near_a_real_one_and_flat_ones_are_rejected(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from augmentors.explore.images import read_pixels

    data = toy_images(tmp_path)
    at = int(data.positions("rare")[0])
    pixels = read_pixels(data.image_path(at))
    nearly = pixels.copy()
    nearly[0, 0] = 255 - nearly[0, 0]
    images = [pixels, pixels[:, ::-1].copy(), np.zeros_like(pixels)]
    new = samples(data.frame.iloc[[at] * 3], images)
    judged = Gate().fit(data, ["rare"]).judge(new).table
    assert judged["rule"].tolist() == ["copies", "", "ranges"]
    assert judged["nearest"].iloc[0] == data.ids[at]


def test_each_sample_is_judged_the_same_alone_and_in_a_batch(table: Dataset) -> None:
    gate = Gate().fit(table, ["rare"])
    rows = table.frame.iloc[:20].copy()
    rows.loc[rows.index[::3], "width"] += 0.37
    together = rules(gate, samples(rows))
    alone = [rules(gate, samples(rows.iloc[[i]]))[0] for i in range(len(rows))]
    assert together == alone
    assert {"", "copies"} <= set(together)


def test_twins_are_rejected_in_order(table: Dataset) -> None:
    rows = table.frame.iloc[[0, 1, 0]].copy()
    rows["width"] += 0.41
    judgement = Gate().fit(table, ["rare"]).judge(samples(rows))
    seen: set[int] = set()
    reject_twins(judgement, seen)
    assert judgement.table["rule"].tolist() == ["", "", TWIN_RULE]
    again = Gate().fit(table, ["rare"]).judge(samples(rows.iloc[[1]]))
    reject_twins(again, seen)
    assert again.table["rule"].tolist() == [TWIN_RULE]


def test_without_the_gate_nothing_is_rejected(table: Dataset) -> None:
    gate = Gate(copies=False, ranges=False).fit(table, ["rare"])
    rows = table.frame.iloc[[0, 0]].assign(width=1e9)
    judgement = gate.judge(samples(rows))
    reject_twins(judgement, set())
    assert judgement.table["rule"].tolist() == ["", ""]


def test_leak_check_drops_copies_of_test_samples_and_names_them(table: Dataset) -> None:
    train, test = table.take(table.ids[:50]), table.take(table.ids[50:])
    rows = test.frame.iloc[[0, 1]].copy()
    rows.iloc[1, rows.columns.get_loc("width")] += 0.5
    mask, report = leak_check(samples(rows), train, test)
    assert mask.tolist() == [False, True]
    assert (report.checked, report.dropped) == (2, 1)
    assert report.pairs == (("new-0", test.ids[0]),)


def test_crowded_columns_do_not_make_every_row_a_copy() -> None:
    rng = np.random.default_rng(0)
    ids = pd.Index([f"r{i}" for i in range(20_000)], dtype="str")
    frame = pd.DataFrame({"x": rng.normal(size=20_000), "label": pd.array(["a", "b"] * 10_000, dtype="str")}, index=ids)
    crowded = Dataset("table", frame, Schema("label", {"x": "number"}), "f")
    new = samples(pd.DataFrame({"x": rng.normal(size=500), "label": pd.array(["a"] * 500, dtype="str")}))
    kept = rules(Gate().fit(crowded, ["a"]), new).count("")
    assert kept > 400


def test_whole_numbers_beyond_what_a_float_holds_are_compared_to_the_last_digit(table: Dataset) -> None:
    frame = table.frame.copy()
    frame["visits"] = 2**60 + np.arange(len(frame)) * 3
    large = Dataset("table", frame, table.schema, "large")
    rows = frame.iloc[[1, 1, -1, -1]].copy()
    rows["width"] += [0.5, 0.4, 0.3, 0.2]
    last = int(frame["visits"].iloc[-1])
    rows["visits"] = [2**60, 2**60 - 1, last, last + 1]
    judged = Gate().fit(large, ["rare"]).judge(samples(rows)).table
    assert judged["detail"].str.contains("'visits' lies outside").tolist() == [False, True, False, True]
