"""Rounds: all blocks of a round finish, the gate decides in block order, what is missing goes to the next."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import numpy as np

from augmentors import catalog
from augmentors.balance.batch import Batch
from augmentors.balance.blocks import Part, Shared, Task, make_batch, tasks_for
from augmentors.balance.shortage import Shortage
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import canonical_json, rng_from
from augmentors.executors import Executor
from augmentors.gate import Gate
from augmentors.gate.funnel import reject_twins
from augmentors.recipe import Recipe


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
    """

    kept: Batch | None
    rejected: Batch | None
    tallies: dict[str, Tally]
    notes: list[str]
    weights: dict[str, str]


def balance_training_part(
    train: Dataset, recipe: Recipe, *, workers: int = 1, job: Job = NO_JOB, keep_in: Path | None = None
) -> Balanced:
    """Make the samples of a recipe's plan from the training part.

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

    Raises
    ------
    NotApplicable
        When an augmenter of the plan cannot work on its class.
    """
    parts, weights = _fitted_parts(train, recipe, job.part(0.0, 0.1))
    targets = sorted({part.target for part in parts})
    job.progress(0.1, "Preparing the checks")
    settings = recipe.gate
    gate = Gate(copies=settings.copies, ranges=settings.ranges, range_margin=settings.range_margin)
    gate.fit(train, targets)
    if keep_in is not None:
        keep_in.mkdir(parents=True, exist_ok=True)
    shared = Shared(recipe.seed, train.content_hash, tuple(parts), train.kind, gate, keep_in)
    return _Rounds(shared, train.kind, workers, job.part(0.12, 1.0)).run(weights)


class _Rounds:
    """State of the rounds of one run."""

    def __init__(self, shared: Shared, kind: str, workers: int, job: Job) -> None:
        self._shared, self._kind, self._workers, self._job = shared, kind, workers, job
        self._tallies: dict[str, Tally] = {}
        self._kept: list[list[Batch]] = [[] for _ in shared.parts]
        self._rejected: list[Batch] = []
        self._seen: dict[str, set[int]] = {part.target: set() for part in shared.parts}
        self._shortage = Shortage(
            [part.target for part in shared.parts], [part.augmenter.card.title for part in shared.parts]
        )
        self._reported = 0.0
        for part in shared.parts:
            self._tallies.setdefault(part.target, Tally()).wanted += part.count

    def run(self, weights: dict[str, str]) -> Balanced:
        missing, round_number = [part.count for part in self._shared.parts], 0
        with Executor(make_batch, self._shared, self._workers) as executor:
            while any(missing):
                tasks = [t for i, n in enumerate(missing) if n for t in tasks_for(i, self._kind, round_number, n)]
                missing = self._round(executor, tasks, missing)
                round_number += 1
        notes = [n for part in self._shared.parts for n in part.augmenter.notes(part.target)] + self._shortage.notes()
        kept = [batch for batches in self._kept for batch in batches]
        return Balanced(
            Batch.join(kept) if kept else None,
            Batch.join(self._rejected) if self._rejected else None,
            self._tallies,
            list(dict.fromkeys(notes)),
            weights,
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


def _fitted_parts(train: Dataset, recipe: Recipe, job: Job) -> tuple[list[Part], dict[str, str]]:
    """Fit each distinct augmenter once and prepare it for its classes; NotApplicable comes before any block."""
    parts: list[Part] = []
    fitted: dict[str, Augmenter] = {}
    weights: dict[str, str] = {}
    for i, entry in enumerate(recipe.plan.entries):
        job.progress(i / max(len(recipe.plan.entries), 1), f"Preparing '{entry.target}'")
        for mix, count in zip(entry.mix, entry.counts_by_part(), strict=True):
            if not count:
                continue
            augmenter = catalog.get(mix.augmenter)(**mix.params)
            name = canonical_json(augmenter.entry)
            if name not in fitted:
                fitted[name] = augmenter.fit(train, rng_from(recipe.seed, "fit", train.content_hash, name), job)
                learnt = augmenter.weights_hash()
                if learnt:
                    weights[name] = learnt
            job.check()
            try:
                fitted[name].prepare(entry.target)
            except NotApplicable as reason:
                hint = reason.hint or "Choose another augmenter for this class or leave it out of the plan."
                raise NotApplicable(reason.message, hint) from None
            parts.append(Part(entry.target, fitted[name], count))
    return parts, weights
