"""What a run of the plan does and did: per class made, kept and rejected, samples flowing in, a log in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors import catalog, jobs
from augmentors.balance.peek import Peeked, peek
from augmentors.jobs import JobState
from pages.ui import errors, gallery, jobs_watch, theme
from pages.ui.frame import Data
from pages.ui.pairs import drawn_words
from pages.ui.theme import chip, text

RULES = {
    "copies": ("copy of a real sample", "copies of real samples"),
    "ranges": ("out of the range seen", "out of the range seen"),
    "constraints": ("breaking a rule of the data", "breaking a rule of the data"),
    "twin": ("same as another new sample", "same as another new sample"),
    "leak_check": ("copy of a test sample", "copies of test samples"),
}
SHOWN_CLASSES = 24
FLOWING = 8
COLUMNS = 5


def runs(data: Data) -> list[JobState]:
    """Return the runs of plans on the dataset in work, newest first."""
    every = jobs.list_jobs(data.workspace.jobs_dir)
    return [job for job in every if job.kind == "balance" and job.arguments.get("dataset_id") == data.id]


def live(data: Data, job: JobState) -> None:
    """Draw a running job and keep it up to date until it ends."""
    jobs_watch.watch(job.id, below=lambda now: _progress(data, now))


def stopped(action: Any, data: Data, job: JobState) -> None:
    """Draw a run that was cancelled, interrupted or failed, with a way to go on."""
    if job.status == "cancelled":
        st.info("Cancelled. Blocks that were finished are kept, so it can go on from there.")
    else:
        jobs_watch.failure(job, "Change the plan, or try again: what was finished is reused.")
    theme.draw(class_progress(_classes(job), data.colours))
    label = "Try again" if job.status == "failed" else "Resume"
    with action:
        pressed = st.button(label, type="primary", key=f"run.resume.{job.id}")
    if pressed:
        with errors.box():
            jobs.resume(data.workspace.jobs_dir, job.id)
            st.rerun()


def class_progress(classes: Mapping[str, Mapping[str, Any]], colours: Mapping[str, str]) -> str:
    """Return a bar per class: kept in its colour, rejected grey, of what is wanted; the rules below."""
    cells = "".join(_class_bar(name, tally, colours) for name, tally in list(classes.items())[:SHOWN_CLASSES])
    more = len(classes) - SHOWN_CLASSES
    rest = f'<p class="cw-mute">and {more:,} more classes</p>' if more > 0 else ""
    return f'<div class="cw-run">{cells}</div>{rest}' if cells else ""


def rejected_words(rejected: Mapping[str, int]) -> str:
    """Return what the gate turned down, in words.

    Examples
    --------
    >>> rejected_words({"copies": 6, "ranges": 2})
    '6 copies of real samples, 2 out of the range seen'
    """
    return ", ".join(f"{n:,} {rule_words(rule, n)}" for rule, n in sorted(rejected.items()) if n)


def rule_words(rule: str, n: int = 1) -> str:
    """Return the gate's rule, or the selector that cleaned, in words, for one sample or several.

    Examples
    --------
    >>> rule_words("copies", 2), rule_words("tomek_links")
    ('copies of real samples', 'cleaned away by Tomek links')
    """
    cleaned = {cls.card.key: f"cleaned away by {cls.card.title}" for cls in catalog.SELECTORS}
    one, several = RULES.get(rule, (cleaned.get(rule, rule),) * 2)
    return one if n == 1 else several


def summary(result: Mapping[str, Any], train: tuple[int, int]) -> list[str]:
    """Return in three sentences what a run did: made and kept, what was turned down and why, where classes are now.

    Parameters
    ----------
    result : mapping
        ``counts``, ``gate`` and ``leak_check`` of a version.
    train : tuple of int
        Training samples before and after.
    """
    gate = result["gate"].values()
    made, kept = sum(t["made"] for t in gate), sum(t["kept"] for t in gate)
    reasons: dict[str, int] = {}
    for tally in gate:
        for rule, n in tally["rejected"].items():
            reasons[rule] = reasons.get(rule, 0) + n
    share = f" ({kept / made:.1%})" if made else ""
    why = rejected_words(reasons)
    before, after = result["counts"]["before"], result["counts"]["after"]
    ratios = (_ratio(before), _ratio(after))
    return [
        f"{made:,} samples were made and {kept:,} of them kept{share}.",
        f"The gate turned down {made - kept:,}: {why}." if why else "The gate turned none of them down.",
        f"The training part went from {train[0]:,} to {train[1]:,} samples; the largest class "
        f"was {ratios[0]} times the smallest and is now {ratios[1]} times.",
    ]


def log_words(job: JobState) -> list[str]:
    """Return how a run went so far, a line per class that was begun."""
    lines = []
    for name, tally in _classes(job).items():
        if not tally["made"]:
            continue
        turned = rejected_words(tally["rejected"])
        lines.append(
            f"‘{name}’: {tally['made']:,} made, {tally['kept']:,} kept of {tally['wanted']:,} wanted"
            + (f"; turned down: {turned}" if turned else "")
        )
    return lines


def flowing(data: Data, found: Sequence[Peeked]) -> str:
    """Return samples that were just made: pictures, or one line each."""
    if not found:
        return ""
    draw = _flowing_picture if data.facts["kind"] == "image" else _flowing_line
    items = "".join(draw(data, one) for one in found)
    return f'<div class="{"cw-flow" if data.facts["kind"] == "image" else "cw-lines"}">{items}</div>'


def _progress(data: Data, job: JobState) -> None:
    left, right = theme.columns("run-live", (3, 2))
    with left:
        theme.draw(class_progress(_classes(job), data.colours))
        _log(job)
    with right:
        found = peek(data.workspace.jobs_dir / job.id / "blocks", FLOWING)
        if found:
            st.caption("Just made; what the gate turned down is struck out.")
        theme.draw(flowing(data, found))


def _log(job: JobState) -> None:
    said = [job.message or "Starting …", *log_words(job)]
    theme.draw('<div class="cw-log">' + "<br>".join(text(line) for line in said[:SHOWN_CLASSES]) + "</div>")


def _classes(job: JobState) -> dict[str, Any]:
    found: dict[str, Any] = job.counts.get("classes", {})
    return found


def _class_bar(name: str, tally: Mapping[str, Any], colours: Mapping[str, str]) -> str:
    wanted, kept = max(int(tally["wanted"]), 1), int(tally["kept"])
    rejected = int(tally["made"]) - kept
    whole = max(wanted, kept + rejected)
    colour = colours.get(name, "#888888")
    why = rejected_words(tally["rejected"])
    return (
        f'<span class="cw-name">{chip(name, colour)}</span><span class="cw-track">'
        f'<span class="cw-fill" style="width:{100 * kept / whole:.2f}%;background:{colour}"></span>'
        f'<span class="cw-fill" style="left:{100 * kept / whole:.2f}%;width:{100 * rejected / whole:.2f}%;'
        'background:color-mix(in srgb, currentColor 30%, transparent)"></span></span>'
        f'<span class="cw-count">{kept:,} kept of {int(tally["wanted"]):,} wanted</span>'
        + (f'<span class="cw-why">turned down: {text(why)}</span>' if why else "")
    )


def _flowing_picture(data: Data, one: Peeked) -> str:
    from augmentors.explore.images import decode_pixels

    uri = gallery.array_uri(decode_pixels(one.file), 84) if one.file else ""
    crisp = ' class="cw-crisp"' if uri.startswith("data:image/png") else ""
    out = ' class="cw-out"' if one.rule else ""
    note = text(f"{one.target}: {drawn_words(one.drawn)}" + (f" · {rule_words(one.rule)}" if one.rule else ""))
    colour = data.colours.get(one.target, "#888888")
    return (
        f'<figure{out} style="--c:{colour}" title="{note}"><img src="{uri}" alt="{text(one.target)}"{crisp}></figure>'
    )


def _flowing_line(data: Data, one: Peeked) -> str:
    if data.facts["kind"] == "text":
        line = str(one.values.get(data.facts["text"]) or "")[:160]
    else:
        label = data.facts["label"]
        # A class is told by the colour; a number or a label set is made with the row.
        first = [label] if data.facts.get("task", "classification") != "classification" and label in one.values else []
        names = [*first, *(name for name in one.values if name != label)]
        given = [(name, one.values[name]) for name in names if one.values[name] is not None]
        line = " · ".join(f"{name} {theme.short(value)}" for name, value in given[:COLUMNS])
    colour = data.colours.get(one.target, "#888888")
    note = text(rule_words(one.rule)) if one.rule else ""
    out = ' class="cw-out"' if one.rule else ""
    return f'<div{out} style="--c:{colour}" title="{note}">{text(line)}</div>'


def _ratio(counts: Mapping[str, int]) -> str:
    smallest = min(counts.values())
    return f"{max(counts.values()) / smallest:,.1f}" if smallest else "any number of"
