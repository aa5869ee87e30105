"""Squared distances in single precision, fast, with a bound on their rounding error."""

from dataclasses import dataclass

import numpy as np

EPSILON = float(np.finfo(np.float32).eps)
FARTHEST = float(np.finfo(np.float32).max)
QUERIES_AT_ONCE = 64
# The count-th smallest of that many group minima bounds the count-th smallest distance.
GROUPS = 128


@dataclass(frozen=True)
class SinglePrecision:
    """Centred and scaled points, so that one matrix product gives squared distances.

    Parameters
    ----------
    queries : ndarray of float32, shape (q, m + 2)
        Rows times -2, 1, and the squared length of each.
    pieces : list of ndarray of float32, shape (m + 2, any)
        Points by columns with the squared length of each, and 1; infinitely far ones fill the last piece.
    starts : list of int
        Position of the first point of each piece.
    squares : ndarray of float64, shape (q,)
        Squared lengths of the queries.
    groups : int
        See `group_minima`; the length of a piece is a multiple of it.
    """

    queries: np.ndarray
    pieces: list[np.ndarray]
    starts: list[int]
    squares: np.ndarray
    groups: int

    @staticmethod
    def of(points: np.ndarray, wanted: np.ndarray, count: int, lengths: tuple[int, int]) -> "SinglePrecision":
        """Return points cut into pieces, and the rows whose neighbours are wanted.

        Parameters
        ----------
        points : ndarray of float64, shape (n, m)
        wanted : ndarray of float64, shape (q, m)
        count : int
            How many nearest rows will be asked for.
        lengths : (int, int)
            About how long the first piece and each other piece is.
        """
        groups = -(-max(GROUPS, 2 * count) // 64) * 64
        left, right = halves(points, wanted)
        first, other = (-(-length // groups) * groups for length in lengths)
        starts = [0, *range(first, len(points), other)]
        pieces = []
        for start, stop in zip(starts, [*starts[1:], len(points)], strict=True):
            piece = np.zeros((right.shape[1], -(-(stop - start) // groups) * groups), np.float32)
            piece[:, : stop - start] = right[start:stop].T
            piece[-2, stop - start :] = np.inf
            pieces.append(piece)
        return SinglePrecision(left, pieces, starts, left[:, -1].astype(np.float64), groups)

    def scratch(self) -> "Scratch":
        """Return memory for one thread."""
        return Scratch(max(piece.shape[1] for piece in self.pieces), self.groups)

    def distances(self, rows: slice, piece: int, scratch: "Scratch") -> np.ndarray:
        """Return squared distances of some queries to a piece, in the scratch memory, shape (rows, width)."""
        points = self.pieces[piece]
        out = scratch.distances[: (rows.stop - rows.start) * points.shape[1]].reshape(-1, points.shape[1])
        return np.matmul(self.queries[rows], points, out=out)

    def bound(self, smallest: np.ndarray, rows: slice) -> np.ndarray:
        """Return the distances within which `smallest` true ones surely lie, and all that are truly no farther.

        Parameters
        ----------
        smallest : ndarray of float32, shape (rows,)
            For each query, a distance that as many points as are wanted do not exceed here.
        rows : slice
        """
        squares, near = self.squares[rows], smallest.astype(np.float64)
        length = np.sqrt(squares)
        reach = length + np.sqrt(np.maximum(near, 0.0))
        # Rounding of inputs, products and the sum; once for the bound and once for the candidate; then doubled.
        error = 4 * (self.queries.shape[1] + 4) * EPSILON * (reach * reach + 2 * length * reach + squares)
        return np.minimum(near + error + 1e-37, FARTHEST).astype(np.float32)


def halves(points: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and points in single precision, so that their products are squared distances.

    Returns
    -------
    left : ndarray of float32, shape (q, m + 2)
        Rows times -2, 1, and the squared length of each.
    right : ndarray of float32, shape (n, m + 2)
        Points, the squared length of each, and 1.
    """
    # Not the mean: one row far away must not move all others from the middle, where single precision is finest.
    centre = np.median(points, axis=0)
    largest = max(np.abs(rows - centre).max(initial=0.0) for rows in (points, wanted)) or 1.0
    single, squares, one = _in_single(points, centre, largest)
    right = np.concatenate([single, squares, one], axis=1)
    if wanted is not points:
        single, squares, one = _in_single(wanted, centre, largest)
    return np.concatenate([single * -2, one, squares], axis=1), right


def _in_single(rows: np.ndarray, centre: np.ndarray, largest: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return centred and scaled rows in single precision, their squared lengths and a column of ones."""
    single = ((rows - centre) / largest).astype(np.float32)
    squares = np.einsum("ij,ij->i", single, single)[:, None]
    return single, squares, np.ones_like(squares)


class Scratch:
    """Memory that one thread uses for all its blocks: asking for it anew each time costs more than the work."""

    def __init__(self, longest: int, groups: int) -> None:
        self.distances = np.empty(QUERIES_AT_ONCE * longest, dtype=np.float32)
        self._within = np.empty(QUERIES_AT_ONCE * longest, dtype=bool)
        self._halves = np.empty(QUERIES_AT_ONCE * (longest // 2 + groups), dtype=np.float32)
        self._groups = groups

    def group_minima(self, distances: np.ndarray) -> np.ndarray:
        """Return the minima over columns that are equal modulo the number of groups, shape (rows, groups).

        By halving: long runs that vectorise.
        """
        groups = self._groups
        parts = distances.shape[1] // groups
        if parts == 1:
            return distances
        half = (parts + 1) // 2
        low = self._halves[: len(distances) * half * groups].reshape(len(distances), half * groups)
        middle, paired = half * groups, (parts - half) * groups
        np.minimum(distances[:, :paired], distances[:, middle:], out=low[:, :paired])
        low[:, paired:] = distances[:, paired:middle]
        while half > 1:
            parts, half = half, (half + 1) // 2
            paired = (parts - half) * groups
            np.minimum(low[:, :paired], low[:, half * groups : parts * groups], out=low[:, :paired])
        return low[:, :groups]

    def pairs_within(self, distances: np.ndarray, bound: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return row, column and distance of all that do not exceed a bound, which broadcasts."""
        within = np.less_equal(distances, bound, out=self._within[: distances.size].reshape(distances.shape))
        found = np.flatnonzero(within)
        row, column = np.divmod(found, distances.shape[1])
        return row, column, distances.ravel()[found]
