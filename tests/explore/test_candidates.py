from pathlib import Path

import numpy as np

from augmentors.explore.candidates import candidates_of
from augmentors.explore.embeddings import embed, embed_images
from augmentors.explore.images import read_pixels
from augmentors.testing import toy_images, toy_table


def test_new_rows_follow_and_teach_no_scale() -> None:
    train = toy_table({"common": 20, "rare": 5})
    new = train.frame.iloc[:3].set_axis(["n1", "n2", "n3"])
    candidates = candidates_of(train, new)
    assert candidates.is_new.tolist() == [False] * 25 + [True] * 3
    assert candidates.real_counts == {"common": 20, "rare": 5}
    np.testing.assert_array_equal(candidates.vectors()[:25], embed(train))
    np.testing.assert_array_equal(candidates.vectors()[25:], embed(train)[:3])


def test_new_images_are_read_from_their_bytes(tmp_path: Path) -> None:
    train = toy_images(tmp_path)
    file = train.image_path(0)
    candidates = candidates_of(train, train.frame.iloc[:1].set_axis(["new"]), [file.read_bytes()])
    assert candidates.vectors().shape == (len(train) + 1, 1280)
    np.testing.assert_allclose(candidates.vectors()[-1], embed_images([read_pixels(file)])[0], rtol=1e-4, atol=1e-4)
