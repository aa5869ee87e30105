"""Abstractive summary: real loading code on a tiny BART and a tiny T5, what is taken, and errors in one sentence."""

from pathlib import Path

import pytest

from augmentors.catalog import get
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.testing.texts import ENGLISH, TARGET, dataset, made, pairs
from augmentors.testing.tiny_models import WORDS, tiny_model
from augmentors.text.abstractive_summary import is_summary
from augmentors.text.model_summary import summariser

KEY = "abstractive_summary"


def test_a_text_becomes_what_the_model_says_of_it() -> None:
    model = summariser(str(tiny_model("translation")), 1)
    for parent, new in pairs(made(KEY, ENGLISH, 6), ENGLISH):
        assert [new] == model.summaries(parent, 0.5)
        assert set(new.lower().split()) <= {*WORDS, "eng", "spa", "fra", "deu"} and len(new) < len(parent)


def test_variants_are_drawn_from() -> None:
    many = {new for _, new in pairs(made(KEY, ENGLISH[:1], 30, variants=4), ENGLISH[:1])}
    assert len(many) > 1 and many <= set(summariser(str(tiny_model("translation")), 4).summaries(ENGLISH[0], 0.5))


def test_families_that_want_to_be_asked_are_asked(tmp_path: Path) -> None:
    import torch
    from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(tiny_model("translation"))
    tokenizer.save_pretrained(tmp_path)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=16,
        d_kv=8,
        d_ff=32,
        num_layers=1,
        num_heads=2,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    )
    T5ForConditionalGeneration(config).save_pretrained(tmp_path)
    asked = summariser(str(tmp_path), 1)
    assert asked._before == "summarize: "
    found = asked.summaries("the small lamp makes a noise", 0.5)
    asked._before = ""
    assert found == asked.summaries("summarize: the small lamp makes a noise", 0.5)


@pytest.mark.parametrize(
    "text, summary, kept, wanted",
    [
        ("The box from Oslo came late.", "Box came late.", [], True),
        ("The box from Oslo came late.", "Box came late.", ["Oslo"], False),
        ("The box from Oslo came late.", "Box from Oslo.", ["Oslo"], True),
        ("The box came.", "The box came late, and later.", [], False),
        ("The box came late today.", "...", [], False),
        ("The box came late.", "", [], False),
    ],
)
def test_what_is_taken(text: str, summary: str, kept: list[str], wanted: bool) -> None:
    assert is_summary(text, summary, kept) is wanted


def test_texts_whose_summary_lacks_what_is_protected_are_no_parents() -> None:
    (summary,) = {new for _, new in pairs(made(KEY, ENGLISH[:1], 2), ENGLISH[:1])}
    word = next(word for word in ENGLISH[0].replace(",", "").split() if word not in summary)
    samples = made(KEY, ENGLISH, 20, protected=[word])
    assert "r0" not in set(samples.parents[:, 0])
    assert any("cannot be parents" in note for note in samples.notes)


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    assert "none is named" in (get(KEY)().why_not(dataset(ENGLISH)) or "")
    assert "found no model 'no-such/model'" in (get(KEY)(model="no-such/model").why_not(dataset(ENGLISH)) or "")
    (tmp_path / "config.json").write_text("{}")
    broken = get(KEY)(model=str(tmp_path)).fit(dataset(ENGLISH), rng_from(0))
    with pytest.raises(NotApplicable, match="cannot use the model") as error:
        broken.augment(TARGET, 1, rng_from(1))
    assert "\n" not in str(error.value)
