"""The contract of an encoder that learns from samples without labels: what authors write, what everybody may call."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, Self, final

import numpy as np
from pydantic import ValidationError

from augmentors.core.augmenter import Params as Params
from augmentors.core.augmenter import explain_invalid
from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import InvalidParams, NotApplicable, NotFitted, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.late import pd
from augmentors.core.seeds import digest, rng_from
from augmentors.generative.nets import one_torch_thread
from augmentors.generative.trainer import Cancel, History, Progress, fit_loop

WEIGHTS, FACTS = "weights.safetensors", "encoder.json"
CHUNK = 256
LOSSES_KEPT = 100
IMAGE_SIDE = 96


@dataclass(frozen=True)
class PretextCard:
    """What a self-supervised method is, for people and for lists.

    Parameters
    ----------
    key : str
        Unique lower-case name.
    title, summary, avoid : str
        Name, one line on what it learns, one line on when not to use it.
    kind : {"table", "text", "image"}
    references : tuple of str
    """

    key: str
    title: str
    kind: Kind
    summary: str
    avoid: str = ""
    references: tuple[str, ...] = ()


class Encoder(ABC):
    """Turns samples into vectors, in a way learnt from the training samples without their labels.

    Authors declare `card` and a nested `Params`, write `_fit`, which leaves
    arrays in `weights` and plain data in `facts`, and `_encode`, which needs
    nothing but these two. `_fit` is never shown a label: that column is gone.

    Attributes
    ----------
    weights : dict of str to ndarray
        What was learnt.
    facts : dict
        Plain JSON that `_encode` needs beside the weights (sizes, vocabulary, scales).
    history : list of (int, float)
        Steps done and the mean loss since the entry before.
    notes : list of str
        Fallbacks and limits, in plain words.
    """

    card: ClassVar[PretextCard]
    Params: ClassVar[type[Params]] = Params
    # Raised when the same parameters and rows begin to give other weights.
    version: ClassVar[int] = 1
    _learns = True

    def __init__(self, **params: Any) -> None:
        try:
            self.params = self.Params(**params)
        except ValidationError as error:
            fields = list(self.Params.model_fields)
            raise InvalidParams(explain_invalid(self.card.title, error, fields)) from None
        self.weights: dict[str, np.ndarray] = {}
        self.facts: dict[str, Any] = {}
        self.history: list[tuple[int, float]] = []
        self.notes: list[str] = []
        self.seed, self.trained_on, self.samples = 0, "", 0
        self._built: Any = None

    # -- what everybody calls -------------------------------------------------

    @property
    def entry(self) -> dict[str, Any]:
        """Key and parameters as plain data."""
        return {"method": self.card.key, "params": self.params.model_dump(mode="json")}

    @final
    def fit(self, train: Dataset, seed: int = 0, job: Job = NO_JOB) -> Self:
        """Learn from the samples of a training part; their order and their labels change nothing.

        Raises
        ------
        NotApplicable
            When the data is of another kind or there are too few samples.
        """
        if train.kind != self.card.kind:
            raise NotApplicable(
                f"{self.card.title} learns from {self.card.kind} data; this dataset is of kind {train.kind}."
            )
        rows = without_labels(train)
        self._applies(rows)
        job.check()
        self.weights, self.facts, self.history, self.notes, self._built = {}, {}, [], [], None
        with one_torch_thread():
            self._fit(rows, rng_from("pretext", self.card.key, seed), job)
        self.seed, self.trained_on, self.samples = seed, rows_hash(train), len(rows)
        return self

    @final
    def untrained(self, train: Dataset, job: Job = NO_JOB) -> Self:
        """Return this encoder as it was before its first step: the same net and start weights, nothing learnt.

        What it is worth is no merit of learning. Sizes, scales and vocabulary
        are taken from the training part as `fit` takes them.
        """
        start = type(self)(**self.params.model_dump())
        start._learns = False
        start.fit(train, self.seed, job)
        start.trained_on, start.samples = "", 0  # and so its id is another one
        return start

    @final
    def encode(self, dataset: Dataset, job: Job = NO_JOB) -> np.ndarray:
        """Return one vector per sample of a dataset, float32, shape (n, d)."""
        return self._encoded(len(dataset), self._reader(dataset), job)

    @final
    def encode_new(self, samples: Any, job: Job = NO_JOB) -> np.ndarray:
        """Return one vector per sample that is in no dataset, float32, shape (n, d).

        Parameters
        ----------
        samples : sequence of ndarray, sequence of str, or DataFrame
            Pixels (any size; grey, RGB or RGBA), texts, or rows with the columns trained on.
        """
        return self._encoded(len(samples), lambda at: _some(samples, at), job)

    @property
    def id(self) -> str:
        """What names this encoder: equal ids have equal weights (see `encoder_id`)."""
        self._check_fitted()
        return _id(self, self.seed, self.trained_on)

    @property
    def hash(self) -> str:
        """Hash over every weight and fact."""
        self._check_fitted()
        state = blake2b(json.dumps(self.facts, sort_keys=True).encode(), digest_size=16)
        for name in sorted(self.weights):
            state.update(f"{name} {self.weights[name].dtype} {self.weights[name].shape}".encode())
            state.update(np.ascontiguousarray(self.weights[name]).tobytes())
        return state.hexdigest()

    def learning(self) -> str:
        """Return in a sentence what it learnt from and how its loss fell."""
        what = {"table": "rows", "text": "texts", "image": "images"}[self.card.kind]
        first, last = self.history[0][1], self.history[-1][1]
        return (
            f"The encoder learnt from {self.samples:,} training {what} without their labels; its loss went from "
            f"{first:.2f} to {last:.2f}."
        )

    def told(self) -> list[str]:
        """Return what there is to know before its vectors are used: what it learnt from, then its notes."""
        return [self.learning(), *self.notes]

    def describe(self) -> dict[str, Any]:
        """Return what is known of a fitted encoder as plain data: what ``encoder.json`` holds."""
        return self.entry | {
            "id": self.id,
            "hash": self.hash,
            "seed": self.seed,
            "version": self.version,
            "trained_on": self.trained_on,
            "samples": self.samples,
            "notes": self.notes,
            "losses": [[step, loss] for step, loss in self.history],
            "facts": self.facts,
        }

    @final
    def save(self, folder: Path) -> None:
        """Write weights (safetensors) and what belongs to them (JSON) into a folder."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file({name: np.asarray(value, order="C") for name, value in self.weights.items()}, folder / WEIGHTS)
        text = json.dumps(self.describe(), indent=1, ensure_ascii=False)
        (folder / FACTS).write_text(text, encoding="utf-8")  # last: a folder with it is whole

    @classmethod
    @final
    def load(cls, folder: Path) -> Self:
        """Return what `save` wrote.

        Raises
        ------
        UserError
            When the folder holds no encoder of this method, or one whose weights were changed.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            known = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            if known["method"] != cls.card.key:
                raise UserError(f"{folder} holds an encoder of '{known['method']}'; expected '{cls.card.key}'.")
            loaded = cls(**known["params"])
            loaded.weights, loaded.facts = load_file(folder / WEIGHTS), known["facts"]
            loaded.history = [(int(step), float(loss)) for step, loss in known["losses"]]
            loaded.notes, loaded.seed = list(known["notes"]), int(known["seed"])
            loaded.trained_on, loaded.samples = str(known["trained_on"]), int(known["samples"])
            expected = known["hash"]
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise UserError(f"{folder} holds no whole encoder: {error}.", "Train it again.") from None
        if loaded.hash != expected:
            raise UserError(f"The weights in {folder} are not those its {FACTS} names.", "Train the encoder again.")
        return loaded

    # -- what authors write ---------------------------------------------------

    def _applies(self, rows: Dataset) -> None:
        """Raise NotApplicable when there is too little to learn from (cheap)."""
        if len(rows) < 2:
            raise NotApplicable(f"{self.card.title} needs 2 samples or more; there are {len(rows)}.")

    @abstractmethod
    def _fit(self, rows: Dataset, rng: np.random.Generator, job: Job) -> None:
        """Learn from rows without a label column, in the order of their ids; leave `weights` and `facts`.

        All randomness comes from `rng` (a `torch.Generator` is seeded by it);
        call `self._train` for the steps. Runs on one thread.
        """

    @abstractmethod
    def _encode(self, samples: Any) -> np.ndarray:
        """Return vectors of a chunk of samples from `weights` and `facts` alone, shape (n, d).

        `samples` is a list of pixels (uint8 arrays of any size), a list of texts, or a DataFrame. Keep what is
        built from the weights in `self._built`. Runs on one thread.
        """

    def _train(self, step: Callable[[int], float], steps: int, job: Job) -> None:
        """Run a number of steps with progress, cancelling and history; none for `untrained`."""
        steps = steps if self._learns else 0
        history = History(max(steps // LOSSES_KEPT, 1))
        fit_loop(step, steps, [Cancel(job), history, Progress(job, self.card.title)])
        self.history = history.losses

    # -- inside ---------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_built": None}

    def _check_fitted(self) -> None:
        if not self.weights:
            raise NotFitted(f"{self.card.title} has not been fitted: call fit(train) before encode.")

    def _reader(self, dataset: Dataset) -> Callable[[np.ndarray], Any]:
        if dataset.kind != self.card.kind:
            raise UserError(f"{self.card.title} encodes {self.card.kind} data; got {dataset.kind}.")
        if dataset.kind == "image":
            from augmentors.explore.images import read_reduced

            return lambda at: [read_reduced(dataset.image_path(int(i)), IMAGE_SIDE) for i in at]
        samples = dataset.texts if dataset.kind == "text" else dataset.frame
        return lambda at: _some(samples, at)

    def _encoded(self, n: int, read: Callable[[np.ndarray], Any], job: Job) -> np.ndarray:
        import torch

        self._check_fitted()
        parts = []
        with one_torch_thread(), torch.inference_mode():
            for start in range(0, max(n, 1), CHUNK):
                job.check()
                at = np.arange(start, min(start + CHUNK, n))
                parts.append(np.asarray(self._encode(read(at)), dtype=np.float32))
                job.progress((start + len(at)) / max(n, 1), f"{self.card.title}: encoded {start + len(at):,} of {n:,}")
        return np.concatenate(parts)


def encoder_id(encoder: Encoder, train: Dataset, seed: int) -> str:
    """Return the id that an encoder of this method and these parameters gets when it is fitted on a training part."""
    return _id(encoder, seed, rows_hash(train))


def without_labels(train: Dataset) -> Dataset:
    """Return samples without their label column and without unlabelled ones beside them, in the order of their ids."""
    order = np.argsort(train.ids.astype(str), kind="stable")
    frame = train.frame.iloc[order].drop(columns=[train.schema.label], errors="ignore")
    return replace(train, frame=frame, unlabelled=None)


def rows_hash(train: Dataset) -> str:
    """Return a hash over what an encoder sees of a training part: ids and values but no label; files by fingerprint."""
    rows = without_labels(train)
    schema = rows.schema
    columns = [name for name in rows.frame.columns if name in schema.types or name in (schema.text, "path")]
    values = pd.util.hash_pandas_object(rows.frame[columns], index=False).to_numpy()
    named = [rows.kind, rows.ids.tolist(), columns, schema.types, schema.text, blake2b(values.tobytes()).hexdigest()]
    return digest(*named, rows.fingerprint if rows.kind == "image" else None)


def _id(encoder: Encoder, seed: int, trained_on: str) -> str:
    import torch

    return digest("encoder", encoder.entry, encoder.version, seed, trained_on, str(torch.__version__), size=8)


def _some(samples: Any, at: np.ndarray) -> Any:
    if isinstance(samples, Sequence):
        return [samples[int(i)] for i in at]
    return samples.iloc[at]
