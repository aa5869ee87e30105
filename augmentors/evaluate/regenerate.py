"""A recipe carried out anew on the training part of one fold.

An augmenter is part of the training procedure, so an honest estimate repeats
it inside every fold: it then sees nothing of the held-out samples and has as
many parents as the fold holds. Keeping only those samples of a finished
version whose parents all lie in the fold is as good where every sample has
one parent; where it has several (SMOTENC votes with six), few survive, and
the arm would be judged on a fraction of what the user gets.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from augmentors import catalog
from augmentors.balance import Balanced, Selected, balance_training_part, thin
from augmentors.balance.batch import Batch
from augmentors.balance.parts import prepare
from augmentors.core.augmenter import Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.plan import PlanEntry
from augmentors.core.samples import Samples
from augmentors.evaluate.image_files import ImageFiles
from augmentors.recipe import Recipe

# New samples over all fits of a comparison: about ten minutes of one processor each, embeddings included.
MOST = {"table": 5_000_000, "text": 30_000, "image": 30_000}

Refused = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Regenerated:
    """What a recipe made of a fold's training part.

    Parameters
    ----------
    samples : Samples or None
        None when nothing was made.
    dropped : ndarray of object
        Ids of originals that the recipe's selectors dropped.
    refused : tuple of (str, str)
        Classes for which an augmenter of the mix did not apply, with its reason.
    """

    samples: Samples | None
    dropped: np.ndarray
    refused: Refused = ()


class EncodedImages(ImageFiles):
    """Images held as the bytes of their files."""

    def _read(self, file: bytes) -> np.ndarray:
        from augmentors.explore.images import decode_pixels

        return decode_pixels(file)


def why_not_anew(recipe: Recipe, kind: str, fits: int) -> str | None:
    """Return why a recipe is too dear to be carried out once per fit, or None when it is not.

    The answer rests on counts alone, so it is the same on every machine.
    """
    total = sum(entry.count for entry in recipe.plan.entries) * fits
    if total > MOST[kind]:
        return f"making them anew for {fits:,} folds would mean {total:,} samples (at most {MOST[kind]:,} are made)"
    cards = [catalog.get(part.augmenter).card for entry in recipe.plan.entries for part in entry.mix]
    asks = next((card for card in cards if Need.NETWORK in card.needs), None)
    return None if asks is None else f"making them anew would ask the server of {asks.title} {fits:,} times over"


def learns(recipe: Recipe) -> bool:
    """Whether an augmenter of the recipe learns from more samples than the parents it names."""
    return any(
        Need.FIT in catalog.get(part.augmenter).card.needs for entry in recipe.plan.entries for part in entry.mix
    )


def regenerate(recipe: Recipe, whole: Mapping[str, int], part: Dataset, job: Job = NO_JOB) -> Regenerated:
    """Return the new samples that a recipe makes from a part of the training part.

    Parameters
    ----------
    recipe : Recipe
        Resolved for the whole training part. Counts are scaled to the part, so that every class grows by
        the same factor.
    whole : mapping of str to int
        Samples per class of the whole training part.
    part : Dataset
        What a fit trains on.
    job : Job
    """
    thinned = thin(part, recipe)
    entries, refused = [], []
    for entry in recipe.plan.entries:
        scaled, reasons = _scaled(entry, recipe, whole, thinned.train, part)
        refused += [(entry.target, reason) for reason in reasons]
        if scaled is not None:
            entries.append(scaled)
    try:
        balanced = _balanced(recipe, entries, part, thinned, job)
    except NotApplicable:  # one class cannot be helped here: the others are
        helped = list(_helped(recipe, entries, thinned.train, refused))
        balanced = _balanced(recipe, helped, part, thinned, job)
    samples = None if balanced.kept is None else _as_samples(balanced.kept)
    return Regenerated(samples, balanced.dropped["sample_id"].to_numpy(dtype=object), tuple(refused))


def _scaled(
    entry: PlanEntry, recipe: Recipe, whole: Mapping[str, int], thinned: Dataset, part: Dataset
) -> tuple[PlanEntry | None, list[str]]:
    """Return the entry for the part, without augmenters that do not apply there, and their reasons."""
    own = part.class_counts.get(entry.target, 0)
    count = round(entry.count * own / max(whole.get(entry.target, 0), 1))
    if not count or entry.target not in thinned.class_counts:
        return None, []
    mix, reasons = entry.mix, []
    if recipe.when_not_applicable == "stop":  # else the recipe itself says what is to be done
        against = [catalog.get(p.augmenter)(**p.params).why_not(thinned, entry.target) for p in entry.mix]
        mix = tuple(p for p, reason in zip(entry.mix, against, strict=True) if reason is None)
        reasons = [reason for reason in against if reason]
    return (entry.model_copy(update={"count": count, "mix": mix}) if mix else None), reasons


def _balanced(recipe: Recipe, entries: Iterable[PlanEntry], part: Dataset, thinned: Selected, job: Job) -> Balanced:
    return balance_training_part(part, _with(recipe, entries), job=job, thinned=thinned)


def _with(recipe: Recipe, entries: Iterable[PlanEntry]) -> Recipe:
    return recipe.model_copy(update={"plan": recipe.plan.model_copy(update={"entries": tuple(entries)})})


def _helped(
    recipe: Recipe, entries: Iterable[PlanEntry], train: Dataset, refused: list[tuple[str, str]]
) -> Iterable[PlanEntry]:
    """Yield the entries whose augmenters can be prepared; the reasons of the others are added to `refused`."""
    for entry in entries:
        try:
            prepare(train, _with(recipe, [entry]), NO_JOB)
            yield entry
        except NotApplicable as reason:
            refused.append((entry.target, reason.message))


def _as_samples(batch: Batch) -> Samples:
    images: Any = None if batch.files is None else EncodedImages(batch.files)
    return replace(batch.samples, images=images)
