"""A plain pipeline as ONNX, where it can be converted and gives the same probabilities."""

from pathlib import Path
from typing import Any

import numpy as np

CLOSE = 1e-4


def write_onnx(path: Path, pipeline: Any, X: Any) -> str | None:
    """Write a pipeline as ONNX; return None, or why it is not written.

    Parameters
    ----------
    X : DataFrame, list of str or ndarray
        Some input, on which both must agree within 1e-4.
    """
    try:
        import onnxruntime
        from skl2onnx import to_onnx
    except ImportError:
        return "skl2onnx and onnxruntime are not installed (the extra 'onnx')"
    last = pipeline.steps[-1][1]
    try:
        model = to_onnx(pipeline, initial_types=_types(X), options={id(last): {"zipmap": False}}).SerializeToString()
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        found = session.run(None, _inputs(X, [one.name for one in session.get_inputs()]))[1]
    except Exception as error:  # converters raise whatever they meet
        return f"skl2onnx cannot convert it ({type(error).__name__}: {' '.join(str(error).split())[:160]})"
    gap = float(np.abs(found - pipeline.predict_proba(X)).max())
    if not gap <= CLOSE:
        return f"its probabilities would differ by up to {gap:.2g}"
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
    return {
        name: X[name].to_numpy(dtype=np.float32 if X[name].dtype.kind == "f" else object).reshape(-1, 1)
        for name in X.columns
    }
