"""Cluster centroids: large classes keep the real samples nearest to the centres of their clusters."""

import numpy as np

from augmentors.core.job import Job
from augmentors.core.selector import Candidates, SelectorCard
from augmentors.selection.under_sampler import UnderSampler

# More clusters cost minutes and say little more: above, each cluster keeps its share.
MOST_CLUSTERS = 1_000


class ClusterCentroids(UnderSampler):
    """Cluster a large class and keep the real samples nearest to the centroids."""

    card = SelectorCard(
        key="cluster_centroids",
        title="Cluster centroids",
        family="under-sampling",
        summary="Clusters each large class and keeps the real samples nearest to the clusters' centres.",
        stages=("before",),
        avoid="Avoid where the edge of the large class matters more than its middle.",
        references=("Yen & Lee (2009), Cluster-based under-sampling approaches, Expert Systems with Applications 36.",),
    )

    def _choose(self, candidates: Candidates, target: str, most: int, rng: np.random.Generator, job: Job) -> np.ndarray:
        from sklearn.cluster import MiniBatchKMeans
        from threadpoolctl import threadpool_limits

        own = candidates.vectors(job)[candidates.data.positions(target)].astype(np.float64)
        k = min(most, MOST_CLUSTERS)
        # One thread: how many share the work must not change a distance.
        with threadpool_limits(1):
            model = MiniBatchKMeans(k, n_init=1, max_iter=10, random_state=int(rng.integers(2**31)))
            cluster = model.fit_predict(own)
        gap = np.linalg.norm(own - model.cluster_centers_[cluster], axis=1)
        return nearest_per_cluster(cluster, gap, most)

    def _why(self, target: str, most: int) -> str:
        return f"not among the {most:,} samples of '{target}' nearest to the centres of its clusters"


def nearest_per_cluster(cluster: np.ndarray, gap: np.ndarray, most: int) -> np.ndarray:
    """Return `most` positions: clusters take turns by size, each giving its next nearest sample.

    A cluster of twice the size gives twice as many; every cluster gives one before any gives more,
    as long as there are no more clusters than places.

    Examples
    --------
    >>> nearest_per_cluster(np.array([0, 0, 0, 1]), np.array([0.3, 0.1, 0.2, 0.5]), 3).tolist()
    [1, 2, 3]
    """
    order = np.lexsort((np.arange(len(gap)), gap, cluster))
    sizes = np.bincount(cluster)
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(order)) - starts[cluster[order]]
    # The j-th of a cluster comes when j/size of all are taken: the order of fair shares.
    turn = np.where(rank == 0, -1.0, rank / sizes[cluster[order]])
    first = np.lexsort((order, gap[order], turn))[:most]
    return np.sort(order[first])
