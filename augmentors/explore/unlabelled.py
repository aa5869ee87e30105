"""Unlabelled samples beside a split: what is a copy of a labelled sample, or belongs to a test subject, stays out."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.explore.duplicates import duplicate_pairs


@dataclass(frozen=True)
class Attached:
    """A dataset with unlabelled samples beside it, and why others were left out.

    Parameters
    ----------
    dataset : Dataset
        With ``unlabelled``.
    given : int
        Unlabelled samples before any was left out.
    like_test, like_train : int
        Copies and near-copies of test and of training samples.
    twins : int
        Copies and near-copies of unlabelled samples that stay.
    of_test_groups : int
        Samples of a group that the test part holds.
    rejected : int
        Samples that a reviewer rejected.
    """

    dataset: Dataset
    given: int
    like_test: int = 0
    like_train: int = 0
    twins: int = 0
    of_test_groups: int = 0
    rejected: int = 0

    @property
    def notes(self) -> list[str]:
        """What was left out and why, in a sentence."""
        assert self.dataset.unlabelled is not None
        left = len(self.dataset.unlabelled)
        said = self._left_out()
        return [f"Unlabelled: {left:,} of {self.given:,} samples are used" + (f"; left out: {said}." if said else ".")]

    def _left_out(self) -> str:
        """Return how many samples were left out for which reason."""
        reasons = {
            "copies or near-copies of test samples": self.like_test,
            "of groups that the test part holds": self.of_test_groups,
            "copies or near-copies of training samples": self.like_train,
            "copies or near-copies of one another": self.twins,
            "rejected in review": self.rejected,
        }
        return ", ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)

    def check(self) -> Self:
        """Return this, if a sample is left that may be learnt from.

        Raises
        ------
        UserError
        """
        if self.dataset.unlabelled is None or not len(self.dataset.unlabelled):
            raise UserError(
                f"None of the {self.given:,} unlabelled samples can be used: {self._left_out()}.",
                "Give unlabelled samples that are not among the labelled ones.",
            )
        return self


def attach(
    dataset: Dataset,
    split: Split,
    pool: Dataset,
    *,
    near: bool = True,
    rejected: Collection[str] = (),
    job: Job = NO_JOB,
) -> Attached:
    """Return a dataset with those unlabelled samples beside it that may be learnt from.

    Parameters
    ----------
    dataset : Dataset
    split : Split
        Nothing that is, or nearly is, one of its test samples may be learnt from, under any label.
    pool : Dataset
        See `ingest.load_unlabelled`.
    near : bool
        Whether near-copies count as copies.
    rejected : collection of str
        Ids that a reviewer rejected.
    """
    side = np.zeros(len(dataset) + len(pool), dtype=np.int64)
    side[dataset.frame.index.get_indexer(pd.Index(split.test))] = 1
    copies = _first_of_kin(_together(dataset, pool), side, len(dataset), near, job)
    reason = np.full(len(pool), "", dtype=object)
    reason[np.isin(pool.ids, list(rejected))] = "rejected"
    group = dataset.schema.group
    if group is not None:
        of_test = set(dataset.take(split.test).frame[group].dropna())
        reason[pool.frame[group].isin(of_test).to_numpy()] = "of_test_groups"
    reason[copies != ""] = copies[copies != ""]
    counts = {str(name): int((reason == name).sum()) for name in set(reason) - {""}}
    kept = replace(pool, frame=pool.frame[reason == ""])
    return Attached(replace(dataset, unlabelled=kept), len(pool), **counts)


def without_groups_of(train: Dataset, held_out: Dataset) -> Dataset:
    """Return a fold's training part without unlabelled samples of groups that are held out."""
    pool, group = train.unlabelled, train.schema.group
    if pool is None or group is None:
        return train
    strange = ~pool.frame[group].isin(set(held_out.frame[group].dropna()))
    return replace(train, unlabelled=replace(pool, frame=pool.frame[strange]))


def _together(dataset: Dataset, pool: Dataset) -> Dataset:
    """Return labelled and unlabelled samples as one dataset, to be compared; labels are not looked at."""
    frames = []
    for part in (dataset, pool):
        frame = part.frame.drop(columns=[dataset.schema.label], errors="ignore")
        if part.kind == "image":
            frame = frame.assign(**{PATH_COLUMN: [str(part.image_path(i)) for i in range(len(part))]})
        frames.append(frame)
    return replace(dataset, frame=pd.concat(frames), unlabelled=None)


def _first_of_kin(both: Dataset, in_test: np.ndarray, labelled: int, near: bool, job: Job) -> np.ndarray:
    """Return for each unlabelled sample whose copy it is: a test or training sample's, an earlier one's, '' nobody's.

    Copies of copies count, as in the split.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    pairs = duplicate_pairs(both, near=near, job=job)
    n = len(both)
    at = both.frame.index.get_indexer(pd.Index([i for pair in pairs for i in pair[:2]], dtype=object)).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(n, n))
    kin = connected_components(graph, directed=False)[1]
    own = kin[labelled:]
    test_kin, train_kin = set(kin[in_test == 1]), set(kin[:labelled][in_test[:labelled] == 0])
    found = np.where(pd.Series(own).duplicated(), "twins", "").astype(object)
    found[np.isin(own, list(train_kin))] = "like_train"
    found[np.isin(own, list(test_kin))] = "like_test"
    return found
