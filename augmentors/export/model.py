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
from augmentors.export.decision import Decision, decider, probabilities_of
from augmentors.export.manifest import MANIFEST, library_versions, sha256_of
from augmentors.export.model_net import needs_torch, write_net
from augmentors.export.model_onnx import ONNX, write_onnx
from augmentors.export.model_snippets import snippet
from augmentors.export.plain_pipeline import MISSING, plain_pipeline, prepared
from augmentors.learners.own import FEATURES, OwnEstimator
from augmentors.learners.pretrained import is_pretrained
from augmentors.store import disk_errors, write_json

CARD, SKOPS, CODE = "model.json", "model.skops", "load_model.py"
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
    check_task(dataset)
    if is_pretrained(learner):
        raise UserError(
            "A model on an embedding learnt without labels cannot be exported.",
            "Compare with one of the kind's models.",
        )
    check_new(out)
    model = fit_final(dataset, split, arm, learner, seed, decisions, job.part(0.0, 0.8))
    with disk_errors("The model"):
        out.mkdir(parents=True, exist_ok=True)
        decision = Decision(tuple(model.learner.classes_), model.temperature, model.offsets)
        card = _common(model, arm, learner, decisions) | _written(out, model, decision)
        shown = _examples(out, model)
        proba = decision.recalibrated(model.learner.predict_proba(shown))
        expected = pd.DataFrame(proba, columns=model.learner.classes_).assign(decided=decision.decided(proba))
        expected.to_csv(out / "expected.csv", index=False)
        (out / CODE).write_text(snippet(card["reads"], card["decides"]), encoding="utf-8")
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


def _written(out: Path, model: FinalModel, decision: Decision) -> dict[str, Any]:
    """Write the model itself; return what is needed to read and feed it."""
    if needs_torch(model.learner):
        return write_net(out, model, decision)
    from skops import io

    pipeline, reads = plain_pipeline(model), _reads(model)
    X = _input(model, model.original.take(model.original.ids[:200]), reads)
    decides = decider(pipeline, decision)
    how = "predict" if len(decision.classes) == 2 else "predict of stack"
    if not _agrees(decides, pipeline, X, decision):
        decides, how = pipeline, "card"
    io.dump(decides, out / SKOPS)
    why_not = write_onnx(out / ONNX, pipeline, X, decision)
    card = {
        "reads": reads,
        "decides": how,
        "trusted": io.get_untrusted_types(file=out / SKOPS),
        "onnx": {"file": ONNX if why_not is None else None, "why_not": why_not},
    }
    return card | (_columns(model) if reads == "rows" else {})


def _agrees(decides: Any, pipeline: Any, X: Any, decision: Decision) -> bool:
    """Tell whether the self-contained model says what pipeline and decision say: an estimator of one's own may not."""
    wanted = decision.recalibrated(pipeline.predict_proba(X))
    found = probabilities_of(decides).predict_proba(X)
    return bool(np.allclose(found, wanted, atol=1e-6) and (decides.predict(X) == decision.decided(wanted)).all())


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


def check_task(dataset: Dataset) -> None:
    """Refuse a model of a number or of label sets, before a long comparison.

    Raises
    ------
    UserError
        When the task is not classification.
    """
    label = dataset.schema.label
    what = {"regression": f"'{label}' is a number", "multilabel": "samples carry several labels"}
    if dataset.schema.task in what:
        raise UserError(
            f"Only models that tell classes apart can be exported; here {what[dataset.schema.task]}.",
            "Compare without exporting the model, and train the advised learner on the exported train folder.",
        )


def export_winner(
    out: Path, dataset: Dataset, split: Split, found: Comparison | TargetComparison, job: Job = NO_JOB
) -> str:
    """Write the model that a comparison advises; return what was written, in words."""
    check_task(dataset)
    assert isinstance(found, Comparison), "only classes are compared so"
    result = {"verdict": judge(found).to_json(), "learners": [{"key": card.key} for card in found.learners]}
    name, learner = winner(result)
    arm = next(arm for arm in found.arms if arm.name == name)
    card = export_model(out, dataset, split, arm, learner, found.facts["seed"], found.decisions, job)
    onnx = "with ONNX beside it" if card["onnx"]["file"] else f"no ONNX: {card['onnx']['why_not']}"
    return f"The model '{arm.title}' ({card['learner_title']}) is in {out}; {CODE} there loads it ({onnx})."
