"""Which fits of a contest are done, which are missing, and whose thresholds can be tuned."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from augmentors.evaluate.contest import Contest, FeatureTask, FitTask, Task, TuneTask
from augmentors.evaluate.fit_keys import FitKeys
from augmentors.evaluate.free_arms import THRESHOLD
from augmentors.evaluate.kept_fits import KeptFits, Value
from augmentors.evaluate.scoring import FitFailed, FitScores
from augmentors.evaluate.tuning import Tuned

Fit = FitScores | FitFailed
Group = tuple[int, int, int]  # repeat, arm, learner


class Ledger:
    """The fits of a contest by repeat, arm and learner, with those that were kept from earlier.

    Parameters
    ----------
    tasks : iterable of FitTask
        All of them, in the order in which results are wanted.
    kept : Kept
    """

    def __init__(self, tasks: Iterable[FitTask], kept: "Kept") -> None:
        self._kept = kept
        self._fits: dict[Group, dict[int, Fit | None]] = {}
        self._order: list[tuple[Group, int]] = []
        self._tuned: dict[Group, list[Tuned]] = {}
        for task in tasks:
            for card in task.cards:
                group = (task.repeat, task.arm, card)
                self._fits.setdefault(group, {})[task.fold] = None
                self._order.append((group, task.fold))
        #: Thresholds of arms whose fits were all kept.
        self.to_tune = [task for group in self._fits for task in self._read(group)]

    @property
    def total(self) -> int:
        """How many fits there are."""
        return len(self._order)

    @property
    def done(self) -> int:
        """How many fits are known."""
        return sum(self._fits[group][fold] is not None for group, fold in self._order)

    def missing(self, tasks: Iterable[FitTask]) -> Iterator[FitTask]:
        """Yield what is left of the tasks."""
        for task in tasks:
            cards = tuple(card for card in task.cards if self._fits[task.repeat, task.arm, card][task.fold] is None)
            if cards:
                yield replace(task, cards=cards)

    def add(self, task: Task, result: list[Fit] | list[Tuned]) -> Iterator[TuneTask]:
        """Enter what a task gave; yield the thresholds that can be tuned now."""
        if isinstance(task, TuneTask):
            self._tuned[task.repeat, task.arm, task.card] = [one for one in result if isinstance(one, Tuned)]
        elif isinstance(task, FitTask):
            for card, fit in zip(task.cards, result, strict=True):
                assert not isinstance(fit, Tuned)
                group = (task.repeat, task.arm, card)
                self._fits[group][task.fold] = fit
                yield from self._tunable(group)

    def results(self) -> Iterator[Fit]:
        """Yield all fits with tuned thresholds beside them and those of the arm that moves them, repeat by repeat."""
        groups = list(dict.fromkeys(group for group, _ in self._order))
        for repeat in sorted({group[0] for group in groups}):
            own = [(group, fold) for group, fold in self._order if group[0] == repeat]
            found = [self._fits[group][fold] for group, fold in own]
            yield from (fit for fit in found if isinstance(fit, FitFailed))
            for group in groups:
                if group[0] == repeat and group in self._tuned:
                    for fit, tuned in zip(self._complete(group), self._tuned[group], strict=True):
                        yield from _tuned_pair(fit, tuned)

    def _read(self, group: Group) -> Iterator[TuneTask]:
        """Enter the kept fits of a group; yield its thresholds where none is missing."""
        fits = self._fits[group]
        for fold in fits:
            fits[fold] = self._kept.fit(group, fold)
        yield from self._tunable(group)

    def _complete(self, group: Group) -> list[FitScores]:
        """Return the fits of all folds, or none: where a fold failed, the whole arm is shown as failed."""
        fits = [fit for _, fit in sorted(self._fits[group].items())]
        whole = [fit for fit in fits if isinstance(fit, FitScores)]
        return whole if len(whole) == len(fits) else []

    def _tunable(self, group: Group) -> Iterator[TuneTask]:
        fits = self._complete(group)
        if not fits:
            return
        repeat, arm, card = group
        found = tuple(fit.probabilities for fit in fits if fit.probabilities is not None)
        task = TuneTask(repeat, arm, card, tuple(fit.fold for fit in fits), found)
        # The task carries them on: a repeat's probabilities are not held for longer than they are needed.
        self._fits[group] = {fit.fold: replace(fit, probabilities=None) for fit in fits}
        known = self._kept.tuned(task)
        if known is None:
            yield task
        else:
            self._tuned[group] = known


class Kept:
    """What is kept of a contest from earlier, and where its own results go; nothing without a folder."""

    def __init__(self, contest: Contest) -> None:
        self._store = None if contest.keep_in is None else KeptFits(contest.keep_in)
        self._keys = None if self._store is None else FitKeys(contest)
        self._arms = contest.arms

    def fit(self, group: Group, fold: int) -> FitScores | None:
        """Return a fit made earlier, under the name that its arm has now."""
        if self._store is None or self._keys is None:
            return None
        found = self._store.read(self._keys.fit(*group, fold))
        return replace(found, arm=self._arms[group[1]].name) if isinstance(found, FitScores) else None

    def tuned(self, task: TuneTask) -> list[Tuned] | None:
        """Return thresholds tuned earlier."""
        return None if self._store is None or self._keys is None else self._store.read(self._keys.tune(task))

    def features(self, task: FeatureTask) -> Value | None:
        """Return features computed earlier."""
        return None if self._store is None or self._keys is None else self._store.read(self._keys.features(task))

    def write(self, task: Task, result: object) -> None:
        """Keep what a task gave; what failed is tried again the next time."""
        if self._store is None or self._keys is None:
            return
        if isinstance(task, FitTask):
            assert isinstance(result, list)
            for card, fit in zip(task.cards, result, strict=True):
                if isinstance(fit, FitScores):
                    self._store.write(self._keys.fit(task.repeat, task.arm, card, task.fold), fit)
        else:
            key = self._keys.tune(task) if isinstance(task, TuneTask) else self._keys.features(task)
            self._store.write(key, result)  # type: ignore[arg-type]


def _tuned_pair(fit: FitScores, result: Tuned) -> Iterator[FitScores]:
    beside = {"tuned_macro_f1": result.macro_f1}
    yield replace(fit, held_out=fit.held_out | beside, probabilities=result.kept)
    if result.fields is not None:
        fields = result.fields | {"held_out": result.fields["held_out"] | beside}
        yield replace(fit, arm=THRESHOLD, probabilities=None, **fields)
