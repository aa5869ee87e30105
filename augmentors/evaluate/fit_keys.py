"""What a fit depends on, as one hash: the same key means the same result."""

import hashlib
import json
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from augmentors import catalog
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Samples
from augmentors.core.seeds import canonical_json, digest
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm, is_fixmatch
from augmentors.evaluate.contest import FeatureTask, TuneTask
from augmentors.evaluate.strong_views import TextViews
from augmentors.learners.base import LearnerCard
from augmentors.learners.own import is_own, own_content
from augmentors.recipe import Recipe

PACKAGE = Path(__file__).parents[1]


class Keyed(Protocol):
    """A contest, as far as its fits depend on it."""

    @property
    def dataset(self) -> Dataset:
        """Real samples."""

    @property
    def split(self) -> Split:
        """Its hash names train and test."""

    @property
    def arms(self) -> tuple[Arm, ...]:
        """Ways of training."""

    @property
    def cards(self) -> tuple[LearnerCard, ...]:
        """Learners."""

    @property
    def folds(self) -> list[np.ndarray]:
        """Fold of each training sample, by repeat."""

    @property
    def seed(self) -> int:
        """Of the comparison."""

    @property
    def costs(self) -> np.ndarray | None:
        """What decisions cost."""

    @property
    def views(self) -> TextViews | None:
        """How strong views of unlabelled texts are made."""

    @property
    def moves_threshold(self) -> bool:
        """Whether the plain arm's thresholds are moved for an arm of its own."""


class FitKeys:
    """The keys of a contest's tasks.

    Parameters
    ----------
    contest : Contest or TargetContest
    """

    def __init__(self, contest: Keyed) -> None:
        self._contest = contest
        self._folds = [_bytes_hash(folds.astype(np.int64)) for folds in contest.folds]
        self._shared = digest(
            code_version(),
            dataset_content(contest.dataset),
            contest.split.hash,
            contest.seed,
            None if contest.costs is None else contest.costs.tolist(),
        )
        self._learners = [(c.key, own_content(c.key)) if is_own(c.key) else c.key for c in contest.cards]
        self._arms = [arm_content(arm, contest.dataset.kind, contest.views) for arm in contest.arms]

    def fit(self, repeat: int, arm: int, card: int, fold: int) -> str:
        """Return the key of one learner in one arm on one fold."""
        return digest("fit", self._shared, self._folds[repeat], repeat, fold, self._arms[arm], self._learners[card])

    def tune(self, task: TuneTask) -> str:
        """Return the key of the thresholds tuned on the fits of one learner."""
        fits = [self.fit(task.repeat, task.arm, task.card, fold) for fold in task.folds]
        return digest("tune", fits, self._contest.moves_threshold)

    def features(self, task: FeatureTask) -> str:
        """Return the key of the features of some samples."""
        source, views = task.source, self._contest.views
        content = self._arms[source] if isinstance(source, int) else digest(self._shared, source)
        made_by = views.identity if views is not None and isinstance(source, str) else ""
        return digest("features", code_version(), task.name, content, made_by, task.at.tolist())


def dataset_content(dataset: Dataset) -> str:
    """Return a hash over the values of a dataset: choices at ingest change them under one fingerprint."""
    beside = None if dataset.unlabelled is None else dataset_content(dataset.unlabelled)
    return digest(dataset.content_hash, _frame_hash(dataset.frame), beside)


def arm_content(arm: Arm, kind: str, views: TextViews | None = None) -> str:
    """Return a hash over what makes an arm, whatever it is called."""
    if arm.augmented is None:
        made_by = views.identity if views is not None and is_fixmatch(arm) else None
        return digest("free", None if arm.free is None else asdict(arm.free), made_by)
    own = arm.augmented
    samples = None if arm.samples is None else samples_content(arm.samples)
    recipe = None if own.recipe is None else own.recipe.hash
    models = [] if own.recipe is None else models_content(own.recipe)
    return digest("augmented", samples, recipe, sorted(own.dropped), kind, *models)


def models_content(recipe: Recipe) -> list[str]:
    """Return a hash over each model that a recipe names: another one may lie under the same name by now."""
    mixes = (part for entry in recipe.plan.entries for part in entry.mix)
    parts = {(part.augmenter, canonical_json(part.params)): part for part in mixes}
    found = []
    for part in parts.values():
        with suppress(NotApplicable):  # a model that is gone: the fit itself says so
            found.append(catalog.get(part.augmenter)(**part.params).models_hash())
    return [content for content in found if content is not None]


def samples_content(samples: Samples) -> str:
    """Return a hash over new samples and their parents, pixels included."""
    pixels = hashlib.blake2b(digest_size=16)
    for image in samples.images or ():
        pixels.update(f"{image.shape}{image.dtype}".encode())
        pixels.update(np.ascontiguousarray(image).data)
    entries = samples.certificate["entry"].astype(str).tolist() if "entry" in samples.certificate else []
    ids = samples.frame.index.astype(str).tolist()
    return digest(_frame_hash(samples.frame), samples.parents.tolist(), ids, entries, pixels.hexdigest())


@cache
def code_version() -> str:
    """Return a hash over this package's own files and the names of what is installed beside it.

    Whatever changes the code or a library's version starts anew.
    """
    own = hashlib.blake2b(digest_size=16)
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            own.update(str(path.relative_to(PACKAGE)).encode())
            own.update(path.read_bytes())
    installed = sorted({found.name for place in sys.path for found in Path(place or ".").glob("*.dist-info")})
    return digest(own.hexdigest(), sys.version, installed)


def _frame_hash(frame: pd.DataFrame) -> str:
    kinds = json.dumps({str(name): str(dtype) for name, dtype in frame.dtypes.items()})
    return digest(kinds, _bytes_hash(pd.util.hash_pandas_object(frame, index=False).to_numpy()))


def _bytes_hash(values: np.ndarray) -> str:
    return hashlib.blake2b(np.ascontiguousarray(values).data, digest_size=16).hexdigest()
