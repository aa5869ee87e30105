"""Streams of random numbers: those of the published generator, one per seed, evenly spread."""

import random
from itertools import chain, repeat

import numpy as np
import pytest

from augmentors.image.sample_streams import DrawnRandom, Streams, mixed, shares, words


def splitmix64(state: int, count: int) -> list[int]:
    """Return the words of SplitMix64 as its authors wrote it down, in plain whole numbers."""
    found, mask = [], 2**64 - 1
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        found.append(z ^ (z >> 31))
    return found


def test_words_are_those_of_splitmix64() -> None:
    # The first outputs for the state 1234567, from the reference implementation.
    assert splitmix64(1234567, 3) == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    seeds = np.array([0, 1, 2**32 - 1, 2**63], dtype=np.uint64)
    for row, start in zip(words(seeds, 0, 40).tolist(), mixed(seeds).tolist(), strict=True):
        assert row == splitmix64(start, 40)
    assert (words(seeds, 10, 5) == words(seeds, 0, 15)[:, 10:]).all()
    assert shares(np.array([0, 2**64 - 1], dtype=np.uint64)).tolist() == [0.0, 1 - 2**-53]


def drawn(streams: Streams, place: int) -> tuple[list[float], list[float], list[int]]:
    plain = streams.plain(place)
    first = [plain.random() for _ in range(400)]
    plain = streams.plain(place)
    whole = [plain.randint(0, 9), plain.randint(0, 2**32 - 1), plain.choice([5, 6, 7]), plain.getrandbits(70)]
    return streams.numpy(place).random(5).tolist(), first, whole


def test_a_stream_depends_on_its_seed_alone() -> None:
    seeds = np.random.default_rng(0).integers(2**32, size=300).tolist()
    streams = Streams(seeds)
    places = [299, 0, 128, 127, 5, 0]
    together = [drawn(streams, place) for place in places]
    assert together == [drawn(Streams([seeds[place]]), 0) for place in places]
    assert len({tuple(numbers) for _, numbers, _ in together}) == 5


def test_generators_begin_anew_for_every_sample() -> None:
    streams = Streams([3, 4])
    rng, plain = streams.numpy(0), streams.plain(0)
    rng.integers(10, dtype=np.uint32)  # leaves half a word behind
    plain.gauss()  # leaves a second number behind
    other = streams.numpy(1).integers(1000, size=4, dtype=np.uint32).tolist(), streams.plain(1).gauss()
    fresh = Streams([4])
    assert other == (fresh.numpy(0).integers(1000, size=4, dtype=np.uint32).tolist(), fresh.plain(0).gauss())


@pytest.mark.parametrize("seeds", [range(4000), range(0, 2**40, 2**28)], ids=["neighbours", "apart"])
def test_numbers_are_evenly_spread_over_seeds(seeds: range) -> None:
    # Standard deviations of a mean of n even numbers are 1 / sqrt(12 n); five of them are never passed by chance.
    streams = Streams(seeds)
    first = np.array([[streams.plain(i).random(), streams.numpy(i).random()] for i in range(len(seeds))])
    assert np.abs(first.mean(axis=0) - 0.5).max() < 5 / np.sqrt(12 * len(seeds))
    assert np.abs(np.corrcoef(first.T)[0, 1]) < 5 / np.sqrt(len(seeds))
    assert np.abs(np.corrcoef(first[:-1, 0], first[1:, 0])[0, 1]) < 5 / np.sqrt(len(seeds))


def test_choices_are_evenly_spread() -> None:
    plain = Streams([8]).plain(0)
    counts = np.bincount([plain.randrange(7) for _ in range(7000)], minlength=7)
    assert ((counts - 1000) ** 2 / 1000).sum() < 30  # chi squared, 6 degrees of freedom: p = 4e-5
    assert sorted(plain.sample(range(50), 50)) == list(range(50))
    assert 0 <= plain.randrange(2**90) < 2**90


def test_bits_come_from_the_numbers_given() -> None:
    given = DrawnRandom()
    given.begin(chain([0.5, 0.25, 1 - 2**-53], repeat(0.0)))
    assert given.getrandbits(1) == 1
    assert given.getrandbits(40) == 0x40000000FF
    given.begin(iter([1 - 2**-53] * 2))
    assert given.randrange(2**32 - 1) == 2**32 - 2
    assert given.getrandbits(0) == 0
    assert isinstance(given, random.Random)
