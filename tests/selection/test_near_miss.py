import numpy as np
import pytest
from imblearn.under_sampling import NearMiss as Reference

from augmentors.core.job import NO_JOB
from augmentors.core.selector import Candidates
from augmentors.selection.near_miss import NearMiss, farthest_mean


@pytest.mark.parametrize("version", [1, 2, 3])
def test_keeps_what_imbalanced_learn_keeps(overlapping: Candidates, version: int) -> None:
    # Version 3 considers 10 around each rare sample, enough of them for 60.
    ours = NearMiss(share=0.5, version=version, n_neighbors=3, n_around=10)
    selection = ours.select(overlapping, np.random.default_rng(0))
    reference = Reference(sampling_strategy={"many": 60}, version=version, n_neighbors=3, n_neighbors_ver3=10)
    reference.fit_resample(overlapping.vectors(), overlapping.data.labels)
    assert np.flatnonzero(selection.keep).tolist() == sorted(reference.sample_indices_.tolist())
    assert not selection.notes


def test_version_3_says_when_it_finds_too_few(overlapping: Candidates) -> None:
    selection = NearMiss(share=0.9, version=3, n_around=1).select(overlapping, np.random.default_rng(0))
    assert selection.notes and "found only" in selection.notes[0]


def test_mean_of_the_farthest_by_hand() -> None:
    points = np.array([[0.0, 0.0]])
    others = np.array([[1.0, 0.0], [3.0, 0.0], [5.0, 0.0]])
    assert farthest_mean(points, others, 2, NO_JOB).tolist() == [4.0]
