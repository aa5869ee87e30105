"""Bad input ends in one sentence that says what, where and what to do; and nothing good is lost."""

import errno
import os
import stat
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from augmentors.core.errors import UserError
from augmentors.ingest import archive, limits, load, propose

GOOD = "size,colour,label\n" + "".join(f"{i}.5,c{i % 3},{'ab'[i % 4 == 0]}\n" for i in range(40))


def refused(path: Path, **choices: Any) -> UserError:
    """Return the error of a load that must fail, after checking its form."""
    with pytest.raises(UserError) as caught:
        load(path, **choices)
    error = caught.value
    assert "\n" not in error.message and error.message.endswith(".")
    assert len(error.message) < 400 and "Traceback" not in error.message
    assert not error.hint or error.hint.endswith((".", "?"))
    return error


def data(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def picture(seed: int = 0, form: str = "PNG", size: int = 16) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (size, size, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, form)
    return buffer.getvalue()


def pictures(n: int = 2) -> dict[str, bytes]:
    return {f"{c}/{i}.png": picture(i + 9 * k) for k, c in enumerate(["cat", "dog"]) for i in range(n)}


def zipped(folder: Path, files: dict[str, bytes], name: str = "data.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive_:
        for entry, content in files.items():
            archive_.writestr(entry, content)
    return folder / name


# -- files that are no data ---------------------------------------------------


@pytest.mark.parametrize("name", ["data.csv", "data.jsonl", "data.parquet", "data.zip"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    error = refused(data(tmp_path, "", name))
    assert error.message == f"{name} is empty (0 bytes)." and error.hint


def test_missing_file(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere.csv")
    assert "no file or folder" in error.message and "nowhere.csv" in error.message


def test_unknown_suffix(tmp_path: Path) -> None:
    error = refused(data(tmp_path, GOOD, "data.docx"))
    assert "'.docx'" in error.message and ".parquet" in error.message


def test_only_a_header(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,label\n"))
    assert error.message == "data.csv holds a header but no rows."


def test_only_blank_lines(tmp_path: Path) -> None:
    assert "nothing but blank lines" in refused(data(tmp_path, "\n\n  \n")).message


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("data.csv", picture(), "a PNG image"),
        ("data.csv", b"\x1f\x8b\x08rest of it", "a gzip archive"),
        ("data.csv", b"%PDF-1.7 and so on", "a PDF document"),
        ("data.csv", bytes(range(256)) * 8, "binary data"),
        ("data.csv", b'{"x": 1, "label": "a"}\n', "JSON"),
        ("data.jsonl", b"PAR1 and so on", "a Parquet file"),
        ("data.parquet", b"x,label\n1,a\n", "text"),
        ("data.zip", b"x,label\n1,a\n", "text"),
    ],
)
def test_not_what_the_name_says(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    error = refused(data(tmp_path, content, name))
    assert f"{name} is not what its name says" in error.message and f"got {found}" in error.message
    assert error.hint


def test_an_excel_workbook_under_another_name(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "data.csv")
    error = refused(path)
    assert "Excel workbook" in error.message and "CSV" in error.hint


def test_truncated_parquet(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"x": list(range(100)), "label": ["a", "b"] * 50}), whole)
    error = refused(data(tmp_path, whole.read_bytes()[:-40], "cut.parquet"))
    assert "cut.parquet was cut short" in error.message and "again" in error.hint


def test_damaged_parquet(tmp_path: Path) -> None:
    assert "damaged" in refused(data(tmp_path, b"PAR1" + b"x" * 60 + b"PAR1", "bad.parquet")).message


# -- tables that cannot be learnt from ---------------------------------------


@pytest.mark.parametrize(
    ("name", "content"), [("data.csv", "label\na\nb\n"), ("data.jsonl", '{"label": "a"}\n{"label": "b"}\n')]
)
def test_one_column(tmp_path: Path, name: str, content: str) -> None:
    error = refused(data(tmp_path, content, name))
    assert name in error.message and "'label'" in error.message and "at least one more" in error.message


def test_one_column_of_parquet(tmp_path: Path) -> None:
    pq.write_table(pa.table({"label": ["a", "b"]}), tmp_path / "data.parquet")
    assert "one column ('label')" in refused(tmp_path / "data.parquet").message


def test_one_class(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,z,label\n" + "1.5,u,a\n2.5,v,a\n" * 9))
    assert "'label' of data.csv has one class ('a') in 18 rows" in error.message
    assert "'z'" in error.hint


def test_ten_thousand_classes(tmp_path: Path) -> None:
    rows = "".join(f"{i % 7},name{i % 10_000},{'uv'[i % 2]}\n" for i in range(40_000))
    error = refused(data(tmp_path, "x,label,side\n" + rows), label="label")
    assert "10,000 classes in 40,000 rows" in error.message and "1,000" in error.message
    assert "'side'" in error.hint


def test_more_classes_than_half_of_the_rows(tmp_path: Path) -> None:
    rows = "".join(f"{i % 7},name{i}\n" for i in range(40))
    assert "40 classes in 40 rows" in refused(data(tmp_path, "x,label\n" + rows)).message


def test_some_labels_missing(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, GOOD + "1.5,c1,\n2.5,c2,  \n"))
    assert [entry.where for entry in loaded.quarantine] == ["line 42 (r40)", "line 43 (r41)"]
    assert all(entry.reason == "the label 'label' is empty" for entry in loaded.quarantine)
    assert len(loaded.dataset) == 40


def test_many_missing_labels_are_counted(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, GOOD + "1.5,c1,\n" * 3000))
    assert len(loaded.quarantine) == 1001
    assert "2,000 more" in loaded.quarantine[-1].reason


def test_all_labels_missing(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,label\n" + "1.5,\n" * 30))
    assert "'label' of data.csv is empty in all 30 rows" in error.message and error.hint


def test_unknown_columns_get_a_suggestion(tmp_path: Path) -> None:
    error = refused(data(tmp_path, GOOD), label="lable")
    assert "no column 'lable' to use as label" in error.message and error.hint == "Did you mean 'label'?"
    assert "as group" in refused(data(tmp_path, GOOD), group="x").message
    assert "as text" in refused(data(tmp_path, GOOD), text="x").message
    assert "typed column" in refused(data(tmp_path, GOOD), types={"x": "number"}).message


def test_duplicate_column_names(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,y,x,label\n" + "1,2,3,a\n1,2,3,b\n" * 5))
    assert "two columns named 'x' (columns 1 and 3)" in error.message and "Rename" in error.hint


def test_nameless_columns_get_a_name(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, ",x,label\n" + "".join(f"{i},{i % 5}.5,{'ab'[i % 2]}\n" for i in range(40))))
    assert loaded.understood.types == {"column 1": "ignored", "x": "number"}
    assert any("has no name" in note for note in loaded.understood.notes)


def test_too_many_columns(tmp_path: Path) -> None:
    error = refused(data(tmp_path, ",".join(f"c{i}" for i in range(20_001)) + "\n"))
    assert "20,001 columns" in error.message


def test_nothing_left_to_learn_from(tmp_path: Path) -> None:
    error = refused(data(tmp_path, GOOD), label="label", types={"size": "ignored", "colour": "ignored"})
    assert "no column to learn from" in error.message


def test_an_image_kind_for_a_table_and_the_reverse(tmp_path: Path) -> None:
    assert "holds rows, not images" in refused(data(tmp_path, GOOD), kind="image").message
    assert "holds images" in refused(zipped(tmp_path, pictures()), kind="table").message
    assert "kind must be one of" in refused(data(tmp_path, GOOD), kind="sound").message


# -- rows that do not fit ------------------------------------------------------


def test_ragged_rows_are_never_shifted(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    lines[7], lines[20] = "1.5,c1,x,b", "1.5"
    loaded = load(data(tmp_path, "\n".join(lines)))
    assert [entry.where for entry in loaded.quarantine] == ["line 8", "line 21"]
    assert [entry.reason for entry in loaded.quarantine] == [
        "has 4 fields where the header has 3",
        "has 1 fields where the header has 3",
    ]
    assert "r6" not in loaded.dataset.ids and "r19" not in loaded.dataset.ids
    assert loaded.dataset.frame.loc["r7", "size"] == 7.5


def test_mostly_ragged_rows(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    for at in range(5, 15):
        lines[at] += ",more"
    error = refused(data(tmp_path, "\n".join(lines)))
    assert "10 of 40 rows do not have the header's 3 fields" in error.message
    assert "line 6, with 4" in error.message and "separator" in error.hint


def test_a_quote_closed_lines_later(tmp_path: Path) -> None:
    lines = GOOD.splitlines() * 2
    lines = lines[:41] + lines[42:]
    lines[10], lines[12] = '1.5,"c1,a', '2.5,c1",a,b'
    loaded = load(data(tmp_path, "\n".join(lines)))
    assert [entry.where for entry in loaded.quarantine] == ["lines 11 to 13"]
    assert "not closed" in loaded.quarantine[0].reason
    assert len(loaded.dataset) == 77


def test_a_quote_never_closed(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    lines[39] = '7.5,c1,"a'
    loaded = load(data(tmp_path, "\n".join(lines) + "\n"))
    assert loaded.quarantine[0].where.startswith("lines 40 to ")
    assert len(loaded.dataset) == 38
    lines[5] = '7.5,c1,"a'
    lines[39] = "7.5,c1,a"
    error = refused(data(tmp_path, "\n".join(lines) + "\n"))
    assert "line 6" in error.message and "never closed" in error.message


# -- encodings -----------------------------------------------------------------


def test_wrong_encoding(tmp_path: Path) -> None:
    path = data(tmp_path, GOOD.replace("c1", "é").encode("cp1252"))
    error = refused(path, encoding="utf-8")
    assert "data.csv is not written in utf-8: line 3" in error.message
    assert "cp1252" in error.hint
    assert load(path, encoding="latin-1").dataset.frame["colour"].iloc[1] == "é"


def test_unknown_encoding(tmp_path: Path) -> None:
    assert "encoding 'klingon' is not known" in refused(data(tmp_path, GOOD), encoding="klingon").message


def test_half_a_character_at_the_end(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, (GOOD + "1.5,c1,ä").encode()[:-1]))
    assert loaded.understood.encoding != "utf-8"
    assert any("not UTF-8" in note for note in loaded.understood.notes)


# -- ZIP archives --------------------------------------------------------------


def test_a_truncated_zip(tmp_path: Path) -> None:
    whole = zipped(tmp_path, pictures()).read_bytes()
    error = refused(data(tmp_path, whole[: len(whole) // 2], "cut.zip"))
    assert "cut.zip is damaged or was cut short" in error.message and "again" in error.hint


def test_an_encrypted_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path, pictures())
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(signature, at + 4)
    error = refused(data(tmp_path, bytes(raw), "secret.zip"))
    assert "secret.zip is encrypted" in error.message and "password" in error.hint


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../../evil.png", "leads out of it"),
        ("cat/../../evil.png", "leads out of it"),
        ("..\\evil.png", "leads out of it"),
        ("/etc/evil.png", "absolute path"),
        ("C:\\evil.png", "absolute path"),
        ("\\\\server\\evil.png", "absolute path"),
    ],
)
def test_paths_that_climb_out(tmp_path: Path, name: str, what: str) -> None:
    work = tmp_path / "deep" / "work"
    error = refused(zipped(tmp_path, pictures() | {name: picture()}), workdir=work)
    assert "refused" in error.message and what in error.message and "evil.png" in error.message
    assert not list(tmp_path.rglob("evil.png")) and not Path("/etc/evil.png").exists()
    assert not work.exists() or not list(work.iterdir())
    with pytest.raises(UserError, match="refused"):
        propose(tmp_path / "data.zip")


def test_links_in_a_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path, pictures())
    with zipfile.ZipFile(path, "a") as archive_:
        info = zipfile.ZipInfo("cat/link.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive_.writestr(info, "/etc/passwd")
    assert "holds a link ('cat/link.png')" in refused(path).message


def test_links_in_a_folder(tmp_path: Path) -> None:
    for name, content in pictures().items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(content)
    (tmp_path / "data/cat/link.png").symlink_to(tmp_path / "data/dog/0.png")
    loaded = load(tmp_path / "data")
    assert [(e.where, e.reason) for e in loaded.quarantine] == [("cat/link.png", "is a link, not a file")]
    assert len(loaded.dataset) == 4


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SMALL_ZIP_BYTES", 1 << 20)
    path = zipped(tmp_path, pictures() | {"cat/zeros.png": bytes(20 << 20)})
    error = refused(path)
    assert "would unpack to 20 MB" in error.message and "200-fold" in error.message


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_ZIP_FILES", 3, "holds 4 files"),
        ("MAX_ZIP_BYTES", 10, "would unpack"),
        ("MAX_FILE_BYTES", 10, "MB"),
    ],
)
def test_limits_of_a_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str
) -> None:
    monkeypatch.setattr(limits, limit, value)
    assert words in refused(zipped(tmp_path, pictures())).message


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    path = zipped(tmp_path, pictures() | {"cat/zeros.png": bytes(1 << 20)})
    raw = bytearray(path.read_bytes())
    # Both headers claim 100 bytes where a megabyte is packed.
    local, central = raw.rfind(b"PK\x03\x04") + 22, raw.rfind(b"PK\x01\x02") + 24
    for at in (local, central):
        assert struct.unpack_from("<L", raw, at) == (1 << 20,)
        struct.pack_into("<L", raw, at, 100)
    loaded = load(data(tmp_path, bytes(raw), "liar.zip"), workdir=tmp_path / "work")
    assert [entry.where for entry in loaded.quarantine] == ["cat/zeros.png"]
    assert all(p.stat().st_size < 5000 for p in (tmp_path / "work").rglob("*.png"))


def test_an_empty_zip_and_one_without_images(tmp_path: Path) -> None:
    assert "is empty" in refused(zipped(tmp_path, {}, "empty.zip")).message
    assert "holds no image" in refused(zipped(tmp_path, {"a/readme.md": b"x"})).message
    error = refused(zipped(tmp_path, {"table.csv": GOOD.encode()}))
    assert "it holds 'table.csv'" in error.message and "unpacked" in error.hint
    (tmp_path / "nothing").mkdir()
    assert "holds no image" in refused(tmp_path / "nothing").message


def test_a_damaged_member_leaves_the_rest(tmp_path: Path) -> None:
    path = zipped(tmp_path, pictures())
    with zipfile.ZipFile(path) as archive_:
        info = archive_.getinfo("cat/1.png")
    raw = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    raw[start : start + 20] = bytes(20)
    loaded = load(data(tmp_path, bytes(raw), "damaged.zip"))
    assert [(e.where, e.reason) for e in loaded.quarantine] == [("cat/1.png", "is damaged inside the ZIP")]
    assert loaded.dataset.class_counts == {"dog": 2, "cat": 1}


# -- images --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cat/text.jpg", b"this is no image", "not an image that can be read"),
        ("cat/none.png", b"", "is empty (0 bytes)"),
        ("cat/cut.jpg", picture(5, "JPEG", 64)[:-200], "does not decode"),
        ("cat/cut.png", picture(5, "PNG", 64)[:-200], "does not decode"),
        ("cat/notes.txt", b"hello", "neither an image nor a table"),
        ("loose.png", picture(7), "does not lie in a class folder"),
    ],
)
def test_images_that_cannot_be_used(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    loaded = load(zipped(tmp_path, pictures() | {name: content}))
    assert [entry.where for entry in loaded.quarantine] == [name]
    assert reason in loaded.quarantine[0].reason
    assert loaded.dataset.class_counts == {"cat": 2, "dog": 2}


def test_a_huge_image(tmp_path: Path) -> None:
    buffer = BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    loaded = load(zipped(tmp_path, pictures() | {"cat/huge.png": buffer.getvalue()}))
    assert "too large" in loaded.quarantine[0].reason and len(loaded.dataset) == 4


def test_names_that_differ_by_case_only(tmp_path: Path) -> None:
    loaded = load(zipped(tmp_path, pictures() | {"cat/X.png": picture(7), "cat/x.PNG": picture(8)}))
    assert [entry.where for entry in loaded.quarantine] == ["cat/x.PNG"]
    assert "same name as 'cat/X.png'" in loaded.quarantine[0].reason
    assert loaded.dataset.class_counts["cat"] == 3


def test_a_name_that_occurs_twice(tmp_path: Path) -> None:
    path = zipped(tmp_path, pictures())
    with zipfile.ZipFile(path, "a") as archive_, pytest.warns(UserWarning, match="Duplicate name"):
        archive_.writestr("cat/0.png", picture(50))
    loaded = load(path)
    assert [entry.reason for entry in loaded.quarantine] == ["the name occurs twice; the first file was kept"]
    assert loaded.dataset.image_path(0).read_bytes() == pictures()["cat/0.png"]


def test_a_file_name_that_is_no_unicode(tmp_path: Path) -> None:
    for name, content in pictures().items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(content)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/data/cat/\xff.png")).write_bytes(picture(5))
    loaded = load(tmp_path / "data")
    assert [entry.where for entry in loaded.quarantine] == ["cat/?.png"]
    assert "not valid Unicode" in loaded.quarantine[0].reason and len(loaded.dataset) == 4


def test_an_empty_class_folder(tmp_path: Path) -> None:
    path = zipped(tmp_path, pictures())
    with zipfile.ZipFile(path, "a") as archive_:
        archive_.mkdir("bird")
    loaded = load(path)
    assert [(e.where, e.reason) for e in loaded.quarantine] == [("bird/", "this class folder holds no image")]


def test_one_class_folder_and_none(tmp_path: Path) -> None:
    one = {name: content for name, content in pictures().items() if name.startswith("cat")}
    assert "one class folder with images ('cat')" in refused(zipped(tmp_path, one)).message
    flat = {f"{i}.png": picture(i) for i in range(3)}
    error = refused(zipped(tmp_path, flat))
    assert "do not lie in class folders" in error.message and "CSV" in error.hint


def test_too_many_image_classes(tmp_path: Path) -> None:
    files = {f"c{i}/0.png": picture(i) for i in range(30)}
    assert "30 classes" in refused(zipped(tmp_path, files)).message


# -- disks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "denied"), (errno.EROFS, "cannot be")]
)
def test_a_disk_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str) -> None:
    def full(*args: object) -> None:
        raise OSError(code, os.strerror(code), "somewhere/cat/0.png")

    monkeypatch.setattr(archive.shutil, "copyfileobj", full)
    work = tmp_path / "work"
    error = refused(zipped(tmp_path, pictures()), workdir=work)
    assert words in error.message and "cat/0.png" in error.message and error.hint
    assert list(work.iterdir()) == []


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data(tmp_path, GOOD)

    def deny(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    # The tests may run as root, who may read everything.
    monkeypatch.setattr(Path, "open", deny)
    error = refused(path)
    assert "data.csv" in error.message and "permission denied" in error.message
