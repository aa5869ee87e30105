"""TF-IDF word replacement: weights by hand, keywords stay, words come from the class."""

import json
from collections import Counter
from math import log

import numpy as np
import pytest

from augmentors.catalog import get
from augmentors.core.seeds import rng_from
from augmentors.testing.texts import TARGET, dataset, made
from augmentors.text.tfidf_replacement import Offer, weighted

TEXTS = ["the cat saw the mouse", "the dog saw a bone", "the old cat"]
GOLDEN = ["a the saw the mouse", "a dog the a bone", "a dog the a bone"]


def test_golden_text() -> None:
    assert made("tfidf_replacement", TEXTS, 3, rate=0.5).frame["text"].tolist() == GOLDEN


def test_weights_of_words_by_hand() -> None:
    # Counts times ln(4 / texts with the word): the 3 * ln 2 of 'c' is the most.
    offer = Offer.of(Counter(a=1, b=2, c=3), {"a": log(4), "b": 0.0, "c": log(2)})
    assert offer.words == ["a", "b", "c"]
    assert np.diff([0, *offer.sums]).tolist() == [round(1e6 * log(2)), round(3e6 * log(2)), 0]
    # 'b' holds the last three quarters; drawn for itself, the next word stands in.
    assert [offer.draw(lambda: 0.2, ""), offer.draw(lambda: 0.3, ""), offer.draw(lambda: 0.3, "b")] == ["a", "b", "c"]


def test_places_are_drawn_by_weight() -> None:
    rng = np.random.default_rng(0)
    first = Counter(weighted([1, 0, 3], 1, lambda: float(rng.random()))[0] for _ in range(4000))
    assert first[1] == 0 and first[2] / 4000 == pytest.approx(0.75, abs=0.03)


def test_words_that_say_most_stay_and_new_ones_are_of_the_class() -> None:
    texts = [*TEXTS, "the quick quick quick fox ran"]
    augmenter = get("tfidf_replacement")(rate=0.5, keep=0.6).fit(dataset(texts), rng_from("fit"))
    samples = augmenter.augment(TARGET, 200, rng_from("test"))
    vocabulary = {word for text in texts for word in text.split()}
    old = {edit["from"] for drawn in samples.certificate["drawn"] for edit in json.loads(drawn)["edits"]}
    new = {edit["to"] for drawn in samples.certificate["drawn"] for edit in json.loads(drawn)["edits"]}
    assert old == {"the", "saw", "cat", "fox", "ran"}
    # The largest count times IDF is that of 'quick'; 'other' is a word of another class.
    assert new == vocabulary - {"quick"}


def test_letter_case_and_protected_words() -> None:
    texts = ["The CAT saw it.", "The DOG ran."]
    for text in made("tfidf_replacement", texts, 40, rate=0.5, protected=["cat", "dog"]).frame["text"]:
        assert ("CAT" in text or "DOG" in text) and "cat" not in text and "dog" not in text and text[0].isupper()


def test_one_word_is_too_few() -> None:
    assert "2 different" in str(get("tfidf_replacement")().why_not(dataset(["same", "Same same"]), TARGET))
