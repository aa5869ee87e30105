import random

import numpy as np
import pytest

from augmentors.core.seeds import canonical_json, digest, isolated_global_state, rng_from


def test_digest_is_the_same_in_every_process_and_version() -> None:
    # A golden value: if it changes, every recipe out there gives other bytes.
    assert digest("recipe", 1, {"b": 2, "a": [1.5, "ü"]}) == "06c527c02e780f3d393f9f287acb258b"


def test_first_draws_of_a_seed_are_golden() -> None:
    assert rng_from("golden", 7).integers(0, 1000, 4).tolist() == [450, 749, 483, 764]


def test_canonical_json_ignores_the_order_of_keys() -> None:
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1}) == '{"a":2,"b":1}'


def test_isolated_global_state_is_seeded_inside_and_restored_after() -> None:
    random.seed(1)
    np.random.seed(1)
    expected = (random.random(), np.random.random())
    random.seed(1)
    np.random.seed(1)
    draws = []
    for _ in range(2):
        with isolated_global_state(2**40 + 5):
            draws.append((random.random(), np.random.random()))
    assert draws[0] == draws[1]
    assert (random.random(), np.random.random()) == expected


def test_isolated_global_state_is_restored_after_an_error() -> None:
    random.seed(1)
    state = random.getstate()
    with pytest.raises(ValueError, match="inside"), isolated_global_state(3):
        random.random()
        raise ValueError("inside")
    assert random.getstate() == state
