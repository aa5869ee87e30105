import numpy as np

from augmentors.testing import toy_text
from augmentors.text.random_text_oversampling import RandomTextOversampling


def test_every_text_is_that_of_its_parent() -> None:
    train = toy_text()
    rng = np.random.default_rng(0)
    samples = RandomTextOversampling().fit(train, rng).augment("rare", 20, rng)
    column = train.schema.text
    parents = train.frame[column].loc[samples.parents[:, 0]].tolist()
    assert samples.frame[column].tolist() == parents
    assert len(set(samples.parents[:, 0])) > 1
