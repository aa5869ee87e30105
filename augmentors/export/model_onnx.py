"""A model as ONNX, thresholds and recalibration included, where it can be converted and gives the same answers."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from augmentors.export.decision import Decision, with_decision

CLOSE, ONNX = 1e-4, "model.onnx"
# What torch's exporter by tracing writes and onnxruntime has long known.
OPSET = 17
NOT_INSTALLED = "skl2onnx and onnxruntime are not installed (the extra 'onnx')"


def write_onnx(path: Path, pipeline: Any, X: Any, decision: Decision) -> str | None:
    """Write a pipeline as ONNX; return None, or why it is not written.

    Parameters
    ----------
    X : DataFrame, list of str or ndarray
        Some input, on which both must agree within 1e-4.
    decision : Decision
        It becomes part of the graph.
    """
    try:
        import onnxruntime  # noqa: F401
        from skl2onnx import to_onnx
    except ImportError:
        return NOT_INSTALLED
    last = pipeline.steps[-1][1]
    try:
        model = to_onnx(pipeline, initial_types=_types(X), options={id(last): {"zipmap": False}})
        made = with_decision(model, model.graph.output[1].name, decision).SerializeToString()
        found = _ran(made, lambda names: _inputs(X, names))
    except Exception as error:  # converters raise whatever they meet
        return f"skl2onnx cannot convert it ({type(error).__name__}: {' '.join(str(error).split())[:160]})"
    return _kept(path, made, found, pipeline.predict_proba(X), decision)


def write_net_onnx(path: Path, net: Any, X: np.ndarray, proba: np.ndarray, decision: Decision) -> str | None:
    """Write a net as ONNX; return None, or why it is not written.

    Parameters
    ----------
    net : torch.nn.Module
        From inputs to probabilities.
    X : ndarray
        Some input.
    proba : ndarray, shape (n, k)
        What the net says of it.
    decision : Decision
    """
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
    except ImportError:
        return NOT_INSTALLED
    try:
        made = with_decision(_traced(net, X), "raw", decision).SerializeToString()
        found = _ran(made, lambda names: {names[0]: X})
    except Exception as error:  # as above
        return f"torch cannot write it as ONNX ({type(error).__name__}: {' '.join(str(error).split())[:160]})"
    return _kept(path, made, found, proba, decision)


def _traced(net: Any, X: np.ndarray) -> Any:
    import onnx
    import torch

    axes = {"X": {0: "n"}, "raw": {0: "n"}}
    with TemporaryDirectory(prefix="counterweight-") as folder, warnings.catch_warnings():
        file = Path(folder) / ONNX
        # The exporter that is to replace it needs a package more (onnxscript).
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        torch.onnx.export(
            net.eval(),
            (torch.from_numpy(X[:2]),),
            file,
            dynamo=False,
            input_names=["X"],
            output_names=["raw"],
            dynamic_axes=axes,
            opset_version=OPSET,
        )
        return onnx.load(file)


def _ran(model: bytes, inputs: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes and probabilities that a finished model gives."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    label, proba = session.run(None, inputs([one.name for one in session.get_inputs()]))
    return label, proba


def _kept(
    path: Path, model: bytes, found: tuple[np.ndarray, np.ndarray], raw: np.ndarray, decision: Decision
) -> str | None:
    """Write a model that gives these probabilities; else return how far off it is."""
    wanted = decision.recalibrated(raw)
    gap = float(np.abs(found[1] - wanted).max())
    if not gap <= CLOSE:
        return f"its probabilities would differ by up to {gap:.2g}"
    scores = np.sort(np.log(np.maximum(wanted, 1e-15)) + decision.offsets, axis=1)
    is_clear = scores[:, -1] - scores[:, -2] > 10 * CLOSE
    if (found[0] != decision.decided(wanted))[is_clear].any():
        return "it would decide otherwise"
    path.write_bytes(model)
    return None


def _types(X: Any) -> list[tuple[str, Any]]:
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    if isinstance(X, np.ndarray):
        return [("X", FloatTensorType([None, X.shape[1]]))]
    if isinstance(X, list):
        return [("X", StringTensorType([None, 1]))]
    return [(str(n), (FloatTensorType if X[n].dtype.kind == "f" else StringTensorType)([None, 1])) for n in X.columns]


def _inputs(X: Any, names: list[str]) -> dict[str, np.ndarray]:
    if isinstance(X, np.ndarray):
        return {names[0]: X.astype(np.float32)}
    if isinstance(X, list):
        return {names[0]: np.array(X, dtype=object).reshape(-1, 1)}
    # A column named like an output has another name there.
    return {
        name: X[column].to_numpy(dtype=np.float32 if X[column].dtype.kind == "f" else object).reshape(-1, 1)
        for name, column in zip(names, X.columns, strict=True)
    }
