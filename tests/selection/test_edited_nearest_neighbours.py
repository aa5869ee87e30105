import numpy as np
import pytest
from imblearn.under_sampling import EditedNearestNeighbours as Reference

from augmentors.core.selector import Candidates
from augmentors.selection.edited_nearest_neighbours import EditedNearestNeighbours
from tests.selection.conftest import candidates


@pytest.mark.parametrize(("ours", "theirs"), [("majority", "mode"), ("any", "all")])
@pytest.mark.parametrize("spare", [True, False])
def test_drops_what_imbalanced_learn_drops(overlapping: Candidates, ours: str, theirs: str, spare: bool) -> None:
    selector = EditedNearestNeighbours(n_neighbors=3, drop_when=ours, spare_rare=spare)
    selection = selector.select(overlapping, np.random.default_rng(0))
    # Labels as numbers: its 'mode' fails on text with today's SciPy.
    reference = Reference(sampling_strategy=[0] if spare else "all", n_neighbors=3, kind_sel=theirs)
    reference.fit_resample(overlapping.vectors(), (overlapping.data.labels == "few").astype(int))
    assert (~selection.keep).sum() > 0
    assert np.flatnonzero(selection.keep).tolist() == sorted(reference.sample_indices_.tolist())


def test_new_samples_of_rare_classes_are_not_spared() -> None:
    # One real and one new sample of b, each inside its own group of a.
    points = np.array([[0.0, 0], [0.1, 0], [0.2, 0], [0.1, 0.1], [9.0, 0], [9.1, 0], [9.2, 0], [9.1, 0.1]])
    found = EditedNearestNeighbours().select(
        candidates(points, ["a", "a", "a", "b", "a", "a", "a", "b"], new=1), np.random.default_rng(0)
    )
    assert np.flatnonzero(~found.keep).tolist() == [7]
    assert found.reasons[7] == "3 of its 3 nearest samples are of class 'a'"
