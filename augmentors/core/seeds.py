"""Where randomness comes from: one hash per block, no global state."""

import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

BLOCK_SIZE = 64
# Kept, since json.dumps would build one for every certificate.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical_json(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, ASCII."""
    return _ENCODER.encode(value)


def digest(*parts: object, size: int = 16) -> str:
    """Return the blake2b hash of the parts' canonical JSON, as hex of `size` bytes."""
    return hashlib.blake2b(canonical_json(list(parts)).encode(), digest_size=size).hexdigest()


def rng_from(*parts: object) -> np.random.Generator:
    """Return a generator seeded by the parts alone.

    Examples
    --------
    >>> int(rng_from("a", 1).integers(100)) == int(rng_from("a", 1).integers(100))
    True
    """
    return np.random.Generator(np.random.PCG64(int(digest(*parts), 16)))


@contextmanager
def isolated_global_state(seed: int) -> Iterator[None]:
    """Seed `random` and numpy's global state inside, restore both after.

    For libraries that only know global state. Not safe across threads: call
    it in a worker process or on the main thread of a job.
    """
    python_state, numpy_state = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)
