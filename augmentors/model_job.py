"""What the app runs to export the model that a comparison advises, as a job."""

import shutil
from pathlib import Path
from typing import Any

from augmentors.background import DECISIONS, read_comparison
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.evaluate.arms import all_arms
from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.final_fit import winner
from augmentors.evaluate.free_arms import NONE, PLAIN, free_arms
from augmentors.evaluate.version_arm import version_arm
from augmentors.export.archive import write_zip
from augmentors.export.model import export_model
from augmentors.selfsup import kept
from augmentors.store import Workspace


def model_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Train the advised model on the whole training part and pack it as a ZIP beside the version.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``, ``version_id``.
    """
    workspace, version_id = Workspace.open(arguments["workspace"]), arguments["version_id"]
    dataset, split = workspace.load_dataset(arguments["dataset_id"]), workspace.load_split(arguments["dataset_id"])
    found = read_comparison(workspace, version_id)
    if found is None or split is None:
        raise UserError("This version was not compared yet.", "Compare first: its verdict chooses the model.")
    name, learner = winner(found)
    kept.register_all(workspace.encoders_dir)
    home = workspace.version_dir(version_id)
    fits = found["folds"] * found["repeats"]
    mine = version_arm("augmented", workspace.version_path(version_id), dataset, fits, "The recipe")
    free = free_arms(dataset.kind, [NONE if name in (PLAIN, mine.name) else name])
    arm = next(arm for arm in all_arms([mine], free) if arm.name == name)
    scores = home / DECISIONS
    decisions = DecisionScores.from_bytes(scores.read_bytes()) if scores.is_file() else None
    draft = folder / "model"
    shutil.rmtree(draft, ignore_errors=True)
    card = export_model(draft, dataset, split, arm, learner, found["seed"], decisions, job.part(0.0, 0.9))
    out = write_zip(draft, home / f"model-{version_id}.zip", job.part(0.9, 1.0))
    shutil.rmtree(draft, ignore_errors=True)
    told = {key: card[key] for key in ("arm_title", "learner_title", "onnx", "temperature")}
    return {"version_id": version_id, "file": str(out), **told}
