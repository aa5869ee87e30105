"""Real samples that are taken over: told of where no training row is like them, rejected only as copies or as empty."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from augmentors.core.samples import Samples
from augmentors.gate import Gate
from augmentors.testing import toy_images, toy_table, toy_text


def samples(frame: pd.DataFrame, images: list[np.ndarray] | None = None) -> Samples:
    frame = frame.set_axis(pd.Index([f"new-{i}" for i in range(len(frame))], dtype="str"))
    blank = np.full((len(frame), 1), "", dtype=object)
    return Samples(frame, blank, np.ones((len(frame), 1)), pd.DataFrame(index=frame.index), images)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("width", 99.0, "'width' lies outside"),
        ("colour", "plaid", "'colour' holds a value never seen in training"),
        ("width", np.nan, "'width' is missing"),
    ],
)
def test_a_row_unlike_any_training_row_is_told_of_and_kept(column: str, value: object, words: str) -> None:
    table = toy_table()
    rows = table.frame.iloc[[0]].copy()
    rows[column] = pd.Series([value], index=rows.index).astype(table.frame[column].dtype)
    gate = Gate().fit(table, ["rare"])
    real, made = (gate.judge(samples(rows), are_real=are_real).table.iloc[0] for are_real in (True, False))
    assert (real["rule"], made["rule"]) == ("", "ranges")
    assert words in real["remark"] and words in made["detail"]
    assert real["detail"] == "" and made["remark"] == ""
    # What was measured is in its certificate all the same.
    assert real["gate"] == made["gate"] and '"ranges":1' in real["gate"]


def test_a_copy_is_rejected_and_not_told_of() -> None:
    table = toy_table()
    judged = Gate().fit(table, ["rare"]).judge(samples(table.frame.iloc[[3]]), are_real=True).table
    assert judged["rule"].tolist() == ["copies"]
    assert judged["nearest"].tolist() == [table.ids[3]]


def test_texts_without_a_word_and_flat_images_are_of_no_use(tmp_path) -> None:  # type: ignore[no-untyped-def]
    texts = toy_text()
    empty = samples(texts.frame.iloc[[0]].assign(text="… !"))
    assert Gate().fit(texts, ["rare"]).judge(empty, are_real=True).table["rule"].tolist() == ["ranges"]
    images = toy_images(tmp_path)
    flat = samples(images.frame.iloc[[0]], [np.zeros((16, 16, 3), np.uint8)])
    assert Gate().fit(images, ["rare"]).judge(flat, are_real=True).table["rule"].tolist() == ["ranges"]


def test_a_row_that_breaks_a_rule_of_the_training_rows_is_told_of() -> None:
    table = toy_table({"common": 80, "rare": 40})
    schema = replace(table.schema, types=table.schema.types | {"length": "number"})
    longer = replace(table, frame=table.frame.assign(length=table.frame["width"] + 1.0), schema=schema)
    rows = longer.frame.iloc[[0]].assign(length=longer.frame["width"].min())
    gate = Gate(ranges=False).fit(longer, ["rare"])
    real, made = (gate.judge(samples(rows), are_real=are_real).table.iloc[0] for are_real in (True, False))
    assert (real["rule"], made["rule"]) == ("", "constraints")
    assert "breaks the rule" in real["remark"]
