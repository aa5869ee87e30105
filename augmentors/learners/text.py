"""Learners of texts."""

from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import Learner, LearnerCard
from augmentors.learners.features import new_texts
from augmentors.learners.linear import Standardiser, fit_logistic
from augmentors.learners.weighting import class_weights

MAX_WORDS = 20_000


def _all_texts(train: Dataset, extra: Samples | None) -> list[str]:
    return train.texts + (new_texts(train, extra) if extra is not None else [])


def _fit_words(vectoriser: Any, texts: list[str]) -> tuple[Any, Any]:
    """Fit a vectoriser; return it and the texts as a sparse matrix. Texts without any word give zeros."""
    try:
        return vectoriser, vectoriser.fit_transform(texts)
    except ValueError:  # "empty vocabulary"
        return vectoriser, vectoriser.fit(["none"]).transform(texts)


class TfidfLogistic(Learner):
    """Logistic regression on TF-IDF of words and pairs of words."""

    card = LearnerCard(
        "tfidf_logistic",
        "TF-IDF + logistic regression",
        "text",
        f"Words and pairs of words, the {MAX_WORDS:,} most frequent, weighted by TF-IDF; linear, at most 200 steps.",
        effort=2.0,
    )

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        # Single characters count too: punctuation and short words tell spam and moods apart.
        words = TfidfVectorizer(
            ngram_range=(1, 2), max_features=MAX_WORDS, sublinear_tf=True, token_pattern=r"(?u)\w+|[^\w\s]"
        )
        self._words, X = self._encoded("tfidf", train, extra, lambda: _fit_words(words, _all_texts(train, extra)))
        job.check()
        self._model = fit_logistic(X, codes, self._weights(codes), C=10.0)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._model.predict_proba(self._as_numbers(dataset, lambda: self._words.transform(dataset.texts)))


class EmbeddingLogisticText(Learner):
    """Logistic regression on frozen sentence embeddings."""

    card = LearnerCard(
        "minilm_logistic",
        "MiniLM + logistic regression",
        "text",
        "all-MiniLM-L6-v2 sentence embeddings (frozen, computed once per text), scaled; linear, at most 200 steps.",
        effort=1.0,
        features="minilm",
    )

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        X = self.features.of("minilm", train, extra, job)
        self._scale = Standardiser(X)
        self._model = fit_logistic(self._scale(X), codes, self._weights(codes), C=0.1)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._model.predict_proba(self._scale(self.features.of("minilm", dataset, None, job)))


class NaiveBayesText(Learner):
    """Multinomial naive Bayes on word counts."""

    card = LearnerCard(
        "naive_bayes",
        "Word counts + naive Bayes",
        "text",
        f"The classic weak learner: counts of the {MAX_WORDS:,} most frequent words, each taken as independent.",
        effort=0.5,
    )

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.naive_bayes import MultinomialNB

        words = CountVectorizer(max_features=MAX_WORDS, token_pattern=r"(?u)\w+|[^\w\s]")
        self._words, X = self._encoded("counts", train, extra, lambda: _fit_words(words, _all_texts(train, extra)))
        weight = None if self.class_weight is None else class_weights(codes, self.class_weight)[codes]
        self._model = MultinomialNB(alpha=0.5).fit(X, codes, sample_weight=weight)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._model.predict_proba(self._as_numbers(dataset, lambda: self._words.transform(dataset.texts)))
