"""Makes blocks: fixed pieces of 64 samples, each with a seed of its own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.balance.batch import Batch, read_batch, write_batch
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Kind
from augmentors.core.samples import Samples
from augmentors.core.seeds import BLOCK_SIZE, canonical_json, digest, rng_from
from augmentors.gate import Gate, Judgement, Looks
from augmentors.gate.near_copies import hash_bytes

# Blocks per task: enough to amortise a task, few enough that cancel and progress stay quick.
BLOCKS_PER_TASK = {"table": 512, "text": 8, "image": 1}

Block = tuple[int, np.random.Generator]


@dataclass(frozen=True)
class Part:
    """One augmenter of one class's mix."""

    target: str
    augmenter: Augmenter
    count: int

    @property
    def key(self) -> str:
        """Names the part in files: a hash of {target, augmenter, params}."""
        return digest({"target": self.target, **self.augmenter.entry}, size=8)


@dataclass(frozen=True)
class Task:
    """Consecutive blocks of a part in a round; `start` samples were asked for before the first of them."""

    part: int
    round: int
    first: int
    sizes: tuple[int, ...]
    start: int = 0

    @property
    def starts(self) -> list[int]:
        """How many samples were asked for before each block."""
        return [self.start + BLOCK_SIZE * i for i in range(len(self.sizes))]


@dataclass(frozen=True)
class Shared:
    """What every worker gets once."""

    seed: int
    train_hash: str
    parts: tuple[Part, ...]
    kind: Kind
    gate: Gate
    keep_in: Path | None


def tasks_for(part: int, kind: str, round_number: int, count: int, asked: int = 0) -> list[Task]:
    """Return the tasks that make `count` samples after `asked` in earlier rounds; workers do not change the cut."""
    sizes = [BLOCK_SIZE] * (count // BLOCK_SIZE) + ([count % BLOCK_SIZE] if count % BLOCK_SIZE else [])
    step = BLOCKS_PER_TASK[kind]
    return [
        Task(part, round_number, i, tuple(sizes[i : i + step]), asked + BLOCK_SIZE * i)
        for i in range(0, len(sizes), step)
    ]


def block_seed(shared: Shared, part: Part, round_number: int, block: int) -> tuple[object, ...]:
    """Return what seeds a block: recipe seed, training part, plan entry, round, block number."""
    entry = {"target": part.target, **part.augmenter.entry}
    return (shared.seed, shared.train_hash, entry, round_number, block)


def make_batch(shared: Shared, task: Task) -> Batch:
    """Make, judge and (for images) encode the blocks of a task; reuses the file of an earlier, broken-off run."""
    part = shared.parts[task.part]
    total = sum(task.sizes)
    kept_file = shared.keep_in and shared.keep_in / f"{part.key}-{task.round}-{task.first}-{total}.parquet"
    if kept_file and kept_file.exists():
        return read_batch(kept_file)
    blocks = [
        (size, rng_from(*block_seed(shared, part, task.round, task.first + i))) for i, size in enumerate(task.sizes)
    ]
    batch = _images_batch(shared, task, blocks) if shared.kind == "image" else _rows_batch(shared, task, blocks)
    if kept_file:
        write_batch(kept_file, batch)
    return batch


def _rows_batch(shared: Shared, task: Task, blocks: list[Block]) -> Batch:
    """Make and judge rows or texts, all at once."""
    part = shared.parts[task.part]
    samples = _certified(part.augmenter.augment_blocks(part.target, blocks, starts=task.starts), shared, task)
    return Batch(samples, _judged(shared, part, samples))


def _images_batch(shared: Shared, task: Task, blocks: list[Block]) -> Batch:
    """Make images, encode each at once and judge them by their looks, so that no block's pixels pile up."""
    from augmentors.image.encode import encode

    part = shared.parts[task.part]
    total = sum(task.sizes)
    encoded: list[tuple[bytes, str]] = [(b"", "")] * total
    looks: list[Looks] = [Looks.of([])] * total

    def put(place: int, image: np.ndarray, parent: str) -> None:
        # A real image stays the file that it was, to the last byte.
        taken = part.augmenter.file_of(parent) if part.augmenter.card.takes_real else None
        encoded[place] = encode(image, Path(parent).suffix or ".png") if taken is None else taken
        # The bytes of the file name the content: hashing them is cheaper than hashing pixels.
        looks[place] = Looks.of([image], [hash_bytes(encoded[place][0])])

    samples = part.augmenter.augment_images(part.target, blocks, put, starts=task.starts)
    samples = _certified(samples, shared, task)
    together = Looks.join(looks)
    judgement = _judged(shared, part, samples, together)
    return Batch(samples, judgement, [data for data, _ in encoded], [suffix for _, suffix in encoded], together)


def _judged(shared: Shared, part: Part, samples: Samples, looks: Looks | None = None) -> Judgement:
    card = part.augmenter.card
    return shared.gate.judge(samples, looks=looks, copies_allowed=card.copies_allowed, are_real=card.takes_real)


def _certified(samples: Samples, shared: Shared, task: Task) -> Samples:
    """Add to the certificates where each sample sits: round, block, place in the block."""
    part = shared.parts[task.part]
    sizes = np.array(task.sizes)
    place: dict[str, Any] = {
        "params": canonical_json(part.augmenter.entry["params"]),
        "round": task.round,
        "block": np.repeat(np.arange(task.first, task.first + len(sizes)), sizes),
        "index": np.concatenate([np.arange(size) for size in sizes]),
    }
    return Samples(
        samples.frame,
        samples.parents,
        samples.weights,
        samples.certificate.assign(**place),
        samples.images,
        samples.notes,
    )
