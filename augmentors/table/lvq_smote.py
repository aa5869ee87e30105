"""LVQ-SMOTE: differences between a row and a codebook vector, carried over to another place of the class."""

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Draws
from augmentors.table.exact_search import nearest_positions
from augmentors.table.measured import Measured, canonical_order, different_rows, spreads
from augmentors.table.measured_augmenter import MeasuredAugmenter, Prepared

RATE = 0.03
STEPS_PER_CODE = 100
# Centres are looked for among so many rows at most, evenly taken.
MOST_ROWS = 20_000


def learn_codebook(
    codes: np.ndarray, of_class: np.ndarray, points: np.ndarray, own: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return a codebook after learning vector quantisation (LVQ1).

    For each drawn row the nearest vector moves towards it when it is of the
    same class and away from it when not, less and less.

    Parameters
    ----------
    codes : ndarray of float64, shape (c, m)
    of_class : ndarray of bool, shape (c,)
        Which vectors stand for the class.
    points : ndarray of float64, shape (n, m)
    own : ndarray of bool, shape (n,)
        Which rows are of the class.
    rng : Generator

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> moved = learn_codebook(np.array([[0.0]]), np.array([True]), np.array([[1.0]]), np.array([True]), rng)
    >>> 0.5 < moved.item() < 1
    True
    """
    codes = codes.copy()
    steps = STEPS_PER_CODE * len(codes)
    rates = RATE * (1 - np.arange(steps) / steps)
    for row, rate in zip(rng.integers(0, len(points), steps), rates, strict=True):
        nearest = ((codes - points[row]) ** 2).sum(axis=1).argmin()
        sign = 1.0 if of_class[nearest] == own[row] else -1.0
        codes[nearest] += sign * rate * (points[row] - codes[nearest])
    return codes


def most_similar_pairs(codes: np.ndarray) -> np.ndarray:
    """Return, for each ordered pair of vectors, the pair of two others whose difference is most like theirs.

    Parameters
    ----------
    codes : ndarray of float64, shape (c, m)
        At least 4.

    Returns
    -------
    ndarray of int64, shape (c, c, 2)

    Examples
    --------
    >>> most_similar_pairs(np.array([[0.0], [1.0], [5.0], [6.1]]))[0, 1].tolist()
    [2, 3]
    """
    c = len(codes)
    difference = codes[:, None] - codes[None]
    found = np.zeros((c, c, 2), dtype=np.int64)
    for a in range(c):
        for b in range(c):
            if a == b:
                continue
            apart = ((difference - difference[a, b]) ** 2).sum(axis=2)
            apart[[a, b]] = np.inf
            apart[:, [a, b]] = np.inf
            np.fill_diagonal(apart, np.inf)
            found[a, b] = np.unravel_index(apart.argmin(), apart.shape)
    return found


class LvqSmote(MeasuredAugmenter):
    """Lay a codebook through the class and carry differences between a row and its vector over to another vector.

    Two vectors of the codebook are drawn; the pair of two others whose
    difference is most like theirs is looked up; a row near one of that pair is
    drawn, and what sets it apart from its vector is added to the first vector.
    The paper borrows such pairs from other datasets of its field; here they
    come from the class itself, as in Kovács' comparison. The codebook is
    learnt by LVQ1 from k-means centres of the class and of the other classes.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(LvqSmote().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="lvq_smote",
        title="LVQ-SMOTE",
        kind="table",
        family="oversampling",
        summary="Carries what sets a row apart from the typical rows around it over to another place of the class.",
        avoid="Avoid for very many new rows: a codebook of 10 with 20 neighbours gives 1,800 different ones at most.",
        references=(
            "Nakamura, Kajiwara, Otsuka & Kimura (2013), LVQ-SMOTE - Learning Vector Quantization based Synthetic "
            "Minority Over-sampling Technique for biomedical data, BioData Mining 6:16.",
            "Kovács (2019), An empirical comparison and evaluation of minority oversampling techniques on a large "
            "number of imbalanced datasets, Applied Soft Computing 83:105662.",
        ),
        needs=frozenset({Need.FIT}),
    )

    class Params(BaseParams):
        codebook: int = Field(
            10,
            ge=4,
            le=40,
            title="Codebook",
            description="How many vectors stand for the class.",
            json_schema_extra={"tune": {"low": 4, "high": 20}},
        )
        k_neighbors: int = Field(
            20,
            ge=1,
            le=500,
            title="Neighbours",
            description="How many rows of the class nearest to a vector may lend what sets them apart.",
            json_schema_extra={"tune": {"low": 5, "high": 50, "log": True}},
        )

    params: Params
    category_rule = "copied from the parent"
    overshoots = True
    least_samples = 4

    def _prepare(self, target: str) -> Prepared:
        """Add the codebook, its most similar pairs and the rows near each vector."""
        from threadpoolctl import threadpool_limits

        own = self.train.positions(target)
        points = self._points(True)
        with threadpool_limits(1):
            codes = self._codebook(points, own)
        if len(codes) < 4:
            raise NotApplicable(
                f"LVQ-SMOTE needs 4 different samples of a class; '{target}' has {len(codes)}.",
                "Use random oversampling instead.",
            )
        k = min(self.params.k_neighbors, len(own))
        near = own[nearest_positions(points[own], codes, k)]
        measured = Measured.of(self.train, own)
        codes = codes * spreads(measured.names, self.train, True)
        pairs = most_similar_pairs(codes)
        moves = sum(len(np.unique(np.delete(lenders, i, axis=0))) for i, lenders in enumerate(pairs))
        self._note(
            target,
            f"LVQ-SMOTE gives at most {moves * k:,} different new rows of '{target}'; a larger 'codebook' or more "
            "'k_neighbors' give more.",
        )
        return Prepared(rows=own, measured=measured, extra=(codes, pairs, near))

    def _codebook(self, points: np.ndarray, own: np.ndarray) -> np.ndarray:
        from sklearn.cluster import KMeans

        rng = np.random.default_rng(self._fit_seed)
        is_own = np.zeros(len(points), dtype=bool)
        is_own[own] = True
        # What is learnt depends on the order of the rows: their values decide it.
        order = canonical_order(points, is_own)
        points, is_own = points[order], is_own[order]
        centres = []
        for rows in (points[is_own], points[~is_own]):
            if len(rows):
                some = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(np.int64)]
                count = different_rows(some, self.params.codebook)
                seed = int(rng.integers(2**32))
                centres.append(KMeans(count, n_init=1, random_state=seed).fit(some).cluster_centers_)
        of_class = np.arange(sum(map(len, centres))) < len(centres[0])
        return learn_codebook(np.concatenate(centres), of_class, points, is_own, rng)[of_class]

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        codes, pairs, near = self._ready(target).extra
        first = rng.integers(0, len(codes), n)
        second = (first + rng.integers(1, len(codes), n)) % len(codes)
        lender = pairs[first, second, rng.integers(0, 2, n)]
        parents = near[lender, rng.integers(0, near.shape[1], n)]
        return Draws.one_parent(parents, to=first, lender=lender)

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        ready = self._ready(target)
        codes = ready.extra[0]
        new: np.ndarray = ready.at(draws.parents[:, 0]) + (codes[draws.values["to"]] - codes[draws.values["lender"]]).T
        return new
