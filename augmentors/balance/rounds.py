"""Rounds: all blocks of a round finish, the gate decides in block order, what is missing goes to the next."""

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

import numpy as np
import pandas as pd

from augmentors.balance.batch import Batch
from augmentors.balance.blocks import Shared, Task, make_batch, tasks_for
from augmentors.balance.fallbacks import fallbacks
from augmentors.balance.parts import Prepared, prepare
from augmentors.balance.remarks import remarks
from augmentors.balance.selecting import Selected, no_rows, select
from augmentors.balance.shortage import Shortage
from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.executors import Executor
from augmentors.gate import Gate
from augmentors.gate.funnel import reject_twins
from augmentors.recipe import Recipe, uses_unlabelled


@dataclass
class Tally:
    """What became of a class's plan."""

    wanted: int = 0
    made: int = 0
    kept: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Balanced:
    """Accepted and rejected new samples of a training part.

    Parameters
    ----------
    kept, rejected : Batch or None
        In plan order, then block order; None when there are none.
    tallies : dict of str to Tally
        Per class.
    notes : list of str
        Fallbacks and early stops, in plain words.
    weights : dict of str to str
        Hash of what each fitted augmenter learnt.
    dropped : DataFrame
        Originals that selectors dropped, with stage, selector and reason.
    """

    kept: Batch | None
    rejected: Batch | None
    tallies: dict[str, Tally]
    notes: list[str]
    weights: dict[str, str]
    dropped: pd.DataFrame = field(default_factory=no_rows)


def balance_training_part(
    train: Dataset,
    recipe: Recipe,
    *,
    workers: int = 1,
    job: Job = NO_JOB,
    keep_in: Path | None = None,
    thinned: Selected | None = None,
) -> Balanced:
    """Make the samples of a recipe's plan from the training part; its selectors run before and after.

    Parameters
    ----------
    train : Dataset
        The training part only.
    recipe : Recipe
        Resolved: its plan has entries.
    workers : int
        Processes; the result does not depend on it.
    job : Job
    keep_in : Path, optional
        Folder in which finished blocks are kept for a resumed run.
    thinned : Selected, optional
        What `thin` gave, when it was called already.

    Raises
    ------
    NotApplicable
        When an augmenter of the plan cannot work on its class.
    """
    if thinned is None:
        thinned = thin(train, recipe, job.part(0.0, 0.05))
    prepared = prepare(thinned.train, recipe, job.part(0.05, 0.1), keep_in)
    job.progress(0.1, "Preparing the checks")
    settings = recipe.gate
    gate = Gate(
        copies=settings.copies,
        ranges=settings.ranges,
        constraints=settings.constraints,
        range_margin=settings.range_margin,
    )
    # A copy of a dropped sample is a copy of a real one all the same.
    gate.fit(train, sorted({part.target for part in prepared.parts}))
    if keep_in is not None:
        keep_in.mkdir(parents=True, exist_ok=True)
    shared = Shared(recipe.seed, thinned.train.content_hash, tuple(prepared.parts), train.kind, gate, keep_in)
    made = _Rounds(shared, train.kind, workers, job.part(0.12, 0.95 if recipe.after else 1.0)).run(prepared)
    return _cleaned(made, thinned, recipe, job.part(0.95, 1.0))


def thin(train: Dataset, recipe: Recipe, job: Job = NO_JOB) -> Selected:
    """Return what the recipe's ``before`` selectors leave of a training part."""
    return select(_with_usable(train, recipe), None, recipe.before, "before", recipe.seed, job)


def _with_usable(train: Dataset, recipe: Recipe) -> Dataset:
    """Return the training part with the unlabelled samples that the recipe uses and no reviewer rejected."""
    pool = train.unlabelled
    if pool is None:
        return train
    if not uses_unlabelled(recipe):
        return replace(train, unlabelled=None)  # what is not used must not change a byte
    known = recipe.data.unlabelled if recipe.data is not None else None
    gone = np.isin(pool.ids, list(known.rejected)) if known is not None else np.zeros(len(pool), dtype=bool)
    return replace(train, unlabelled=replace(pool, frame=pool.frame[~gone])) if gone.any() else train


def _cleaned(made: Balanced, thinned: Selected, recipe: Recipe, job: Job) -> Balanced:
    """Run the recipe's ``after`` selectors over originals and new samples; what they drop is not made again."""
    selected = select(thinned.train, made.kept, recipe.after, "after", recipe.seed, job)
    for batch in selected.removed:
        for target, rule in zip(batch.samples.certificate["target"], batch.judgement.table["rule"], strict=True):
            made.tallies[target].kept -= 1
            made.tallies[target].rejected[rule] += 1
    removed = ([] if made.rejected is None else [made.rejected]) + selected.removed
    return Balanced(
        selected.kept,
        Batch.join(removed) if removed else None,
        made.tallies,
        list(dict.fromkeys([*thinned.notes, *made.notes, *selected.notes])),
        made.weights,
        pd.concat([thinned.dropped, selected.dropped], ignore_index=True),
    )


class _Rounds:
    """State of the rounds of one run."""

    def __init__(self, shared: Shared, kind: str, workers: int, job: Job) -> None:
        self._shared, self._kind, self._workers, self._job = shared, kind, workers, job
        self._tallies: dict[str, Tally] = {}
        self._kept: list[list[Batch]] = [[] for _ in shared.parts]
        self._rejected: list[Batch] = []
        self._seen: dict[str, set[int]] = {part.target: set() for part in shared.parts}
        self._shortage = Shortage(
            [part.target for part in shared.parts],
            [part.augmenter.card.title for part in shared.parts],
            [part.augmenter.supply(part.target) for part in shared.parts],
        )
        self._reported = 0.0
        for part in shared.parts:
            self._tallies.setdefault(part.target, Tally()).wanted += part.count

    def run(self, prepared: Prepared) -> Balanced:
        missing, round_number = self._shortage.first([part.count for part in self._shared.parts]), 0
        asked = [0] * len(missing)
        with Executor(make_batch, self._shared, self._workers) as executor:
            while any(missing):
                tasks = [
                    t for i, n in enumerate(missing) if n for t in tasks_for(i, self._kind, round_number, n, asked[i])
                ]
                asked = [before + more for before, more in zip(asked, missing, strict=True)]
                missing = self._round(executor, tasks, missing)
                round_number += 1
        for target, wanted in prepared.left_out.items():
            self._tallies[target] = Tally(wanted=wanted)
        said = [n for part in self._shared.parts for n in part.augmenter.notes(part.target)]
        told = zip(self._shared.parts, self._kept, strict=True)
        taken = [note for part, kept in told for note in (*fallbacks(part, kept), *remarks(part, kept))]
        notes = [*prepared.notes, *said, *taken, *self._shortage.notes()]
        kept = [batch for batches in self._kept for batch in batches]
        return Balanced(
            Batch.join(kept) if kept else None,
            Batch.join(self._rejected) if self._rejected else None,
            self._tallies,
            list(dict.fromkeys(notes)),
            prepared.weights,
        )

    def _round(self, executor: Executor[Task, Batch], tasks: list[Task], missing: list[int]) -> list[int]:
        """Run a round; return what each part is to make in the next."""
        made, kept = [0] * len(missing), [0] * len(missing)
        for task, batch in zip(tasks, executor.run(tasks, self._job), strict=True):
            made[task.part] += len(batch)
            kept[task.part] += self._judge(task, batch)
            self._report(self._shared.parts[task.part].target)
        return self._shortage.after(missing, made, kept)

    def _judge(self, task: Task, batch: Batch) -> int:
        part = self._shared.parts[task.part]
        reject_twins(batch.judgement, self._seen[part.target])
        mask = batch.kept
        tally = self._tallies[part.target]
        tally.made += len(batch)
        tally.kept += int(mask.sum())
        if mask.any():
            self._kept[task.part].append(batch if mask.all() else batch.take(np.flatnonzero(mask)))
        if not mask.all():
            rejected = batch.take(np.flatnonzero(~mask))
            tally.rejected.update(rejected.judgement.table["rule"].tolist())
            self._rejected.append(rejected)
        return int(mask.sum())

    def _report(self, target: str) -> None:
        if monotonic() - self._reported < 0.2 and self._tallies[target].kept < self._tallies[target].wanted:
            return
        self._reported = monotonic()
        wanted = sum(t.wanted for t in self._tallies.values())
        kept = sum(min(t.kept, t.wanted) for t in self._tallies.values())
        classes = {
            name: {"wanted": t.wanted, "made": t.made, "kept": t.kept, "rejected": dict(t.rejected)}
            for name, t in self._tallies.items()
        }
        self._job.progress(kept / max(wanted, 1), f"Making samples of '{target}'", classes=classes)
