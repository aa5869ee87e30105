"""The probabilities that thresholds and costs are chosen on: of each training sample by a model that never saw it.

They are those of the first repeat. The same models' probabilities of the test
part lie beside them, for confirming what was chosen; nothing is chosen on them.
"""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from augmentors.evaluate.scoring import FitScores

# Of one arm and learner; beyond so many numbers nothing is kept.
MAX_NUMBERS = 1_500_000
Run = tuple[str, str]


@dataclass(frozen=True)
class DecisionScores:
    """Probabilities by (arm, learner).

    Parameters
    ----------
    classes : tuple of str
    truth : ndarray of int, shape (n,)
        Class of each training sample, fold after fold.
    test_truth : ndarray of int, shape (m,)
    held_out : dict of (str, str) to ndarray of float32, shape (n, k)
    test : dict of (str, str) to ndarray of float32, shape (folds, m, k)
        Of the model of each fold.
    """

    classes: tuple[str, ...]
    truth: np.ndarray
    test_truth: np.ndarray
    held_out: dict[Run, np.ndarray]
    test: dict[Run, np.ndarray]

    def to_bytes(self) -> bytes:
        """Return them as the bytes of an NPZ file."""
        runs = list(self.held_out)
        names = json.dumps({"classes": self.classes, "runs": runs}).encode()
        file = io.BytesIO()
        np.savez(
            file,
            allow_pickle=False,
            names=np.frombuffer(names, np.uint8),
            truth=self.truth,
            test_truth=self.test_truth,
            held_out=np.stack([self.held_out[run] for run in runs]),
            test=np.stack([self.test[run] for run in runs]),
        )
        return file.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> "DecisionScores":
        """Return what `to_bytes` gave."""
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            names = json.loads(file["names"].tobytes())
            runs: list[Run] = [(arm, learner) for arm, learner in names["runs"]]
            held_out, test = dict(zip(runs, file["held_out"], strict=True)), dict(zip(runs, file["test"], strict=True))
            return DecisionScores(tuple(names["classes"]), file["truth"], file["test_truth"], held_out, test)


def decision_scores(
    fits: Iterable[FitScores], classes: Iterable[str], codes: np.ndarray, folds: np.ndarray, test_codes: np.ndarray
) -> DecisionScores | None:
    """Return the probabilities that the fits of the first repeat still hold; None where none does.

    Parameters
    ----------
    codes, folds : ndarray of int, shape (n,)
        Class and fold of each training sample, in the order in which folds were taken from it.
    test_codes : ndarray of int, shape (m,)
    """
    runs: dict[Run, dict[int, FitScores]] = {}
    for fit in fits:
        if fit.repeat == 0 and fit.probabilities is not None and fit.probabilities.test is not None:
            runs.setdefault((fit.arm, fit.learner), {})[fit.fold] = fit
    numbers = np.unique(folds).tolist()
    whole = {run: [own[n] for n in numbers] for run, own in runs.items() if len(own) == len(numbers)}
    if not whole:
        return None
    kept = {run: [fit.probabilities for fit in own if fit.probabilities is not None] for run, own in whole.items()}
    return DecisionScores(
        tuple(classes),
        np.concatenate([codes[folds == n] for n in numbers]),
        test_codes,
        {run: np.concatenate([one.held_out for one in own]).astype(np.float32) for run, own in kept.items()},
        {
            run: np.stack([one.test for one in own if one.test is not None]).astype(np.float32)
            for run, own in kept.items()
        },
    )
