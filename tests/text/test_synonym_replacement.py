"""Synonym replacement: part of speech, inflection, letter case, articles, names, opposites."""

import json
from itertools import pairwise

import pytest

from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import ENGLISH, made, pairs
from augmentors.text.lexicon import fitting_article, lexicon
from augmentors.text.places import Replaceable
from augmentors.text.tokens import tokenise


def replaceable(text: str, most: int = 12) -> dict[str, tuple[str, ...]]:
    tokens = tokenise(text)
    words = Replaceable(tokens, most, False)
    return {tokens.texts[place.at]: place.words for place in words.find(words.at)}


def test_golden_texts() -> None:
    new = [text for _, text in pairs(made("synonym_replacement", ENGLISH, 3, rate=0.3), ENGLISH)]
    assert new[1] == "I would happily purchase this car again! My sis desires a costly one as well."


@pytest.mark.parametrize(
    "text, word, expected",
    [
        ("She purchased it.", "purchased", "bought"),
        ("They like automobiles.", "automobiles", "cars"),
        ("It was bigger.", "bigger", "larger"),
        ("He is purchasing it.", "purchasing", "buying"),
        ("Automobiles are loud.", "Automobiles", "Cars"),
        ("We LIKE AUTOMOBILES.", "AUTOMOBILES", "CARS"),
        ("The children ran.", "children", "kids"),
    ],
)
def test_form_and_letter_case_are_kept(text: str, word: str, expected: str) -> None:
    assert expected in replaceable(text)[word]


def test_part_of_speech_decides() -> None:
    table = lexicon()
    assert set(table.synonyms("answer", "NN", 12, False)) != set(table.synonyms("answer", "VB", 12, False))
    assert table.synonyms("lamp", "NNP", 12, False) == ()


def test_function_words_names_and_codes_are_left_alone() -> None:
    found = replaceable("Then Robert Baker and the iPhone of the US will not be there.")
    assert not {"Then", "Robert", "Baker", "iPhone", "US", "will", "not", "be", "the"} & set(found)


@pytest.mark.parametrize("word, tag", [("good", "JJ"), ("hot", "JJ"), ("buy", "VB"), ("increase", "VB"), ("man", "NN")])
def test_opposites_are_never_offered(word: str, tag: str) -> None:
    table = lexicon()
    opposites = table._opposites
    for other in table.synonyms(word, tag, 12, True):
        assert other not in opposites.get(word, set()) and word not in opposites.get(other, set())


def test_an_article_follows_the_new_word() -> None:
    texts = ["This is a big automobile and an auto."]
    for _, new in pairs(made("synonym_replacement", texts, 60, rate=0.5, max_candidates=6), texts):
        words = new.rstrip(".").split()
        for article, word in pairwise(words):
            if article in ("a", "an"):
                assert fitting_article(article, word) == article


def test_a_protected_article_stays() -> None:
    texts = ["She bought an automobile."]
    samples = made("synonym_replacement", texts, 20, protected=["an"])
    assert all(" an " in text for text in samples.frame["text"])


def test_max_candidates_and_phrases_widen_the_choice() -> None:
    few = {t for _, t in pairs(made("synonym_replacement", ENGLISH, 60, max_candidates=1), ENGLISH)}
    many = {t for _, t in pairs(made("synonym_replacement", ENGLISH, 60, max_candidates=12), ENGLISH)}
    assert len(many) > len(few)
    assert any(" " in word for word in lexicon().synonyms("called", "VBD", 12, True))
    assert not any(" " in word for word in lexicon().synonyms("called", "VBD", 12, False))


def test_english_texts_among_others_are_the_parents() -> None:
    texts = [ENGLISH[0], "Der Zug war pünktlich und die Fahrt sehr ruhig.", ENGLISH[1]]
    samples = made("synonym_replacement", texts, 30)
    assert set(samples.parents[:, 0]) == {"r0", "r2"}
    assert all(e["op"] == "replace" for d in samples.certificate["drawn"] for e in json.loads(d)["edits"])


@pytest.mark.parametrize("word", ["Deliveries", "arrived", "don't", "went", "bigger", "running", "the", "boxes"])
def test_english_words_are_known(word: str) -> None:
    assert lexicon().knows(word)


@pytest.mark.parametrize("word", ["pünktlich", "Bahnhöfe", "contestó", "你", "мир", "qzx"])
def test_other_words_are_not_known(word: str) -> None:
    assert not lexicon().knows(word)


def test_choice_by_embedding_takes_the_synonym_that_fits() -> None:
    from augmentors.explore.embeddings import embed_texts

    texts = ["The children bought a small automobile for the journey."]
    samples = made("synonym_replacement", texts, 4, rate=0.3, choice="embedding", max_candidates=6)
    offered = replaceable(texts[0], 6)
    for drawn in samples.certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            if edit["from"] not in offered:
                continue  # an article
            versions = [texts[0].replace(edit["from"], word) for word in (edit["from"], *offered[edit["from"]])]
            vectors = embed_texts(versions)
            close = dict(zip(offered[edit["from"]], vectors[1:] @ vectors[0], strict=True))
            assert close[edit["to"]] >= max(close.values()) - 1e-4


def test_language_can_be_set() -> None:
    texts = ["Bahnhof Straße Brücke Dorf Fluss Wald Berg automobile"]
    with pytest.raises(NotApplicable):
        made("synonym_replacement", texts, 1)
    assert "automobile" not in made("synonym_replacement", texts, 1, language="english").frame["text"].iloc[0]
