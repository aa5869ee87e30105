"""Selectors within the training part: what is thinned out before new samples are made, and cleaned away after."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from augmentors import catalog
from augmentors.balance.batch import Batch
from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.seeds import canonical_json, rng_from
from augmentors.core.selector import Candidates, Selection, Stage
from augmentors.explore.candidates import candidates_of
from augmentors.gate import Judgement
from augmentors.recipe import SelectorChoice

COLUMNS = ("sample_id", "label", "stage", "selector", "params", "reason")


def no_rows() -> pd.DataFrame:
    """Return an empty table of dropped originals."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})


@dataclass(frozen=True)
class Selected:
    """What selectors of one stage left, and what they took.

    Parameters
    ----------
    train : Dataset
        Originals that stay.
    kept : Batch or None
        New samples that stay.
    dropped : DataFrame
        One row per dropped original: `COLUMNS`.
    removed : list of Batch
        Dropped new samples, judged by the selector's key as their rule.
    notes : list of str
    """

    train: Dataset
    kept: Batch | None = None
    dropped: pd.DataFrame = field(default_factory=no_rows)
    removed: list[Batch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def select(
    train: Dataset,
    kept: Batch | None,
    choices: Sequence[SelectorChoice],
    stage: Stage,
    seed: int,
    job: Job,
) -> Selected:
    """Run selectors one after another over originals and new samples.

    Parameters
    ----------
    train : Dataset
        Originals of the training part; the test part is never looked at.
    kept : Batch or None
        New samples the gate kept.
    choices : sequence of SelectorChoice
    stage : {"before", "after"}
    seed : int
        Of the recipe.
    """
    state = Selected(train, kept)
    for i, choice in enumerate(choices):
        part = job.part(i / len(choices), (i + 1) / len(choices))
        selector = catalog.get_selector(choice.selector)(**choice.params)
        part.progress(0.0, f"{selector.card.title} chooses")
        rng = rng_from(seed, "select", stage, i, selector.entry, train.content_hash)
        selection = selector.select(_candidates(state), rng, part)
        state = _applied(state, selection, choice, stage)
    return state


def _candidates(state: Selected) -> Candidates:
    if state.kept is None:
        return candidates_of(state.train)
    return candidates_of(state.train, state.kept.samples.frame, state.kept.files)


def _applied(state: Selected, selection: Selection, choice: SelectorChoice, stage: Stage) -> Selected:
    n = len(state.train)
    stays, why = selection.keep[:n], selection.reasons[:n]
    rows = pd.DataFrame(
        {
            "sample_id": state.train.ids[~stays],
            "label": state.train.labels[~stays],
            "stage": stage,
            "selector": choice.selector,
            "params": canonical_json(choice.params),
            "reason": why[~stays],
        },
        dtype=object,
    )
    kept, removed, mask = state.kept, list(state.removed), selection.keep[n:]
    if kept is not None and not mask.all():
        removed.append(_judged(kept.take(np.flatnonzero(~mask)), choice.selector, selection.reasons[n:][~mask]))
        kept = kept.take(np.flatnonzero(mask)) if mask.any() else None
    train = state.train if stays.all() else state.train.take(state.train.ids[stays])
    notes = [*state.notes, *selection.notes, *_counted(rows, mask, choice, stage)]
    return Selected(train, kept, pd.concat([state.dropped, rows], ignore_index=True), removed, notes)


def _judged(batch: Batch, rule: str, reasons: np.ndarray) -> Batch:
    table = batch.judgement.table.assign(rule=rule, detail=reasons)
    judged = Judgement(table.astype({"rule": object, "detail": object}), batch.judgement.keys)
    return Batch(batch.samples, judged, batch.files, batch.suffixes, batch.looks)


def _counted(rows: pd.DataFrame, new: np.ndarray, choice: SelectorChoice, stage: Stage) -> list[str]:
    """Return in one sentence how many originals were dropped, by class, and how many of the new samples."""
    title = catalog.get_selector(choice.selector).card.title
    gone = int((~new).sum())
    also = f" It dropped {gone:,} of {len(new):,} new samples." if len(new) else ""
    if rows.empty:
        return [f"{title} ({stage}) dropped no original sample.{also}"]
    counts = rows["label"].value_counts().sort_index()
    named = ", ".join(f"{count:,} of '{name}'" for name, count in counts.items())
    what = "original training sample" if len(rows) == 1 else "original training samples"
    return [f"{title} ({stage}) dropped {len(rows):,} {what}: {named}.{also}"]
