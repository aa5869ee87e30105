"""A pipeline applies its steps in order, as often as asked, and says which were applied."""

import json
from typing import Any

import numpy as np
import pytest

from augmentors.catalog import get
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.image.pipeline import Pipeline, Step


def steps_of(samples: Any, studio: Any, i: int) -> list[str]:
    return [step["augmenter"] for step in studio.told(samples, i)["steps"]]


def test_two_mirrors_and_nothing_else_by_hand(studio) -> None:
    steps = ["flip p=1", "flip p=1 direction=vertical"]
    samples = studio.make("pipeline", studio.dataset([studio.photo()]), steps=steps)
    assert np.array_equal(studio.image(samples), studio.photo()[::-1, ::-1])
    assert [step["operator"] for step in studio.told(samples)["steps"]] == ["HorizontalFlip", "VerticalFlip"]


def test_order_counts(studio) -> None:
    train = studio.dataset([studio.photo()])
    one, other = (
        studio.image(studio.make("pipeline", train, steps=steps))
        for steps in (["cutout p=1 fill=white", "invert_img p=1"], ["invert_img p=1", "cutout p=1 fill=white"])
    )
    assert not np.array_equal(one, other)


def test_steps_are_applied_as_often_as_asked_and_never_none(studio) -> None:
    train = studio.dataset([studio.photo()])
    samples = studio.make("pipeline", train, 400, steps=["flip p=0.5", "invert_img p=0.2"])
    applied = [steps_of(samples, studio, i) for i in range(400)]
    assert all(applied)
    # 0.5 and what 0.4 of idle samples draw by chance: 0.5 + 0.4 · 5/7; the other 0.2 + 0.4 · 2/7.
    assert sum("flip" in a for a in applied) / 400 == pytest.approx(0.786, abs=0.08)
    assert sum("invert_img" in a for a in applied) / 400 == pytest.approx(0.314, abs=0.08)


def test_a_step_draws_what_its_augmenter_draws(studio) -> None:
    samples = studio.make("pipeline", studio.dataset([studio.photo()]), 3, steps=["rotate p=1 angle_min=4 angle_max=6"])
    assert all(4 <= studio.told(samples, i)["steps"][0]["angle"] <= 6 for i in range(3))


def test_colour_steps_are_skipped_on_grey_images_and_it_is_told(studio) -> None:
    train = studio.dataset([studio.photo()[..., 0]])
    samples = studio.make("pipeline", train, steps=["hue_saturation p=1", "flip p=1"])
    assert studio.told(samples)["steps"][0] == {"augmenter": "hue_saturation", "skipped": "grey image"}
    assert np.array_equal(studio.image(samples), studio.photo()[:, ::-1, 0])
    with pytest.raises(NotApplicable, match="All steps of Pipeline shift colours"):
        studio.make("pipeline", train, steps=["hue_saturation p=1"])


def test_lines_and_data_say_the_same_and_survive_json() -> None:
    lines = get("pipeline")(steps=["blur p=0.2 method=motion radius_max=2.5", "flip"])
    data = get("pipeline")(
        steps=[
            {"augmenter": "blur", "probability": 0.2, "params": {"method": "motion", "radius_max": 2.5}},
            {"augmenter": "flip"},
        ]
    )
    assert lines.params == data.params
    again = json.loads(json.dumps(lines.entry))["params"]
    assert get("pipeline")(**again).params == lines.params
    assert get("pipeline")(steps=[str(s) for s in lines.params.steps]).params == lines.params  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("smote p=1", "'smote' cannot be a step"),
        ("pipeline p=1", "'pipeline' cannot be a step"),
        ("mixup p=1", "'mixup' cannot be a step"),
        ("flip p=1.5", "less than or equal to 1"),
        ("flip p=0", "greater than 0"),
        ("flip p=often", "valid number"),
        ("rotate angle=3", "Rotate has no parameter 'angle'"),
        ("rotate angle_min=99", "must not be larger than angle_max"),
        ("  ", "steps"),
    ],
)
def test_wrong_steps_are_refused_in_one_sentence(step: str, said: str) -> None:
    with pytest.raises(InvalidParams, match=said):
        get("pipeline")(steps=[step])


def test_the_default_steps_stand_as_if_they_had_been_read() -> None:
    default = Pipeline().params.steps
    assert default == tuple(Step.model_validate(str(step)) for step in default)
    assert default == tuple(Step.model_validate(step.model_dump()) for step in default)
