"""Images from ZIPs and folders: classes, ids, fingerprints, and odd files."""

import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.core.split import make_split
from augmentors.explore.group_column import propose_group
from augmentors.ingest import load, propose


def picture(seed: int = 0, mode: str = "RGB", form: str = "PNG", size: int = 12, **options: object) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (size, size, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).convert(mode).save(buffer, form, **options)
    return buffer.getvalue()


def class_files(prefix: str = "", n: int = 3) -> dict[str, bytes]:
    return {f"{prefix}{c}/{i}.png": picture(i + 10 * k) for k, c in enumerate(["cat", "dog"]) for i in range(n)}


def as_zip(folder: Path, files: dict[str, bytes], name: str = "data.zip", folders: tuple[str, ...] = ()) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for entry in folders:
            archive.mkdir(entry)
        for entry, content in files.items():
            archive.writestr(entry, content)
    return path


def as_folder(folder: Path, files: dict[str, bytes], name: str = "data") -> Path:
    for entry, content in files.items():
        target = folder / name / entry
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder / name


def test_class_folders(tmp_path: Path) -> None:
    files = class_files()
    loaded = load(as_zip(tmp_path, files), workdir=tmp_path / "work")
    data = loaded.dataset
    assert data.kind == "image" and data.class_counts == {"cat": 3, "dog": 3}
    assert data.ids.tolist() == sorted(files)
    assert data.frame["path"].tolist() == data.ids.tolist()
    assert data.schema.label == "label" and data.schema.types == {"path": "ignored"}
    assert all(data.image_path(i).read_bytes() == files[name] for i, name in enumerate(data.ids))
    assert tmp_path / "work" in data.image_path(0).parents


@pytest.mark.parametrize("prefix", ["", "wrap/", "one/two/"])
def test_a_zip_and_its_folder_are_the_same_dataset(tmp_path: Path, prefix: str) -> None:
    plain = load(as_zip(tmp_path, class_files(), "plain.zip")).dataset
    wrapped = load(as_zip(tmp_path, class_files(prefix), "wrapped.zip")).dataset
    folder = load(as_folder(tmp_path, class_files(prefix))).dataset
    assert plain.fingerprint == wrapped.fingerprint == folder.fingerprint
    assert plain.ids.tolist() == wrapped.ids.tolist() == folder.ids.tolist()
    assert folder.root == tmp_path / "data" / prefix


def test_other_bytes_or_names_are_another_dataset(tmp_path: Path) -> None:
    files = class_files()
    first = load(as_zip(tmp_path, files, "a.zip")).dataset.fingerprint
    changed = files | {"cat/0.png": picture(99)}
    renamed = {name.replace("cat/0", "cat/zero"): content for name, content in files.items()}
    assert len({first, load(as_zip(tmp_path, changed, "b.zip")).dataset.fingerprint,
                load(as_zip(tmp_path, renamed, "c.zip")).dataset.fingerprint}) == 3  # fmt: skip


def test_what_systems_leave_behind_is_ignored(tmp_path: Path) -> None:
    junk = {"__MACOSX/cat/._0.png": b"x", ".DS_Store": b"x", "cat/.hidden.png": b"x", "cat/Thumbs.db": b"x"}
    clean = load(as_zip(tmp_path, class_files(), "clean.zip"))
    loaded = load(as_zip(tmp_path, class_files() | junk))
    assert loaded.quarantine == []
    assert loaded.dataset.fingerprint == clean.dataset.fingerprint
    assert load(as_folder(tmp_path, class_files() | junk)).dataset.fingerprint == clean.dataset.fingerprint


def test_images_with_a_table_of_labels(tmp_path: Path) -> None:
    files = {f"images/{i}.png": picture(i) for i in range(6)}
    table = "file,camera,label\n" + "".join(f"{i}.png,c{i},{'ab'[i % 2]}\n" for i in range(6))
    loaded = load(as_zip(tmp_path, files | {"labels.csv": table.encode()}))
    data = loaded.dataset
    assert data.class_counts == {"a": 3, "b": 3}
    assert data.ids[0] == "images/0.png"
    assert data.schema.types == {"path": "ignored", "camera": "ignored"}
    assert data.frame.loc["images/3.png", "camera"] == "c3"
    assert loaded.understood.delimiter == ","
    assert any("come from 'labels.csv'" in note for note in loaded.understood.notes)


@pytest.mark.parametrize("cell", ["images/{i}.png", "./images/{i}.png", "images\\{i}.png", "{i}.png", "{i}"])
@pytest.mark.parametrize("column", ["filename", "something"])
def test_ways_to_name_a_file(tmp_path: Path, cell: str, column: str) -> None:
    files = {f"images/n{i}.png": picture(i) for i in range(6)}
    table = f"{column};klass\n" + "".join(f"{cell.format(i=f'n{i}')};{'ab'[i % 2]}\n" for i in range(6))
    loaded = load(as_folder(tmp_path, files | {"labels.csv": table.encode()}))
    assert loaded.dataset.class_counts == {"a": 3, "b": 3}
    assert loaded.dataset.schema.label == "klass"


def test_rows_and_images_without_a_partner_are_set_aside(tmp_path: Path) -> None:
    files = {f"{i}.png": picture(i) for i in range(6)}
    table = "file,label\n0.png,a\n1.png,a\n2.png,b\n3.png,b\n3.png,a\nlost.png,a\n4.png,\n"
    loaded = load(as_zip(tmp_path, files | {"labels.csv": table.encode()}))
    reasons = {entry.where: entry.reason for entry in loaded.quarantine}
    assert "listed a second time" in reasons["labels.csv, line 6 (r4)"]
    assert "no image 'lost.png'" in reasons["labels.csv, line 7 (r5)"]
    assert "not listed" in reasons["4.png"] and "not listed" in reasons["5.png"]
    assert loaded.dataset.class_counts == {"a": 2, "b": 2}


def test_a_table_about_something_else_leaves_the_folders_in_charge(tmp_path: Path) -> None:
    files = class_files() | {"notes.csv": b"colour,size\nred,1\nblue,2\n"}
    loaded = load(as_zip(tmp_path, files))
    assert loaded.dataset.class_counts == {"cat": 3, "dog": 3}
    assert any(entry.where == "notes.csv" for entry in loaded.quarantine)


def test_train_and_test_folders_are_joined(tmp_path: Path) -> None:
    loaded = load(as_zip(tmp_path, class_files("train/") | class_files("test/")))
    assert loaded.dataset.class_counts == {"cat": 6, "dog": 6}
    assert any("were joined" in note for note in loaded.understood.notes)


@pytest.mark.parametrize(
    ("mode", "form"),
    [("RGB", "PNG"), ("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("I;16", "PNG"),
     ("CMYK", "JPEG"), ("L", "JPEG"), ("RGB", "WEBP"), ("RGB", "BMP"), ("RGB", "TIFF"), ("P", "GIF")],
)  # fmt: skip
def test_kinds_of_images_are_accepted(tmp_path: Path, mode: str, form: str) -> None:
    suffix = {"JPEG": "jpg", "TIFF": "tif"}.get(form, form.lower())
    data = picture(1, "L", form) if mode == "I;16" else picture(1, mode, form)
    if mode == "I;16":
        buffer = BytesIO()
        Image.fromarray(np.arange(144, dtype=np.uint16).reshape(12, 12) * 400).save(buffer, "PNG")
        data = buffer.getvalue()
    loaded = load(as_zip(tmp_path, class_files() | {f"cat/odd.{suffix}": data}))
    assert f"cat/odd.{suffix}" in loaded.dataset.ids and loaded.quarantine == []


def test_animated_and_rotated_images_are_accepted(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((8, 8), 80 * k, np.uint8)) for k in range(3)]
    moving = BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = picture(3, form="JPEG", exif=exif)
    files = class_files() | {"cat/moving.gif": moving.getvalue(), "cat/turned.jpg": turned}
    assert load(as_zip(tmp_path, files)).dataset.class_counts["cat"] == 5


def test_a_proposal_unpacks_nothing_but_the_table(tmp_path: Path) -> None:
    proposal = propose(as_zip(tmp_path, class_files("wrap/")))
    assert proposal.classes == {"cat": 3, "dog": 3} and proposal.understood.kind == "image"
    assert len(proposal.preview) == 6
    with_table = {f"{i}.png": b"never read" for i in range(6)} | {
        "labels.csv": ("file,y\n" + "".join(f"{i}.png,{'ab'[i % 2]}\n" for i in range(6))).encode()
    }
    proposal = propose(as_zip(tmp_path, with_table, "table.zip"))
    assert proposal.understood.label == "y" and proposal.classes == {"a": 3, "b": 3}


def test_a_failed_load_leaves_nothing_behind(tmp_path: Path) -> None:
    work = tmp_path / "work"
    bad = {name: b"no image" for name in class_files()}
    with pytest.raises(UserError, match=r"no usable image \(6 set aside, first 'cat/0.png': is not an image"):
        load(as_zip(tmp_path, bad), workdir=work)
    assert list(work.iterdir()) == []


def test_folders_are_read_in_place(tmp_path: Path) -> None:
    folder = as_folder(tmp_path, class_files())
    before = sorted(p.name for p in tmp_path.rglob("*"))
    data = load(folder, workdir=tmp_path / "unused").dataset
    assert data.root == folder
    assert sorted(p.name for p in tmp_path.rglob("*")) == before
    shutil.rmtree(folder)


class Watched(Job):
    """Notes progress; stops when told."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.seen: list[tuple[float, str]] = []
        self.checks, self.stop_after = 0, stop_after

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        self.seen.append((fraction, message))

    def check(self) -> None:
        self.checks += 1
        if self.checks > self.stop_after:
            raise Cancelled


def many_images(folder: Path, n: int = 200) -> Path:
    path = folder / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(n):
            buffer = BytesIO()
            Image.new("L", (4, 4), i % 256).save(buffer, "PNG")
            archive.writestr(f"{'ab'[i % 2]}/{i}.png", buffer.getvalue())
    return path


def test_loading_an_archive_tells_how_far_it_is(tmp_path: Path) -> None:
    job = Watched()
    load(many_images(tmp_path), job=job)
    shares = [share for share, _ in job.seen]
    assert shares == sorted(shares) and len(set(shares)) >= 6
    assert any("Unpacked" in words for _, words in job.seen) and any("of 200 images" in words for _, words in job.seen)


@pytest.mark.parametrize("after", [0, 1, 3, 150, 205])
def test_a_cancelled_load_leaves_nothing(tmp_path: Path, after: int) -> None:
    path, work = many_images(tmp_path), tmp_path / "work"
    with pytest.raises(Cancelled):
        load(path, workdir=work, job=Watched(after))
    assert list(work.iterdir()) == []


def test_a_table_of_labels_gives_images_a_group(tmp_path: Path) -> None:
    files = {f"img/{i}.png": picture(i) for i in range(60)}
    rows = "".join(f"{i}.png,{'ab'[i // 5 % 2]},p{i // 5}\n" for i in range(60))
    path = tmp_path / "images.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("labels.csv", "file,label,patient\n" + rows)
    found = propose_group(load(path).dataset)
    assert found is not None and found.column == "patient" and not found.alike
    loaded = load(path, group="patient")
    assert loaded.dataset.schema.group == loaded.understood.group == "patient"
    assert propose(path, group="patient").understood.group == "patient"
    split = make_split(loaded.dataset, test_size=0.25)
    patients = loaded.dataset.frame["patient"]
    assert set(patients[split.train]).isdisjoint(patients[split.test])
    with pytest.raises(UserError, match=r"no column 'patent' to use as group.*patient"):
        load(path, group="patent")


def test_images_without_a_table_have_no_group(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="come without further columns"):
        load(many_images(tmp_path, 8), group="patient")
