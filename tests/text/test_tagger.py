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


def test_tags_of_some_words_are_those_of_all() -> None:
    lines = (assets_dir() / "samples" / "spam.jsonl").read_text(encoding="utf-8").splitlines()[:20]
    rng = np.random.default_rng(0)
    for line in lines:
        words = json.loads(line)["text"].split()
        wanted = rng.permutation(len(words))[: len(words) // 5].tolist()
        all_tags, known = tagger().tag(words), dict[int, str]()
        some = [tagger().tag_at(words, i, known, ends=frozenset()) for i in wanted]
        assert some == [all_tags[i] for i in wanted]
        assert len(known) < len(words)


def test_tags_in_a_text_are_those_in_its_sentences() -> None:
    text = ["The", " ", "old", " ", "dogs", " ", "slept", "!", "  ", "Can", " ", "you", " ", "answer", "?", " ", "Old"]
    known: dict[int, str] = {}
    found = [tagger().tag_at(text, at, known) for at, token in enumerate(text) if not token.isspace()]
    sentences = (["The", "old", "dogs", "slept", "!"], ["Can", "you", "answer", "?"], ["Old"])
    assert found == [tag for sentence in sentences for tag in tagger().tag(sentence)]


def test_sums_add_up_like_numbers() -> None:
    model = tagger()
    lamp = model._facts["lamp"]
    total = (model._past["DT", "-START-"] + lamp.own).to_bytes(model._bytes, "little")
    scores = dict(zip(model._tags, np.frombuffer(total, np.uint32).astype(int) - 2**30, strict=True))
    names = ["i word lamp", "i suffix amp", "i pref1 l", "bias", "i-1 tag DT", "i-2 tag -START-"]
    rows = [model._weights.get(name, {}) for name in [*names, "i tag+i-2 tag DT -START-"]]
    assert scores == {tag: sum(round(1000 * row.get(tag, 0.0)) for row in rows) for tag in model._tags}
    assert min(scores.values()) < 0 < max(scores.values())
