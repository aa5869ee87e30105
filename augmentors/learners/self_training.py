"""What pseudo-labelling of tables, texts and images shares: who is taken over, in which order, how it is certified."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Augmenter
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made
from augmentors.core.seeds import digest
from augmentors.learners.pseudo_labels import Threshold, taught

REFERENCES = (
    "Lee (2013), Pseudo-Label: the simple and efficient semi-supervised learning method, ICML workshop.",
    "Cascante-Bonilla, Tan, Qi & Ordonez (2021), Curriculum labeling, AAAI 35(8), 6912–6920.",
)


class PseudoLabelParams(BaseParams):
    """Parameters of pseudo-labelling; each kind of data adds its learner."""

    precision: float = Field(
        0.9,
        ge=0.5,
        le=0.999,
        title="Precision out of fold",
        description="How often predictions of the class must be right on training samples the model has not seen.",
        json_schema_extra={"tune": {"low": 0.7, "high": 0.99}, "trial": 0.5, "probe": 0.99},
    )
    balanced: bool = Field(
        False,
        title="Classes count the same",
        description="Whether each class counts the same in the learner's loss, so that rare ones are predicted more.",
        json_schema_extra={"tune": {}},
    )


class PseudoLabelling(Augmenter):
    """Base of pseudo-labelling: subclasses declare `card` and `Params` with a `learner`.

    A learner is fitted on the training part. On its own folds it shows from
    which confidence on its predictions of a class are right often enough;
    unlabelled samples at least as sure are taken over, surest first, each once.
    """

    params: PseudoLabelParams

    def _applies_to_data(self, train: Dataset) -> None:
        if train.unlabelled is None or not len(train.unlabelled):
            raise NotApplicable(
                f"{self.card.title} needs unlabelled data, and there is none.",
                "Add it on the Start page, or on the command line with --unlabelled FILE.",
            )
        if train.schema.task != "classification":
            raise NotApplicable(
                f"{self.card.title} gives classes, not numbers such as those of '{train.schema.label}'.",
                "Use SMOGN instead.",
            )
        if len(train.class_counts) < 2:
            raise NotApplicable(f"{self.card.title} needs 2 classes to tell apart; there is 1.")

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        assert train.unlabelled is not None
        # Not drawn from `rng`, which the pool is part of: rejecting one sample changes nobody else's confidence.
        # Where a row stands must not matter either.
        alone = replace(train, unlabelled=None).take(np.sort(train.ids.astype(str)))
        seed = int(digest("teacher", alone.content_hash, size=6), 16) % 2**31
        teacher = taught(
            train,
            train.unlabelled,
            self.params.learner,  # type: ignore[attr-defined]
            self.params.precision,
            seed,
            weighting="balanced" if self.params.balanced else None,
            job=job,
        )
        self._thresholds: dict[str, Threshold] = teacher.thresholds
        self._taken = {name: teacher.taken(name, train.unlabelled.ids) for name in teacher.thresholds}
        job.progress(1.0)

    def weights_hash(self) -> str | None:
        """Hash of who is taken for which class, in which order."""
        ids = self.parents_from().ids
        return digest({name: ids[at].tolist() for name, (at, _) in self._taken.items()})

    def parents_from(self) -> Dataset:
        """Return the unlabelled samples."""
        pool = self.train.unlabelled
        assert pool is not None
        return pool

    def supply(self, target: str) -> int | None:
        """Return how many unlabelled samples are taken for a class."""
        return len(self._taken[target][0])

    def candidates(self, target: str) -> list[tuple[str, float]]:
        """Return the ids of the samples taken for a class, surest first, each with its confidence."""
        at, confidence = self._taken[target]
        return list(zip(self.parents_from().ids[at].tolist(), confidence.tolist(), strict=True))

    def _prepare(self, target: str) -> None:
        of, found = len(self.parents_from()), self._thresholds[target]
        wanted = f"{self.params.precision:.0%}"
        if not found.reached:
            best = (
                "it is never predicted often enough" if np.isnan(found.precision) else f"at best {found.precision:.0%}"
            )
            raise NotApplicable(
                f"{self.card.title} cannot trust a prediction of '{target}': on training samples that the model had "
                f"not seen, no confidence gives a precision of {wanted} ({best}).",
                "Ask for a lower precision, or choose another learner.",
            )
        count = len(self._taken[target][0])
        sure = f"a confidence of {found.confidence:.2f}, above which {found.precision:.0%} of {found.support:,}"
        if not count:
            raise NotApplicable(
                f"{self.card.title} takes none of {of:,} unlabelled samples for '{target}': none reaches {sure} "
                "predictions were right out of fold.",
                "Add more unlabelled data, or ask for a lower precision.",
            )
        self._note(
            target,
            f"{count:,} of {of:,} unlabelled samples are taken for '{target}': they reach {sure} predictions "
            "were right out of fold.",
        )

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return self._draw_from(target, n, rng, 0)

    def _draw_from(self, target: str, n: int, rng: np.random.Generator, start: int) -> Draws:
        at, confidence = self._taken[target]
        if start + n > len(at):
            raise NotApplicable(
                f"{self.card.title} takes {len(at):,} unlabelled samples for '{target}'; {start + n:,} were asked for."
            )
        chosen = slice(start, start + n)
        return Draws.one_parent(at[chosen], rank=np.arange(start, start + n), confidence=confidence[chosen])

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        job.check()
        pool = self.parents_from()
        facts: dict[str, Any] = {
            "threshold": self._thresholds[target].confidence,
            "unlabelled": pool.fingerprint,
        }
        columns = [name for name in pool.frame.columns if name != PATH_COLUMN]
        rows = pool.frame[columns].iloc[draws.parents[:, 0]].reset_index(drop=True)
        images, files = self._images(draws, job)
        trace: list[dict[str, object]] = [dict(facts) for _ in range(len(draws))]
        for one, sha256 in zip(trace, files, strict=False):
            one["sha256"] = sha256
        return Made(rows, images, trace)

    def _images(self, draws: Draws, job: Job) -> tuple[list[np.ndarray] | None, list[str]]:
        """Return the pixels of the images taken over and the hashes of their files; nothing where there are none."""
        return None, []
