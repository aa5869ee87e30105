"""The parts of a plan made ready: augmenters fitted and prepared, and what becomes of classes they cannot work on."""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from augmentors import catalog
from augmentors.balance.blocks import Part
from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.plan import MixPart, PlanEntry
from augmentors.core.seeds import canonical_json, digest, rng_from
from augmentors.recipe import Recipe
from augmentors.store import disk_errors

Ready = tuple[MixPart, Augmenter]


@dataclass
class Prepared:
    """What `prepare` made of a plan.

    Parameters
    ----------
    parts : list of Part
        In plan order.
    weights : dict of str to str
        Hash of what each fitted augmenter learnt.
    notes : list of str
        Who took over for whom, and which classes are left out.
    left_out : dict of str to int
        Wanted samples of classes that are left out.
    """

    parts: list[Part] = field(default_factory=list)
    weights: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


def prepare(train: Dataset, recipe: Recipe, job: Job, keep_in: Path | None = None) -> Prepared:
    """Fit each distinct augmenter once and prepare it for its classes, before any block is made.

    Parameters
    ----------
    keep_in : Path, optional
        Folder in which weights of nets are kept, and looked for: a resumed run does not train them again.

    Raises
    ------
    NotApplicable
        When an augmenter cannot work on its class and the recipe says ``when_not_applicable: stop``.
    """
    return _Preparation(train, recipe, job, keep_in).run()


class _Preparation:
    def __init__(self, train: Dataset, recipe: Recipe, job: Job, keep_in: Path | None) -> None:
        self._train, self._recipe, self._job, self._keep_in = train, recipe, job, keep_in
        self._fitted: dict[str, Augmenter | NotApplicable] = {}
        self._prepared = Prepared()

    def run(self) -> Prepared:
        entries = self._recipe.plan.entries
        for i, entry in enumerate(entries):
            self._job.progress(i / len(entries), f"Preparing '{entry.target}'")
            self._entry(entry)
        return self._prepared

    def _entry(self, entry: PlanEntry) -> None:
        asked = [mix for mix, count in zip(entry.mix, entry.counts_by_part(), strict=True) if count]
        ready: list[Ready] = []
        refused: list[tuple[MixPart, NotApplicable]] = []
        for mix in asked:
            try:
                ready.append((mix, self._ready(mix, entry.target)))
            except NotApplicable as reason:
                if self._recipe.when_not_applicable == "stop":
                    raise _with_the_way_out(reason) from None
                refused.append((mix, reason))
        if refused:
            ready = self._without(entry, ready, refused)
        self._add(entry, ready)

    def _ready(self, mix: MixPart, target: str) -> Augmenter:
        """Return the augmenter, fitted once for all classes, prepared for this one."""
        augmenter = catalog.get(mix.augmenter)(**mix.params)
        name = canonical_json(augmenter.entry)
        if name not in self._fitted:
            try:
                self._fitted[name] = done = self._fit(
                    augmenter, (self._recipe.seed, "fit", self._train.content_hash, name)
                )
            except NotApplicable as reason:
                self._fitted[name] = reason
            else:
                learnt = done.weights_hash()
                if learnt:
                    self._prepared.weights[name] = learnt
        fitted = self._fitted[name]
        if isinstance(fitted, NotApplicable):
            raise fitted
        self._job.check()
        fitted.prepare(target)
        return fitted

    def _fit(self, augmenter: Augmenter, seed: tuple[object, ...]) -> Augmenter:
        """Return the augmenter fitted with a seed, which names its kept weights, too."""
        if self._keep_in is None or not augmenter.keeps_weights:
            return augmenter.fit(self._train, rng_from(*seed), self._job)
        kept = self._keep_in / f"fit-{digest(*seed, size=16)}"
        if kept.is_dir():
            return augmenter.load(kept, self._train)
        fitted = augmenter.fit(self._train, rng_from(*seed), self._job)
        draft = kept.with_name(f".{kept.name}.{secrets.token_hex(4)}")
        with disk_errors("What was learnt"):
            fitted.save(draft)
            draft.rename(kept)
        return fitted

    def _without(
        self, entry: PlanEntry, ready: list[Ready], refused: list[tuple[MixPart, NotApplicable]]
    ) -> list[Ready]:
        """Return who makes the class's samples when some of its augmenters cannot, with a note on each."""
        because = " ".join(dict.fromkeys(reason.message for _, reason in refused))
        notes, policy = self._prepared.notes, self._recipe.when_not_applicable
        if policy == "repeat":
            notes.append(f"'{entry.target}': random oversampling repeats its samples instead, as chosen. {because}")
            share = sum(mix.share for mix, _ in refused)
            repeat = MixPart(augmenter=repeating(self._train.kind).card.key, share=share)
            return [*ready, (repeat, self._ready(repeat, entry.target))]
        if ready:
            names = " and ".join(augmenter.card.title for _, augmenter in ready)
            notes.append(f"'{entry.target}': the others of its mix ({names}) make all of its samples. {because}")
        else:
            notes.append(f"'{entry.target}' is left out, as chosen: none of {entry.count:,} samples made. {because}")
            self._prepared.left_out[entry.target] = entry.count
        return ready

    def _add(self, entry: PlanEntry, ready: list[Ready]) -> None:
        """Share the count among those that are ready; the same augmenter twice is one part."""
        if not ready:
            return
        counts = PlanEntry(target=entry.target, count=entry.count, mix=tuple(mix for mix, _ in ready)).counts_by_part()
        total: dict[int, int] = defaultdict(int)
        by_id = {id(augmenter): augmenter for _, augmenter in ready}
        for (_, augmenter), count in zip(ready, counts, strict=True):
            total[id(augmenter)] += count
        self._prepared.parts += [Part(entry.target, by_id[key], count) for key, count in total.items() if count]


def repeating(kind: str) -> type[Augmenter]:
    """Return the augmenter that repeats samples of a kind of data as they are."""
    return next(cls for cls in catalog.AUGMENTERS if cls.card.kind == kind and Need.COPIES in cls.card.needs)


def _with_the_way_out(reason: NotApplicable) -> NotApplicable:
    ways = (
        "Choose another augmenter for this class, or set 'when not applicable' to skip (leaves the class out) "
        "or repeat (random oversampling); on the command line --when-not-applicable skip|repeat."
    )
    return NotApplicable(reason.message, f"{reason.hint} {ways}".strip())
