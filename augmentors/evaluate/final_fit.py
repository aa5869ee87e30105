"""The model of one arm, trained on the whole training part: what is exported once a comparison has chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.free_arms import NOTHING, PLAIN, THRESHOLD, resampled
from augmentors.evaluate.regenerate import regenerate
from augmentors.evaluate.semi_supervised import fit_with_unlabelled
from augmentors.evaluate.strong_views import views_for
from augmentors.evaluate.threshold import tuned_offsets
from augmentors.evaluate.vector_smote import with_vectors
from augmentors.learners.base import Learner
from augmentors.learners.calibration import best_temperature, tempered
from augmentors.learners.crest import self_trained
from augmentors.learners.features import FeatureCache
from augmentors.learners.registry import make_learner


@dataclass(frozen=True)
class FinalModel:
    """A fitted learner with what its decisions need.

    Parameters
    ----------
    learner : Learner
    original : Dataset
        The training part.
    train : Dataset
        Real samples it was trained on; re-sampling may have dropped or repeated some.
    extra : Samples or None
        New ones.
    temperature : float
        Log-probabilities are divided by it; 1 where there is nothing to tell it from.
    offsets : ndarray, shape (k,)
        Added to the recalibrated log-probabilities before the largest one decides.
    """

    learner: Learner
    original: Dataset
    train: Dataset
    extra: Samples | None
    temperature: float
    offsets: np.ndarray


def winner(result: Mapping[str, Any]) -> tuple[str, str]:
    """Return arm and learner that a comparison advises, from its JSON; the plain arm where nothing was judged."""
    verdict = result["verdict"]
    advised = (verdict.get("next") or {}).get("arm", PLAIN)
    return str(advised), str(verdict.get("learner") or result["learners"][0]["key"])


def fit_final(
    dataset: Dataset,
    split: Split,
    arm: Arm,
    key: str,
    seed: int,
    decisions: DecisionScores | None,
    job: Job = NO_JOB,
) -> FinalModel:
    """Train one arm's learner on the whole training part, and take its thresholds from out-of-fold scores.

    Parameters
    ----------
    arm : Arm
    key : str
        Learner.
    seed : int
        Of the comparison.
    decisions : DecisionScores or None
        Of the comparison; without them probabilities and thresholds stay as they are.

    Raises
    ------
    NotApplicable
        When the arm learns from unlabelled samples and there are none.
    """
    original, extra = dataset.take(split.train), arm.samples
    train = original
    if arm.recipe is not None:
        made = regenerate(arm.recipe, train.class_counts, train, job)
        extra, train = made.samples, train.take(np.setdiff1d(train.ids, made.dropped, assume_unique=True))
    elif arm.dropped:
        train = train.take([i for i in train.ids if i not in arm.dropped])
    free = arm.free or NOTHING
    if free.resampling is not None:
        train = resampled(train, free.resampling, rng_from("resample", seed, "final"))
    own_seed = int(digest("final", seed, key, size=6), 16) % 2**31
    cache = FeatureCache()
    if free.between_vectors:
        name = str(make_learner(key, own_seed).card.features)
        extra, _ = with_vectors(train, name, cache, rng_from("vectors", seed, "final"))
    if free.semi == "crest":
        done = self_trained(partial(make_learner, key, own_seed, None, cache), train, job)
        learner, extra = done.learner, done.extra
    elif free.semi == "fixmatch":
        learner, _ = fit_with_unlabelled(free.semi, key, own_seed, cache, train, job, views_for(train, "auto"))
    else:
        how = (free.class_weight, cache, free.ensemble, free.objective)
        learner = make_learner(key, own_seed, *how).fit(train, extra, job)
    return FinalModel(learner, original, train, extra, *_decided_by(learner, arm, key, decisions))


def _decided_by(learner: Learner, arm: Arm, key: str, decisions: DecisionScores | None) -> tuple[float, np.ndarray]:
    run = (PLAIN if arm.name == THRESHOLD else arm.name, key)
    if decisions is None or run not in decisions.held_out:
        return 1.0, np.zeros(len(learner.classes_))
    # A class of the test part alone is none that the model could decide for.
    at = [decisions.classes.index(label) for label in learner.classes_]
    proba = decisions.held_out[run][:, at].astype(np.float64)
    codes = np.array([at.index(code) for code in decisions.truth])
    temperature = best_temperature(codes, proba)
    return temperature, tuned_offsets(codes, tempered(proba, temperature))
