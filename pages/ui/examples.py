"""Pictures and examples of the gallery as the finder shows them: of the class in work where they are there already."""

from collections.abc import Mapping

import streamlit as st

from augmentors import catalog, gallery, jobs
from augmentors.gallery import Example
from augmentors.jobs import JobState
from pages.ui import jobs_watch, theme
from pages.ui.finder_list import Look
from pages.ui.frame import Data
from pages.ui.pairs import changed_row, changed_text
from pages.ui.theme import text

JOB = "augmentors.gallery:gallery_job"
KEPT = 60  # letters of an unchanged stretch
WHAT = {
    "image": "image; the strongest of eight draws is shown",
    "text": "text",
    "table": "row, where it can start from it (parents with their share, then a few columns of the new row)",
}


def looks(data: Data, target: str, *, large: bool) -> dict[str, Look]:
    """Return what is shown of each augmenter, and send the pictures (once: the browser keeps the style sheet)."""
    found = _found(data, target)
    pictures = {key: f"af-{'p' if large else 's'}-{key}" for key, one in found.items() if one.picture}
    sized = {name: found[key].picture for key, name in pictures.items()}
    if pictures:
        sized = sized if large else {name: gallery.thumbnail(one) for name, one in sized.items()}
        theme.draw(f"<style>{style(sized)}</style>")
    return {key: Look(pictures.get(key, ""), _marked(one)) for key, one in found.items()}


def style(pictures: Mapping[str, str]) -> str:
    """Return a style sheet with a class per picture (base64)."""
    return "".join(
        f".{name}{{background-image:url({uri(picture)}){_crisp(picture)}}}" for name, picture in pictures.items()
    )


def uri(picture: str) -> str:
    """Return a picture of the gallery as data URI.

    Examples
    --------
    >>> uri("iVBORw0KGgo="), uri("UklGRg==")
    ('data:image/png;base64,iVBORw0KGgo=', 'data:image/webp;base64,UklGRg==')
    """
    return f"data:image/{'png' if _is_png(picture) else 'webp'};base64,{picture}"


def head(data: Data, target: str) -> None:
    """Draw what the gallery is made of; it is made of a sample of the class in the background when first looked at."""
    kind = data.facts["kind"]
    own = gallery.own(data.workspace, data.id, data.facts["split"]["hash"], target)
    job = _job(data, target)
    # One that was made before the catalogue grew is made again; what was cancelled or failed is left.
    lacking = any(cls.card.key not in own for cls in catalog.for_kind(kind))
    if job is None or (job.status == "done" and lacking):
        job = jobs.read_state(data.workspace.jobs_dir, _start(data, target))
    if job is not None and job.active:
        st.caption("A shipped sample for now; the same of your own data is being made.")
        jobs_watch.watch(job.id)
        return
    where = f"a training sample of ‘{target}’" if own else "a shipped sample"
    said = f"Each at its defaults on the same {WHAT[kind]}. Made from {where}; choose one to work with it."
    theme.draw(f'<div class="cw-original">{_original(own)}<span>{text(said)}</span></div>')


def _found(data: Data, target: str) -> dict[str, Example]:
    shipped = gallery.shipped(data.facts["kind"])
    own = gallery.own(data.workspace, data.id, data.facts["split"]["hash"], target)
    return {key: one for key, one in {**shipped, **{k: o for k, o in own.items() if not o.why_not}}.items() if key}


def _marked(one: Example) -> str:
    if one.rows:
        return changed_row(one.rows)
    return changed_text(one.before, one.after, KEPT) if one.after else ""


def _original(found: Mapping[str, Example]) -> str:
    original = next((one.original for one in found.values() if one.original), "")
    crisp = ' class="cw-crisp"' if _is_png(original) else ""
    return f'<img src="{uri(original)}" alt="the original"{crisp}>' if original else ""


def _job(data: Data, target: str) -> JobState | None:
    wanted = {"dataset_id": data.id, "target": target}
    found = (job for job in jobs.list_jobs(data.workspace.jobs_dir) if job.kind == "gallery")
    return next((job for job in found if wanted.items() <= job.arguments.items()), None)


def _start(data: Data, target: str) -> str:
    return jobs.submit(
        data.workspace.jobs_dir,
        JOB,
        {"workspace": data.workspace.token, "dataset_id": data.id, "target": target},
        title=f"Gallery of ‘{target}’",
        kind="gallery",
    )


def _is_png(picture: str) -> bool:
    return picture.startswith("iVBOR")


def _crisp(picture: str) -> str:
    return ";image-rendering:pixelated" if _is_png(picture) else ""
