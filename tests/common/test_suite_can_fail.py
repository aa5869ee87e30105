"""Every check of the suite fails on an augmenter that is broken in its way."""

import random
import socket
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ConfigDict, Field, field_validator

from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Draws, Made
from augmentors.testing import CHECKS, Honest, Toys, check_augmenter, toy_table

BROKEN: list[tuple[str, type[Augmenter]]] = []


def breaks(check: str) -> Any:
    """Register a broken augmenter under the check that must catch it."""

    def register(cls: type[Augmenter]) -> type[Augmenter]:
        BROKEN.append((f"check_{check}", cls))
        return cls

    return register


@breaks("card")
class SummaryIsNoSentence(Honest):
    card = replace(Honest.card, summary="jitters")


@breaks("card")
class ParameterWithoutHelp(Honest):
    __doc__ = Honest.__doc__

    class Params(Honest.Params):
        more: int = 1


@breaks("card")
class NoExample(Honest):
    """Does things."""


@breaks("default_constructible")
class ParameterWithoutDefault(Honest):
    class Params(BaseParams):
        amount: float = Field(title="Amount", description="How far numbers move.")


@breaks("json_round_trip")
class ValueChangesOnEveryLoad(Honest):
    class Params(Honest.Params):
        @field_validator("amount")
        @classmethod
        def halve(cls, value: float) -> float:
            return value / 2


@breaks("unknown_parameter")
class UnknownIsIgnored(Honest):
    class Params(Honest.Params):
        model_config = ConfigDict(extra="ignore", frozen=True)


@breaks("invalid_values")
class InvalidIsReplaced(Honest):
    class Params(Honest.Params):
        @field_validator("amount", mode="before")
        @classmethod
        def clip(cls, value: Any) -> float:
            return min(max(value, 0), 10) if isinstance(value, int | float) else 1.0


@breaks("no_dead_parameter")
class DeadParameter(Honest):
    class Params(Honest.Params):
        unused: bool = Field(False, title="Unused", description="Does nothing at all.")


@breaks("no_dead_parameter")
class ParameterThatCannotBeProbed(Honest):
    class Params(Honest.Params):
        name: str = Field("x", title="Name", description="Has no examples to try.")


class Altered(Honest):
    """Changes what Honest draws or makes."""

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return self.alter_draws(super()._draw(target, n, rng))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        made = super()._apply(target, draws, job)
        self.alter(made.columns, draws, job)
        return made

    def alter_draws(self, draws: Draws) -> Draws:
        return draws

    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        """Change the columns in place."""


@breaks("exact_count")
class OneTooMany(Honest):
    def augment_blocks(self, target: str, blocks: Any, job: Job = NO_JOB) -> Any:
        return super().augment_blocks(target, [(n + 1, rng) for n, rng in blocks], job)


@breaks("exact_count")
class WeightsDoNotSumToOne(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        return replace(draws, weights=draws.weights * 0.5)


@breaks("exact_count")
class NegativeWeight(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        twice = np.repeat(draws.parents, 2, axis=1)
        return replace(draws, parents=twice, weights=np.tile([1.5, -0.5], (len(draws), 1)))


@breaks("exact_count")
class ParentlessWithoutFit(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        self.kept = draws.parents
        return replace(draws, parents=np.full_like(draws.parents, -1), weights=np.zeros(draws.weights.shape))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        return super()._apply(target, replace(draws, parents=self.kept), job)


@breaks("exact_count")
class LeavesHoles(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        columns["width"] = np.nan


@breaks("exact_count")
class InventsACategory(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        columns["colour"] = "purple"


@breaks("exact_count")
class MakesInfinity(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        columns["width"] = np.inf


@breaks("exact_count")
class SameIdsTwice(Honest):
    def _package(self, target: str, ids: list[str], *rest: Any) -> Any:
        return super()._package(target, ["new"] * len(ids), *rest)


@breaks("exact_count")
class IdOfATrainingSample(Honest):
    def _package(self, target: str, ids: list[str], *rest: Any) -> Any:
        return super()._package(target, [f"r{i}" for i in range(len(ids))], *rest)


@breaks("zero_asked")
class AtLeastOne(Honest):
    def augment_blocks(self, target: str, blocks: Any, job: Job = NO_JOB) -> Any:
        return super().augment_blocks(target, [(max(n, 1), rng) for n, rng in blocks], job)


@breaks("tiny_classes")
class CrashesOnSmallClasses(Honest):
    def _prepare(self, target: str) -> Any:
        return self.train.positions(target)[3]


@breaks("tiny_classes")
class ReasonIsNoSentence(Honest):
    def _applies_to_target(self, train: Dataset, target: str) -> None:
        if train.class_counts[target] < 3:
            raise NotApplicable("too few")


@breaks("labels")
class ComparesLabelsAsText(Honest):
    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        own = np.flatnonzero((self.train.frame[self.train.schema.label] == target).to_numpy())
        return Draws.one_parent(rng.choice(own, n), noise=rng.random(n))


@breaks("odd_inputs")
class ExpectsNoMissingValues(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        for name in self.train.schema.features("number"):
            columns[name] = columns[name].round().astype("int64")


@breaks("makes_something_new")
class CopiesInSecret(Honest):
    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        return Made(self.train.frame.iloc[draws.parents[:, 0]].reset_index(drop=True))


@breaks("makes_something_new")
class SaysItCopies(Honest):
    card = replace(Honest.card, needs=frozenset({Need.COPIES}))


@breaks("notes")
class NoteIsNoSentence(Honest):
    def _prepare(self, target: str) -> None:
        self._note(target, "fallback")


@breaks("same_seed")
class OwnEntropy(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        return replace(draws, values={"noise": np.random.default_rng().random(len(draws))})


@breaks("same_seed")
class IgnoresTheSeed(Honest):
    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return super()._draw(target, n, np.random.default_rng(0))


@breaks("global_state")
class DrawsFromNumpy(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        return replace(draws, values={"noise": np.random.random(len(draws))})


@breaks("global_state")
class SeedsPython(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        random.seed(7)
        return draws


@breaks("global_state")
class ReadsPythonAndRestoresIt(Altered):
    def alter_draws(self, draws: Draws) -> Draws:
        state = random.getstate()
        noise = np.array([random.random() for _ in range(len(draws))])
        random.setstate(state)
        return replace(draws, values={"noise": noise})


@breaks("input_unmutated")
class WritesIntoTheInput(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        self.train.frame.loc[self.train.ids[draws.parents[0, 0]], "width"] = 0.0


@breaks("order_irrelevant")
class LooksAtTheFirstRow(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        columns["width"] += self.train.frame["width"].iloc[0]


@breaks("blocks")
class CountsRows(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        columns["width"] += np.arange(len(columns))


@breaks("blocks")
class RemembersCalls(Altered):
    calls = 0

    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        self.calls += 1
        columns["width"] += self.calls


@breaks("save_load")
class ForgetsWhatItLearnt(Altered):
    learnt = 0.0

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        self.learnt = rng.random()

    def _load_weights(self, folder: Path) -> None:
        """Restore nothing."""

    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        columns["width"] += self.learnt


@breaks("save_load")
class SavesAPickle(Honest):
    def _save_weights(self, folder: Path) -> None:
        (folder / "weights.pkl").write_bytes(b"")


@breaks("unfitted")
class WorksUnfitted(Honest):
    @property
    def train(self) -> Dataset:
        return self._train or toy_table()


@breaks("cancel")
class FitCannotBeCancelled(Honest):
    def fit(self, train: Dataset, rng: np.random.Generator, job: Job = NO_JOB) -> Any:
        return super().fit(train, rng)


@breaks("cancel")
class AugmentCannotBeCancelled(Honest):
    def augment_blocks(self, target: str, blocks: Any, job: Job = NO_JOB) -> Any:
        return super().augment_blocks(target, blocks)


@breaks("cancel")
class KeepsHalfOfCancelledWork(Altered):
    half = 0

    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        self.half += 1
        job.check()
        columns["width"] += self.half
        self.half -= 1


@breaks("progress")
class NeverArrives(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        job.progress(0.5)


@breaks("progress")
class GoesBack(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        for fraction in (0.8, 0.3, 1.0):
            job.progress(fraction)


@breaks("progress")
class LeavesTheScale(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        for fraction in (0.5, 100.0):
            job.progress(fraction)


@breaks("no_network")
class PhonesHomeQuietly(Altered):
    def alter(self, columns: Any, draws: Draws, job: Job) -> None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", 9), timeout=0.1)


def test_an_honest_augmenter_passes_everything() -> None:
    check_augmenter(Honest)


@pytest.mark.parametrize(("name", "broken"), BROKEN, ids=[f"{n}-{c.__name__}" for n, c in BROKEN])
def test_the_check_catches(name: str, broken: type[Augmenter], tmp_path: Path) -> None:
    check = {c.__name__: c for c in CHECKS}[name]
    # A plain crash of the augmenter counts too: the check ran into it.
    with pytest.raises((AssertionError, ValueError, IndexError)):
        check(broken, Toys("table", tmp_path))


def test_every_check_can_fail() -> None:
    caught = {name for name, _ in BROKEN}
    assert [check.__name__ for check in CHECKS if check.__name__ not in caught] == []
