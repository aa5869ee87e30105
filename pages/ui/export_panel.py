"""What Export shows: the tree of a version with sizes, the ZIP, a folder to write to, the check."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from augmentors import jobs
from augmentors.background import read_manifest
from augmentors.estimate import size_words
from augmentors.export import verify
from augmentors.export.copy_version import check_place
from augmentors.export.manifest import REPORT, part_rows
from augmentors.jobs import JobState
from pages.ui import errors, jobs_watch, theme
from pages.ui.frame import Data

ZIP_JOB = "augmentors.background:zip_job"
COPY_JOB = "augmentors.export.copy_version:copy_job"
# A download passes through the server's memory once; what is larger is written to a folder instead.
DOWNLOAD_BYTES = 1_000_000_000
MANY_FILES = 12
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Branch:
    """One line of the tree: a folder with what it holds, or a file."""

    name: str
    size: int
    note: str


def tree(data: Data, version_id: str) -> str:
    """Return what a version holds, with sizes and counts, as HTML."""
    lines = "".join(
        f"<code>{theme.text(branch.name)}</code><span class='cw-size'>{size_words(branch.size / 1e6)}</span>"
        f"<span class='cw-mute'>{theme.text(branch.note)}</span>"
        for branch in branches(data, version_id)
    )
    return f'<div class="cw-tree">{lines}</div>'


def branches(data: Data, version_id: str) -> list[Branch]:
    """Return the lines of the tree (kept while manifest and report stay the same)."""
    folder = data.workspace.version_path(version_id)
    return _branches(data.workspace.token, version_id, (folder / REPORT).stat().st_mtime_ns)


@st.cache_data(max_entries=16, show_spinner="Measuring files …")
def _branches(token: str, version_id: str, report_time: int) -> list[Branch]:
    from augmentors.store import Workspace

    workspace = Workspace(token)
    folder, manifest = workspace.version_path(version_id), read_manifest(workspace, version_id)
    rows = part_rows(manifest)
    noun = {"table": "rows", "text": "texts", "image": "images"}[manifest["kind"]]
    notes = {
        "train": f"balanced: {rows.original:,} original and {rows.new:,} new {noun}",
        "test": f"untouched, at its natural balance: {rows.test:,} {noun}",
        "provenance.parquet": "where every new sample comes from: parents, augmenter, what was drawn, gate scores",
        "recipe.yaml": "makes the same bytes again",
        REPORT: "one page, readable offline",
        "manifest.json": "a hash of every file but the report; “verify” checks them",
    }
    lines: list[Branch] = []
    for part in ("train", "test"):
        lines += _folder_lines(folder, part, notes[part])
    for name in ("provenance.parquet", "recipe.yaml", REPORT, "manifest.json"):
        lines.append(Branch(name, (folder / name).stat().st_size, notes[name]))
    return lines


def _folder_lines(folder: Path, part: str, note: str) -> list[Branch]:
    files = [path for path in sorted((folder / part).rglob("*")) if path.is_file()]
    sizes = {path: path.stat().st_size for path in files}
    lines = [Branch(f"{part}/", sum(sizes.values()), note)]
    if len(files) <= MANY_FILES:
        inside = [(path.relative_to(folder / part).as_posix(), [path]) for path in files]
    else:
        groups: dict[str, list[Path]] = {}
        for path in files:
            first, *rest = path.relative_to(folder / part).parts
            groups.setdefault(f"{first}/" if rest else first, []).append(path)
        inside = list(groups.items())[:MANY_FILES]
    for name, own in inside:
        told = f"{len(own):,} files" if name.endswith("/") else ""
        lines.append(Branch(f"    {name}", sum(sizes[path] for path in own), told))
    return lines


# -- the ZIP ---------------------------------------------------------------------


def zip_file(data: Data, version_id: str) -> Path | None:
    """Return the packed version, or None while there is none or it is older than the report inside."""
    packed = data.workspace.version_dir(version_id) / f"counterweight-{version_id}.zip"
    report = data.workspace.version_path(version_id) / REPORT
    fresh = packed.exists() and packed.stat().st_mtime >= report.stat().st_mtime
    return packed if fresh else None


def download(action: Any, data: Data, version_id: str) -> None:
    """Draw the primary button: pack the ZIP, then download it straight from disk."""
    packed, job = zip_file(data, version_id), job_of(data, "zip", version_id)
    if job is not None and job.active:
        jobs_watch.watch(job.id)
        return
    if packed is None:
        with action:
            if st.button("Prepare the ZIP", type="primary", key="export.pack"):
                with errors.box():
                    submit(data, ZIP_JOB, {"version_id": version_id}, "Packing the ZIP", "zip")
                    st.rerun()
        if job is not None:
            jobs_watch.failure(job, "Free some space and try again.")
        return
    size = packed.stat().st_size
    if size > DOWNLOAD_BYTES:
        st.info(
            f"The ZIP has {size_words(size / 1e6)}, too much for a browser's download. Write it to a folder instead."
        )
        return
    with action:
        st.download_button(
            f"Download ({size_words(size / 1e6)})",
            reader(packed),
            file_name=f"{Path(str(data.facts['name'])).stem}-balanced.zip",
            mime="application/zip",
            type="primary",
            on_click="ignore",
            key="export.download",
        )


def reader(path: Path) -> Callable[[], bytes]:
    """Return what reads a file once its button is pressed, so that no session holds it before."""
    return path.read_bytes


def small_downloads(data: Data, version_id: str) -> None:
    """Draw buttons for the report and the recipe alone."""
    folder = data.workspace.version_path(version_id)
    stem = Path(str(data.facts["name"])).stem
    with st.container(horizontal=True):
        for name, label, mime in ((REPORT, "Report", "text/html"), ("recipe.yaml", "Recipe", "application/yaml")):
            st.download_button(
                label,
                reader(folder / name),
                file_name=f"{stem}-{name}",
                mime=mime,
                on_click="ignore",
                key=f"export.{name}",
            )


# -- a folder, the check ---------------------------------------------------------


def write_to_folder(data: Data, version_id: str) -> None:
    """Draw the place to write the version to a folder of this machine; only where browser and server share it."""
    if not same_machine():
        return
    with st.expander("Write to a folder on this machine"):
        place = st.text_input(
            "Folder", key=f"export.folder.{data.id}", placeholder="/home/me/balanced", persist_state="session"
        )
        job = job_of(data, "copy", version_id)
        if job is not None and job.active:
            jobs_watch.watch(job.id)
            return
        pressed = st.button("Write", key="export.write", disabled=not place)
        if pressed:
            with errors.box():
                check_place(Path(place).expanduser())
                out = str(Path(place).expanduser())
                submit(data, COPY_JOB, {"version_id": version_id, "out": out}, "Writing the folder", "copy")
                st.rerun()
        elif job is not None and job.status == "done":
            st.success(f"{job.result['files']:,} files are in {theme.escape(job.result['out'])}.")  # type: ignore[index]
        elif job is not None:
            jobs_watch.failure(job, "Choose another folder.")


def same_machine() -> bool:
    """Whether browser and server are on one machine: only then may a visitor name a folder."""
    host = urlsplit(st.context.url or "").hostname
    return host in LOCAL and st.context.ip_address in (None, *LOCAL)


def check(data: Data, version_id: str) -> None:
    """Draw the button that verifies the version, and what it found."""
    folder = data.workspace.version_path(version_id)
    if not st.button(
        "Verify now", key="export.verify", help="Hashes every file again and checks that the parts are disjoint."
    ):
        return
    with errors.box():
        with st.spinner("Hashing every file again …"):
            found = verify(folder)
        if found.ok:
            st.success(
                f"Verified {found.files:,} files: {found.train:,} original and {found.new:,} new training samples, "
                f"{found.test:,} test samples; train, test and parents are disjoint as they must be."
            )
        else:
            st.error("  \n".join(theme.escape(problem) for problem in found.problems[:20]))


def job_of(data: Data, kind: str, version_id: str) -> JobState | None:
    """Return the newest job of a kind on a version."""
    every = jobs.list_jobs(data.workspace.jobs_dir)
    return next((j for j in every if j.kind == kind and j.arguments.get("version_id") == version_id), None)


def submit(data: Data, function: str, arguments: dict[str, Any], title: str, kind: str) -> None:
    """Start a job in this workspace."""
    where = {"workspace": data.workspace.token}
    jobs.submit(data.workspace.jobs_dir, function, where | arguments, title=title, kind=kind)
