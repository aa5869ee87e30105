import numpy as np
import pytest

from augmentors.core.errors import InvalidParams
from augmentors.core.selector import Candidates
from augmentors.selection.cluster_centroids import ClusterCentroids, nearest_per_cluster
from augmentors.selection.near_miss import NearMiss
from augmentors.selection.random_undersampling import RandomUndersampling


@pytest.mark.parametrize(
    ("share", "left"),
    [(0.5, {"a": 50, "b": 50, "c": 3}), (0.1, {"a": 10, "b": 10, "c": 3}), (0.01, {"a": 3, "b": 3, "c": 3})],
)
def test_ceiling_is_a_share_of_the_largest_but_no_less_than_the_smallest(share: float, left: dict[str, int]) -> None:
    assert RandomUndersampling(share=share).expected({"a": 100, "b": 60, "c": 3}) == left


@pytest.mark.parametrize("cls", [RandomUndersampling, NearMiss, ClusterCentroids])
def test_exactly_the_ceiling_is_kept_and_the_rare_class_whole(cls: type, overlapping: Candidates) -> None:
    selection = cls(share=0.4).select(overlapping, np.random.default_rng(0))
    kept = overlapping.data.labels[selection.keep]
    assert {name: int((kept == name).sum()) for name in ("many", "few")} == {"many": 48, "few": 40}


def test_share_outside_its_range_is_refused() -> None:
    with pytest.raises(InvalidParams, match="share"):
        RandomUndersampling(share=0)


def test_clusters_take_turns_by_size() -> None:
    # Cluster 0 of four, cluster 1 of two: of three places two go to the first, one to the second.
    cluster, gap = np.array([0, 0, 0, 0, 1, 1]), np.array([0.4, 0.1, 0.3, 0.2, 0.6, 0.5])
    assert nearest_per_cluster(cluster, gap, 3).tolist() == [1, 3, 5]
    assert nearest_per_cluster(cluster, gap, 2).tolist() == [1, 5]


def test_centroids_keep_one_of_each_far_apart_group() -> None:
    from tests.selection.conftest import candidates

    rng = np.random.default_rng(0)
    centres = np.array([[0, 0], [50, 0], [0, 50], [50, 50]])
    points = np.concatenate([centre + rng.normal(0, 0.1, (10, 2)) for centre in centres] + [[[200.0, 200.0]] * 4])
    found = ClusterCentroids(share=0.1).select(
        candidates(points, ["many"] * 40 + ["few"] * 4), np.random.default_rng(0)
    )
    assert sorted(np.flatnonzero(found.keep[:40]) // 10) == [0, 1, 2, 3]
