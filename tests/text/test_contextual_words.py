"""Contextual words: real loading code on a tiny BERT, and errors in one sentence."""

import json
from pathlib import Path

import pytest

from augmentors.catalog import get
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.testing.texts import ENGLISH, TARGET, dataset, made
from augmentors.testing.tiny_models import WORDS, tiny_model
from augmentors.text.masked_model import masked_model


def test_the_likeliest_word_is_the_models() -> None:
    import torch
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    folder = tiny_model("masked_lm")
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForMaskedLM.from_pretrained(folder).eval()
    pieces = tokenizer("the old [MASK] makes a noise", return_tensors="pt")
    with torch.inference_mode():
        logits = model(**pieces).logits[0, 3]
    ranked = tokenizer.convert_ids_to_tokens(logits.argsort(descending=True).tolist())
    wanted = [word for word in ranked if word.isalpha()][:3]
    found = masked_model(str(folder)).fill("the old [MASK] makes a noise", 3)
    assert [word for word, _ in found[0]] == wanted


def test_substitute_and_insert() -> None:
    for drawn in made("contextual_words", ENGLISH, 6, rate=0.3).certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            assert edit["to"].lower() in WORDS and edit["to"].lower() != edit["from"].lower()
    for drawn in made("contextual_words", ENGLISH, 6, action="insert").certificate["drawn"]:
        assert {edit["op"] for edit in json.loads(drawn)["edits"]} == {"insert"}


def test_weights_are_in_the_manifest_by_hash() -> None:
    one, other = (get("contextual_words")(model=str(tiny_model(n))) for n in ("masked_lm", "other_masked_lm"))
    assert one.weights_hash() != other.weights_hash() and one.weights_hash() == one.weights_hash()


def test_a_name_in_the_models_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny_model("masked_lm")
    monkeypatch.setenv("COUNTERWEIGHT_MODELS", str(folder.parent))
    assert get("contextual_words")(model=folder.name).why_not(dataset(ENGLISH), TARGET) is None


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    assert "none is named" in (get("contextual_words")().why_not(dataset(ENGLISH)) or "")
    missing = get("contextual_words")(model="no-such/model").why_not(dataset(ENGLISH)) or ""
    assert "found no model 'no-such/model'" in missing and "hf download" in missing
    (tmp_path / "config.json").write_text("{}")
    broken = get("contextual_words")(model=str(tmp_path)).fit(dataset(ENGLISH), rng_from(0))
    with pytest.raises(NotApplicable, match="cannot use the model") as error:
        broken.augment(TARGET, 1, rng_from(1))
    assert "\n" not in str(error.value)
