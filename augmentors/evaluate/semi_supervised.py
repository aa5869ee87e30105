"""Arms that learn from unlabelled samples: class-rebalancing self-training (CReST) and FixMatch."""

from functools import partial
from typing import Literal

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.evaluate.strong_views import TextViews, changed
from augmentors.learners.base import Learner
from augmentors.learners.crest import self_trained
from augmentors.learners.features import FeatureCache
from augmentors.learners.neural import NeuralLearner, Unlabelled
from augmentors.learners.registry import make_learner

SemiSupervised = Literal["crest", "fixmatch"]
# How much longer than a plain fit: generations of CReST, views of FixMatch.
LONGER: dict[SemiSupervised, float] = {"crest": 5.0, "fixmatch": 7.0}


def fit_with_unlabelled(
    how: SemiSupervised,
    key: str,
    seed: int,
    cache: FeatureCache,
    train: Dataset,
    job: Job,
    views: TextViews | None = None,
) -> tuple[Learner, int]:
    """Return a learner fitted with the unlabelled samples beside a training part, and how many of them counted.

    Parameters
    ----------
    how : {"crest", "fixmatch"}
    key : str
        Of a learner; a net for FixMatch.
    seed : int
    cache : FeatureCache
    train : Dataset
    job : Job
    views : TextViews, optional
        How strong views of texts are made, for FixMatch on texts.

    Raises
    ------
    NotApplicable
        When there are no unlabelled samples.
    """
    pool = train.unlabelled
    if pool is None or not len(pool):
        raise NotApplicable("This arm needs unlabelled data, and there is none.", "Give it with --unlabelled FILE.")
    if how == "crest":
        done = self_trained(partial(make_learner, key, seed, None, cache), train, job)
        return done.learner, 0 if done.extra is None else len(done.extra)
    learner = make_learner(key, seed, None, cache)
    assert isinstance(learner, NeuralLearner), "FixMatch trains nets alone"
    sources = () if views is None else changed(pool, views)
    strong = tuple(cache.of_sources(str(learner.card.features), [source], job) for source in sources)
    learner.unlabelled = Unlabelled(pool, strong)
    return learner.fit(train, None, job), len(pool)
