"""Train an encoder on a training part without its labels, and judge it beside the built-in embedding."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.explore.embeddings import embed, embedding_name
from augmentors.explore.rare_ranges import with_ranges
from augmentors.selfsup import kept
from augmentors.selfsup.encoder import FACTS, Encoder
from augmentors.selfsup.judged import Judged, judge
from augmentors.selfsup.registry import pretext
from augmentors.store import disk_errors, write_bytes, write_json

JUDGED, LOSSES = "judged.json", "losses.csv"
TRAINING_SHARE = 0.8


@dataclass(frozen=True)
class Pretrained:
    """A trained encoder and what it is worth.

    Parameters
    ----------
    encoder : Encoder
    judged : Judged
        Its embedding of the training part beside the built-in one.
    """

    encoder: Encoder
    judged: Judged

    def to_json(self) -> dict[str, Any]:
        """Return plain data: what ``encoder.json`` holds but its inner facts, and what ``judged.json`` holds."""
        told = {name: value for name, value in self.encoder.describe().items() if name != "facts"}
        return told | {"title": self.encoder.card.title, "judged": self.judged.to_json()}


def pretrain(
    dataset: Dataset,
    split: Split,
    method: str,
    *,
    params: dict[str, Any] | None = None,
    seed: int = 0,
    out: Path | None = None,
    job: Job = NO_JOB,
) -> Pretrained:
    """Train an encoder on the training part without its labels, and judge it there.

    Parameters
    ----------
    dataset : Dataset
    split : Split
        Only its training part is looked at.
    method : str
        Key of a self-supervised method: ``simclr``, ``masked_image`` …
    params : dict, optional
        Its parameters; defaults for what is left out.
    seed : int
        With the same seed the weights are the same.
    out : Path, optional
        New or empty folder, or one that an encoder was written to before: gets ``weights.safetensors``,
        ``encoder.json``, ``judged.json`` and ``losses.csv``.
    job : Job, optional

    Raises
    ------
    UserError
        When there is no such method, it does not fit the data, or `out` cannot be written.
    """
    encoder = pretext(method)(**(params or {}))
    if encoder.card.kind != dataset.kind:
        raise NotApplicable(f"{encoder.card.title} is for {encoder.card.kind} data; this dataset is {dataset.kind}.")
    if out is not None:
        check_out(out)
    dataset = with_ranges(dataset, split)
    train = dataset.take(split.train)
    encoder = kept.learnt(encoder, train, seed, job.part(0.0, TRAINING_SHARE))
    judged = judge_encoder(encoder, train, split.folds, job=job.part(TRAINING_SHARE, 1.0))
    made = Pretrained(encoder, judged)
    if out is not None:
        write(made, out)
    return made


def judge_encoder(
    encoder: Encoder,
    train: Dataset,
    folds: np.ndarray,
    before: np.ndarray | None = None,
    after: np.ndarray | None = None,
    job: Job = NO_JOB,
) -> Judged:
    """Return what an encoder is worth beside the built-in embedding and itself before training, on training samples.

    Parameters
    ----------
    train : Dataset
        What the encoder learnt from.
    folds : ndarray of int, shape (n,)
    before, after : ndarray, shape (n, d), optional
        The built-in and the learnt embedding of the training part, where they are known.
    """
    before = embed(train, job.part(0.0, 0.3)) if before is None else before
    after = encoder.encode(train, job.part(0.3, 0.4)) if after is None else after
    start = encoder.untrained(train, job.part(0.4, 0.5)).encode(train, job.part(0.5, 0.6))
    names = (f"the built-in embedding, {embedding_name(train.kind)}", f"The embedding learnt by {encoder.card.title}")
    return judge(train, folds, before, start, after, names, job.part(0.6, 1.0))


def check_out(out: Path) -> None:
    """Refuse a folder that holds something else than an encoder, before any work is done."""
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / FACTS).exists()):
        raise UserError(f"'{out}' exists and holds no encoder.", "Choose a new or empty folder.")


def write(made: Pretrained, out: Path) -> None:
    """Write an encoder with what it is worth and how its loss fell."""
    with disk_errors(f"The encoder in '{out}'"):
        (out / FACTS).unlink(missing_ok=True)  # it comes last, and says that the folder is whole
        write_json(out / JUDGED, made.judged.to_json())
        write_bytes(out / LOSSES, losses_csv(made.encoder.history).encode())
        made.encoder.save(out)


def losses_csv(history: list[tuple[int, float]]) -> str:
    """Return the losses as CSV.

    Examples
    --------
    >>> losses_csv([(10, 0.5)])
    'step,loss\\n10,0.5\\n'
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["step", "loss"])
    rows.writerows([step, f"{loss:.6g}"] for step, loss in history)
    return text.getvalue()
