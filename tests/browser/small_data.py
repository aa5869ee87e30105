"""Small files of real data, a kind each, cut from the built-in samples so that a journey is quick."""

import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"


def table_file(folder: Path) -> Path:
    """Return 140 rows of wines in three classes, ten of them rare."""
    return Path(shutil.copy(SAMPLES / "tiny.csv", folder / "wines.csv"))


def text_file(folder: Path) -> Path:
    """Return 130 e-mails in three classes, fifteen of them rare."""
    wanted, taken = {"easy-ham": 80, "spam": 35, "hard-ham": 15}, Counter[str]()
    path = folder / "mails.jsonl"
    with (SAMPLES / "spam.jsonl").open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
        for line in lines:
            label = json.loads(line)["label"]
            taken[label] += 1
            if taken[label] <= wanted[label]:
                out.write(line)
    return path


def image_file(folder: Path) -> Path:
    """Return a ZIP of 94 pictures in class folders, fourteen of them rare."""
    wanted, taken = {"t-shirt": 50, "sneaker": 30, "coat": 14}, Counter[str]()
    path = folder / "clothes.zip"
    with zipfile.ZipFile(SAMPLES / "fashion.zip") as whole, zipfile.ZipFile(path, "w") as out:
        for name in whole.namelist():
            label = Path(name).parent.name
            taken[label] += 1
            if taken[label] <= wanted.get(label, 0):
                out.writestr(name.removeprefix("fashion/"), whole.read(name))
    return path


def regression_file(folder: Path) -> Path:
    """Return 260 loans whose last column is the interest rate; high ones are rare."""
    loans = pd.read_csv(SAMPLES / "lending.csv", usecols=[*_LOAN, "interest_rate"], nrows=260)
    path = folder / "rates.csv"
    loans[[*_LOAN, "interest_rate"]].to_csv(path, index=False)
    return path


def multilabel_file(folder: Path) -> Path:
    """Return 200 loans whose last column names reasons for caution, such as ``bad|inquiries``; most have none."""
    loans = pd.read_csv(SAMPLES / "lending.csv", nrows=4000)
    marks = {
        "bad": loans["outcome"] == "bad",
        "delinquent": loans["delinq_2yrs"] > 0,
        "inquiries": loans["inq_last_6mths"] > 0,
    }
    marked = loans[_LOAN].assign(
        caution=["|".join(name for name, own in marks.items() if own[i]) for i in range(len(loans))]
    )
    chosen = pd.concat([marked[marked["caution"] != ""].head(150), marked[marked["caution"] == ""].head(50)])
    path = folder / "caution.csv"
    chosen.to_csv(path, index=False)
    return path


_LOAN = ["amount", "term", "annual_income", "emp_length", "revol_util", "total_bal_il", "verification"]
FILES = {"table": table_file, "text": text_file, "image": image_file}
