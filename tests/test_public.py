import importlib.util
import re
from collections.abc import Callable

import pytest

import augmentors as cw
from augmentors.core.errors import UserError


@pytest.mark.parametrize("name", cw.__all__)
def test_every_public_name_is_a_function_and_no_module(name: str) -> None:
    assert callable(getattr(cw, name))
    assert importlib.util.find_spec(f"augmentors.{name}") is None


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cw.nothing


@pytest.mark.parametrize("name", cw.__all__)
@pytest.mark.parametrize(
    "arguments",
    [((), {}), ((3,), {}), ((None, None, None, None), {}), (("nowhere", "x", "y"), {}), (("x",), {"no_such": 1})],
    ids=["none", "number", "None", "texts", "unknown name"],
)
def test_wrong_arguments_are_one_sentence_of_our_own(name: str, arguments: tuple) -> None:
    with pytest.raises(UserError) as stop:
        getattr(cw, name)(*arguments[0], **arguments[1])
    sentence = str(stop.value)
    assert "\n" not in sentence and sentence.endswith(".") and "pydantic" not in sentence


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cw.make_recipe("smote", seed=-1), "'seed' parameter of make_recipe"),
        (lambda: cw.make_recipe("smote", seed=True), "must be int. Got True"),
        (lambda: cw.make_recipe("smote", params={"smote": 3}), "must be dict of str to dict of str to Any or None"),
        (lambda: cw.make_recipe("smote", when_not_applicable="maybe"), "must be 'stop' or 'skip' or 'repeat'"),
        (lambda: cw.make_recipe("smote", before="near_miss"), "'before' parameter of make_recipe"),
        (lambda: cw.make_recipe("smote", target="2:1"), "The target must be auto"),
        (lambda: cw.load("nowhere.csv"), "nowhere.csv"),
        (lambda: cw.verify("nowhere"), "'nowhere' is not an export"),
    ],
)
def test_wrong_values_name_the_parameter_and_what_is_expected(call: Callable[[], object], words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        call()
