"""Entities that must not change: real pipelines made here, protection in every operator, and what is refused."""

import sys
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from augmentors.catalog import for_kind, get
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.explore.embeddings import random_state_kept
from augmentors.testing.texts import ENGLISH, TARGET, dataset, made, pairs
from augmentors.testing.tiny_models import tiny_model
from augmentors.testing.trial import new
from augmentors.text.entities import check_entities, entity_spans

KEYS = [cls.card.key for cls in for_kind("text") if "entities" in cls.Params.model_fields]
TEXTS = (
    "The quick delivery from Berta Berg arrived early. It was good and I don't know the big box in Oslo. It is fine.",
    "I would happily buy this automobile from Berta Berg again! She wants to do it in Oslo, for example, not now. Yes.",
    "The old engine makes a strange noise, says Berta Berg. We called the garage twice. It is not clean. It was dirty.",
)


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import spacy

    pipeline = spacy.blank("en")
    patterns = [{"label": "PERSON", "pattern": "Berta Berg"}, {"label": "GPE", "pattern": [{"LOWER": "oslo"}]}]
    pipeline.add_pipe("entity_ruler").add_patterns(patterns)
    folder = tmp_path_factory.mktemp("ruled") / "people"
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny recogniser, trained here on sixteen sentences until it knows them."""
    import spacy
    from spacy.training import Example

    embedding = {"width": 16, "depth": 1, "embed_size": 64, "window_size": 1, "maxout_pieces": 2}
    words = {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "subword_features": True}
    parser = {"state_type": "ner", "extra_state_tokens": False, "hidden_width": 16, "maxout_pieces": 2}
    model = {"@architectures": "spacy.TransitionBasedParser.v2", "use_upper": True, **parser}
    folder = tmp_path_factory.mktemp("trained") / "recogniser"
    with random_state_kept():
        spacy.util.fix_random_seed(0)
        pipeline = spacy.blank("en")
        pipeline.add_pipe("ner", config={"model": {**model, "tok2vec": {**words, **embedding}}})
        examples = []
        for name in ("Anna", "Berta", "Carl", "Dora"):
            for city in ("Paris", "Rome", "Oslo", "Lima"):
                text = f"{name} went to {city} today"
                at = text.index(city)
                entities = [(0, len(name), "PERSON"), (at, at + len(city), "GPE")]
                examples.append(Example.from_dict(pipeline.make_doc(text), {"entities": entities}))
        optimizer = pipeline.initialize(lambda: examples)
        for _ in range(40):
            pipeline.update(examples, sgd=optimizer)
        pipeline.to_disk(folder)
    return folder


def test_entities_of_a_trained_recogniser_are_found(trained: Path) -> None:
    text = "Berta went to Oslo today"
    assert [text[start:end] for start, end in entity_spans(str(trained), text, "Test")] == ["Berta", "Oslo"]


def test_every_operator_that_edits_texts_declares_it() -> None:
    without = {cls.card.key for cls in for_kind("text")} - set(KEYS)
    edits_nothing = {"random_text_oversampling", "text_pseudo_labelling", "text_continuation"}
    assert without == edits_nothing, "they copy texts or write after them"


@pytest.mark.parametrize("key", KEYS)
def test_no_operator_touches_an_entity(key: str, ruled: Path) -> None:
    if key == "abstractive_summary":  # the tiny model's summaries name nobody: none is taken
        with pytest.raises(NotApplicable, match="no text of class 'a' is one"):
            made(key, TEXTS, 1, entities=str(ruled))
        return
    settings = {"rate": 0.5} if "rate" in get(key).Params.model_fields else {}
    settings |= {"start": "scratch", "training_steps": 2} if key == "learnt_interpolation" else {}
    samples = made(key, TEXTS, 24, entities=str(ruled), **settings)
    # A text that is composed of several begins as the parent that weighs most.
    first = samples.parents[np.arange(len(samples)), samples.weights.argmax(axis=1)]
    for parent, text in zip([TEXTS[int(one[1:])] for one in first], samples.frame["text"], strict=True):
        for entity in ("Berta Berg", "Oslo"):
            assert text.count(entity) >= parent.count(entity), (parent, text)


def test_entities_are_touched_where_they_are_not_protected() -> None:
    assert [text for _, text in pairs(made("keyboard_typos", TEXTS, 40, rate=0.5), TEXTS) if "Berta Berg" not in text]


def test_entities_of_texts_longer_than_one_look_are_found(ruled: Path) -> None:
    text = "Berta Berg lives in Oslo. " * 2000
    spans = entity_spans(str(ruled), text, "Test")
    assert len(spans) == 4000 and {text[start:end] for start, end in spans} == {"Berta Berg", "Oslo"}


@pytest.mark.parametrize("language", ["de", "xx", "zh"])
def test_pipelines_of_other_languages_are_loaded(language: str, tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank(language)
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "北京"}])
    pipeline.to_disk(tmp_path / "p")
    text = "我爱北京" if language == "zh" else "Was kostet 北京 heute"
    assert [text[a:b] for a, b in entity_spans(str(tmp_path / "p"), text, "Test")] == ["北京"]


def test_seeds_and_recipes_without_a_pipeline_stay_as_they_were(ruled: Path) -> None:
    cls = get("random_swap")
    assert "entities" not in cls().entry["params"]
    assert cls(entities=str(ruled)).entry["params"]["entities"] == str(ruled)


def test_the_pipeline_counts_among_the_weights(ruled: Path, trained: Path) -> None:
    cls = get("random_swap")
    ours, other = (cls(entities=str(folder)).weights_hash() for folder in (ruled, trained))
    assert cls().weights_hash() is None and None is not ours != other is not None
    both = new(get("contextual_words"), {"entities": str(ruled)})
    assert both.weights_hash() != new(get("contextual_words")).weights_hash() != ours
    assert get("sentence_mixing")(entities=str(ruled)).weights_hash() == ours


def test_a_pipeline_is_found_by_name_on_the_shelf(ruled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_MODELS", str(ruled.parent))
    assert check_entities("people", "Test") == ruled


def test_an_installed_pipeline_is_read_without_running_its_code(
    ruled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "xx_people_sm"
    copytree(ruled, package / "xx_people_sm-1.0.0")
    (package / "__init__.py").write_text("raise RuntimeError('this must never run')", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert entity_spans("xx_people_sm", "So says Berta Berg.", "Test") == ((8, 18),)


@pytest.mark.parametrize("name", ["no_such_pipeline", "numpy", "./nothing", "os.path"])
def test_a_missing_pipeline_is_one_sentence(name: str) -> None:
    reason = get("random_swap")(entities=name).why_not(dataset(ENGLISH), TARGET)
    assert reason is not None and reason.startswith(f"Random swap found no spaCy pipeline '{name}'")
    with pytest.raises(NotApplicable, match="no spaCy pipeline"):
        get("sentence_mixing")(entities=name).fit(dataset(ENGLISH), rng_from("fit"))


def test_a_missing_spacy_is_one_sentence(ruled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)  # Python's own way to say that it is not there
    reason = get("random_swap")(entities=str(ruled)).why_not(dataset(ENGLISH))
    assert reason is not None and "needs spaCy, and it is not installed. Install it with 'pip install spacy'" in reason


@pytest.mark.parametrize(
    ("old", "put", "said"),
    [
        ("before_creation = null", 'before_creation = {"@callbacks":"evil.v1"}', "@callbacks = 'evil.v1'"),
        ("spacy.Tokenizer.v1", "evil.Tokenizer.v1", "'evil.Tokenizer.v1'"),
        ("spacy.HashEmbedCNN.v2", "spacy.TorchBiLSTMEncoder.v1", "'spacy.TorchBiLSTMEncoder.v1'"),
        ('factory = "ner"', 'factory = "evil"', "its component 'ner' is made by 'evil'"),
        ('factory = "ner"', 'source = "/elsewhere"', "its component 'ner' is made by '/elsewhere'"),
        ('lang = "en"', 'lang = "evil.module"', "its language must be a code"),
        ('factory = "ner"', 'factory = "sentencizer"', "no component that finds entities"),
        ("[nlp]", "[nlp", "cannot use the spaCy pipeline"),
        ('pipeline = ["ner"]', 'pipeline = ["other"]', "cannot use the spaCy pipeline"),
    ],
)
def test_what_is_not_of_spacy_itself_is_never_called(
    old: str, put: str, said: str, trained: Path, tmp_path: Path
) -> None:
    folder = copytree(trained, tmp_path / "bad")
    config = (folder / "config.cfg").read_text(encoding="utf-8")
    assert old in config
    (folder / "config.cfg").write_text(config.replace(old, put, 1), encoding="utf-8")
    with pytest.raises(NotApplicable) as refused:
        check_entities(str(folder), "Test")
    assert said in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("file", ["ner/model", "ner/moves", "tokenizer", "vocab/vectors", "vocab/lookups.bin"])
def test_a_pickle_in_the_place_of_weights_is_never_run(file: str, trained: Path, tmp_path: Path) -> None:
    folder, mark = copytree(trained, tmp_path / "pickled"), tmp_path / "ran"
    (folder / file).write_bytes(f"cos\nmkdir\n(S'{mark}'\ntR.".encode())
    with pytest.raises(NotApplicable):
        check_entities(str(folder), "Test")
    assert not mark.exists()


def test_the_tiny_pipeline_of_the_suite_finds_its_phrases() -> None:
    assert entity_spans(str(tiny_model("entities")), "a rare matter", "Test") == ((2, 13),)
