"""ADASYN: SMOTE that makes more new rows where the class is harder to tell from the others."""

import numpy as np

from augmentors.core.augmenter import Card
from augmentors.core.errors import NotApplicable
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, Neighbourhood
from augmentors.table.nearest_rows import nearest_others


def shares(others: np.ndarray) -> np.ndarray:
    """Return the share of new rows that starts from each row: its neighbours of other classes, over all.

    Examples
    --------
    >>> shares(np.array([0, 1, 3])).tolist()
    [0.0, 0.25, 0.75]
    """
    return others / others.sum()


class Adasyn(InterpolatingAugmenter):
    """Place more new rows where the class is surrounded by others.

    imbalanced-learn rounds each row's share to a count, so that it makes
    about, not exactly, as many as asked. Here each new row draws its first
    parent with those shares as odds, which gives exactly n.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(Adasyn().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="adasyn",
        title="ADASYN",
        kind="table",
        family="oversampling",
        summary="SMOTE that makes more new rows where the class is surrounded by other classes.",
        avoid="Avoid with outliers or noisy labels: the most surrounded rows get the most offspring.",
        references=("He, Bai, Garcia & Li (2008), ADASYN: Adaptive Synthetic Sampling, IJCNN 2008:1322-1328.",),
    )

    class Params(InterpolatingParams):
        pass

    def _neighbourhood(self, target: str) -> Neighbourhood:
        train = self.train
        own = train.positions(target)
        points = self._search_points()
        around = nearest_others(points, own, self._at_most_rows(self.params.k_neighbors))
        others = (train.labels[around] != target).sum(axis=1)
        if not others.any():
            raise NotApplicable(
                f"No sample of '{target}' has a row of another class among its {around.shape[1]} nearest, so there "
                "is no hard region for ADASYN to favour.",
                "Use SMOTE instead.",
            )
        hard = others > 0
        return self._with_neighbours(target, own[hard], shares(others[hard]))
