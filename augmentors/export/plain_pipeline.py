"""A fitted learner as a plain scikit-learn pipeline, which loads where this project is not installed."""

from typing import Any

import numpy as np

from augmentors.core.errors import UserError
from augmentors.evaluate.final_fit import FinalModel
from augmentors.learners.encoding import TableEncoder
from augmentors.learners.image import EmbeddingLogisticImage, PixelForest
from augmentors.learners.linear import Standardiser
from augmentors.learners.mlp import TableNet, TextNet
from augmentors.learners.own import OwnEstimator
from augmentors.learners.table import Boosting, Forest, Logistic
from augmentors.learners.text import EmbeddingLogisticText, NaiveBayesText, TfidfLogistic

MISSING = "(missing)"
_HOLE = 1e35
_TABLES, _WORDS = (Logistic, Forest, Boosting, OwnEstimator), (TfidfLogistic, NaiveBayesText)
_SCALED = (EmbeddingLogisticText, EmbeddingLogisticImage)


def plain_pipeline(model: FinalModel) -> Any:
    """Return the pipeline; it gives the learner's probabilities, classes being numbered.

    It reads a prepared frame (tables), texts, or features of texts and images.

    Raises
    ------
    UserError
        When the learner is no scikit-learn model.
    """
    from sklearn.pipeline import Pipeline

    learner: Any = model.learner
    if isinstance(learner, (TableNet, TextNet)):
        first = _columns(learner._encoder, model) if isinstance(learner, TableNet) else _scaler(learner._scale)
        return Pipeline([("inputs", first), ("bounds", _bounds(learner._net)), ("model", _perceptron(learner))])
    if isinstance(learner, _TABLES) and model.train.kind == "table":
        estimator = learner._model if learner.ensemble is None else _averaged(learner._model)
        return Pipeline([("columns", _columns(learner._encoder, model)), ("model", estimator)])
    if isinstance(learner, _WORDS):
        return Pipeline([("words", learner._words), ("model", learner._model)])
    if isinstance(learner, _SCALED):
        return Pipeline([("scale", _scaler(learner._scale)), ("model", learner._model)])
    if isinstance(learner, (PixelForest, OwnEstimator)):
        return Pipeline([("model", learner._model)])
    raise UserError(
        f"{learner.card.title} cannot be written as a scikit-learn pipeline.", "Choose another learner for the export."
    )


def prepared(frame: Any, encoder: TableEncoder) -> Any:
    """Return the columns that a pipeline of tables reads: numbers as float64, categories and texts as text."""
    from augmentors.learners.encoding import _as_number, _as_text

    columns = {name: _as_number(frame[name]) for name in encoder.numeric}
    columns |= {name: _as_text(frame[name], MISSING).to_numpy(dtype=object) for name in encoder.category}
    columns |= {name: _as_text(frame[name], "").to_numpy(dtype=object) for name in encoder.text}
    import pandas as pd

    return pd.DataFrame(columns, index=frame.index)


def _columns(encoder: TableEncoder, model: FinalModel) -> Any:
    """Return scikit-learn's own transformers for what `TableEncoder` learnt, fitted on the same rows."""
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    columns = model.train.schema.features()
    rows = model.train.frame[columns]
    if model.extra is not None:
        rows = pd.concat([rows, model.extra.frame[columns]])
    parts = _linear(encoder) if encoder.style == "linear" else _trees(encoder)
    for i, (name, words) in enumerate(encoder._words.items()):
        if words is not None:
            vectoriser = TfidfVectorizer(max_features=words.max_features, sublinear_tf=True, dtype=np.float32)
            parts.append((f"text_{i}", vectoriser, name))
    if not parts:
        raise UserError("The table has no column that a model can learn from.")
    return ColumnTransformer(parts, sparse_threshold=0.0).fit(prepared(rows, encoder))


def _linear(encoder: TableEncoder) -> list[tuple[str, Any, Any]]:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Binarizer, OneHotEncoder, StandardScaler

    parts: list[tuple[str, Any, Any]] = []
    if encoder.numeric:
        scaled = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
        parts.append(("numbers", scaled, encoder.numeric))
    holes = [name for name, hole in zip(encoder.numeric, encoder._holes, strict=True) if hole]
    if holes:
        # What MissingIndicator does, in steps that ONNX knows; no number of a table is as large.
        beyond = SimpleImputer(strategy="constant", fill_value=_HOLE, keep_empty_features=True)
        parts.append(("holes", make_pipeline(beyond, Binarizer(threshold=_HOLE / 10)), holes))
    if encoder.category:
        one_hot = OneHotEncoder(categories=_levels(encoder), handle_unknown="ignore", sparse_output=False)
        parts.append(("categories", one_hot, encoder.category))
    return parts


def _trees(encoder: TableEncoder) -> list[tuple[str, Any, Any]]:
    from sklearn.preprocessing import OrdinalEncoder

    parts: list[tuple[str, Any, Any]] = []
    if encoder.numeric:
        parts.append(("numbers", "passthrough", encoder.numeric))
    for i, (name, levels) in enumerate(zip(encoder.category, _levels(encoder), strict=True)):
        codes = OrdinalEncoder(
            categories=[levels], handle_unknown="use_encoded_value", unknown_value=len(levels), dtype=np.float32
        )
        parts.append((f"category_{i}", codes, [name]))
    return parts


def _levels(encoder: TableEncoder) -> list[np.ndarray]:
    from augmentors.learners.encoding import _MISSING

    named = (encoder._levels[name].to_numpy(dtype=object) for name in encoder.category)
    return [np.where(levels == _MISSING, MISSING, levels) for levels in named]


def _scaler(scale: Standardiser) -> Any:
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler()
    scaler.mean_, scaler.scale_ = scale._mean, scale._spread
    scaler.var_, scaler.n_features_in_, scaler.n_samples_seen_ = scale._spread**2, len(scale._mean), 1
    return scaler


def _bounds(net: Any) -> Any:
    """Return a scaler that scales by 1 and cuts off what the net's first layer cuts off."""
    from sklearn.preprocessing import MinMaxScaler

    width, far = net.body[1].in_features, float(net.body[0].max_val)
    scaler = MinMaxScaler(feature_range=(-far, far), clip=True)
    return scaler.fit(np.repeat([[-far], [far]], width, axis=1).astype(np.float32))


def _perceptron(learner: TableNet | TextNet) -> Any:
    """Return scikit-learn's own net with the weights of a fitted one."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import LabelBinarizer

    net: Any = learner._net
    layers = [(layer.weight, layer.bias) for layer in (*net.body, net.head) if hasattr(layer, "weight")]
    weights = [(w.detach().numpy().T.astype(np.float64), b.detach().numpy().astype(np.float64)) for w, b in layers]
    last, bias = weights.pop()
    last, bias = net.scale * last, net.scale * bias - net.shift
    k = len(bias)
    if k == 2:  # the difference decides
        last, bias = last[:, 1:] - last[:, :1], bias[1:] - bias[:1]
    weights.append((last, bias))
    model = MLPClassifier(hidden_layer_sizes=tuple(w.shape[1] for w, _ in weights[:-1]))
    model.coefs_, model.intercepts_ = [w for w, _ in weights], [b for _, b in weights]
    model.n_layers_, model.n_outputs_ = len(weights) + 1, last.shape[1]
    model.out_activation_ = "logistic" if k == 2 else "softmax"
    model.n_features_in_, model.classes_ = weights[0][0].shape[0], np.arange(k)
    model._label_binarizer = LabelBinarizer().fit(model.classes_)
    return model


def _averaged(bags: Any) -> Any:
    """Return the models of balanced bags as scikit-learn's own soft vote: both average probabilities."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.preprocessing import LabelEncoder

    models = [bag.steps[-1][1] for bag in bags.estimators_]
    vote = VotingClassifier([(f"bag_{i}", model) for i, model in enumerate(models)], voting="soft")
    vote.estimators_, vote.le_ = models, LabelEncoder().fit(bags.classes_)
    vote.classes_ = vote.le_.classes_
    return vote
