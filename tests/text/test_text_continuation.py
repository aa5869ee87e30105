"""Text continuation: real loading code on a tiny GPT-2; what is drawn, where it ends, and errors in one sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from augmentors.catalog import get
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.testing.texts import CHINESE, ENGLISH, TARGET, dataset, made, pairs
from augmentors.testing.tiny_models import WORDS, tiny_model
from augmentors.text.causal_model import _drawn, causal_model
from augmentors.text.edits import replay

KEY = "text_continuation"


def test_the_text_stays_and_words_of_the_model_follow() -> None:
    texts = [*ENGLISH, *CHINESE, "ends with a space ", "line\n"]
    samples = made(KEY, texts, 40)
    for (parent, new), drawn in zip(pairs(samples, texts), samples.certificate["drawn"], strict=True):
        assert new.startswith(parent) and replay(parent, json.loads(drawn)["edits"]) == new
        added = new[len(parent) :].split()
        assert 1 <= len(added) <= 6 and set(added) <= set(WORDS)
        assert any(map(str.isalpha, added[0]))


def test_the_likeliest_piece_is_the_models() -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = tiny_model("causal_lm")
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder).eval()
    with torch.inference_mode():
        logits = model(**tokenizer("the old engine makes", return_tensors="pt")).logits[0, -1]
    ranked = tokenizer.convert_ids_to_tokens(logits.argsort(descending=True).tolist())
    wanted = next(word for word in ranked if word.isalpha())
    assert causal_model(str(folder)).go_on("the old engine makes", 1, 1, lambda: 0.5) == wanted


def test_it_ends_with_a_sentence_or_at_the_limit() -> None:
    model = causal_model(str(tiny_model("causal_lm")))
    rng = np.random.default_rng(0)
    ends = [model.go_on("the box", 40, 50, rng.random) for _ in range(60)]
    assert any(text.endswith((".", "!", "?")) and len(text.split()) < 40 for text in ends)
    assert all(not any(mark in text[:-1] for mark in ".!?") for text in ends)


def test_a_long_text_is_seen_from_its_end() -> None:
    model = causal_model(str(tiny_model("causal_lm")))
    end = "the small lamp again my sister wants one as well " * 13
    assert model.go_on("cold " * 2000 + end, 5, 1, lambda: 0.0) == model.go_on(end, 5, 1, lambda: 0.0)


@pytest.mark.parametrize("place, wanted", [(0.0, 1), (0.49, 1), (0.51, 2), (0.999999, 2), (1.0, 2)])
def test_pieces_are_drawn_by_their_weights(place: float, wanted: int) -> None:
    assert _drawn([0.0, 0.3, 0.3, 0.0], place) == wanted


def test_weights_are_in_the_manifest_by_hash() -> None:
    one, other = (get(KEY)(model=str(tiny_model(name))) for name in ("causal_lm", "other_causal_lm"))
    assert None is not one.weights_hash() != other.weights_hash() is not None


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    assert "none is named" in (get(KEY)().why_not(dataset(ENGLISH)) or "")
    assert "found no model 'no-such/model'" in (get(KEY)(model="no-such/model").why_not(dataset(ENGLISH)) or "")
    (tmp_path / "config.json").write_text("{}")
    broken = get(KEY)(model=str(tmp_path)).fit(dataset(ENGLISH), rng_from(0))
    with pytest.raises(NotApplicable, match="cannot use the model") as error:
        broken.augment(TARGET, 1, rng_from(1))
    assert "\n" not in str(error.value)
    with pytest.raises(NotApplicable, match="no text of class 'a' is one"):
        made(KEY, ["", " ", None, "?!"])
