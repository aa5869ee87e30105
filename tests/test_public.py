import importlib.util

import pytest

import augmentors as cw


@pytest.mark.parametrize("name", cw.__all__)
def test_every_public_name_is_a_function_and_no_module(name: str) -> None:
    assert callable(getattr(cw, name))
    assert importlib.util.find_spec(f"augmentors.{name}") is None


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cw.nothing
