import numpy as np
from imblearn.under_sampling import TomekLinks as Reference

from augmentors.core.selector import Candidates
from augmentors.selection.tomek_links import TomekLinks
from tests.selection.conftest import candidates


def test_drops_what_imbalanced_learn_drops(overlapping: Candidates) -> None:
    for drop, strategy in (("larger", ["many"]), ("both", "all")):
        selection = TomekLinks(drop=drop).select(overlapping, np.random.default_rng(0))
        reference = Reference(sampling_strategy=strategy)
        reference.fit_resample(overlapping.vectors(), overlapping.data.labels)
        assert (~selection.keep).sum() > 0
        assert np.flatnonzero(selection.keep).tolist() == sorted(reference.sample_indices_.tolist())


def test_a_link_by_hand_names_its_partner() -> None:
    # 1.0 and 1.1 are each other's nearest and differ; 0.0 is nearest to 1.0 but not the other way round.
    found = TomekLinks().select(
        candidates(np.array([[0.0, 0], [1.0, 0], [1.1, 0], [9.0, 0]]), ["a", "a", "b", "a"]), np.random.default_rng(0)
    )
    assert found.keep.tolist() == [True, False, True, True]
    assert found.reasons[1] == "forms a Tomek link with 's2' of class 'b'"


def test_which_class_is_larger_is_told_by_real_samples() -> None:
    # Three new samples of b make it the larger one on paper; of the link the sample of a goes.
    points = np.array([[0.0, 0], [1.0, 0], [1.1, 0], [30, 0], [31, 0], [32, 0]])
    found = TomekLinks().select(candidates(points, ["a", "a", "b", "b", "b", "b"], new=3), np.random.default_rng(0))
    assert np.flatnonzero(~found.keep).tolist() == [1]
