"""Back-translation: Apertium for real where it is installed, a tiny model for the loading code."""

import json
from collections.abc import Sequence

import pytest

from augmentors.catalog import get
from augmentors.testing.texts import ENGLISH, TARGET, dataset, made, pairs
from augmentors.text import back_translation
from augmentors.text.apertium import Apertium, installed_pairs
from augmentors.text.back_translated import BACK, EQUAL, LOST, verdict
from augmentors.text.sentences import sentences
from augmentors.text.tokens import tokenise
from augmentors.text.translation import Translator

needs_apertium = pytest.mark.skipif(
    not {"eng-spa", "spa-eng"} <= set(installed_pairs() or ()), reason="apertium-eng-spa is not installed"
)


@pytest.mark.parametrize(
    "sentence, back, expected",
    [
        ("The lamp is small.", "the lamp is small", EQUAL),
        ("The lamp is small.", "The lamp is little.", BACK),
        ("Call 555 now.", "Call now.", LOST),
        ("See www.a.org now.", "Look at www.a.org now.", BACK),
        ("Hello", "", LOST),
        (" ".join(["word"] * 20) + " lamp", " ".join(["word"] * 20) + " light", EQUAL),
    ],
)
def test_verdict(sentence: str, back: str, expected: str) -> None:
    assert verdict(sentence, back) == expected


@needs_apertium
def test_apertium_translates_each_text_alone() -> None:
    there = Apertium("eng-spa")
    texts = ["The big", "red cars are fast", "", "A [b] {c} ^d$ <e> @f / \\ x@y.org", "The cat sleeps."]
    together = there.translate(texts)
    assert together == [there.translate([text])[0] for text in texts]
    assert "gato" in together[-1][0] and all(mark in together[3][0] for mark in "[]{}^$<>@/\\")


@needs_apertium
def test_round_trip_through_apertium() -> None:
    texts = ["The old engine makes a strange noise. My sister bought three cars in 2019.", "The cat sleeps."]
    samples = made("back_translation", texts, 4, engine="apertium", rate=1.0)
    for parent, new in pairs(samples, texts):
        assert new != parent and ("2019" in new) == ("2019" in parent)
    assert made("back_translation", texts, 4, engine="apertium", rate=1.0).frame.equals(samples.frame)


class Upside(Translator):
    """An engine that adds a word, keeps a sentence as it is, or loses a number."""

    def translate(self, texts: Sequence[str]) -> list[list[str]]:
        return [[text if "same" in text else f"Well {text}".replace("7", "")] for text in texts]


def test_any_engine_will_do_and_what_is_dropped_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(back_translation, "apertium", lambda source, target: Upside())
    texts = ["It is the same. It is new.", "I have 7 lamps.", "It stays the same."]
    samples = made("back_translation", texts, 12, engine="apertium")
    assert set(samples.frame["text"]) == {"It is the same. Well Well It is new."}
    assert any("Of 4 sentences" in n and "2 came back equal" in n and "1 without" in n for n in samples.notes)
    assert any("2 of 3 texts" in note for note in samples.notes)


def test_a_tiny_model_loads_and_translates() -> None:
    for drawn in made("back_translation", ENGLISH, 4, variants=2).certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            assert verdict(edit["from"], edit["to"]) == BACK


def test_whole_sentences_without_protected_phrases_go() -> None:
    texts = ["The big lamp is here. A small box is there."]
    for drawn in made("back_translation", texts, 10, rate=1.0, protected=["small box"]).certificate["drawn"]:
        assert [edit["from"] for edit in json.loads(drawn)["edits"]] == ["The big lamp is here."]
    tokens = tokenise(texts[0])
    assert len(sentences(tokens)) == 2


def test_reasons() -> None:
    reason = get("back_translation")(source="xyz").why_not(dataset(ENGLISH), TARGET) or ""
    assert "not installed" in reason or "no translation from 'xyz' to 'spa'" in reason
    missing = get("back_translation")(engine="model", there="no/such").why_not(dataset(ENGLISH), TARGET) or ""
    assert "found no model 'no/such'" in missing
