"""Texts per second through the contract, provenance included, against nlpaug's own calls.

    python -m tests.benchmarks.bench_text [--texts 640] [--pairs 7]

Texts of 25 words, one core, both sides warm. A ratio above 1 means that ours
made more texts per second. Pairs alternate in order; medians count. "Once"
makes one text from each parent, so ours reads, tags and looks up every one of
them; "ten times" makes ten, as a plan for a rare class does. nlpaug's
synonyms need WordNet in NLTK's layout: it is taken from Debian's wordnet-base
and left out of the table where that is not installed.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from augmentors.catalog import get
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import BLOCK_SIZE, isolated_global_state, rng_from
from augmentors.ingest.samples import assets_dir

WORDS, TARGET = 25, "mail"
WORDNET = Path("/usr/share/wordnet")
# Least wanted ratio: 10 for synonyms, nlpaug's own speed for the rest.
WANTED = {"synonym_replacement": 10.0}


def main() -> None:
    """Print one line per augmenter and way of using parents: texts per second of both sides and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=640)
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        theirs = nlpaug_calls(Path(folder))
        print(f"{options.texts} texts of {WORDS} words, one core, {options.pairs} pairs")
        print(f"{'augmenter':<22}{'parents':<11}{'nlpaug/s':>9}{'ours/s':>9}{'ratio':>8}{'wanted':>8}   ratios")
        for key, call in theirs.items():
            for uses in (1, 10):
                report(key, call, mails(options.texts // uses), options)


def report(key: str, theirs: Callable[[str], Any], dataset: Dataset, options: argparse.Namespace) -> None:
    """Measure pairs of both sides and print their medians."""
    parents = dataset.texts
    rows = [parents[i % len(parents)] for i in range(options.texts)]

    def plain() -> int:
        with isolated_global_state(0):
            for text in rows:
                theirs(text)
        return len(rows)

    def ours() -> int:
        augmenter = get(key)().fit(dataset, rng_from("fit"))
        blocks = [(BLOCK_SIZE, rng_from("block", i)) for i in range(len(rows) // BLOCK_SIZE)]
        return len(augmenter.augment_blocks(TARGET, blocks))

    plain(), ours()
    pairs = []
    for i in range(options.pairs):
        order = (plain, ours) if i % 2 else (ours, plain)
        speeds = {side.__name__: speed(side) for side in order}
        pairs.append((speeds["plain"], speeds["ours"]))
    ratios = [b / a for a, b in pairs]
    used = "once" if len(parents) == len(rows) else "ten times"
    print(
        f"{key:<22}{used:<11}{statistics.median(a for a, _ in pairs):>9,.0f}"
        f"{statistics.median(b for _, b in pairs):>9,.0f}{statistics.median(ratios):>8.1f}"
        f"{WANTED.get(key, 1.0):>8.1f}   {' '.join(f'{ratio:.1f}' for ratio in sorted(ratios))}"
    )


def speed(side: Callable[[], int]) -> float:
    """Return texts per second of one run."""
    start = time.perf_counter()
    count = side()
    return count / (time.perf_counter() - start)


def mails(count: int) -> Dataset:
    """Return texts of 25 words, cut from the sample of e-mails, as one class."""
    frame = pd.read_json(assets_dir() / "samples" / "spam.jsonl", lines=True)
    words = " ".join(frame["text"]).split()
    texts = [" ".join(words[WORDS * i : WORDS * (i + 1)]) for i in range(count)]
    rows = pd.DataFrame({"text": texts, "label": TARGET}, index=[f"r{i}" for i in range(count)], dtype="str")
    return Dataset("text", rows, Schema("label", {"text": "text"}, text="text"), "mails")


def nlpaug_calls(folder: Path) -> dict[str, Callable[[str], Any]]:
    """Return nlpaug's call for each of our augmenters that it has, changing a tenth of the words."""
    import nlpaug.augmenter.char as nac
    import nlpaug.augmenter.word as naw

    augmenters = {
        "random_swap": naw.RandomWordAug(action="swap", aug_p=0.1),
        "random_deletion": naw.RandomWordAug(action="delete", aug_p=0.1),
        "keyboard_typos": nac.KeyboardAug(aug_word_p=0.1, aug_char_max=1),
        "spelling_mistakes": naw.SpellingAug(aug_p=0.1),
    }
    if WORDNET.is_dir():
        teach_nltk(folder)
        augmenters = {"synonym_replacement": naw.SynonymAug(aug_src="wordnet", aug_p=0.1), **augmenters}
    return {key: augmenter.augment for key, augmenter in augmenters.items()}


def teach_nltk(folder: Path) -> None:
    """Lay out Debian's WordNet as NLTK wants it, and show it our tagger."""
    import nltk

    corpus = folder / "corpora" / "wordnet"
    shutil.copytree(WORDNET, corpus)
    # NLTK wants the names of WordNet's 45 files and a map to other languages; nlpaug reads neither.
    (corpus / "index.sense").write_text("")
    (corpus / "lexnames").write_text("".join(f"{i:02d}\tfile{i}\t1\n" for i in range(45)))
    nltk.data.path[:0] = [str(folder), str(assets_dir() / "language" / "nltk_data")]


if __name__ == "__main__":
    main()
