"""The winning model as files that load without this project: pipeline, thresholds, examples, a short script."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.comparison import Comparison
from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.evidence import judge
from augmentors.evaluate.final_fit import FinalModel, fit_final, winner
from augmentors.evaluate.target_comparison import TargetComparison
from augmentors.export.manifest import MANIFEST, library_versions, sha256_of
from augmentors.export.model_onnx import write_onnx
from augmentors.export.model_snippets import snippet
from augmentors.export.plain_pipeline import MISSING, plain_pipeline, prepared
from augmentors.learners.calibration import tempered
from augmentors.learners.cnn import SmallCnn
from augmentors.learners.own import FEATURES, OwnEstimator
from augmentors.store import disk_errors, write_json

CARD, SKOPS, ONNX, CODE = "model.json", "model.skops", "model.onnx", "load_model.py"
EXAMPLES = 8


def export_model(
    out: Path,
    dataset: Dataset,
    split: Split,
    arm: Arm,
    learner: str,
    seed: int = 0,
    decisions: DecisionScores | None = None,
    job: Job = NO_JOB,
) -> dict[str, Any]:
    """Train one arm's model on the whole training part and write it into a new or empty folder.

    Parameters
    ----------
    arm : Arm
        Of the comparison that chose it.
    learner : str
        Key.
    decisions : DecisionScores, optional
        Out-of-fold scores of that comparison, for temperature and thresholds.

    Returns
    -------
    dict
        What ``model.json`` holds.

    Raises
    ------
    UserError
        When the folder holds something, or the learner cannot be written.
    """
    if dataset.schema.task != "classification":
        raise UserError("Only models that tell classes apart can be exported.")
    check_new(out)
    model = fit_final(dataset, split, arm, learner, seed, decisions, job.part(0.0, 0.8))
    with disk_errors("The model"):
        out.mkdir(parents=True, exist_ok=True)
        card = _common(model, arm, learner, decisions) | _written(out, model)
        shown = _examples(out, model)
        proba = tempered(model.learner.predict_proba(shown), model.temperature)
        decided = model.learner.classes_[(np.log(np.maximum(proba, 1e-15)) + model.offsets).argmax(axis=1)]
        expected = pd.DataFrame(proba, columns=model.learner.classes_).assign(decided=decided)
        expected.to_csv(out / "expected.csv", index=False)
        (out / CODE).write_text(snippet(card["reads"]), encoding="utf-8")
        write_json(out / CARD, card)
        files = {path.relative_to(out).as_posix(): sha256_of(path) for path in sorted(out.rglob("*")) if path.is_file()}
        facts = {"dataset_fingerprint": dataset.fingerprint, "split_hash": split.hash, "files": files}
        write_json(out / MANIFEST, facts | {"versions": library_versions(dataset.kind)})
    job.progress(1.0, "Model written")
    return card


def _common(model: FinalModel, arm: Arm, learner: str, decisions: DecisionScores | None) -> dict[str, Any]:
    return {
        "arm": arm.name,
        "arm_title": arm.title,
        "learner": learner,
        "learner_title": model.learner.card.title,
        "classes": model.learner.classes_.tolist(),
        "temperature": model.temperature,
        "offsets": model.offsets.tolist(),
        "tuned_on": "nothing" if decisions is None else "out-of-fold probabilities of the training part",
        "originals": len(model.train),
        "new_samples": 0 if model.extra is None else len(model.extra),
    }


def _written(out: Path, model: FinalModel) -> dict[str, Any]:
    """Write the model itself; return what is needed to read and feed it."""
    if isinstance(model.learner, SmallCnn):
        return _net(out, model.learner)
    from skops import io

    pipeline, reads = plain_pipeline(model), _reads(model)
    io.dump(pipeline, out / SKOPS)
    X = _input(model, model.original.take(model.original.ids[:200]), reads)
    why_not = write_onnx(out / ONNX, pipeline, X)
    card = {
        "reads": reads,
        "trusted": io.get_untrusted_types(file=out / SKOPS),
        "onnx": {"file": ONNX if why_not is None else None, "why_not": why_not},
    }
    return card | (_columns(model) if reads == "rows" else {})


def _net(out: Path, learner: SmallCnn) -> dict[str, Any]:
    import torch
    from safetensors.torch import save_file

    net: Any = learner._net
    weights = {name: value.contiguous() for name, value in net.body.state_dict().items()}
    weights |= {f"head.{name}": value.contiguous() for name, value in net.head.state_dict().items()}
    weights.setdefault("head.bias", torch.zeros(len(learner.classes_)))
    weights["shift"] = torch.as_tensor(np.broadcast_to(net.shift, len(learner.classes_)).copy())
    save_file(weights, out / "model.safetensors")
    why_not = "the net is stored as safetensors, with its layers in load_model.py"
    told = {"reads": "net", "trusted": [], "onnx": {"file": None, "why_not": why_not}}
    return told | {"scale": float(net.scale), "cosines": not isinstance(net.head, torch.nn.Linear)}


def _reads(model: FinalModel) -> str:
    kind, own = model.train.kind, model.learner.card.features
    if kind == "table":
        return "rows"
    if isinstance(model.learner, OwnEstimator):
        own = FEATURES[kind]
    return own or "words"


def _input(model: FinalModel, data: Dataset, reads: str) -> Any:
    """Return what the pipeline is fed for some samples."""
    learner: Any = model.learner
    if reads == "rows":
        return prepared(data.frame, learner._encoder)
    if reads == "words":
        return data.texts
    features = learner.features.of(reads, data)
    if reads == "pixels":
        from augmentors.learners.image import halved

        return halved(features)
    return features


def _columns(model: FinalModel) -> dict[str, Any]:
    learner: Any = model.learner
    encoder, types = learner._encoder, model.train.schema.types
    dates = [name for name in encoder.numeric if types[name] == "date"]
    numbers = [name for name in encoder.numeric if name not in dates]
    return {
        "numbers": numbers,
        "dates": dates,
        "categories": encoder.category,
        "texts": encoder.text,
        "missing": MISSING,
    }


def _examples(out: Path, model: FinalModel) -> Dataset:
    """Write a few training samples for the script to read, some of each class; return them."""
    train = model.original
    each = max(1, EXAMPLES // len(train.class_counts))
    ids = [i for label in sorted(train.class_counts) for i in train.ids[train.positions(label)[:each]]][:EXAMPLES]
    shown = train.take(list(dict.fromkeys(ids)))
    if train.kind == "image":
        import cv2

        from augmentors.explore.images import read_rgb

        (out / "example").mkdir()
        for i in range(len(shown)):
            pixels = cv2.cvtColor(read_rgb(shown.image_path(i)), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(out / "example" / f"{i:03d}.png"), pixels)
    elif train.kind == "text":
        pd.DataFrame({"text": shown.texts}).to_csv(out / "example.csv", index=False)
    else:
        shown.frame[train.schema.features()].to_csv(out / "example.csv", index=False)
    return shown


def check_new(out: Path) -> None:
    """Refuse a folder that holds something, before a long comparison.

    Raises
    ------
    UserError
        When it is not empty, or no folder.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"'{out}' is not empty.", "Choose a new folder for the model.")


def export_winner(
    out: Path, dataset: Dataset, split: Split, found: Comparison | TargetComparison, job: Job = NO_JOB
) -> str:
    """Write the model that a comparison advises; return what was written, in words."""
    if isinstance(found, TargetComparison):
        raise UserError("Only models that tell classes apart can be exported.")
    result = {"verdict": judge(found).to_json(), "learners": [{"key": card.key} for card in found.learners]}
    name, learner = winner(result)
    arm = next(arm for arm in found.arms if arm.name == name)
    card = export_model(out, dataset, split, arm, learner, found.facts["seed"], found.decisions, job)
    onnx = "with ONNX beside it" if card["onnx"]["file"] else f"no ONNX: {card['onnx']['why_not']}"
    return f"The model '{arm.title}' ({card['learner_title']}) is in {out}; {CODE} there loads it ({onnx})."
