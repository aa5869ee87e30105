"""The samples are what their catalogue says, the language files load, licences are there."""

import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from PIL import Image

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SAMPLES = ASSETS / "samples"
LANGUAGE = ASSETS / "language"
FIELDS = [
    "key", "title", "file", "kind", "label", "text", "rows", "classes", "imbalance_ratio",
    "one_line", "source", "licence", "licence_files", "thumbnail",
]  # fmt: skip
MEGABYTE = 1_000_000

CATALOGUE = yaml.safe_load((SAMPLES / "samples.yaml").read_text(encoding="utf-8"))
ENTRIES = {entry["key"]: entry for entry in CATALOGUE}
every_sample = pytest.mark.parametrize("entry", CATALOGUE, ids=list(ENTRIES))
tables = pytest.mark.parametrize("entry", [e for e in CATALOGUE if e["kind"] == "table"], ids=lambda e: e["key"])


def shipped_files() -> list[Path]:
    return [path for path in ASSETS.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def read_rows(entry: dict) -> list[dict]:
    path = SAMPLES / entry["file"]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_labels(entry: dict) -> list[str]:
    if entry["kind"] == "image":
        with zipfile.ZipFile(SAMPLES / entry["file"]) as archive:
            return [Path(name).parent.name for name in archive.namelist()]
    return [row[entry["label"]] for row in read_rows(entry)]


def read_relations(name: str) -> dict:
    return json.loads(gzip.decompress((LANGUAGE / f"{name}.json.gz").read_bytes()))


# Samples


def test_catalogue_names_the_five_samples_once():
    assert [entry["key"] for entry in CATALOGUE] == ["tiny", "lending", "page_blocks", "spam", "fashion"]
    assert {entry["kind"] for entry in CATALOGUE} == {"table", "text", "image"}


def test_catalogue_lists_every_file_and_no_other():
    listed = {entry["file"] for entry in CATALOGUE} | {entry["thumbnail"] for entry in CATALOGUE}
    present = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*") if path.is_file()}
    assert present == listed | {"samples.yaml"}


@every_sample
def test_entry_has_every_field(entry):
    assert list(entry) == FIELDS
    assert all(entry[field] for field in FIELDS if field not in {"label", "text"})


@every_sample
def test_counts_are_those_of_the_file(entry):
    counts = Counter(read_labels(entry))
    assert entry["rows"] == counts.total()
    assert entry["classes"] == dict(counts)
    assert entry["imbalance_ratio"] == pytest.approx(max(counts.values()) / min(counts.values()), abs=0.005)


@every_sample
def test_classes_run_from_common_to_rare(entry):
    counts = list(entry["classes"].values())
    assert counts == sorted(counts, reverse=True)
    assert entry["imbalance_ratio"] >= 5


@every_sample
def test_licence_and_one_line_can_be_shown(entry):
    assert all((ASSETS / "LICENSES" / name).stat().st_size > 500 for name in entry["licence_files"])
    assert len(entry["one_line"]) <= 120
    assert "\n" not in entry["one_line"]


@every_sample
def test_thumbnail_is_a_square_for_dense_screens(entry):
    with Image.open(SAMPLES / entry["thumbnail"]) as picture:
        assert picture.size == (192, 192)
        assert picture.mode == "RGBA"


@tables
def test_table_has_full_rows_and_distinct_columns(entry):
    with (SAMPLES / entry["file"]).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert len(set(header)) == len(header)
    assert entry["label"] in header
    assert {len(row) for row in rows} == {len(header)}


def test_tiny_is_tiny():
    assert 100 <= ENTRIES["tiny"]["rows"] <= 150
    assert ENTRIES["tiny"]["classes"]["barbera"] == 10


def test_page_blocks_is_purely_numeric():
    entry = ENTRIES["page_blocks"]
    cells = [value for row in read_rows(entry) for column, value in row.items() if column != entry["label"]]
    assert np.isfinite(np.array(cells, dtype=float)).all()


def test_lending_mixes_kinds_and_has_gaps():
    rows = read_rows(ENTRIES["lending"])
    assert {row["term"] for row in rows} == {"36 months", "60 months"}
    assert all(float(row["interest_rate"]) > 0 for row in rows)
    gaps = Counter(column for row in rows for column, value in row.items() if value == "")
    assert set(gaps) == {"emp_length"}
    assert 0.03 < gaps["emp_length"] / len(rows) < 0.12


def test_spam_is_clean_masked_and_without_duplicates():
    texts = [row["text"] for row in read_rows(ENTRIES["spam"])]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text.replace("\n", " ").isprintable()
        assert "\ufffd" not in text
        assert text.count("\n") == 1  # subject, then body
        assert "http://" not in text
        assert 40 <= len(text) <= 700


def test_spam_has_no_addresses():
    joined = "\n".join(row["text"] for row in read_rows(ENTRIES["spam"]))
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+", joined) == []


def test_fashion_holds_small_grey_pictures():
    with zipfile.ZipFile(SAMPLES / "fashion.zip") as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in archive.namelist()[::25]:
            with Image.open(io.BytesIO(archive.read(name))) as picture:
                assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (28, 28))


# Language


@pytest.mark.parametrize("name", ["synonyms", "antonyms", "irregular"])
def test_relations_have_one_shape_and_carry_the_notice(name):
    relations = read_relations(name)
    assert list(relations) == ["notice", "n", "v", "a", "r"]
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in relations.pop("notice")
    for entries in relations.values():
        assert entries
        for lemma, words in entries.items():
            assert words
            assert len(set(words)) == len(words)
            assert not any("_" in word for word in [lemma, *words])


@pytest.mark.parametrize(
    ("pos", "lemma", "expected"),
    [("a", "happy", "glad"), ("n", "car", "automobile"), ("v", "buy", "purchase"), ("r", "quickly", "rapidly"),
     ("a", "beautiful", "lovely"), ("a", "big", "large"), ("v", "help", "assist")],
)  # fmt: skip
def test_synonyms(pos, lemma, expected):
    words = read_relations("synonyms")[pos][lemma]
    assert expected in words
    assert lemma not in words


def test_synonyms_are_few_and_hold_no_names_or_insults():
    synonyms = read_relations("synonyms")
    for pos in "nvar":
        for lemma, words in synonyms[pos].items():
            assert len(words) <= 12
            assert all(word == word.lower() for word in [lemma, *words])
    assert "paris" not in synonyms["n"]
    offered = {word for pos in "nvar" for words in synonyms[pos].values() for word in words}
    assert offered.isdisjoint({"bitch", "retard", "whore", "negro"})


@pytest.mark.parametrize(
    ("pos", "lemma", "expected"),
    [("a", "good", "bad"), ("a", "fast", "slow"), ("v", "buy", "sell"), ("r", "quickly", "slowly")],
)
def test_antonyms(pos, lemma, expected):
    assert expected in read_relations("antonyms")[pos][lemma]


def test_irregular_forms():
    irregular = read_relations("irregular")
    assert irregular["v"]["went"] == ["go"]
    assert irregular["n"]["geese"] == ["goose"]
    assert "good" in irregular["a"]["better"]


def test_tagger_loads_in_nltk_and_tags(monkeypatch):
    nltk = pytest.importorskip("nltk")
    # Only our folder: an installed model must not answer for ours.
    monkeypatch.setattr(nltk.data, "path", [str(LANGUAGE / "nltk_data")])
    tagger = nltk.tag.PerceptronTagger(load=False)
    tagger.load_from_json("eng")
    tags = dict(tagger.tag(["The", "lazy", "dogs", "slowly", "crossed", "the", "street", "in", "Paris", "."]))
    expected = {"The": "DT", "lazy": "JJ", "dogs": "NNS", "slowly": "RB", "crossed": "VBD", "Paris": "NNP"}
    assert expected.items() <= tags.items()


def test_stopwords_are_sorted_function_words():
    words = (LANGUAGE / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    assert words == sorted(set(words))
    assert {"the", "not", "and", "you're"} <= set(words)
    assert "movie" not in words


# The folder


def test_every_licence_of_the_language_files_is_there():
    readme = (LANGUAGE / "README.md").read_text(encoding="utf-8")
    texts = [path.name for path in (ASSETS / "LICENSES").iterdir()]
    used = {name for entry in CATALOGUE for name in entry["licence_files"]}
    used |= {name for name in texts if f"`{name}`" in readme}
    assert set(texts) == used
    files = [path for path in LANGUAGE.rglob("*") if path.is_file() and path.name != "README.md"]
    assert all(f"`{path.relative_to(LANGUAGE).as_posix()}`" in readme for path in files)


def test_sizes_stay_small():
    sizes = {path: path.stat().st_size for path in shipped_files()}
    assert max(sizes.values()) < 6.5 * MEGABYTE  # word vectors
    assert sum(sizes.values()) < 18 * MEGABYTE
    limits = {"lending": 1, "page_blocks": 1.5, "spam": 1, "tiny": 0.05, "fashion": 1.1}
    for key, limit in limits.items():
        assert sizes[SAMPLES / ENTRIES[key]["file"]] < limit * MEGABYTE, key
    assert sum(size for path, size in sizes.items() if LANGUAGE in path.parents) < 10.5 * MEGABYTE


def test_logo_and_favicon_can_be_shown():
    root = ElementTree.parse(ASSETS / "logo.svg").getroot()
    assert root.attrib["viewBox"] == "0 0 64 64"
    with Image.open(ASSETS / "favicon.png") as picture:
        assert picture.size == (128, 128)
        assert picture.getpixel((0, 0))[3] == 0


def test_every_build_script_is_named_in_its_readme():
    folder = ASSETS / "build"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(path.stem in readme for path in folder.glob("*.py"))
