"""What a plan will cost, before anything runs: rows, bytes and minutes."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from augmentors import catalog
from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import NotApplicable
from augmentors.core.plan import MixPart, PlanEntry
from augmentors.core.seeds import rng_from
from augmentors.explore.health import counted
from augmentors.gate import Gate
from augmentors.preview import fitted_for_timing

# Samples timed at once: enough to be past the first call's own costs.
TIMED = {"table": 4_096, "text": 64, "image": 16}
# The gate turns some samples down, and files are written and hashed at the end.
REJECTED_SHARE = 1.15
WRITE_S_PER_MB = 0.02
# Measured on two cores: a process for the job, then one per worker, each importing what its kind needs.
START_S = {"table": 1.5, "text": 5.0, "image": 5.0}
# Every image is a file that is copied, flushed to disk and hashed.
FILE_S = 0.0012
MEASURED_ROWS = 400


@dataclass(frozen=True)
class Cost:
    """What one augmenter costs for one class.

    Parameters
    ----------
    per_sample_s : float
        Seconds to make and judge one sample.
    fit_s : float
        Seconds to fit and prepare.
    why_not : str or None
        Why it cannot be used, when it cannot.
    gate_s : float
        Seconds to prepare the checks: for images those of this class, else of the whole training part.
    """

    per_sample_s: float
    fit_s: float
    why_not: str | None = None
    gate_s: float = 0.0


@dataclass(frozen=True)
class Bill:
    """What a plan costs in all.

    Parameters
    ----------
    new, total : int
        New samples, and samples of the balanced training part.
    megabytes : float
        Size of the exported folder.
    seconds : float
    """

    new: int
    total: int
    megabytes: float
    seconds: float


def time_part(train: Dataset, part: MixPart, target: str) -> Cost:
    """Return what a mix part costs, from a timed piece of work on a bounded part of the rows."""
    augmenter, times = catalog.get(part.augmenter)(**part.params).preview_version()
    try:
        began = perf_counter()
        fitted_for_timing(augmenter, train, target)
        fit_s = (perf_counter() - began) * times
        augmenter.augment(target, 1, rng_from("warm up"))
        supply = augmenter.supply(target)
        n = TIMED[train.kind] if supply is None else min(supply, TIMED[train.kind])
        began = perf_counter()
        samples = augmenter.augment(target, n, rng_from("timed"))
        made_s = perf_counter() - began
    except NotApplicable as reason:
        return Cost(0.0, 0.0, str(reason))
    began = perf_counter()
    gate = Gate().fit(augmenter.train, [target])
    gate_s = perf_counter() - began
    began = perf_counter()
    gate.judge(samples, copies_allowed=augmenter.card.copies_allowed)
    if samples.images is not None:
        _encode(samples.images)
    judged_s = perf_counter() - began
    fit_s *= len(train) / len(augmenter.train) if train.kind == "table" else 1.0
    return Cost((made_s + judged_s) / n, fit_s, gate_s=gate_s * gate_grows(train, augmenter.train, target))


def gate_grows(train: Dataset, some: Dataset, target: str) -> float:
    """Return how much longer the checks take to prepare on a training part than on a bounded part of it."""
    if train.kind == "image":  # of images the checks read the classes of the plan alone
        return len(train.positions(target)) / len(some.positions(target))
    return len(train) / len(some)


def bill(
    train_rows: int,
    entries: Sequence[PlanEntry],
    costs: dict[tuple[str, str], Cost],
    sample_bytes: float,
    test_rows: int = 0,
    workers: int = 1,
) -> Bill:
    """Return the bill of plan entries.

    Parameters
    ----------
    train_rows : int
        Training samples that stay.
    entries : sequence of PlanEntry
    costs : dict of (target, augmenter) to Cost
    sample_bytes : float
        Bytes of one sample on disk, see `bytes_per_sample`.
    test_rows : int
        Samples of the test part, which are exported too.
    workers : int
        Processes that share the work.

    Examples
    --------
    >>> entry = PlanEntry(target="rust", count=100, mix=(MixPart(augmenter="smote"),))
    >>> made = bill(1000, [entry], {("rust", "smote"): Cost(0.01, 0.5)}, 1000.0)
    >>> made.new, made.total, round(made.seconds, 1)
    (100, 1100, 3.2)
    """
    new = sum(entry.count for entry in entries)
    total = train_rows + new
    megabytes = (total + test_rows) * sample_bytes / 1e6
    kind = _kind(entries)
    seconds = START_S[kind] + megabytes * WRITE_S_PER_MB + _gate_s(entries, costs, kind)
    if kind == "image":
        seconds += (total + test_rows) * FILE_S
    for entry, part, count in _parts(entries):
        cost = costs.get((entry.target, part.augmenter))
        if cost is not None and count:
            seconds += cost.fit_s + count * cost.per_sample_s * REJECTED_SHARE / max(workers, 1)
    return Bill(new, total, megabytes, seconds)


def _kind(entries: Iterable[PlanEntry]) -> Kind:
    return next((catalog.get(part.augmenter).card.kind for _, part, _ in _parts(entries)), "table")


def _gate_s(entries: Iterable[PlanEntry], costs: Mapping[tuple[str, str], Cost], kind: Kind) -> float:
    """Return the seconds to prepare the checks, once for each class of images or once for all."""
    by_target: dict[str, float] = {}
    for entry, part, _ in _parts(entries):
        cost = costs.get((entry.target, part.augmenter))
        by_target[entry.target] = max(by_target.get(entry.target, 0.0), cost.gate_s if cost is not None else 0.0)
    return sum(by_target.values()) if kind == "image" else max(by_target.values(), default=0.0)


def bytes_per_sample(dataset: Dataset) -> float:
    """Return the bytes that one sample takes in an export, from a few hundred of them."""
    if not len(dataset):
        return 0.0
    step = max(1, len(dataset) // MEASURED_ROWS)
    at = np.arange(0, len(dataset), step)
    if dataset.kind == "image":
        sizes = [path.stat().st_size for path in (dataset.image_path(int(i)) for i in at) if path.exists()]
        return float(np.mean(sizes)) if sizes else 0.0
    # Tables and texts are written twice: as Parquet and as CSV or JSON lines.
    rows = dataset.frame.iloc[at]
    packed = io.BytesIO()
    rows.to_parquet(packed)
    plain = rows.to_csv() if dataset.kind == "table" else rows.to_json(orient="records", lines=True)
    return (len(plain.encode()) + packed.tell()) / len(rows)


def duration_words(seconds: float) -> str:
    """Return a duration as people say it.

    Examples
    --------
    >>> duration_words(4), duration_words(95), duration_words(4000)
    ('a few seconds', 'about 2 minutes', 'about 1 h 7 min')
    """
    if seconds < 10:
        return "a few seconds"
    if seconds < 60:
        return f"about {int(round(seconds, -1))} seconds"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} minute{'s' if minutes > 1 else ''}"
    return f"about {minutes // 60} h {minutes % 60} min"


def size_words(megabytes: float) -> str:
    """Return a size as people say it.

    Examples
    --------
    >>> size_words(0.0421), size_words(3.14), size_words(5120)
    ('42 kB', '3.1 MB', '5.1 GB')
    """
    if megabytes < 1:
        return f"{megabytes * 1000:.0f} kB"
    return f"{megabytes:.1f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def _parts(entries: Iterable[PlanEntry]) -> Iterable[tuple[PlanEntry, MixPart, int]]:
    for entry in entries:
        if entry.mix:
            for part, count in zip(entry.mix, entry.counts_by_part(), strict=True):
                yield entry, part, count


def _encode(images: Sequence[np.ndarray]) -> None:
    from augmentors.image.encode import encode

    for image in images:
        encode(image, ".png")


def plan_warnings(train: Dataset, entries: Sequence[PlanEntry]) -> dict[str, str]:
    """Return what to say about plan entries, by class: does not apply, grows very much, too few to learn from."""
    said: dict[str, str] = {}
    for entry in entries:
        own = train.class_counts.get(entry.target, 0)
        against = [catalog.get(part.augmenter)(**part.params).why_not(train, entry.target) for part in entry.mix]
        refused = next((reason for reason in against if reason), None)
        if refused and entry.count:
            said[entry.target] = refused
        elif entry.count and not entry.mix:
            said[entry.target] = f"'{entry.target}' is to get {entry.count:,} samples but has no augmenter yet."
        elif entry.count and own and (own + entry.count) / own > 10:
            grows = (own + entry.count) / own
            said[entry.target] = (
                f"'{entry.target}' grows {grows:,.0f}-fold from {own:,} originals: expect many near-copies."
            )
        elif entry.count and own < 10:
            said[entry.target] = (
                f"'{entry.target}' has {counted(own, 'training sample')}: whatever is made stays close to them."
            )
    return said


__all__ = [
    "Bill",
    "Cost",
    "bill",
    "bytes_per_sample",
    "duration_words",
    "plan_warnings",
    "size_words",
    "time_part",
]
