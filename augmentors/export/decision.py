"""What a model decides by beside its probabilities, put inside what is exported: temperature, offsets, class names."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.evaluate.threshold import moved
from augmentors.learners.calibration import EPS, tempered

PROBABILITY, LABEL = "probability", "label"


@dataclass(frozen=True)
class Decision:
    """How raw probabilities become recalibrated ones and a class.

    Parameters
    ----------
    classes : tuple of str
        In the order of the columns.
    temperature : float
        Log-probabilities are divided by it.
    offsets : ndarray, shape (k,)
        Added to the recalibrated log-probabilities before the largest one decides.
    """

    classes: tuple[str, ...]
    temperature: float
    offsets: np.ndarray

    def recalibrated(self, proba: np.ndarray) -> np.ndarray:
        """Return probabilities after the temperature, shape (n, k)."""
        return tempered(np.asarray(proba, np.float64), self.temperature)

    def decided(self, proba: np.ndarray) -> np.ndarray:
        """Return the classes that recalibrated probabilities decide for, shape (n,)."""
        return np.array(self.classes, dtype=object)[moved(proba, self.offsets)]


def decider(pipeline: Any, decision: Decision) -> Any:
    """Return scikit-learn's own estimator around a fitted pipeline: ``predict`` gives classes by moved thresholds.

    With two classes it is a `FixedThresholdClassifier` and ``predict_proba`` gives recalibrated probabilities. With
    more it is a `StackingClassifier` that knows no probabilities of its own: those are
    ``estimators_[0].predict_proba``. Nothing in it is fitted anew, and none of its classes is ours.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import FixedThresholdClassifier
    from sklearn.svm import LinearSVC

    k = len(decision.classes)
    if k == 2:
        scale, nothing = np.array([[1 / decision.temperature]]), np.zeros(1)
    else:
        scale, nothing = np.eye(k) / decision.temperature, np.zeros(k)
    calibrated = _stacked(_only_proba(pipeline, k), _linear(LogisticRegression(), scale, nothing), decision)
    if k > 2:
        # A linear model that knows no probabilities: its offsets move decisions alone.
        return _stacked(calibrated, _linear(LinearSVC(), np.eye(k), decision.offsets), decision)
    threshold = 1 / (1 + np.exp(decision.offsets[1] - decision.offsets[0]))
    fixed = FixedThresholdClassifier(
        calibrated,
        # Exactly on the threshold the first class stays, as for the largest of two sums.
        threshold=float(np.nextafter(threshold, 1)),
        pos_label=decision.classes[1],
        response_method="predict_proba",
    )
    fixed.estimator_ = calibrated
    return fixed


def probabilities_of(decides: Any) -> Any:
    """Return the part of a `decider` whose ``predict_proba`` gives recalibrated probabilities."""
    return decides if hasattr(decides, "predict_proba") else decides.estimators_[0]


def _only_proba(pipeline: Any, k: int) -> Any:
    """Return a vote of one, so that probabilities are asked for, never a decision function."""
    from sklearn.ensemble import VotingClassifier
    from sklearn.preprocessing import LabelEncoder

    vote = VotingClassifier([("model", pipeline)], voting="soft")
    vote.estimators_, vote.le_ = [pipeline], LabelEncoder().fit(np.arange(k))
    vote.classes_ = vote.le_.classes_
    return vote


def _linear(model: Any, coefficients: np.ndarray, offsets: np.ndarray) -> Any:
    """Return a linear model on log-probabilities; with two classes on the log-odds of the second."""
    from scipy.special import logit
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    is_binary = len(coefficients) == 1
    model.coef_, model.intercept_ = coefficients, offsets.astype(np.float64)
    model.classes_ = np.arange(2 if is_binary else len(coefficients))
    model.n_features_in_ = coefficients.shape[1]
    bounds = {"a_min": EPS, "a_max": 1 - EPS if is_binary else 1.0}
    steps = (FunctionTransformer(np.clip, kw_args=bounds), FunctionTransformer(logit if is_binary else np.log), model)
    return make_pipeline(*steps)


def _stacked(inner: Any, outer: Any, decision: Decision) -> Any:
    """Return a model that reads another one's probabilities, both being fitted."""
    from sklearn.ensemble import StackingClassifier
    from sklearn.preprocessing import LabelEncoder

    stack = StackingClassifier([("probabilities", inner)], outer, cv="prefit", stack_method="predict_proba")
    stack.estimators_, stack.final_estimator_, stack.stack_method_ = [inner], outer, ["predict_proba"]
    stack._label_encoder = LabelEncoder().fit(np.array(decision.classes, dtype=object))
    stack.classes_ = stack._label_encoder.classes_
    return stack


def with_decision(model: Any, proba: str, decision: Decision) -> Any:
    """Return an ONNX model whose two outputs are ``label`` and ``probability``, after temperature and offsets.

    Where an input has such a name, the output's gets an underscore.

    Parameters
    ----------
    model : onnx.ModelProto
        Changed in place.
    proba : str
        Its output of raw probabilities, float32, shape (n, k).
    decision : Decision
    """
    from onnx import TensorProto, helper, numpy_helper

    graph, name = model.graph, "decision/"
    proba = _renamed(graph, {LABEL, PROBABILITY}).get(proba, proba)
    taken = {one.name for one in graph.input}
    label, probability = (f"{one}_" if one in taken else one for one in (LABEL, PROBABILITY))
    constants = {
        "least": np.float32(1e-15),
        "temperature": np.float32(decision.temperature),
        "offsets": decision.offsets.astype(np.float32),
        "classes": np.array(decision.classes, dtype=object),
    }
    graph.initializer.extend(numpy_helper.from_array(np.asarray(v), name + key) for key, v in constants.items())

    def node(kind: str, *inputs: str, to: str, **attributes: Any) -> None:
        graph.node.append(helper.make_node(kind, list(inputs), [to], name=name + kind, **attributes))

    node("Max", proba, name + "least", to=name + "raw")
    node("Log", name + "raw", to=name + "raw_logs")
    node("Div", name + "raw_logs", name + "temperature", to=name + "logs")
    node("Softmax", name + "logs", to=probability, axis=1)
    # The softmax's own logarithm differs by one number per row, which moves no decision.
    node("Add", name + "logs", name + "offsets", to=name + "moved")
    node("ArgMax", name + "moved", to=name + "at", axis=1, keepdims=0)
    node("Gather", name + "classes", name + "at", to=label)
    del graph.output[:]
    shape: list[str | int | None] = ["n", len(decision.classes)]
    graph.output.append(helper.make_tensor_value_info(label, TensorProto.STRING, ["n"]))
    graph.output.append(helper.make_tensor_value_info(probability, TensorProto.FLOAT, shape))
    return model


def _renamed(graph: Any, names: set[str]) -> dict[str, str]:
    """Give inner results of these names others, so that they are free for outputs; return the new names."""
    new = {name: f"decision/before/{name}" for name in names - {one.name for one in graph.input}}
    for node in graph.node:
        node.input[:] = [new.get(name, name) for name in node.input]
        node.output[:] = [new.get(name, name) for name in node.output]
    return new
