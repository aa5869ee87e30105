"""Small files of real data, a kind each, cut from the built-in samples so that a journey is quick."""

import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

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


FILES = {"table": table_file, "text": text_file, "image": image_file}
