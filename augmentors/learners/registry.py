"""The explicit tuple of all learners, and how to get one."""

from augmentors.core.dataset import Kind
from augmentors.core.errors import UserError
from augmentors.learners.base import Ensemble, Learner, LearnerCard
from augmentors.learners.cnn import SmallCnn
from augmentors.learners.features import FeatureCache
from augmentors.learners.image import EmbeddingLogisticImage, PixelForest
from augmentors.learners.mlp import TableNet, TextNet
from augmentors.learners.objectives import Objective
from augmentors.learners.own import OwnEstimator, is_own
from augmentors.learners.pretrained import PretrainedLogistic, is_pretrained
from augmentors.learners.table import Boosting, Forest, Logistic
from augmentors.learners.text import EmbeddingLogisticText, NaiveBayesText, TfidfLogistic
from augmentors.learners.weighting import Weighting

LEARNERS: tuple[type[Learner], ...] = (
    Logistic,
    Forest,
    Boosting,
    TableNet,
    TfidfLogistic,
    EmbeddingLogisticText,
    NaiveBayesText,
    TextNet,
    EmbeddingLogisticImage,
    SmallCnn,
    PixelForest,
)


def learners_for(kind: Kind) -> tuple[LearnerCard, ...]:
    """Return the cards of the learners for a kind of data, in the catalogue's order.

    Examples
    --------
    >>> [card.key for card in learners_for("table")]
    ['logistic', 'forest', 'boosting', 'mlp']
    """
    return tuple(cls.card for cls in LEARNERS if cls.card.kind == kind)


def make_learner(
    key: str,
    seed: int,
    class_weight: Weighting | None = None,
    features: FeatureCache | None = None,
    ensemble: Ensemble | None = None,
    objective: Objective | None = None,
) -> Learner:
    """Return an unfitted learner.

    Parameters
    ----------
    key : str
        See `learners_for`; the import path of an estimator of one's own (see `own`); or ``encoder:HASH`` of an encoder
        that this process knows (see `pretrained`).
    seed : int
    class_weight : {"balanced", "effective"}, optional
        How classes are weighted in the loss.
    features : FeatureCache, optional
        Pass one cache to all learners of a comparison, so that embeddings are computed once.
    ensemble : {"balanced_bagging", "easy_ensemble"}, optional
        How models on several balanced parts are averaged; only where the card names it.
    objective : Objective, optional
        How a net is trained; only where the card says that it is one.

    Raises
    ------
    UserError
        When no learner has this key.
    """
    if is_pretrained(key):
        return PretrainedLogistic(key, seed, class_weight, features, ensemble, objective)
    if is_own(key):
        return OwnEstimator(key, seed, class_weight, features, ensemble, objective)
    for cls in LEARNERS:
        if cls.card.key == key:
            return cls(seed, class_weight, features, ensemble, objective)
    raise UserError(f"There is no learner '{key}'.", f"Known are: {', '.join(cls.card.key for cls in LEARNERS)}.")
