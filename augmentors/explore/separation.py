"""Which features tell the classes apart, and how their values spread per class."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from augmentors.core.dataset import ColumnType, Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.explore.rank_separation import Ranking, ranked_categories, ranked_numbers

MAX_PER_CLASS = 20_000
N_QUANTILES = 16
MAX_CLASSES_FOR_EDGES = 30
MAX_VALUES = 50
ORDERED = ("number", "integer", "date")
MISSING, OTHER = "(missing)", "(other)"


@dataclass(frozen=True)
class FeatureBars:
    """How one feature's values spread in each class, ready to draw.

    Parameters
    ----------
    column : str
    type : ColumnType
    edges : ndarray or None
        Limits of the bins, shape (bins + 1,), numbers or dates; None for categories.
    names : tuple of str
        One per bin; the last may be ``(missing)``, which has no place on the axis.
    counts : DataFrame, shape (bins, classes)
        Samples per bin (index `names`) and class (largest class first).
    """

    column: str
    type: ColumnType
    edges: np.ndarray | None
    names: tuple[str, ...]
    counts: pd.DataFrame

    @property
    def shares(self) -> pd.DataFrame:
        """Share of each class's samples per bin: what makes rare classes visible."""
        return self.counts / self.counts.sum(axis=0).clip(lower=1)


def feature_separation(dataset: Dataset, job: Job = NO_JOB) -> pd.DataFrame:
    """Return features by how well each alone tells the classes apart, best first.

    Judged by ranks, one class against the rest: |2 · AUC - 1| of numbers and
    dates by their size, their nearness to the class's middle or what is
    missing; of categories by their odds, learnt on one half of each class and
    judged on the other. So a rare class weighs as much as a common one, and a
    feature full of unique values gains nothing. Features that tell no class by
    more than chance come last.

    Parameters
    ----------
    dataset : Dataset
        The training part, usually; kind ``table`` or ``text`` with further columns.
    job : Job, optional

    Returns
    -------
    DataFrame
        Columns ``column``, ``type``, ``score`` (0: nothing, 1: tells every class),
        ``best_class`` (the class it tells best), ``clear`` (whether any class is told
        by more than chance), ``chance`` (the score that chance may reach) and
        ``recognised`` (the share of balanced accuracy above chance when each of
        the feature's bins votes for a class).
    """
    rows = _balanced_rows(dataset)
    classes = [name for name, count in dataset.class_counts.items() if count >= 2]
    labels = pd.Index(classes, dtype=object).get_indexer(pd.Index(dataset.labels[rows], dtype=object))
    rows, labels = rows[labels >= 0], labels[labels >= 0]
    half = _halves(labels)
    found = []
    for name in _drawable(dataset):
        job.check()
        ordered = dataset.schema.types[name] in ORDERED
        recognised = _recognised(_bins(dataset, name, rows, labels), labels, half, len(classes), ordered)
        ranked = _ranked(dataset.frame[name].iloc[rows], ordered, labels, half, len(classes))
        # Of two classes, which mirror each other, the rarer one.
        best = classes[len(classes) - 1 - int(ranked.scores[::-1].round(9).argmax())] if classes else ""
        score, chance = (float(values.mean()) if len(classes) > 1 else 0.0 for values in (ranked.scores, ranked.chance))
        found.append((name, dataset.schema.types[name], score, best, ranked.clear, chance, recognised))
    table = pd.DataFrame(found, columns=["column", "type", "score", "best_class", "clear", "chance", "recognised"])
    return table.sort_values(["clear", "score"], ascending=False, kind="stable", ignore_index=True)


def _ranked(column: pd.Series, ordered: bool, labels: np.ndarray, half: np.ndarray, n_classes: int) -> Ranking:
    if n_classes < 2:
        return Ranking(np.zeros(n_classes), np.ones(n_classes))
    if ordered:
        return ranked_numbers(_as_numbers(column), labels, half, n_classes)
    return ranked_categories(pd.factorize(column, use_na_sentinel=False)[0], labels, half, n_classes)


def feature_bars(dataset: Dataset, column: str, bins: int = 20) -> FeatureBars:
    """Return how one feature's values spread in each class.

    Parameters
    ----------
    dataset : Dataset
    column : str
    bins : int, default=20
        Bins of a number or date; a category shows its most frequent values.
    """
    kind = dataset.schema.types[column]
    values = dataset.frame[column]
    edges: np.ndarray | None = None
    if kind in ORDERED:
        codes, names, edges = _cut(values, kind, bins)
    else:
        codes, names = _top_values(values, bins)
    classes = list(dataset.class_counts)
    labels = pd.Index(classes, dtype=object).get_indexer(pd.Index(dataset.labels, dtype=object))
    counts = np.bincount(codes * len(classes) + labels, minlength=len(names) * len(classes))
    frame = pd.DataFrame(counts.reshape(len(names), len(classes)), index=pd.Index(names), columns=classes)
    return FeatureBars(column, kind, edges, tuple(names), frame)


def _drawable(dataset: Dataset) -> list[str]:
    if dataset.kind == "image":
        return []
    features = dataset.schema.features("number", "integer", "boolean", "category", "date", "text")
    return [name for name in features if name != dataset.schema.text]


def _balanced_rows(dataset: Dataset) -> np.ndarray:
    """Return row positions, at most so many per class, evenly spaced: rare classes in full."""
    kept = []
    for name in dataset.class_counts:
        at = dataset.positions(name)
        step = max(1, -(-len(at) // MAX_PER_CLASS))
        kept.append(at[::step])
    return np.concatenate(kept) if kept else np.empty(0, np.int64)


def _halves(labels: np.ndarray) -> np.ndarray:
    """Return 0 or 1 per sample; classes are halved by a fixed shuffle, as rows may be sorted."""
    half = np.zeros(len(labels), dtype=np.int64)
    order = np.random.default_rng(0).permutation(len(labels))
    for label in np.unique(labels):
        own = order[labels[order] == label]
        half[own[1::2]] = 1
    return half


def _bins(dataset: Dataset, name: str, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the bin of each row; missing values have a bin of their own."""
    column = dataset.frame[name].iloc[rows]
    if dataset.schema.types[name] not in ORDERED:
        codes, values = pd.factorize(column)
        order = np.argsort(-np.bincount(codes[codes >= 0], minlength=len(values)), kind="stable")
        rank = np.empty(len(values) + 1, dtype=np.int64)
        rank[order] = np.minimum(np.arange(len(values)), MAX_VALUES)
        rank[-1] = MAX_VALUES + 1
        return rank[codes]
    numbers = _as_numbers(column)
    known = np.isfinite(numbers)
    edges = [np.quantile(numbers[known], np.linspace(0, 1, N_QUANTILES + 1))] if known.any() else []
    if edges and labels.max(initial=0) < MAX_CLASSES_FOR_EDGES:
        # The limits of each class too: a rare class may fill a small part of one bin only.
        for label in range(labels.max(initial=0) + 1):
            own = numbers[known & (labels == label)]
            if len(own):
                edges.append(np.quantile(own, [0, 0.25, 0.5, 0.75, 1]))
    limits = np.unique(np.concatenate(edges)) if edges else np.empty(0)
    # Both ends of a limit: values equal to it must not be split from it by either side.
    bins = np.searchsorted(limits, numbers, side="left") + np.searchsorted(limits, numbers, side="right")
    return np.where(known, bins + 1, 0)


def _as_numbers(column: pd.Series) -> np.ndarray:
    if column.dtype.kind == "M":
        stamps = column.to_numpy("datetime64[ns]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64).astype(np.float64))
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _recognised(bins: np.ndarray, labels: np.ndarray, half: np.ndarray, n_classes: int, ordered: bool) -> float:
    """Return the share of balanced accuracy above chance when each bin votes for the class over-represented in it."""
    if n_classes < 2:
        return 0.0
    n_bins = int(bins.max(initial=0)) + 1
    right = np.zeros(n_classes)
    for learn in (0, 1):
        seen = half == learn
        counts = np.bincount(bins[seen] * n_classes + labels[seen], minlength=n_bins * n_classes)
        table = counts.reshape(n_bins, n_classes).astype(float)
        table /= np.maximum(table.sum(axis=0), 1)
        vote = np.where(table.any(axis=1), table.argmax(axis=1), -1)
        if ordered:
            vote[1:] = _filled(vote[1:])  # bin 0 is that of missing values
        hit = vote[bins[~seen]] == labels[~seen]
        right += np.bincount(labels[~seen], weights=hit, minlength=n_classes)
    recall = right / np.bincount(labels, minlength=n_classes)
    score = (recall.mean() - 1 / n_classes) / (1 - 1 / n_classes)
    return float(np.clip(score, 0.0, 1.0))


def _filled(vote: np.ndarray) -> np.ndarray:
    """Return votes in which a bin that nobody fell into votes like its nearest neighbour."""
    cast = np.flatnonzero(vote >= 0)
    if not len(cast):
        return vote
    at = np.arange(len(vote))
    after = np.searchsorted(cast, at).clip(max=len(cast) - 1)
    before = (after - 1).clip(min=0)
    nearer = np.abs(cast[before] - at) < np.abs(cast[after] - at)
    return vote[np.where(nearer, cast[before], cast[after])]


def _cut(values: pd.Series, kind: str, bins: int) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Return bin of each value, names of the bins and their limits; the extreme 0.5 % join the outer bins."""
    numbers = _as_numbers(values)
    known = np.isfinite(numbers)
    low, high = np.quantile(numbers[known], [0.005, 0.995]) if known.any() else (0.0, 1.0)
    if low == high:
        low, high = (numbers[known].min(), numbers[known].max()) if known.any() else (0.0, 1.0)
    if kind == "integer" and high - low < bins:
        edges = np.arange(np.floor(low), np.ceil(high) + 2) - 0.5
    else:
        edges = np.linspace(low, high if high > low else low + 1.0, bins + 1)
    inner = np.searchsorted(edges[1:-1], numbers, side="right")
    codes = np.where(known, inner, len(edges) - 1)
    shown = edges.astype(np.int64).astype("datetime64[ns]") if kind == "date" else edges
    names = [_name_of(shown, i, kind) for i in range(len(edges) - 1)]
    return codes, names + ([] if known.all() else [MISSING]), shown


def _name_of(edges: np.ndarray, i: int, kind: str) -> str:
    if kind == "date":
        return f"{edges[i].astype('datetime64[D]')} – {edges[i + 1].astype('datetime64[D]')}"
    if kind == "integer" and edges[i + 1] - edges[i] == 1:
        return f"{edges[i] + 0.5:.0f}"
    return f"{edges[i]:.4g} – {edges[i + 1]:.4g}"


def _top_values(values: pd.Series, bins: int) -> tuple[np.ndarray, list[str]]:
    """Return the rank of each value among the most frequent, and their names."""
    codes, uniques = pd.factorize(values)
    order = np.argsort(-np.bincount(codes[codes >= 0], minlength=len(uniques)), kind="stable")
    names = [str(uniques[i]) for i in order[:bins]]
    rank = np.full(len(uniques) + 1, len(names))
    rank[order[:bins]] = np.arange(len(names))
    if len(uniques) > bins:
        names.append(OTHER)
    rank[-1] = len(names)
    if (codes < 0).any():
        names.append(MISSING)
    return rank[codes], names
