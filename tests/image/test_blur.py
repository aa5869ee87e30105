"""Blur softens in proportion to the image."""

import numpy as np
import pytest


@pytest.mark.parametrize("method", ["gaussian", "box", "median", "motion"])
def test_blur_softens_and_grows_with_the_image(method: str, studio) -> None:
    rng = np.random.default_rng(0)
    small, large = (rng.integers(0, 256, (side, side), dtype=np.uint8) for side in (50, 400))
    params = {"method": method, "radius_min": 2.0, "radius_max": 2.0}
    samples = studio.make("blur", studio.dataset([small, large]), 2, **params)
    kernel = {image.shape[0]: studio.told(samples, i)["kernel"] for i, image in enumerate(samples.images or [])}
    assert kernel[50] < kernel[400]
    assert all(image.std() < 60 for image in samples.images or [])  # uniform noise has 74
