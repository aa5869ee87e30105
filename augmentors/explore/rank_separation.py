"""How well one feature alone ranks a class before all others, and what chance alone would reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Of as many features that tell nothing, one in so many is taken for one that tells something.
FALSE_ALARM = 0.05
# Distances to each class's middle are ranked class by class: not for hundreds of them.
MAX_CLASSES_FOLDED = 30


@dataclass(frozen=True)
class Ranking:
    """Per class, how far a feature's values rank it before or behind all other samples.

    Parameters
    ----------
    scores : ndarray of float64, shape (classes,)
        |2 · AUC - 1| of the class against the rest: 0 nothing, 1 perfect.
    chance : ndarray of float64, shape (classes,)
        What a feature that tells nothing stays below, nearly always.
    """

    scores: np.ndarray
    chance: np.ndarray

    @property
    def clear(self) -> bool:
        """Whether any class is told by more than chance."""
        return bool((self.scores > self.chance).any())


def ranked_numbers(values: np.ndarray, labels: np.ndarray, half: np.ndarray, n_classes: int) -> Ranking:
    """Return how numbers rank the classes: by size, by nearness to the class's middle, or by what is missing.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        NaN where missing.
    labels, half : ndarray of int64, shape (n,)
        Class; the half that a middle is learnt from is not the one it is judged on.
    """
    missing = ~np.isfinite(values)
    known, own, part = values[~missing], labels[~missing], half[~missing]
    looks = [np.abs(_signed(missing.astype(float), labels, n_classes)), np.abs(_signed(known, own, n_classes))]
    if n_classes <= MAX_CLASSES_FOLDED:
        looks.append(_nearness(known, own, part, n_classes))
    # Where a class has few known values, chance reaches further; where none, only what is missing tells.
    counts = np.bincount(own, minlength=n_classes)
    alone = (counts == 0) | (counts == len(own))
    chance = np.where(alone, _chance(labels, n_classes, len(looks)), _chance(own, n_classes, len(looks)))
    return Ranking(np.max(looks, axis=0), chance)


def ranked_categories(codes: np.ndarray, labels: np.ndarray, half: np.ndarray, n_classes: int) -> Ranking:
    """Return how categories rank the classes, each by its odds in the other half of the samples.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Category, from 0; missing is one of them.
    """
    scores = np.zeros((2, n_classes))
    n_codes = int(codes.max(initial=0)) + 1
    for judged in (0, 1):
        seen = half != judged
        counts = np.bincount(codes[seen] * n_classes + labels[seen], minlength=n_codes * n_classes)
        table = counts.reshape(n_codes, n_classes).astype(float)
        total, all_rows = table.sum(axis=0), table.sum(axis=1)
        for c in range(n_classes):
            # Half a sample of each side: a category that was not seen says nothing.
            prior = total[c] / max(total.sum(), 1.0)
            odds = (table[:, c] + prior) / (all_rows + 1.0)
            scores[judged, c] = _signed(odds[codes[~seen]], (labels[~seen] != c).astype(np.int64), 2)[0]
    return Ranking(np.clip(scores.mean(axis=0), 0.0, 1.0), _chance(labels, n_classes, 1))


def _nearness(values: np.ndarray, labels: np.ndarray, half: np.ndarray, n_classes: int) -> np.ndarray:
    found = np.zeros((2, n_classes))
    ranks = _ranks(values)
    for judged in (0, 1):
        here = half == judged
        for c in range(n_classes):
            learnt = ranks[~here & (labels == c)]
            if len(learnt):
                away = -np.abs(ranks[here] - np.median(learnt))
                found[judged, c] = _signed(away, (labels[here] != c).astype(np.int64), 2)[0]
    return np.clip(found.mean(axis=0), 0.0, 1.0)


def _ranks(values: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), dtype=np.float64)


def _signed(values: np.ndarray, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Return 2 · AUC - 1 of each class against the rest, 0 where either is empty."""
    n, counts = len(values), np.bincount(labels, minlength=n_classes).astype(float)
    others = n - counts
    sums = np.bincount(labels, weights=_ranks(values), minlength=n_classes)
    pairs = counts * others
    wins = sums - counts * (counts + 1) / 2
    return np.where(pairs > 0, 2 * wins / np.maximum(pairs, 1.0) - 1, 0.0)


def _chance(labels: np.ndarray, n_classes: int, looks: int) -> np.ndarray:
    """Return the bound of Mann and Whitney's statistic where values tell nothing, for so many looks at once."""
    from scipy.stats import norm

    counts = np.bincount(labels, minlength=n_classes).astype(float)
    n = counts.sum()
    # With two classes the second look is the first, mirrored.
    tried = looks * (1 if n_classes == 2 else n_classes)
    deviations = float(norm.isf(FALSE_ALARM / 2 / tried))
    spread = 2 * np.sqrt((n + 1) / (12 * np.maximum(counts * (n - counts), 1.0)))
    return np.asarray(np.minimum(deviations * spread, 1.0))
