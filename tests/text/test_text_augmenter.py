"""What every text operator promises: replayable traces, protected phrases, languages, columns."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.catalog import for_kind, get
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.testing import trial
from augmentors.testing.texts import ARABIC, CHINESE, EMOJI, ENGLISH, GERMAN, TARGET, dataset, made, pairs
from augmentors.testing.toys import ODD_TEXTS, SENTENCES
from augmentors.text.edits import replay
from augmentors.text.text_augmenter import TextAugmenter, choose, count_changes

# The operators that edit one parent; others have tests of their own.
EDITING = [cls for cls in for_kind("text") if issubclass(cls, TextAugmenter) and "rate" in cls.Params.model_fields]
KEYS = [cls.card.key for cls in EDITING]
MODELS = {"back_translation", "contextual_words"}
# With something for every operator to change.
LONGER = [f"{text} It was good and I don't know the document." for text in ENGLISH]
WITH_SYNONYMS = {"synonym_replacement", "random_insertion"}
RESOURCES = {"spelling_mistakes", "contractions", "abbreviations", "negated_antonyms", "word_embedding_replacement"}
ENGLISH_ONLY = {*WITH_SYNONYMS, *RESOURCES}
# They act on few texts, or put in characters of their own or of other texts.
PICKY = {"word_list_swaps", *MODELS}
NEW_CHARACTERS = {"keyboard_typos", "aeda", "ocr_noise", "tfidf_replacement"}
# Scripts without spaces have no words of several letters.
LETTERS = {"keyboard_typos", "random_characters", "word_splitting", "word_merging", "ocr_noise"}
# Chinese is not typed letter by letter, so typos refuse it: see test_keyboard_typos.
IN_ANY_LANGUAGE = [
    pytest.param(key, texts, id=f"{key}-{texts[0][:5]}")
    for key in KEYS
    for texts in (GERMAN, CHINESE, ARABIC, EMOJI)
    if key not in ENGLISH_ONLY | PICKY and not (key in LETTERS and texts == CHINESE)
    if (key, texts) != ("ocr_noise", ARABIC)
]


@pytest.mark.parametrize("key", KEYS)
def test_the_trace_replays_the_new_text(key: str) -> None:
    texts = [*ENGLISH, *SENTENCES[:5], *ODD_TEXTS]
    samples = made(key, texts, 60, rate=0.3)
    for (parent, new), drawn in zip(pairs(samples, texts), samples.certificate["drawn"], strict=True):
        edits = json.loads(drawn)["edits"]
        assert edits and replay(parent, edits) == new != parent
        assert [edit["at"] for edit in edits] == sorted(edit["at"] for edit in edits)


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=15, deadline=None)
@given(
    phrases=st.lists(
        st.sampled_from(["quick delivery", "THE", "automobile", "my  sister", "early, and", "5 May", "an"])
    ),
    seed=st.integers(0, 99),
)
def test_protected_phrases_are_never_touched(key: str, phrases: list[str], seed: int) -> None:
    try:
        samples = made(key, ENGLISH, 8, seed, rate=0.5, protected=phrases)
    except NotApplicable:
        return  # nothing is left to change
    for parent, new in pairs(samples, ENGLISH):
        for phrase in phrases:
            spaced = " ".join(phrase.lower().split())
            assert f" {new.lower()}".count(f" {spaced}") >= f" {parent.lower()}".count(f" {spaced} ")


@pytest.mark.parametrize("key, texts", IN_ANY_LANGUAGE)
def test_other_languages_are_not_broken(key: str, texts: tuple[str, ...]) -> None:
    for parent, new in pairs(made(key, texts, 20), texts):
        assert new != parent
        assert new.encode("utf-8").decode("utf-8") == new
        # Nothing foreign appears but what a keyboard gives, and emoji stay whole.
        if key not in NEW_CHARACTERS:
            assert not set(new.lower()) - set(parent.lower()) - {" "}
        for emoji in ("👩‍👩‍👧", "❤️", "👍🏽", "1️⃣", "🇩🇪"):
            assert new.count(emoji) == parent.count(emoji) or key == "sentence_deletion"


@pytest.mark.parametrize("key", sorted(WITH_SYNONYMS | RESOURCES))
@pytest.mark.parametrize("texts", [GERMAN, ARABIC, CHINESE], ids=["German", "Arabic", "Chinese"])
def test_english_resources_refuse_other_languages_with_the_reason(key: str, texts: tuple[str, ...]) -> None:
    assert "for English only" in (get(key)().why_not(dataset(texts), TARGET) or "")
    with pytest.raises(NotApplicable, match=r"of the words of class 'a', \d+% are English"):
        made(key, texts)


@pytest.mark.parametrize("key", KEYS)
def test_a_class_that_allows_no_change_is_refused(key: str) -> None:
    with pytest.raises(NotApplicable, match="no text of class 'a' is one"):
        made(key, ["", " ", None, "🙂", "?!"])


@pytest.mark.parametrize("key", KEYS)
def test_texts_that_allow_no_change_are_no_parents_and_the_note_says_so(key: str) -> None:
    texts = ["", None, "?!", f"{ENGLISH[1]} {ENGLISH[2]} They don't work. It is good, thanks.", "🙂"]
    samples = made(key, texts, 30)
    assert set(samples.parents[:, 0]) == {"r3"}
    assert any("4 of 5 texts of class 'a' cannot be parents" in note for note in samples.notes)


def test_one_usable_text_among_many_is_found() -> None:
    texts = [""] * 3000 + [ENGLISH[0]]
    assert set(made("random_swap", texts, 5).parents[:, 0]) == {"r3000"}


@pytest.mark.parametrize("key", KEYS)
def test_only_the_text_is_new(key: str) -> None:
    train = dataset(LONGER, stars=[1.0, 2.0, 3.0], ignored_url=[0.5, 0.5, 0.5])
    samples = trial.new(get(key)).fit(train, rng_from(0)).augment(TARGET, 9, rng_from(1))
    parents = train.frame.loc[samples.parents[:, 0]]
    assert samples.frame["stars"].tolist() == parents["stars"].tolist()
    assert samples.frame["ignored_url"].isna().all()
    assert samples.frame["text"].dtype == train.frame["text"].dtype == pd.StringDtype(na_value=np.nan)


@pytest.mark.parametrize("key", KEYS)
def test_max_changes_is_an_upper_limit(key: str) -> None:
    most = 2
    samples = made(key, [" ".join(LONGER) * 3], 10, rate=0.5, max_changes=most)
    for drawn in samples.certificate["drawn"]:
        edits = [e for e in json.loads(drawn)["edits"] if e["from"].lower() not in ("a", "an")]
        assert 1 <= len(edits) <= (2 * most if edits[0]["op"] == "swap" else most)


@pytest.mark.parametrize("bad", [[""], ["  "], "word", [1], None])
def test_protected_must_be_a_list_of_phrases(bad: object) -> None:
    with pytest.raises(InvalidParams, match="'protected"):
        get("random_swap")(protected=bad)


def test_cache_limit_changes_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = made("random_deletion", ENGLISH, 20).frame["text"].tolist()
    monkeypatch.setattr("augmentors.text.text_augmenter.CACHE_LIMIT", 1)
    assert made("random_deletion", ENGLISH, 20).frame["text"].tolist() == wanted


@given(st.integers(0, 30), st.integers(0, 40), st.integers(0, 1000))
def test_choose_gives_different_items(n: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    chosen = choose(range(n), k, lambda: float(rng.random()))
    assert len(chosen) == len(set(chosen)) == min(n, k)
    assert set(chosen) <= set(range(n))


def test_choose_is_fair() -> None:
    rng = np.random.default_rng(0)
    picks = [item for _ in range(4000) for item in choose("abcde", 2, lambda: float(rng.random()))]
    assert all(abs(picks.count(item) / 4000 - 0.4) < 0.04 for item in "abcde")


def test_count_changes_keeps_the_share_on_average() -> None:
    rng = np.random.default_rng(0)
    counts = [count_changes(0.1, 25, 20, lambda: float(rng.random())) for _ in range(4000)]
    assert set(counts) == {2, 3} and abs(np.mean(counts) - 2.5) < 0.05
    assert count_changes(0.5, 100, 7, lambda: 0.0) == 7 and count_changes(0.01, 3, 7, lambda: 0.5) == 1
