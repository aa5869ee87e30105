"""A version as one ZIP file."""

import zipfile
from pathlib import Path

from augmentors.core.job import NO_JOB, Job
from augmentors.store import disk_errors

EPOCH = (1980, 1, 1, 0, 0, 0)
PACKED = {".csv", ".jsonl", ".yaml", ".html", ".json"}


def write_zip(folder: Path, out: Path, job: Job = NO_JOB) -> Path:
    """Write a version's folder as a ZIP; equal folders give equal bytes.

    Text files are compressed; images and Parquet, which are already, are
    stored.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    draft = out.with_name(f".{out.name}.draft")
    with disk_errors("The ZIP"):
        try:
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                for i, path in enumerate(files):
                    job.check()
                    _add(archive, path, path.relative_to(folder).as_posix())
                    job.progress((i + 1) / len(files), "Packing")
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
    return out


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED if path.suffix in PACKED else zipfile.ZIP_STORED
    if path.stat().st_size < 1 << 20:
        archive.writestr(entry, path.read_bytes(), compresslevel=1)
        return
    entry.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
        while chunk := source.read(1 << 20):
            sink.write(chunk)
