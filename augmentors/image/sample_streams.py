"""The random numbers of one image after the other: a stream per seed, cheap to begin.

Seeding numpy's and Python's own generators takes as long as many a transform. Here the words that begin a stream
are hashed from the seeds of many samples at once, by SplitMix64.

References
----------
Steele, Lea & Flood (2014), Fast Splittable Pseudorandom Number Generators, OOPSLA, 453-472.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
# Words per sample: four are the state of numpy's generator, the others the first numbers of Python's.
FOR_NUMPY, FOR_PYTHON = 4, 28
LATER = 256


class Streams:
    """Two generators per sample, one of numpy's kind and one of Python's, which depend on its seed alone.

    Parameters
    ----------
    seeds : sequence of int or ndarray
        One per sample, 0 or more and below 2**64.
    """

    AT_ONCE = 128

    def __init__(self, seeds: Sequence[int] | np.ndarray) -> None:
        self._seeds = np.asarray(seeds, dtype=np.uint64)
        self._began, self._words, self._shares = -1, [[0]], [[0.0]]
        self._bits = np.random.PCG64(0)
        self._numpy, self._plain = np.random.Generator(self._bits), DrawnRandom()

    def numpy(self, place: int) -> np.random.Generator:
        """Return numpy's generator at the beginning of this sample's stream; the object is the same for all."""
        row = self._row(place)
        high, low, rest, odd = self._words[row]
        state: Any = {"state": high << 64 | low, "inc": rest << 64 | odd | 1}
        self._bits.state = {"bit_generator": "PCG64", "state": state, "has_uint32": 0, "uinteger": 0}
        return self._numpy

    def plain(self, place: int) -> random.Random:
        """Return Python's generator at the beginning of this sample's stream; the object is the same for all."""
        row = self._row(place)
        self._plain.begin(chain(self._shares[row], self._later(place)))
        return self._plain

    def _row(self, place: int) -> int:
        """Have the first words of this sample and its neighbours at hand, and return its place among them."""
        row = place % self.AT_ONCE
        if place - row != self._began:
            self._began = place - row
            drawn = words(self._seeds[self._began : self._began + self.AT_ONCE], 0, FOR_NUMPY + FOR_PYTHON)
            self._words, self._shares = drawn[:, :FOR_NUMPY].tolist(), shares(drawn[:, FOR_NUMPY:]).tolist()
        return row

    def _later(self, place: int) -> Iterator[float]:
        """Yield what follows the first numbers, which few transforms ever need."""
        seed, first = self._seeds[place : place + 1], FOR_NUMPY + FOR_PYTHON
        while True:
            yield from shares(words(seed, first, LATER))[0].tolist()
            first += LATER


class DrawnRandom(random.Random):
    """Python's generator over numbers in [0, 1) that come from elsewhere."""

    random: Callable[[], float]

    def begin(self, numbers: Iterator[float]) -> None:
        """Take numbers from here on from this iterator."""
        self.random = numbers.__next__
        self.gauss_next = None

    def getrandbits(self, k: int, /) -> int:
        """Return a whole number of k bits."""
        bits = 0
        for _ in range(-(-k // 32)):
            bits = bits << 32 | int(self.random() * 2**32)
        return bits >> -k % 32

    def _randbelow(self, n: int) -> int:
        """Return a whole number below n: what choosing and shuffling ask for."""
        return int(self.random() * n) if n <= 2**40 else self.getrandbits(n.bit_length() + 64) % n


def words(seeds: np.ndarray, first: int, count: int) -> np.ndarray:
    """Return words of 64 bits of the streams of some seeds.

    Parameters
    ----------
    seeds : ndarray of uint64, shape (n,)
    first, count : int
        Which words of each stream.

    Returns
    -------
    ndarray of uint64, shape (n, count)
    """
    steps = np.arange(first + 1, first + count + 1, dtype=np.uint64) * GOLDEN
    return mixed(mixed(seeds)[:, None] + steps)


def mixed(numbers: np.ndarray) -> np.ndarray:
    """Return words in which every bit depends on every bit of these (SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * FIRST
    numbers = (numbers ^ (numbers >> np.uint64(27))) * SECOND
    return numbers ^ (numbers >> np.uint64(31))


def shares(drawn: np.ndarray) -> np.ndarray:
    """Return words as numbers in [0, 1), 53 bits each."""
    return (drawn >> np.uint64(11)) * 2.0**-53
