"""Fallbacks told in certificates are counted per class and augmenter, on any number of workers."""

import json

from augmentors.balance import Balanced, balance_training_part
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.samples import FALLBACK
from augmentors.recipe import GateSettings, Recipe, with_full_params
from augmentors.testing.texts import TARGET, dataset

TEXTS = [f"{a} was {b}. {c} was {d}." for a, b, c, d in zip("WXYZ", "ABCD", "STUV", "EFGH", strict=True)]
TEXTS += ["The train was late.", "The bus was crowded.", "The flight was delayed."]


def balanced(key: str, workers: int) -> Balanced:
    params = {"vectors": "glove"} if key == "embedding_interpolation" else {}
    mix = (MixPart(augmenter=key, params=params),)
    plan = Plan(target="custom", entries=(PlanEntry(target=TARGET, count=600, mix=mix),))
    recipe = with_full_params(Recipe(seed=0, plan=plan, gate=GateSettings.off()))
    return balance_training_part(dataset(TEXTS), recipe, workers=workers)


def test_fallbacks_are_counted() -> None:
    one, two = balanced("embedding_interpolation", 1), balanced("embedding_interpolation", 2)
    assert one.kept is not None
    drawn = [json.loads(text) for text in one.kept.samples.certificate["drawn"]]
    count = sum(FALLBACK in facts for facts in drawn)
    assert 0 < count < 600 and count == sum(not facts["accepted"] for facts in drawn)
    assert [note for note in one.notes if f"for {count:,} of 600 new samples of '{TARGET}'" in note]
    assert one.notes == two.notes


def test_nothing_is_said_without_fallbacks() -> None:
    assert balanced("random_swap", 1).notes == []
