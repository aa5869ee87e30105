"""K-means SMOTE: SMOTE inside clusters where the class is at home, more of it where the class is sparse."""

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, Neighbourhood
from augmentors.table.measured import canonical_order, different_rows
from augmentors.table.nearest_rows import nearest_others

# Mean distances of larger clusters are those of so many rows, evenly taken.
MOST_ROWS = 4_000


def sparsity(points: np.ndarray) -> float:
    """Return how thinly points are spread: a power of their mean distance, over their number.

    Parameters
    ----------
    points : ndarray of float64, shape (n, m)
        At least two.

    Examples
    --------
    >>> round(sparsity(np.array([[0.0], [2.0]])), 4)
    0.625
    """
    from sklearn.metrics import pairwise_distances_chunked

    n = len(points)
    some = points[np.linspace(0, n - 1, min(n, MOST_ROWS)).astype(np.int64)]
    total = sum(float(part.sum()) for part in pairwise_distances_chunked(some, reduce_func=lambda d, _: d.sum(axis=1)))
    mean = total / (len(some) ** 2 - len(some))
    with np.errstate(over="ignore"):
        return float(np.float64(mean) ** ((np.log(n) / np.log(1.6)) ** 1.8 * 0.16) / n)


class KmeansSmote(InterpolatingAugmenter):
    """Cluster all rows, keep the clusters in which the class is at home, and apply SMOTE inside each.

    imbalanced-learn's threshold ("auto") leaves no cluster on most imbalanced
    data; here a cluster counts when the class's share in it is at least
    `least_share` times its share in the whole training part, which some
    cluster always reaches. Each new row draws its cluster with the sparsities
    as odds, which gives exactly n.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(KmeansSmote().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="kmeans_smote",
        title="K-means SMOTE",
        kind="table",
        family="oversampling",
        summary="SMOTE inside clusters where the class is at home, more where it is sparse; none between clusters.",
        avoid="Avoid with few samples of the class: they are spread over clusters too small to interpolate in.",
        references=(
            "Douzas, Bacao & Last (2018), Improving imbalanced learning through a heuristic oversampling method based "
            "on k-means and SMOTE, Information Sciences 465:1-20.",
        ),
        aliases=("KMeansSMOTE", "clusters"),
    )

    class Params(InterpolatingParams):
        n_clusters: int = Field(
            8,
            ge=1,
            le=200,
            title="Clusters",
            description="How many clusters all rows are put into.",
            json_schema_extra={"tune": {"low": 2, "high": 50, "log": True}},
        )
        least_share: float = Field(
            1.0,
            ge=0,
            le=100,
            title="Least share",
            description=(
                "Uses a cluster when the class's share in it is at least so many times its share in all rows."
            ),
            json_schema_extra={"tune": {"low": 0.25, "high": 4.0, "log": True}},
        )

    params: Params

    def _neighbourhood(self, target: str) -> Neighbourhood:
        from threadpoolctl import threadpool_limits

        points = self._search_points()
        # Sums depend on how many threads share them.
        with threadpool_limits(1):
            members = self._class_by_cluster(target, points)
            k = self._neighbours_within(target, min(len(rows) for rows in members))
            odds = np.array([sparsity(points[rows]) for rows in members])
        if not np.isfinite(odds).all() or odds.sum() <= 0:
            odds = np.ones(len(members))
        near = [rows[nearest_others(points[rows], np.arange(len(rows)), k)] for rows in members]
        sizes = np.array([len(rows) for rows in members])
        each = np.repeat(odds / sizes, sizes)
        return Neighbourhood(np.concatenate(members), np.concatenate(near), each / each.sum())

    def _neighbours_within(self, target: str, smallest: int) -> int:
        wanted = self.params.k_neighbors
        if smallest <= wanted:
            self._note(
                target,
                f"The smallest cluster used holds {smallest} samples of '{target}', too few for {wanted} neighbours; "
                f"using {smallest - 1}.",
            )
        return min(wanted, smallest - 1)

    def _class_by_cluster(self, target: str, points: np.ndarray) -> list[np.ndarray]:
        """Return the rows of the class in each cluster to use."""
        own = self.train.positions(target)
        cluster = self._clusters(points)
        counts = np.bincount(cluster[own], minlength=cluster.max() + 1)
        share = counts / np.maximum(np.bincount(cluster), 1)
        at_home = share >= self.params.least_share * len(own) / len(points) * (1 - 1e-12)
        for least in (self.params.k_neighbors + 1, 2):
            used = np.flatnonzero(at_home & (counts >= least))
            if len(used):
                return [own[cluster[own] == i] for i in used]
        self._note(
            target,
            f"No cluster holds 2 samples of '{target}' and enough of its share; all its samples form one.",
        )
        return [own]

    def _clusters(self, points: np.ndarray) -> np.ndarray:
        """Return the cluster of each row."""
        from sklearn.cluster import MiniBatchKMeans

        order = canonical_order(points)
        n = different_rows(points, self.params.n_clusters)
        found = MiniBatchKMeans(n, random_state=self._fit_seed % 2**32, n_init=3).fit_predict(points[order])
        cluster = np.empty(len(points), dtype=np.int64)
        cluster[order] = found
        return cluster
