"""What an embedding is worth for each class of the training part, beside others of the same samples.

Three stand side by side: the built-in one, that of the encoder before its
first step, and that of the encoder when it has learnt. The one in the middle
is the control: scaling and layers of random weights alone may do much.

Two questions per class, asked of training samples only: which share of a
sample's nearest neighbours has its class (the sample itself left out), and how
many of the class a logistic regression finds that was trained on the other
folds. The folds are the split's own: stratified, groups and near-duplicates
together. An encoder that learnt from these samples saw them without their
labels; the probe's folds share that encoder, which `SEEN` says wherever the
numbers are shown.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import rng_from
from augmentors.explore.neighbours import nearest
from augmentors.explore.projection import rows_to_fit

NEIGHBOURS = 6
MOST_JUDGED = 5_000
# With fewer samples of a class one more or less found moves its recall by 10 points or more.
FEW = 10
LEVEL = 0.05
SIDES = ("before", "untrained", "after")
SEEN = "The encoder saw these samples without their labels; the test part was never looked at."
BETTER, WORSE, UNCLEAR, UNDECIDABLE = "better", "worse", "no clear difference", "too few to tell"


@dataclass(frozen=True)
class ClassWorth:
    """What an embedding is worth for a class.

    Parameters
    ----------
    neighbours : float
        Mean share of the nearest neighbours that have the class.
    found : int
        Samples of the class that the probe named rightly out of fold.
    recall, low, high : float
        Share found, with its 95 % Wilson interval.
    """

    neighbours: float
    found: int
    recall: float
    low: float
    high: float


@dataclass(frozen=True)
class Judged:
    """The built-in, the untrained and the learnt embedding of the same training samples, class by class.

    Parameters
    ----------
    classes : list of dict
        Rarest first: ``class``, ``count``, ``judged`` (how many of them were), ``before``, ``untrained``, ``after``
        (`ClassWorth` as plain data), ``result`` of the last beside the first (one of `BETTER`, `WORSE`, `UNCLEAR`,
        `UNDECIDABLE`).
    before, untrained, after : dict
        ``neighbours`` and ``recall``: means over the classes, each counting the same.
    sentence : str
        What it comes to.
    ids : list of str
        The samples judged.
    near_before, near_after : ndarray of int32, shape (len(ids), k)
        Places (in `ids`) of the nearest neighbours of each, nearest first, in the built-in and the learnt embedding.
    right_before, right_after : ndarray of bool, shape (len(ids),)
        Whether the probe named the sample rightly.
    """

    classes: list[dict[str, Any]]
    before: dict[str, float]
    untrained: dict[str, float]
    after: dict[str, float]
    sentence: str
    ids: list[str]
    near_before: np.ndarray
    near_after: np.ndarray
    right_before: np.ndarray
    right_after: np.ndarray

    def to_json(self) -> dict[str, Any]:
        """Return plain data, without the neighbours."""
        told = {"classes": self.classes, **{side: getattr(self, side) for side in SIDES}, "sentence": self.sentence}
        return told | {"judged": len(self.ids), "neighbours": NEIGHBOURS, "seen": SEEN}


def judge(
    train: Dataset,
    folds: np.ndarray,
    before: np.ndarray,
    untrained: np.ndarray,
    after: np.ndarray,
    names: tuple[str, str],
    job: Job = NO_JOB,
) -> Judged:
    """Return what an embedding is worth for each class, beside the built-in one and the one before learning.

    Parameters
    ----------
    train : Dataset
        The training part.
    folds : ndarray of int, shape (n,)
        Fold of each of its samples (`Split.folds`).
    before, untrained, after : ndarray, shape (n, d)
        The embeddings, row by row.
    names : (str, str)
        What the first and the last are called.
    job : Job, optional
    """
    labels = train.shown_labels.astype(str)
    at = rows_to_fit(len(train), labels, MOST_JUDGED, rng_from("judged", len(train)))
    own, own_folds = labels[at], folds[at]
    near, right = [], []
    said = (names[0], "the same net before training", names[1])
    for i, vectors in enumerate((before[at], untrained[at], after[at])):
        part = job.part(i / 3, (i + 1) / 3)
        part.progress(0.0, f"Judging {said[i]}")
        near.append(nearest(vectors, k=NEIGHBOURS, job=part.part(0.0, 0.3))[1].astype(np.int32))
        right.append(_out_of_fold(vectors, own, own_folds, part.part(0.3, 1.0)) == own)
    classes = _by_class(train, own, near, right)
    means = {side: _mean_over_classes([one[side] for one in classes]) for side in SIDES}
    sentence = _sentence(classes, means, names)
    ids = train.ids[at].tolist()
    worth = (means["before"], means["untrained"], means["after"])
    return Judged(classes, *worth, sentence, ids, near[0], near[2], right[0], right[2])


def _by_class(train: Dataset, own: np.ndarray, near: list[np.ndarray], right: list[np.ndarray]) -> list[dict[str, Any]]:
    names, counts = np.unique(train.shown_labels.astype(str), return_counts=True)
    judged, p_values = [], {}
    for i in np.lexsort((names, counts)):
        mask = own == names[i]
        worth = {side: asdict(_worth(own, mask, near[k], right[k])) for k, side in enumerate(SIDES)}
        judged.append(
            {
                "class": str(names[i]),
                "count": int(counts[i]),
                "judged": int(mask.sum()),
                **worth,
                "result": UNDECIDABLE,
            }
        )
        if counts[i] >= FEW:
            gained = int((right[2] & ~right[0])[mask].sum())
            lost = int((right[0] & ~right[2])[mask].sum())
            p_values[str(names[i])] = (mcnemar(gained, lost), gained - lost)
    clear = _holm({name: p for name, (p, _) in p_values.items()})
    for one in judged:
        if one["class"] in p_values:
            direction = p_values[one["class"]][1]
            one["result"] = (BETTER if direction > 0 else WORSE) if one["class"] in clear else UNCLEAR
    return judged


def _worth(own: np.ndarray, mask: np.ndarray, near: np.ndarray, right: np.ndarray) -> ClassWorth:
    same = (own[near[mask]] == own[mask][:, None]).mean() if near.shape[1] else 0.0
    n, found = int(mask.sum()), int(right[mask].sum())
    return ClassWorth(float(same), found, found / n, *wilson(found, n))


def wilson(found: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    z = 1.959964
    centre, reach = found + z * z / 2, z * (found * (n - found) / n + z * z / 4) ** 0.5
    return max((centre - reach) / (n + z * z), 0.0), min((centre + reach) / (n + z * z), 1.0)


def mcnemar(gained: int, lost: int) -> float:
    """Return the exact two-sided p of so many samples gained and lost, were both equally likely.

    Examples
    --------
    >>> mcnemar(5, 0), mcnemar(3, 3)
    (0.0625, 1.0)
    """
    from scipy.stats import binomtest

    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def _holm(p_values: dict[str, float]) -> set[str]:
    """Return the names whose p stands after Holm's correction."""
    stands: set[str] = set()
    for i, name in enumerate(sorted(p_values, key=lambda name: (p_values[name], name))):
        if p_values[name] > LEVEL / (len(p_values) - i):
            break
        stands.add(name)
    return stands


def _out_of_fold(X: np.ndarray, labels: np.ndarray, folds: np.ndarray, job: Job) -> np.ndarray:
    """Return the class that a logistic regression on the other folds gives each sample; each class weighs the same."""
    said = np.full(len(labels), "", dtype=object)
    every = np.unique(folds)
    for i, fold in enumerate(every):
        job.check()
        held = folds == fold
        seen = np.unique(labels[~held])
        said[held] = seen[0] if len(seen) == 1 else _probe(X[~held], labels[~held], X[held]) if len(seen) else ""
        job.progress((i + 1) / len(every), f"Logistic regression on fold {i + 1} of {len(every)}")
    return said


def _probe(X: np.ndarray, labels: np.ndarray, held: np.ndarray) -> np.ndarray:
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    mean, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(spread > 1e-8, spread, 1.0)
    model = LogisticRegression(C=0.1, max_iter=200, class_weight="balanced")
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping after 200 steps is meant
        model.fit((X - mean) / spread, labels)
    found: np.ndarray = model.predict((held - mean) / spread)
    return found


def _mean_over_classes(worths: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([worth[name] for worth in worths])) for name in ("neighbours", "recall")}


def _sentence(classes: list[dict[str, Any]], means: dict[str, dict[str, float]], names: tuple[str, str]) -> str:
    before, after = means["before"], means["after"]
    better = [one["class"] for one in classes if one["result"] == BETTER]
    worse = [one["class"] for one in classes if one["result"] == WORSE]
    gap = 100 * (after["recall"] - before["recall"])
    way = compared_in_words(gap, bool(better), bool(worse))
    told = (
        f"{names[1]} {way} {names[0]}: a logistic regression finds {after['recall']:.1%} of a class on average "
        f"instead of {before['recall']:.1%}, and {after['neighbours']:.1%} of a sample's {NEIGHBOURS} nearest "
        f"neighbours have its class instead of {before['neighbours']:.1%}."
    )
    told += " " + learning_in_words(**means)
    for words, found in (("Clearly more is found of", better), ("Clearly less is found of", worse)):
        if found:
            told += f" {words} {', '.join(f'‘{name}’' for name in found[:6])}{' …' if len(found) > 6 else ''}."
    return told if better or worse else told + " For no single class is the difference clear."


def learning_in_words(before: dict[str, float], untrained: dict[str, float], after: dict[str, float]) -> str:
    """Return what of an embedding's worth is there before training, and what learning added.

    Parameters
    ----------
    before, untrained, after : dict
        ``neighbours`` and ``recall`` of the built-in embedding, of the net before training, and of the learnt one.

    Examples
    --------
    >>> built_in, net = {"neighbours": 0.5, "recall": 0.5}, {"neighbours": 0.8, "recall": 0.9}
    >>> learning_in_words(built_in, net, net).partition("; ")[2]
    'learning itself added nothing that counts: most of the gain in recall and neighbours is there before training.'
    """
    names = ("recall", "neighbours")
    gains = [100 * (after[name] - before[name]) for name in names]
    own = [100 * (after[name] - untrained[name]) for name in names]
    shown = [f"{round(part, 1) + 0.0:+.1f}" for part in own]  # no "-0.0"
    told = f"changed that by {shown[0]} and {shown[1]} points"
    if max(own) < 1:
        told = "made it worse" if min(own) <= -1 else "added nothing that counts"
    early = [name for name, gain, part in zip(names, gains, own, strict=True) if gain >= 1 and part < gain / 2]
    if early:
        told += f": most of the gain in {' and '.join(early)} is there before training"
    return (
        f"Before training the same net finds {untrained['recall']:.1%}, and {untrained['neighbours']:.1%} of "
        f"neighbours have the class; learning itself {told}."
    )


def compared_in_words(gap: float, better: bool, worse: bool) -> str:
    """Return how an embedding compares with another: only what single classes show clearly is called better or worse.

    Parameters
    ----------
    gap : float
        Difference of the mean recall over the classes, in points.
    better, worse : bool
        Whether clearly more, or less, is found of any class.

    Examples
    --------
    >>> compared_in_words(2.7, True, False), compared_in_words(2.7, False, False), compared_in_words(0.2, False, False)
    ('is better than', 'is not clearly different from', 'does about as well as')
    >>> compared_in_words(5.2, True, True)
    'finds more of some classes and less of others than'
    """
    if better and worse:
        return "finds more of some classes and less of others than"
    if better and gap >= 1:
        return "is better than"
    if worse and gap <= -1:
        return "is worse than"
    return "does about as well as" if abs(gap) < 1 else "is not clearly different from"
