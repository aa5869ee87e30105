"""The tagger gives NLTK's tags."""

import json

import numpy as np

from augmentors.ingest.samples import assets_dir
from augmentors.text.tagger import language_folder, tagger
from augmentors.text.tokens import SPACE, split


def test_tags_equal_nltk_on_the_sample_mails() -> None:
    import nltk
    from nltk.tag.perceptron import PerceptronTagger

    folder = str(language_folder() / "nltk_data")
    nltk.data.path.insert(0, folder)
    try:
        theirs = PerceptronTagger()
    finally:
        nltk.data.path.remove(folder)
    lines = (assets_dir() / "samples" / "spam.jsonl").read_text(encoding="utf-8").splitlines()[:150]
    differ = total = 0
    for line in lines:
        texts, kinds = split(json.loads(line)["text"])
        words = [text for text, kind in zip(texts, kinds, strict=True) if kind != SPACE]
        differ += sum(a != b for a, (_, b) in zip(tagger().tag(words), theirs.tag(words), strict=True))
        total += len(words)
    # Ties between sums of floats, which NLTK rounds, are the only difference: about one word in 100,000.
    assert total > 5_000 and differ <= 1


def test_tagging_is_pure() -> None:
    words = ["The", "old", "dogs", "slept", "in", "1999", ",", "well-fed", "!"]
    first = tagger().tag(words)
    tagger().tag(["Other", "words"])
    assert tagger().tag(words) == first == ["DT", "JJ", "NNS", "VBD", "IN", "CD", ",", "NN", "."]
    assert tagger().tag([]) == []


def test_sums_are_whole_numbers() -> None:
    assert tagger()._own["lamp"].dtype == np.int32
