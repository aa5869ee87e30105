"""The user's own scikit-learn estimator, named by import path: on the command line and in Python only.

It reads the features that the kind's learners share: encoded and scaled
columns of tables, sentence embeddings of texts, embeddings of images.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Samples
from augmentors.learners.base import Ensemble, Learner, LearnerCard
from augmentors.learners.encoding import TableEncoder
from augmentors.learners.features import FeatureCache
from augmentors.learners.linear import stopping_is_meant
from augmentors.learners.objectives import Objective
from augmentors.learners.table import in_ensemble
from augmentors.learners.weighting import Weighting, class_weights

FEATURES: dict[Kind, str | None] = {"table": None, "text": "minilm", "image": "efficientnet"}
HINT = "Give it as package.module:name, where the name is an estimator, its class, or a function that returns one."


def is_own(key: str) -> bool:
    """Whether a learner's key is an import path."""
    return ":" in key and not key.startswith("encoder:")


def own_card(key: str, kind: Kind) -> LearnerCard:
    """Return the card of an estimator, which is tried first.

    Raises
    ------
    UserError
        When it cannot be imported, is no estimator, or gives no probabilities.
    """
    name = type(estimator_of(key)).__name__
    summary = "The user's own estimator on the features that learners of this kind share."
    ensembles: tuple[Ensemble, ...] = ("balanced_bagging",) if kind == "table" else ()
    return LearnerCard(key, f"{name} ({key})", kind, summary, effort=4.0, features=FEATURES[kind], ensembles=ensembles)


def estimator_of(key: str) -> Any:
    """Return a fresh, unfitted estimator.

    Raises
    ------
    UserError
        See `own_card`.
    """
    from sklearn.base import clone

    found = _imported(key)
    if inspect.isclass(found) or inspect.isroutine(found):
        try:
            found = found()
        except Exception as error:  # whatever the user's code raises
            raise UserError(f"Calling '{key}' without arguments failed: {_said(error)}.", HINT) from None
    missing = [name for name in ("fit", "get_params", "predict_proba") if not hasattr(found, name)]
    if missing == ["predict_proba"]:
        raise UserError(
            f"'{key}' is a {type(found).__name__} without predict_proba, and a comparison reads probabilities.",
            "Wrap it in sklearn.calibration.CalibratedClassifierCV, or set probability=True where it has that.",
        )
    if missing:
        raise UserError(
            f"'{key}' is a {type(found).__name__}, no scikit-learn estimator: it has no {missing[0]}.", HINT
        )
    return clone(found)


def own_content(key: str) -> str:
    """Return a hash over the file that defines an estimator and over its parameters."""
    found = estimator_of(key)
    path = getattr(importlib.import_module(key.partition(":")[0]), "__file__", None)
    own = hashlib.blake2b(digest_size=16)
    if path is not None:
        own.update(Path(path).read_bytes())
    own.update(repr(sorted(found.get_params().items(), key=lambda item: item[0])).encode())
    return own.hexdigest()


@lru_cache(maxsize=8)
def _imported(key: str) -> Any:
    module, _, path = key.partition(":")
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise UserError(f"The learner '{key}' cannot be imported: there is no module '{error.name}'.", HINT) from None
    except Exception as error:  # whatever the user's code raises
        raise UserError(f"Importing '{module}' for the learner '{key}' failed: {_said(error)}.", HINT) from None
    for name in path.split("."):
        if not hasattr(found, name):
            raise UserError(f"The learner '{key}' cannot be found: '{module}' has no '{path}'.", HINT)
        found = getattr(found, name)
    return found


def _said(error: Exception) -> str:
    words = " ".join(str(error).split())[:200].rstrip(".")
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


class OwnEstimator(Learner):
    """An estimator of the user as a learner of whole datasets."""

    def __init__(
        self,
        key: str,
        seed: int,
        class_weight: Weighting | None = None,
        features: FeatureCache | None = None,
        ensemble: Ensemble | None = None,
        objective: Objective | None = None,
    ) -> None:
        self.card = own_card(key, "table")  # type: ignore[misc]
        super().__init__(seed, class_weight, features, ensemble, objective)
        self._key = key

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        if train.kind == "table":
            columns = train.schema.features()
            rows = train.frame[columns]
            if extra is not None:
                rows = pd.concat([rows, extra.frame[columns]])
            self._encoder = TableEncoder(train.schema, "linear").fit(rows)
            X = self._encoder.transform(rows)
        else:
            X = self.features.of(str(FEATURES[train.kind]), train, extra, job)
        model = seeded(estimator_of(self._key), self.seed)
        weights = self._weighted(model, codes)
        with stopping_is_meant():
            self._model = in_ensemble(model, self.ensemble, self.seed).fit(X, codes, **weights)

    def _weighted(self, model: Any, codes: np.ndarray) -> dict[str, np.ndarray]:
        """Set the estimator's class weights, or return weights of samples for it."""
        from sklearn.utils.validation import has_fit_parameter

        weight = self._weights(codes)
        if weight is None or self.class_weight is None:
            return {}
        own = [name for name in model.get_params() if name.split("__")[-1] == "class_weight"]
        if own:
            model.set_params(**dict.fromkeys(own, weight))
            return {}
        if not has_fit_parameter(model, "sample_weight"):
            raise UserError(f"'{self._key}' takes neither class_weight nor sample_weight")
        return {"sample_weight": class_weights(codes, self.class_weight)[codes]}

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        if dataset.kind == "table":
            X = self._encoder.transform(dataset.frame)
        else:
            X = self.features.of(str(FEATURES[dataset.kind]), dataset, None, job)
        proba = np.asarray(self._model.predict_proba(X), dtype=np.float64)
        if proba.shape != (len(dataset), len(self.classes_)) or not np.isfinite(proba).all():
            raise UserError(
                f"predict_proba of '{self._key}' must give finite numbers of shape "
                f"({len(dataset)}, {len(self.classes_)}); got shape {proba.shape}"
            )
        return proba


def seeded(model: Any, seed: int) -> Any:
    """Set every random_state of an estimator that is not set."""
    unset = [n for n, value in model.get_params().items() if n.split("__")[-1] == "random_state" and value is None]
    return model.set_params(**dict.fromkeys(unset, seed)) if unset else model
