"""Arms that learn from unlabelled samples: class-rebalancing self-training (CReST) and FixMatch."""

from functools import lru_cache, partial
from typing import Literal

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.seeds import rng_from
from augmentors.learners.base import Learner
from augmentors.learners.crest import self_trained
from augmentors.learners.features import FeatureCache
from augmentors.learners.neural import NeuralLearner, Unlabelled
from augmentors.learners.registry import make_learner

SemiSupervised = Literal["crest", "fixmatch"]
# How much longer than a plain fit: generations of CReST, views of FixMatch.
LONGER: dict[SemiSupervised, float] = {"crest": 5.0, "fixmatch": 7.0}
# Strong views of each text, one of which is drawn each time it is met.
TEXT_VIEWS = 2


def fit_with_unlabelled(
    how: SemiSupervised, key: str, seed: int, cache: FeatureCache, train: Dataset, job: Job
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
    strong = _strong_vectors(pool.content_hash, tuple(pool.texts)) if pool.kind == "text" else ()
    learner.unlabelled = Unlabelled(pool, strong)
    return learner.fit(train, None, job), len(pool)


@lru_cache(maxsize=1)
def _strong_vectors(content: str, texts: tuple[str, ...]) -> tuple[np.ndarray, ...]:
    """Return embeddings of texts changed by EDA, several per text; made once per process, the same in each."""
    from augmentors.explore.embeddings import embed_texts
    from augmentors.text.eda import strong_views

    return tuple(embed_texts(strong_views(texts, rng_from("strong views", content, i))) for i in range(TEXT_VIEWS))
