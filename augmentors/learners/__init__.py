"""Models, features and metrics: what gate, evaluate and semi-supervised learning share."""

from augmentors.learners.base import Learner, LearnerCard
from augmentors.learners.features import FeatureCache
from augmentors.learners.registry import LEARNERS, learners_for, make_learner

__all__ = ["LEARNERS", "FeatureCache", "Learner", "LearnerCard", "learners_for", "make_learner"]
