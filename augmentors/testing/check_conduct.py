"""Checks of how an augmenter behaves: seeds, order, blocks, cancelling, saving, no network."""

import json
import random
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, NotFitted
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.testing.trial import CheckFailed, Toys, difference, expect, fitted, made, new, rarest


def check_same_seed(cls: type[Augmenter], toys: Toys) -> None:
    """The same seed gives the same samples, another seed others."""
    train = toys.ordinary()
    one, two, other = made(cls, train, 20), made(cls, train, 20), made(cls, train, 20, seed=1)
    what = difference(one, two)
    expect(what is None, f"The same seed gave two results; they differ in {what}.")
    if Need.UNLABELLED not in cls.card.needs:  # their order is fixed: the surest comes first
        expect(difference(one, other, ids=False) is not None, "Another seed gave the same samples.")
    expect(not set(one.frame.index) & set(other.frame.index), "Another seed gave the same sample ids.")


def check_global_state(cls: type[Augmenter], toys: Toys) -> None:
    """Global random state (random, numpy, torch) is neither changed nor read."""
    train = toys.ordinary()
    made(cls, train)  # Libraries may seed themselves while they are imported; that is not the augmenter's doing.
    results = []
    for seed in (1, 2):
        _seed_everything(seed)
        before = _global_state()
        results.append(made(cls, train))
        changed = [name for name, state in _global_state().items() if state != before.get(name, state)]
        expect(not changed, f"The global random state of {', '.join(changed)} was changed.")
    what = difference(*results)
    expect(what is None, f"The result depends on global random state: {what} changed with it.")


def check_input_unmutated(cls: type[Augmenter], toys: Toys) -> None:
    """The training part is the same after the work as before, its files included."""
    train = toys.ordinary()
    before, files = train.frame.copy(deep=True), _file_bytes(train)
    made(cls, train, 20)
    expect(train.frame.equals(before), "The training part's values were changed.")
    expect((train.frame.dtypes == before.dtypes).all(), "The training part's dtypes were changed.")
    expect(_file_bytes(train) == files, "The training part's files were changed.")


def check_order_irrelevant(cls: type[Augmenter], toys: Toys) -> None:
    """Where the rows of other classes stand does not matter."""
    train = toys.ordinary()
    target = rarest(train)
    own = np.isin(np.arange(len(train)), train.positions(target))
    others = rng_from("order").permutation(train.ids[~own])
    shuffled = train.take(np.concatenate([others, train.ids[own]]))
    what = difference(made(cls, train, 20), made(cls, shuffled, 20), exact=False)
    expect(what is None, f"Moving rows of other classes changed {what}.")


def check_blocks(cls: type[Augmenter], toys: Toys) -> None:
    """Several blocks at once equal one call per block, in any order, on another instance."""
    train = toys.ordinary()
    target = rarest(train)
    sizes = [5, 1, 8]
    together = fitted(cls, train).augment_blocks(target, [(n, rng_from("block", i)) for i, n in enumerate(sizes)])
    worker = fitted(cls, train)
    alone = {i: worker.augment(target, sizes[i], rng_from("block", i)) for i in (2, 0, 1)}
    what = difference(together, Samples.join([alone[i] for i in range(len(sizes))]))
    expect(what is None, f"Taking blocks together or alone changed {what}.")


def check_save_load(cls: type[Augmenter], toys: Toys) -> None:
    """A saved and loaded augmenter makes the same samples, and nothing saved is a pickle."""
    train = toys.ordinary()
    target = rarest(train)
    augmenter = fitted(cls, train)
    with TemporaryDirectory() as folder:
        augmenter.save(Path(folder))
        for path in Path(folder).rglob("*"):
            expect(path.suffix not in (".pkl", ".pickle", ".joblib", ".pt", ".pth"), f"{path.name} is a pickle.")
        json.loads((Path(folder) / "augmenter.json").read_text(encoding="utf-8"))
        loaded = cls.load(Path(folder), train)
        expect(loaded.params == augmenter.params, "Saving and loading changed the parameters.")
        rngs = rng_from("saved"), rng_from("saved")
        what = difference(augmenter.augment(target, 12, rngs[0]), loaded.augment(target, 12, rngs[1]))
    expect(what is None, f"Saving and loading changed {what}.")


def check_unfitted(cls: type[Augmenter], toys: Toys) -> None:
    """Before `fit`, `augment` raises NotFitted."""
    try:
        cls().augment("rare", 1, rng_from("unfitted"))
    except NotFitted:
        return
    raise CheckFailed(f"'{cls.card.key}' made samples without being fitted.")


def check_cancel(cls: type[Augmenter], toys: Toys) -> None:
    """A cancelled fit or augment raises Cancelled, leaves nothing, and the next call is as if it never was."""
    train = toys.ordinary()
    target = rarest(train)
    unfit = new(cls)
    for checks in (0, 1, 3):
        stopped = _is_cancelled(lambda job: unfit.fit(train, rng_from("fit"), job), checks)
        expect(stopped or checks, "A cancelled fit went on.")
        expect(not stopped or _raises_not_fitted(unfit, target), "A cancelled fit left a fitted augmenter.")
    wanted = made(cls, train, 20)
    augmenter = fitted(cls, train)
    for checks in (0, 1, 3):
        stopped = _is_cancelled(lambda job: augmenter.augment(target, 20, rng_from("augment", 0), job), checks)
        expect(stopped or checks, "A cancelled augment went on.")
    what = difference(wanted, augmenter.augment(target, 20, rng_from("augment", 0)))
    expect(what is None, f"A cancelled call changed {what} of the next one.")


def check_progress(cls: type[Augmenter], toys: Toys) -> None:
    """Progress, where it is told, stays within 0 and 1, never falls and ends at 1."""
    train = toys.ordinary()
    for work in ("fit", "augment"):
        job = _Recorder()
        if work == "fit":
            fitted(cls, train, job=job)
        else:
            fitted(cls, train).augment(rarest(train), 20, rng_from("progress"), job)
        told = job.fractions
        if told:
            expect(min(told) >= 0 and max(told) <= 1, f"Progress of {work} left [0, 1]: {told}.")
            expect(sorted(told) == told, f"Progress of {work} fell: {told}.")
            expect(told[-1] == 1, f"Progress of {work} ended at {told[-1]}.")


def check_no_network(cls: type[Augmenter], toys: Toys) -> None:
    """Nothing is asked from any host unless Need.NETWORK is declared."""
    if Need.NETWORK in cls.card.needs:
        return
    with blocked_sockets() as attempts:
        made(cls, toys.ordinary())
    expect(not attempts, f"'{cls.card.key}' tried to reach {attempts}; declare Need.NETWORK or stay offline.")


@contextmanager
def blocked_sockets() -> Iterator[list[str]]:
    """Refuse every connection and name look-up inside; yields the list of what was tried."""
    attempts: list[str] = []

    def refuse(*arguments: Any, **_: Any) -> Any:
        attempts.append(str([a for a in arguments if not isinstance(a, socket.socket)])[:100])
        raise OSError("no network while an augmenter runs")

    names = [(socket.socket, "connect"), (socket.socket, "connect_ex"), (socket, "getaddrinfo")]
    kept = [(owner, name, getattr(owner, name)) for owner, name in names]
    for owner, name in names:
        setattr(owner, name, refuse)
    try:
        yield attempts
    finally:
        for owner, name, original in kept:
            setattr(owner, name, original)


class _Stop(Job):
    """Lets a number of checks pass, then cancels."""

    def __init__(self, checks: int) -> None:
        self.left = checks

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("stopped")


class _Recorder(Job):
    def __init__(self) -> None:
        self.fractions: list[float] = []

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        self.fractions.append(fraction)


def _is_cancelled(work: Any, checks: int) -> bool:
    try:
        work(_Stop(checks))
    except Cancelled:
        return True
    return False


def _raises_not_fitted(augmenter: Augmenter, target: str) -> bool:
    try:
        augmenter.augment(target, 1, rng_from("unfitted"))
    except NotFitted:
        return True
    return False


def _file_bytes(train: Dataset) -> dict[str, bytes]:
    if train.root is None:
        return {}
    return {str(p.relative_to(train.root)): p.read_bytes() for p in sorted(train.root.rglob("*")) if p.is_file()}


def _seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def _global_state() -> dict[str, str]:
    state = {"random": repr(random.getstate()), "numpy": repr(np.random.get_state()[1].tolist())}  # type: ignore[index]
    if "torch" in sys.modules:
        state["torch"] = repr(sys.modules["torch"].get_rng_state().tolist())
    return state
