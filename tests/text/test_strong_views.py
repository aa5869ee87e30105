"""Strong views of texts: which way is chosen, what each view is, and that it depends on its text alone."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from augmentors.core.errors import NotApplicable, UserError
from augmentors.testing.tiny_models import tiny_model
from augmentors.text import translation
from augmentors.text.apertium import installed_pairs
from augmentors.text.strong_views import marian_pair, text_views

TEXTS = [
    "The delivery was late and the box had been opened. I want my money back.",
    "Please send me the bill for the last month again.",
    "…",
    "",
]
needs_apertium = pytest.mark.skipif(not installed_pairs(), reason="Apertium is a program beside Python")


@pytest.fixture
def no_apertium(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine without Apertium and without models."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("COUNTERWEIGHT_MODELS", raising=False)
    kept = (translation.apertium, installed_pairs)
    for one in kept:
        one.cache_clear()
    yield
    for one in kept:
        one.cache_clear()


def test_views_differ_from_the_text_and_from_each_other() -> None:
    views = text_views(TEXTS, "eda")
    first, second = views.of(TEXTS, 0), views.of(TEXTS, 1)
    assert first[:2] != TEXTS[:2] != second[:2] and first != second
    assert first[2:] == second[2:] == TEXTS[2:]  # nothing can be changed


def test_a_view_depends_on_its_text_alone_also_in_another_process() -> None:
    views = text_views(TEXTS)
    together = views.of(TEXTS, 1)
    assert [views.of([text], 1)[0] for text in TEXTS] == together
    assert views.of(TEXTS[::-1], 1) == together[::-1]
    assert pickle.loads(pickle.dumps(views)).of(TEXTS, 1) == together


@needs_apertium
def test_apertium_translates_there_and_back_and_eda_does_the_second_view() -> None:
    views = text_views(TEXTS)
    assert "back-translated by Apertium (eng to spa and back)" in views.told and "Apertium 3" in views.identity
    there, back = translation.apertium("eng", "spa"), translation.apertium("spa", "eng")
    text = "I want my money back because the product is bad."
    ((came,),) = back.translate([there.translate([text])[0][0]])
    first, second = views.of([text], 0)[0], views.of([text], 1)[0]
    assert text != first == came != second


def test_without_a_translator_it_says_why_and_takes_eda(no_apertium: None) -> None:
    views = text_views(TEXTS)
    assert views.identity == "eda"
    assert "needs the program 'apertium', which is not installed" in views.told
    assert "No two Marian models such as opus-mt-en-de and opus-mt-de-en lie in $COUNTERWEIGHT_MODELS" in views.told
    with pytest.raises(NotApplicable, match="needs the program 'apertium'"):
        text_views(TEXTS, "apertium")
    with pytest.raises(NotApplicable, match="No two Marian models"):
        text_views(TEXTS, "model")
    with pytest.raises(UserError, match="There is no strong view 'nllb'"):
        text_views(TEXTS, "nllb")


def test_texts_in_another_language_are_not_translated_as_english() -> None:
    german = ["Die Lieferung kam spät und das Paket war offen.", "Bitte senden Sie mir die Rechnung erneut zu."]
    views = text_views(german)
    assert views.identity == "eda" and "are English (at least 30% are needed)" in views.told


def test_two_marian_models_on_the_shelf_are_found(
    no_apertium: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_MODELS", str(tmp_path))
    for name, model in (("opus-mt-en-de", "translation"), ("opus-mt-de-en", "other_translation")):
        (tmp_path / "Helsinki-NLP").mkdir(exist_ok=True)
        (tmp_path / "Helsinki-NLP" / name).symlink_to(tiny_model(model))
    # There is no way back from French.
    (tmp_path / "opus-mt-en-fr").symlink_to(tiny_model("translation"))
    assert marian_pair() == ("Helsinki-NLP/opus-mt-en-de", "Helsinki-NLP/opus-mt-de-en")
    views = text_views(TEXTS)
    assert "back-translated by Helsinki-NLP/opus-mt-en-de and Helsinki-NLP/opus-mt-de-en" in views.told
    assert len(views.identity) == 32
    assert views.of(TEXTS, 0) == views.of(TEXTS, 0) and len(views.of(TEXTS, 0)) == len(TEXTS)
