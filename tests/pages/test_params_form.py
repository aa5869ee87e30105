"""Every augmenter's form draws and gives back the defaults."""

import pytest
from pydantic import Field
from pydantic.fields import FieldInfo
from streamlit.testing.v1 import AppTest

from augmentors import catalog
from augmentors.core.augmenter import Augmenter
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.registry import PRETEXTS
from pages.ui.params_form import bounds


def draw(key: str) -> None:
    import streamlit as st

    from augmentors import catalog
    from pages.ui.params_form import params_form

    st.json({"given": params_form(catalog.get(key), f"form.{key}")})


def draw_pretext(key: str) -> None:
    import streamlit as st

    from augmentors.selfsup.registry import pretext
    from pages.ui.params_form import params_form

    st.json({"given": params_form(pretext(key), f"form.{key}")})


def given(app: AppTest) -> object:
    import json

    return json.loads(app.json[0].value)["given"]


@pytest.mark.parametrize("cls", catalog.AUGMENTERS, ids=lambda cls: cls.card.key)
def test_form_returns_defaults(cls: type[Augmenter]) -> None:
    app = AppTest.from_function(draw, args=(cls.card.key,)).run()
    assert not app.exception
    assert given(app) == cls().entry["params"]


@pytest.mark.parametrize("cls", PRETEXTS, ids=lambda cls: cls.card.key)
def test_forms_of_pretexts_return_defaults(cls: type[Encoder]) -> None:
    app = AppTest.from_function(draw_pretext, args=(cls.card.key,)).run()
    assert not app.exception
    assert given(app) == cls().entry["params"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"gt": 0, "le": 0.01}, (0.00001, 0.01)),  # a learning rate of 0.0001 lies inside
        ({"gt": 0, "lt": 1}, (0.001, 0.999)),
        ({"ge": 0, "le": 5}, (0.0, 5.0)),
        ({"gt": 0}, (0.001, None)),
    ],
)
def test_bounds_that_are_excluded_move_in_by_a_hair(
    rules: dict[str, float], expected: tuple[float | None, float | None]
) -> None:
    assert bounds(FieldInfo.from_annotated_attribute(float, Field(0.5, **rules)), whole=False) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", catalog.AUGMENTERS, ids=lambda cls: cls.card.key)
def test_every_field_has_a_widget_with_help(cls: type[Augmenter]) -> None:
    app = AppTest.from_function(draw, args=(cls.card.key,)).run()
    drawn = [app.slider, app.number_input, app.toggle, app.text_area, app.text_input, app.selectbox, app.button_group]
    keys = {widget.key for group in drawn for widget in group}
    for name, field in cls.Params.model_fields.items():
        assert f"form.{cls.card.key}.{name}" in keys
        assert field.description


def test_slider_and_box_follow_each_other_and_reset_restores() -> None:
    app = AppTest.from_function(draw, args=("smote",)).run()
    app.slider(key="form.smote.k_neighbors.slide").set_value(9).run()
    assert given(app)["k_neighbors"] == 9
    app.number_input(key="form.smote.k_neighbors").set_value(3).run()
    assert given(app)["k_neighbors"] == 3
    assert app.slider(key="form.smote.k_neighbors.slide").value == 3
    app.button(key="form.smote.reset").click().run()
    assert given(app) == catalog.get("smote")().entry["params"]


def test_a_range_is_one_slider_and_an_impossible_one_is_explained() -> None:
    app = AppTest.from_function(draw, args=("rotate",)).run()
    app.slider(key="form.rotate.angle_min.slide").set_value((-30.0, 5.0)).run()
    assert (given(app)["angle_min"], given(app)["angle_max"]) == (-30.0, 5.0)
    app.number_input(key="form.rotate.angle_min").set_value(40.0).run()
    assert given(app) is None
    assert "Rotate" in app.warning[0].value


def test_steps_of_a_pipeline_are_lines_and_a_wrong_one_is_explained() -> None:
    app = AppTest.from_function(draw, args=("pipeline",)).run()
    area = app.text_area(key="form.pipeline.steps")
    assert area.value.splitlines() == ["flip p=0.5", "affine p=0.7", "brightness_contrast p=0.5"]
    area.set_value("rotate p=0.3 angle_min=-5\nblur").run()
    assert given(app)["steps"] == [
        {"augmenter": "rotate", "params": {"angle_min": -5}, "probability": 0.3},
        {"augmenter": "blur", "params": {}, "probability": 0.5},
    ]
    app.text_area(key="form.pipeline.steps").set_value("rotat").run()
    assert given(app) is None
    assert "'rotat' cannot be a step" in app.warning[0].value
