"""Bad archives, images and disks: each ends in one sentence; and nothing good is lost."""

import errno
import os
import shlex
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from augmentors.core.errors import UserError
from augmentors.ingest import archive, limits, load, propose
from augmentors.ingest.limits import os_errors_in_words
from tests.hostile.bad_files import GOOD, data, picture, pictures, refused, zipped

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
def test_limits_of_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str) -> None:
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


LOAD = """
import resource, sys
from pathlib import Path
from augmentors.core.errors import UserError
from augmentors.ingest import load
path, work, bytes_per_file = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
if bytes_per_file:
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_per_file, bytes_per_file))
try:
    load(path, workdir=work)
except UserError as error:
    left = sorted(p.name for p in work.iterdir()) if work.is_dir() else []
    print(error.message, error.hint, left, sep="\\n")
"""


def load_apart(folder: Path, before: str = "true", bytes_per_file: int = 0) -> list[str]:
    """Load a ZIP of pictures in a process whose disk refuses; return message, hint and what is left.

    `before` is a shell command run first, in a view of the disks of its own.
    """
    path, work = zipped(folder, {name: picture(size=64) for name in pictures()}), folder / "disk" / "work"
    work.parent.mkdir()
    command = [sys.executable, "-c", LOAD, str(path), str(work), str(bytes_per_file)]
    if before != "true":
        own_disks = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
        if shutil.which("unshare") is None or subprocess.run([*own_disks, "mount -t tmpfs none /mnt"]).returncode:
            pytest.skip("this system allows no disk of one's own")
        command = [*own_disks, f'{before} && exec "$0" "$@"', *command]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    message, hint, left = done.stdout.splitlines()
    assert "Traceback" not in done.stderr
    return [message, hint, left]


def test_a_full_disk(tmp_path: Path) -> None:
    disk = shlex.quote(str(tmp_path / "disk"))
    message, hint, left = load_apart(tmp_path, f"mount -t tmpfs -o size=24k none {disk}")
    assert "disk is full" in message and ".png'" in message and hint and left == "[]"


def test_a_disk_that_may_only_be_read(tmp_path: Path) -> None:
    disk = shlex.quote(str(tmp_path / "disk"))
    message, hint, left = load_apart(tmp_path, f"mount -t tmpfs -o ro none {disk}")
    assert "on a disk that cannot be written" in message and "disk/work" in message and hint and left == "[]"


def test_a_file_larger_than_files_may_be(tmp_path: Path) -> None:
    message, hint, left = load_apart(tmp_path, bytes_per_file=4096)
    assert "larger than a file may be" in message and ".png'" in message and hint and left == "[]"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data(tmp_path, GOOD)

    def deny(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    # The tests may run as root, who may read everything.
    monkeypatch.setattr(Path, "open", deny)
    error = refused(path)
    assert "data.csv" in error.message and "permission denied" in error.message


@pytest.mark.parametrize("size", [10, 5_000_000])
def test_a_full_disk_is_named_by_the_file_it_has_no_room_for(tmp_path: Path, size: int) -> None:
    path, folder = zipped(tmp_path, {"cat/0.png": bytes(size)}), tmp_path / "work"
    (folder / "cat").mkdir(parents=True)
    (folder / "cat" / "0.png").symlink_to("/dev/full")
    words = r"The disk is full, so '.*work/cat/0\.png' could not be written"
    with pytest.raises(UserError, match=words), os_errors_in_words(path), archive.opened(path) as archive_:
        archive.extract(archive_, archive.members(archive_, path.name)[0], folder)
