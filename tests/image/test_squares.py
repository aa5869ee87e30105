import numpy as np
import pytest

from augmentors.image.squares import from_square, to_square


@pytest.mark.parametrize("shape", [(28, 28), (32, 25), (24, 32, 3), (31, 29, 3)])
def test_what_nearly_fills_the_square_comes_back_as_it_was(shape: tuple[int, ...]) -> None:
    image = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    square = to_square(image, 32)
    assert square.shape == (32, 32, *shape[2:])
    assert np.array_equal(from_square(square, *shape[:2]), image)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (300, 200, 3), (10, 12)])
def test_others_are_resized_and_back(shape: tuple[int, ...]) -> None:
    image = np.full(shape, 77, np.uint8)
    square = to_square(image, 32)
    assert square.shape == (32, 32, *shape[2:])
    back = from_square(square, *shape[:2])
    assert back.shape == shape and (back == 77).all()
