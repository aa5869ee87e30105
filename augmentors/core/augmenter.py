"""The contract of an augmenter: what authors write and what everybody may call."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self, final

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from augmentors.core.card import Card as Card
from augmentors.core.card import Need as Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import InvalidParams, NotApplicable, NotFitted, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made, Samples, drawn_as_json, of_first_parent, rows_like
from augmentors.core.seeds import digest

IMAGES_AT_ONCE = 8


class Params(BaseModel):
    """Base of every augmenter's parameters: the one declaration per parameter.

    Use `Field(default, ge=…, le=…, title=…, description=…,
    json_schema_extra={"tune": {...}, "advanced": True})`. Ranges of two values
    are two fields named ``…_min`` and ``…_max``.
    """

    # Built when first used: listing the catalogue needs the fields only.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False, defer_build=True)


def explain_invalid(owner: str, error: ValidationError, fields: Sequence[str]) -> str:
    """Return a pydantic error as one sentence: which parameter, what was expected, what came."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "combination"
    if first["type"] == "extra_forbidden":
        known = ", ".join(fields) or "none"
        return f"{owner} has no parameter '{name}'; its parameters are: {known}."
    expected = first["msg"][0].lower() + first["msg"][1:]
    return f"The '{name}' parameter of {owner} is not valid: {expected}. Got {first['input']!r} instead."


class Augmenter(ABC):
    """Makes new samples for a target class from training samples.

    Authors declare `card` and a nested `Params`, and write `_draw` and
    `_apply` (and `_applies`, `_fit`, `_prepare` where needed). All randomness
    is drawn in `_draw`; `_apply` is pure and row by row, so that how many
    blocks a worker takes at once never changes a byte.
    """

    card: ClassVar[Card]
    Params: ClassVar[type[Params]] = Params
    # Of a net: the parameter that says how long it is trained, and how long for a preview.
    preview_steps: ClassVar[tuple[str, int] | None] = None

    def __init__(self, **params: Any) -> None:
        try:
            self.params = self.Params(**params)
        except ValidationError as error:
            fields = list(self.Params.model_fields)
            raise InvalidParams(explain_invalid(self.card.title, error, fields)) from None
        self._train: Dataset | None = None
        self._fitted_on: str = ""
        self._owned: tuple[str, ...] = ()
        self._fit_seed: int = 0
        self._prepared: dict[str, Any] = {}
        self._notes: dict[str, list[str]] = {}

    # -- what everybody calls -------------------------------------------------

    @property
    def train(self) -> Dataset:
        """The training part this augmenter was fitted on."""
        if self._train is None:
            raise NotFitted(f"{self.card.title} has not been fitted: call fit(train, rng) before augment.")
        return self._train

    @property
    def entry(self) -> dict[str, Any]:
        """Key and parameters as plain data: what a recipe holds."""
        return {"augmenter": self.card.key, "params": self.params.model_dump(mode="json")}

    @final
    def fit(self, train: Dataset, rng: np.random.Generator, job: Job = NO_JOB) -> Self:
        """Learn what is needed from the training part.

        Raises
        ------
        NotApplicable
            When the data is of another kind or lacks what is needed.
        """
        if train.kind != self.card.kind:
            raise NotApplicable(
                f"{self.card.title} works on {self.card.kind} data; this dataset is of kind {train.kind}."
            )
        self.card.check_task(train.schema)
        given, owned = train, self._of_parent(train)
        train = train.with_ignored(owned)
        self._applies_to_data(train)
        job.check()
        self._fit_seed = int(rng.integers(2**63))
        self._prepared, self._notes = {}, {}
        self._train, self._owned, self._fitted_on = train, owned, given.content_hash
        try:
            self._fit(train, np.random.default_rng(self._fit_seed), job)
        except BaseException:
            self._train = None  # half fitted is not fitted
            raise
        return self

    def why_not(self, train: Dataset, target: str | None = None) -> str | None:
        """Return the reason why this does not apply, or None when it does."""
        try:
            if train.kind != self.card.kind:
                raise NotApplicable(f"works on {self.card.kind} data")
            self.card.check_task(train.schema)
            train = train.with_ignored(self._of_parent(train))
            self._applies_to_data(train)
            if target is not None:
                self._applies_to_target(train, target)
        except NotApplicable as reason:
            return str(reason)
        return None

    @final
    def prepare(self, target: str) -> None:
        """Compute what all blocks of a target share (neighbours …), once.

        Raises
        ------
        NotApplicable
            When the target has too few samples.
        """
        if target in self._prepared:
            return
        train = self.train
        if target not in train.class_counts:
            known = ", ".join(f"'{name}'" for name in list(train.class_counts)[:8])
            raise NotApplicable(f"The training part has no class '{target}'; its classes are: {known}.")
        self._applies_to_target(train, target)
        self._prepared[target] = self._prepare(target)

    @final
    def augment(self, target: str, n: int, rng: np.random.Generator, job: Job = NO_JOB) -> Samples:
        """Return exactly `n` new samples of a class, each with its provenance."""
        return self.augment_blocks(target, [(n, rng)], job)

    @final
    def augment_blocks(
        self,
        target: str,
        blocks: Sequence[tuple[int, np.random.Generator]],
        job: Job = NO_JOB,
        *,
        starts: Sequence[int] | None = None,
    ) -> Samples:
        """Return the samples of several blocks, joined in order; equal to one call per block.

        `starts` says how many samples of the class were asked for before each block, which only matters to
        who takes samples over in order (0 when left out).
        """
        job.check()
        ids, draws = self._drawn(target, blocks, starts)
        made = self._apply(target, draws, job) if ids else None
        return self._package(target, ids, draws, made)

    @final
    def augment_images(
        self,
        target: str,
        blocks: Sequence[tuple[int, np.random.Generator]],
        put: Callable[[int, np.ndarray, str], None],
        job: Job = NO_JOB,
        *,
        starts: Sequence[int] | None = None,
    ) -> Samples:
        """Make the images of `augment_blocks` a few at a time and hand each over at once.

        `put` gets the place of each image, the image and the id of its first
        parent ('' without one), in the order of the parents, so that a file
        read for one serves its neighbours and no more than a few images are
        held. Returns the samples without pixels.
        """
        ids, draws = self._drawn(target, blocks, starts)
        real = self.parents_from().ids
        trace: list[dict[str, object]] = [{} for _ in ids]
        for place, image, told in self._each_image(target, draws, job):
            first = int(draws.parents[place, 0])
            put(place, image, str(real[first]) if first >= 0 else "")
            trace[place] = told
        made = Made(pd.DataFrame(index=range(len(ids))), None, trace)
        return self._package(target, ids, draws, made)

    def _drawn(
        self, target: str, blocks: Sequence[tuple[int, np.random.Generator]], starts: Sequence[int] | None
    ) -> tuple[list[str], Draws]:
        """Draw everything random of the blocks, and name their samples."""
        self.prepare(target)
        ids: list[str] = []
        parts: list[Draws] = []
        for (n, rng), start in zip(blocks, starts or [0] * len(blocks), strict=True):
            if n < 0:
                raise UserError(f"{self.card.title} was asked for {n} samples; expected 0 or more.")
            tag = rng.bytes(6).hex()
            ids.extend(f"{self.card.key}-{tag}-{i:03d}" for i in range(n))
            if n:
                parts.append(self._draw_from(target, n, rng, start))
        return ids, Draws.join(parts) if parts else Draws(np.empty((0, 1), np.int64), np.empty((0, 1)))

    def parents_from(self) -> Dataset:
        """Return the samples that parents are taken from: the training part, or the unlabelled samples beside it."""
        return self.train

    def file_of(self, parent: str) -> tuple[bytes, str]:
        """Return the file of an image that is a parent, by its id: its bytes and its suffix."""
        real = self.parents_from()
        path = real.image_path(int(np.flatnonzero(real.ids == parent)[0]))
        return path.read_bytes(), path.suffix.lower()

    def supply(self, target: str) -> int | None:
        """Return how many samples of a prepared class can be made in all; None where there is no end of them."""
        return None

    def preview_version(self) -> tuple[Self, float]:
        """Return one whose fit ends in seconds, for previews, and how many times longer this one's fit takes."""
        if self.preview_steps is None:
            return self, 1.0
        name, most = self.preview_steps
        params = self.params.model_dump()
        return type(self)(**params | {name: min(params[name], most)}), max(params[name] / most, 1.0)

    def notes(self, target: str) -> tuple[str, ...]:
        """Fallbacks taken for a target, in plain words."""
        return tuple(dict.fromkeys(self._notes.get(target, []) + self._notes.get("", [])))

    def operators(self) -> tuple[str, ...]:
        """Names of the finer operators one of which is drawn for each sample; none by default."""
        return ()

    def also_does(self) -> tuple[str, ...]:
        """Other augmenters' keys, or KEY.Operator, that this one may amount to; none by default."""
        return ()

    def composed_of(self) -> tuple[Augmenter, ...]:
        """Augmenters that this one applies, one after the other; none by default."""
        return ()

    def models_hash(self) -> str | None:
        """Return the hash of models from outside that its samples depend on, before any fit; None without any."""
        return None

    def weights_hash(self) -> str | None:
        """Hash of what was learnt, for the manifest; None when nothing was."""
        return None

    @property
    def keeps_weights(self) -> bool:
        """Whether what it learnt can be written down, so that loading it costs less than fitting."""
        return type(self)._save_weights is not Augmenter._save_weights

    @final
    def save(self, folder: Path) -> None:
        """Write key, parameters and fit facts into a folder (JSON, safetensors; no pickle)."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = self.entry | {"train": self._fitted_on, "fit_seed": self._fit_seed}
        (folder / "augmenter.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        self._save_weights(folder)

    @classmethod
    @final
    def load(cls, folder: Path, train: Dataset) -> Self:
        """Return the augmenter saved in a folder, attached to the same training part.

        Raises
        ------
        UserError
            When `train` is not the training part it was fitted on.
        """
        facts = json.loads((folder / "augmenter.json").read_text(encoding="utf-8"))
        if facts["augmenter"] != cls.card.key or facts["train"] != train.content_hash:
            raise UserError(
                f"{folder} holds '{facts['augmenter']}' fitted on another training part; "
                f"expected '{cls.card.key}' fitted on this one."
            )
        loaded = cls(**facts["params"])
        loaded._owned, loaded._fitted_on = loaded._of_parent(train), train.content_hash
        loaded._train = train.with_ignored(loaded._owned)
        loaded._fit_seed = facts["fit_seed"]
        loaded._load_weights(folder)
        return loaded

    # -- what authors write ---------------------------------------------------

    def _of_parent(self, train: Dataset) -> tuple[str, ...]:
        """Return the columns that say whom a row belongs to: copied from the first parent, hidden from all else."""
        return ()

    def _applies_to_data(self, train: Dataset) -> None:
        """Raise NotApplicable when this dataset lacks what is needed (cheap)."""

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        """Raise NotApplicable when this class lacks what is needed (cheap)."""

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        """Learn from the training part; keep it cheap where nothing is learnt."""

    def _prepare(self, target: str) -> Any:
        """Return what all blocks of a target share; read it from self._prepared[target]."""

    @abstractmethod
    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        """Draw everything random of n samples."""

    def _draw_from(self, target: str, n: int, rng: np.random.Generator, start: int) -> Draws:
        """Draw n samples when `start` were asked for before: the same thing but for who takes samples in order."""
        return self._draw(target, n, rng)

    @abstractmethod
    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        """Compute the samples from the draws; pure, row by row."""

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[tuple[int, np.ndarray, dict[str, object]]]:
        """Yield place, image and trace of what `_apply` makes, a few at a time, in the order of the parents."""
        order = np.argsort(draws.parents[:, 0], kind="stable")
        for start in range(0, len(draws), IMAGES_AT_ONCE):
            job.check()
            at = order[start : start + IMAGES_AT_ONCE]
            made = self._apply(target, draws.take(at), job)
            yield from zip(at.tolist(), made.images or [], made.trace or [{} for _ in at], strict=True)

    def _save_weights(self, folder: Path) -> None:
        """Write what `_fit` learnt (generators); nothing by default."""

    def _load_weights(self, folder: Path) -> None:
        """Restore what `_fit` learnt: refits by default, which is exact since the seed is kept."""
        self._fit(self.train, np.random.default_rng(self._fit_seed), NO_JOB)

    def _note(self, target: str, sentence: str) -> None:
        """Record a fallback for a target ('' for all) to be shown and written down."""
        self._notes.setdefault(target, []).append(sentence)

    def _label_values(self, target: str, draws: Draws, made: Made | None) -> Any:
        """Return the label column of new samples: the class, or a number by `Made` or between those of the parents."""
        train = self.train
        column = train.frame[train.schema.label]
        if train.schema.task == "classification":
            return np.repeat(column.iloc[train.positions(target)[:1]].to_numpy(), len(draws))
        if not len(draws):
            return column.iloc[:0].array
        if made is not None and train.schema.label in made.columns:
            return made.columns[train.schema.label].array
        if train.schema.task == "multilabel":
            return column.array.take(draws.parents[:, 0])
        return self._as_target(self._target_values(target, draws))

    def _target_values(self, target: str, draws: Draws) -> np.ndarray:
        """Return the target of new rows (regression): the mean of their parents', by their weights."""
        if not draws.weights.any(axis=1).all():
            raise NotApplicable(
                f"{self.card.title} makes rows of a class, not of a number such as '{self.train.schema.label}'.",
                "Use SMOGN instead.",
            )
        known = np.append(self.train.targets, 0.0)[draws.parents]
        # Only those that weigh: a mean of equal values is that value to the last bit.
        low, high = (np.where(draws.weights > 0, known, end) for end in (np.inf, -np.inf))
        return np.clip((known * draws.weights).sum(axis=1), low.min(axis=1), high.max(axis=1))

    def _as_target(self, values: np.ndarray) -> np.ndarray:
        """Return target values as the column holds them: whole numbers stay whole."""
        whole = self.train.frame[self.train.schema.label].dtype.kind in "iu"
        return np.rint(values).astype(np.int64) if whole else values

    def _package(self, target: str, ids: list[str], draws: Draws, made: Made | None) -> Samples:
        train, real = self.train, self.parents_from()
        parent_ids = np.append(real.ids, "")[draws.parents].astype(object)
        # A new row belongs to whom its first parent does: who groups by it later keeps them on one side.
        group = train.schema.group
        names = [*(self._owned if made is not None else ()), *([group] if group and group in real.frame else [])]
        given = of_first_parent(real.frame, names, draws)
        label = self._label_values(target, draws, made)
        frame = rows_like(train.frame, ids, made, given | {train.schema.label: label})
        certificate = pd.DataFrame(
            {
                "augmenter": self.card.key,
                "target": target,
                "entry": digest(self.entry, size=6),
                "drawn": drawn_as_json(draws, made.trace if made else None),
                "fitted_on": self._fitted_on if Need.FIT in self.card.needs else "",
            },
            index=frame.index,
        )
        images = made.images if made else [] if train.kind == "image" else None
        return Samples(frame, parent_ids, draws.weights, certificate, images, self.notes(target))
