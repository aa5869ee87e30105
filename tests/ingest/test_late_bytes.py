"""Long text files are taken for UTF-8 while they are parsed: what proves otherwise further on is noticed."""

from pathlib import Path

import pandas as pd
import pytest

from augmentors.ingest import load


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "data.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("late", ["café,1,a", "café,1,a,ragged", '"café\n",1,a', "x,é,b", '"café,1,a'])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_foreign_byte_beyond_the_first_megabyte_is_noticed(tmp_path: Path, late: str, quoted: bool) -> None:
    first = '"one\ntwo",1,a\n' if quoted else ""
    rows = "".join(f"word {i % 7},{i},{'ab'[i % 3 == 0]}\n" for i in range(90_000))
    path = write(tmp_path, f"text,n,label\n{first}{rows}{late}\nlast,2,b\n", encoding="cp1252")
    guessed, told = load(path, label="label"), load(path, label="label", encoding="cp1252")
    assert guessed.understood.encoding == "cp1252"
    assert any("not UTF-8" in note for note in guessed.understood.notes)
    pd.testing.assert_frame_equal(guessed.dataset.frame, told.dataset.frame)
    assert guessed.quarantine == told.quarantine


def test_a_long_text_with_a_mark_is_read_without_it(tmp_path: Path) -> None:
    rows = "".join(f"wörd {i % 7},{i},{'ab'[i % 3 == 0]}\n" for i in range(90_000))
    loaded = load(write(tmp_path, "\ufefftext,n,label\n" + rows), label="label")
    assert loaded.understood.encoding == "utf-8-sig"
    assert list(loaded.dataset.frame.columns) == ["text", "n", "label"] and len(loaded.dataset) == 90_000
