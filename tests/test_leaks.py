"""No test row is a parent, or a duplicate or near-duplicate of a parent, of any synthetic row."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image

from augmentors.core.dataset import Dataset
from augmentors.ingest import load
from augmentors.run import balance, make_recipe, split_dataset

PLANTED = 30


def table_with_twins(folder: Path) -> tuple[Dataset, dict[str, int]]:
    """A table in which rows 0 to 29 have an exact twin and rows 30 to 59 a nearly equal one."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(300, 6))
    twins = np.vstack([values[:PLANTED], values[PLANTED : 2 * PLANTED] * (1 + 1e-7)])
    frame = pd.DataFrame(np.vstack([values, twins]), columns=list("abcdef"))
    label = np.where(np.arange(300) % 4 == 0, "rare", "common")
    frame["label"] = np.concatenate([label, label[: 2 * PLANTED]])
    frame.to_csv(folder / "data.csv", index=False)
    family = {f"r{i}": i for i in range(300)} | {f"r{300 + i}": i for i in range(2 * PLANTED)}
    return load(folder / "data.csv", label="label").dataset, family


def texts_with_twins(folder: Path) -> tuple[Dataset, dict[str, int]]:
    """Texts of which 30 have an exact twin and 30 one that differs in case and a full stop."""
    rng = np.random.default_rng(0)
    words = [
        "parcel",
        "invoice",
        "garden",
        "engine",
        "window",
        "doctor",
        "market",
        "yellow",
        "silent",
        "broken",
        "weekly",
        "reply",
    ]
    texts = [" ".join(rng.choice(words, 14)) + f" number {i}." for i in range(240)]
    twins = texts[:PLANTED] + [t.capitalize().replace(".", " !") for t in texts[PLANTED : 2 * PLANTED]]
    label = ["rare" if i % 4 == 0 else "common" for i in range(240)]
    frame = pd.DataFrame({"text": texts + twins, "label": label + label[: 2 * PLANTED]})
    frame.to_csv(folder / "data.csv", index=False)
    family = {f"r{i}": i for i in range(240)} | {f"r{240 + i}": i for i in range(2 * PLANTED)}
    return load(folder / "data.csv", label="label", text="text", kind="text").dataset, family


def images_with_twins(folder: Path) -> tuple[Dataset, dict[str, int]]:
    """Images of which 15 have a byte-equal twin and 15 one with a few pixels one level brighter."""
    rng = np.random.default_rng(0)
    family: dict[str, int] = {}
    with zipfile.ZipFile(folder / "data.zip", "w") as archive:
        for i in range(120):
            small = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
            pixels = np.asarray(Image.fromarray(small).resize((32, 32), Image.Resampling.BICUBIC)).copy()
            versions = [pixels]
            if i < 15:
                versions.append(pixels)
            elif i < 30:
                nearly = pixels.copy()
                nearly[:2, :2] = np.minimum(nearly[:2, :2], 254) + 1
                versions.append(nearly)
            for j, version in enumerate(versions):
                sink = io.BytesIO()
                Image.fromarray(version).save(sink, "PNG")
                name = f"{'rare' if i % 4 == 0 else 'common'}/{i:03d}-{j}.png"
                archive.writestr(name, sink.getvalue())
                family[name] = i
    return load(folder / "data.zip", workdir=folder / "images").dataset, family


CASES = {
    "table": (table_with_twins, ["smote", "borderline_smote", "adasyn"]),
    "text": (texts_with_twins, ["random_swap", "random_deletion"]),
    "image": (images_with_twins, ["flip", "noise"]),
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_test_sample_is_a_relative_of_a_parent(kind: str, seed: int, tmp_path: Path) -> None:
    make, keys = CASES[kind]
    dataset, family = make(tmp_path)
    recipe = make_recipe(keys, target="majority", seed=seed)
    split = split_dataset(dataset, recipe.split.model_copy(update={"seed": seed}))
    assert split.linked >= 30
    version = balance(dataset, split, recipe, tmp_path / "out", workers=1)
    parents = {p for ps in pq.read_table(version.path / "provenance.parquet")["parents"].to_pylist() for p in ps}
    assert parents
    tested = {family[i] for i in split.test}
    assert not {family[p] for p in parents} & tested
    # The plants are real: without the care taken, twins would have been torn apart.
    from augmentors.core.split import make_split

    careless = make_split(dataset, seed=seed)
    assert {family[i] for i in careless.train} & {family[i] for i in careless.test}
