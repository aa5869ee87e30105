"""Several labels per sample: how they are written in one column, counted, and dealt out to train, test and folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from augmentors.core.late import pd

SEPARATOR = "|"
NONE = "(no label)"


@dataclass(frozen=True)
class LabelSets:
    """Which labels there are, and how a dataset came with them.

    Parameters
    ----------
    names : tuple of str
        In the order of the columns, or sorted.
    separator : str
        Between labels in the one column that holds them.
    order : tuple of str
        All columns of the file where each label was one of them (0/1): exported files hold them so again.
        Empty where one column held the sets.
    as_truth : bool
        Whether those columns held true and false.

    Examples
    --------
    >>> sets = LabelSets(("cat", "dog", "sea"))
    >>> sets.matrix(["dog|cat", "", "sea"]).astype(int).tolist()
    [[1, 1, 0], [0, 0, 0], [0, 0, 1]]
    >>> sets.written(np.array([[True, False, True], [False, False, False]])).tolist()
    ['cat|sea', '']
    """

    names: tuple[str, ...]
    separator: str = SEPARATOR
    order: tuple[str, ...] = ()
    as_truth: bool = False

    def matrix(self, values: Sequence[str] | np.ndarray) -> np.ndarray:
        """Return which labels each written set holds, shape (n, labels)."""
        codes, distinct = pd.factorize(np.asarray(values, dtype=object))
        known = {name: i for i, name in enumerate(self.names)}
        rows = np.zeros((len(distinct), len(self.names)), dtype=bool)
        for i, written in enumerate(distinct):
            for name in split_labels(str(written), self.separator):
                rows[i, known[name]] = True
        return rows[codes]

    def written(self, matrix: np.ndarray) -> np.ndarray:
        """Return each row's labels as one text, shape (n,), object array of str."""
        distinct, codes = np.unique(matrix, axis=0, return_inverse=True)
        names = np.array(self.names, dtype=object)
        texts = np.array([self.separator.join(names[row]) for row in distinct], dtype=object)
        return texts[codes.ravel()]

    def as_dict(self) -> dict[str, object]:
        """Return plain data; see `from_dict`."""
        facts = {"names": list(self.names), "separator": self.separator, "order": list(self.order)}
        return facts | {"as_truth": self.as_truth}

    @staticmethod
    def from_dict(facts: dict[str, object]) -> LabelSets:
        """Return what `as_dict` wrote."""
        names, order = (tuple(map(str, as_list(facts[key]))) for key in ("names", "order"))
        return LabelSets(names, str(facts["separator"]), order, bool(facts["as_truth"]))

    def one_column(self, order: Sequence[str], label: str) -> list[str]:
        """Return columns of a file with those of the labels as one, where the first of them stood."""
        if not self.order:
            return list(order)
        return list(dict.fromkeys(label if name in self.names else name for name in order))

    def expanded(self, frame: pd.DataFrame, label: str) -> pd.DataFrame:
        """Return rows as the file held them: a column per label where it did; see `order`."""
        if not self.order:
            return frame
        matrix = self.matrix(frame[label].to_numpy(dtype=object))
        values = matrix if self.as_truth else matrix.astype(np.int64)
        columns = {name: pd.Series(values[:, i], index=frame.index) for i, name in enumerate(self.names)}
        return pd.DataFrame({name: columns.get(name, frame.get(name)) for name in self.order}, index=frame.index)

    def collapsed(self, frame: pd.DataFrame, label: str) -> pd.DataFrame:
        """Return rows of a file with one column of written sets, undoing `expanded`."""
        if not self.order:
            return frame
        matrix = frame[list(self.names)].to_numpy().astype(bool)
        rest = frame.drop(columns=list(self.names))
        return rest.assign(**{label: pd.Series(self.written(matrix), index=frame.index, dtype="str")})


def as_list(value: object) -> list[object]:
    """Return a list or tuple as a list."""
    assert isinstance(value, list | tuple)
    return list(value)


def split_labels(written: str, separator: str) -> list[str]:
    """Return the labels of a written set, spaces around them dropped."""
    return [name for part in written.split(separator) if (name := part.strip())]


def imbalance_per_label(counts: np.ndarray) -> np.ndarray:
    """Return IRLbl: the largest label's samples over each label's, shape (labels,); inf without any.

    References
    ----------
    Charte, Rivera, del Jesus & Herrera (2015), Addressing imbalance in multilabel classification, Neurocomputing 163.

    Examples
    --------
    >>> imbalance_per_label(np.array([8, 4, 1])).tolist()
    [1.0, 2.0, 8.0]
    """
    with np.errstate(divide="ignore"):
        return np.where(counts > 0, counts.max(initial=1) / np.maximum(counts, 1e-300), np.inf)


def concurrence(matrix: np.ndarray) -> float:
    """Return SCUMBLE: how much rare and frequent labels stand in the same samples, from 0 to 1; mean over samples.

    Of a sample it is 1 minus the geometric over the arithmetic mean of its labels' IRLbl (0 without a label).

    References
    ----------
    Charte, Rivera, del Jesus & Herrera (2014), Concurrence among imbalanced labels and its influence on multilabel
    resampling algorithms, HAIS.

    Examples
    --------
    >>> round(concurrence(np.array([[1, 0], [1, 0], [1, 0], [1, 1]], dtype=bool)), 4)
    0.05
    """
    ratios = imbalance_per_label(matrix.sum(axis=0))
    scores = np.zeros(len(matrix))
    some = np.flatnonzero(matrix.any(axis=1))
    if not len(some):
        return 0.0
    own = matrix[some]
    size = own.sum(axis=1)
    known = np.where(np.isfinite(ratios), ratios, 1.0)
    mean = (own * known).sum(axis=1) / size
    geometric = np.exp((own * np.log(known)).sum(axis=1) / size)
    scores[some] = 1 - geometric / mean
    return float(scores.mean())


def deal_iteratively(
    units: np.ndarray, matrix: np.ndarray, shares: Sequence[float], rng: np.random.Generator
) -> np.ndarray:
    """Deal units into parts so that every label comes close to its share in each, the rarest label first.

    Parameters
    ----------
    units : ndarray of int, shape (n,)
        Samples of one unit stay together.
    matrix : ndarray of bool, shape (n, labels)
    shares : sequence of float
        Of each part, summing to 1.

    Returns
    -------
    ndarray of int64, shape (n,)
        Part of each sample.

    References
    ----------
    Sechidis, Tsoumakas & Vlahavas (2011), On the stratification of multi-label data, ECML PKDD, algorithm 1.
    """
    _, units = np.unique(units, return_inverse=True)
    n_units = int(units.max()) + 1
    sizes = np.bincount(units)
    bearing = np.zeros((n_units, matrix.shape[1]))
    np.add.at(bearing, units, matrix)
    part_of = np.full(n_units, -1)
    parts = np.asarray(shares, dtype=float)
    room, label_room = parts * len(units), np.outer(parts, matrix.sum(axis=0))
    left = np.ones(n_units, dtype=bool)
    order = rng.permutation(n_units)
    # Large units first: they are the hardest to place.
    order = order[np.argsort(-sizes[order], kind="stable")]
    while True:
        open_counts = bearing[left].sum(axis=0)
        if not open_counts.any():
            break
        label = int(np.argmin(np.where(open_counts > 0, open_counts, np.inf)))
        for unit in order[left[order] & (bearing[order, label] > 0)]:
            part = _neediest(label_room[:, label], room)
            part_of[unit] = part
            left[unit] = False
            label_room[part] -= bearing[unit]
            room[part] -= sizes[unit]
    for unit in order[left[order]]:
        part = _neediest(room, room)
        part_of[unit] = part
        room[part] -= sizes[unit]
    return part_of[units]


def _neediest(first: np.ndarray, second: np.ndarray) -> int:
    """Return the part with the most room of the first kind, then of the second, then the first of them."""
    best = np.flatnonzero(first >= first.max() - 1e-9)
    return int(best[np.argmax(second[best])])
