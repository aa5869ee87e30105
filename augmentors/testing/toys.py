"""Small deterministic datasets, ordinary and odd, for checks, doctests and tests."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from augmentors.core.dataset import PATH_COLUMN, ColumnType, Dataset, Schema
from augmentors.core.label_sets import LabelSets
from augmentors.core.ranges import Ranges
from augmentors.core.seeds import digest, rng_from

Labels = Literal["text", "integer", "boolean"]
COUNTS: dict[str, int] = {"common": 40, "some": 20, "rare": 12}

TABLE_TYPES: dict[str, ColumnType] = {
    "width": "number",
    "height": "number",
    "visits": "integer",
    "active": "boolean",
    "colour": "category",
    "seen": "date",
    "remark": "text",
    "source": "ignored",
}

SENTENCES = (
    "The quick delivery arrived two days early and the box was in perfect shape.",
    "I would happily buy this small lamp again! My sister wants one as well.",
    "The old engine makes a strange noise when it is cold. We called the garage twice.",
    "Please cancel my order, because I didn't want the colour that was sent to my house.",
    "A short note from the lab said that the good results are on the way.",
    "Der Zug war pünktlich und die Fahrt sehr ruhig. Wir kommen gerne wieder.",
    "Le service était rapide, mais la chambre était trop petite. Dommage !",
    "El libro llegó tarde y con una página rota. Nadie contestó al teléfono.",
    "Служба поддержки ответила быстро. Спасибо за помощь!",
    "这个产品很好用。我会再买一次。",
)
ODD_TEXTS = (
    "",
    " ",
    "word",
    "🙂🙃 👩‍👩‍👧 ok",
    "مرحبا بالعالم. كيف حالك؟",
    "tab\tand\nnewline\r\nand  double  spaces",
    "<b>tag</b> {brace} %s \\ backslash \"quote\" 'single'",
    "Größere Städte, schönere Bahnhöfe, pünktliche Züge, grüne Hügel, hübsche Dörfer: info is good, don't?",
    "e\u0301clair nai\u0308ve \u200b zero\u00a0width",
    "No matter what, the very long text is good and I don't want more info, please. " * 120,
    "x" * 3000,
    "1234 5678 90.12 100% $5",
)


def toy_table(
    counts: Mapping[str, int] | None = None, *, labels: Labels = "text", missing: bool = False, seed: int = 0
) -> Dataset:
    """Return a small table with one column of every type.

    Parameters
    ----------
    counts : mapping of str to int, optional
        Rows per class; 40 ``common``, 20 ``some``, 12 ``rare`` by default.
    labels : {"text", "integer", "boolean"}
        What the label column holds; integers number the classes from 0, and
        booleans say whether the class is the last one.
    missing : bool
        Whether a tenth of the values (label excepted) is missing.
    seed : int

    Examples
    --------
    >>> toy_table().class_counts
    {'common': 40, 'some': 20, 'rare': 12}
    """
    rng = rng_from("toy table", seed)
    names = _names(counts or COUNTS, rng)
    code = pd.factorize(pd.Series(names), sort=True)[0]
    n = len(names)
    frame = pd.DataFrame(
        {
            "width": rng.normal(code, 1.0),
            "height": rng.normal(-3.0 * code, 20.0),
            "visits": rng.poisson(5 + 3 * code),
            "active": rng.random(n) < 0.3 + 0.2 * (code % 3),
            "colour": pd.Series(np.array(["red", "green", "blue", "grün"])[rng.integers(0, 4, n)], dtype="str"),
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 400, n), unit="D"),
            "remark": pd.Series(np.array(SENTENCES)[rng.integers(0, len(SENTENCES), n)], dtype="str"),
            "source": pd.Series([f"s{i % 7}" for i in range(n)], dtype="str"),
        }
    )
    if missing:
        frame = _with_holes(frame, rng)
    frame["label"] = _label_column(names, counts or COUNTS, labels)
    return _dataset("table", frame, Schema("label", dict(TABLE_TYPES)))


def toy_regression(counts: Mapping[str, int] | None = None, *, whole: bool = False, missing: bool = False) -> Dataset:
    """Return the toy table with a number as its label, each class of `counts` being a range of ten.

    Parameters
    ----------
    counts : mapping of str to int, optional
        Rows per range, lowest first; names are the ranges' own.
    whole : bool
        Whether the target is a whole number.
    missing : bool
        Whether a tenth of the values (label excepted) is missing.

    Examples
    --------
    >>> toy_regression().class_counts
    {'label < 10': 40, 'label 10 to 20': 20, 'label >= 20 (rare)': 12}
    """
    return with_numeric_label(toy_table(counts, missing=missing), list(counts or COUNTS), whole)


def with_numeric_label(table: Dataset, order: list[str], whole: bool = False) -> Dataset:
    """Return a table whose label is a number instead of a class: class i lies in the i-th range of ten."""
    rng, names = rng_from("target", len(table)), table.labels
    values = 10.0 * np.array([order.index(name) for name in names]) + rng.uniform(0, 10, len(names))
    frame = table.frame.assign(label=np.floor(values).astype(np.int64) if whole else values)
    counts = np.array([(names == name).sum() for name in order])
    rare = tuple(bool(count < counts.max() / 2) for count in counts)
    ranges = Ranges("label", tuple(10.0 * i for i in range(1, len(order))), rare, "given")
    schema = replace(table.schema, task="regression", ranges=ranges)
    return Dataset("table", frame, schema, digest(table.fingerprint, values.tolist()))


def toy_multilabel(counts: Mapping[str, int] | None = None, *, missing: bool = False) -> Dataset:
    """Return the toy table with label sets: every class is a label, and about a third of its rows bear the next one.

    Examples
    --------
    >>> toy_multilabel().class_counts
    {'common': 43, 'some': 27, 'rare': 14}
    """
    return with_label_sets(toy_table(counts, missing=missing), list(counts or COUNTS))


def with_label_sets(table: Dataset, order: list[str]) -> Dataset:
    """Return a table whose label is a set: a row's class, and every third time the next class as well."""
    names = table.labels
    matrix = names[:, None] == np.array(order, dtype=object)
    more = rng_from("label sets", len(table)).random(len(names)) < 1 / 3
    matrix |= more[:, None] & np.roll(matrix, 1, axis=1)
    mark = next(one for one in ("|", "¦") if not any(one in name for name in order))
    sets = LabelSets(tuple(order), mark)
    frame = table.frame.assign(label=pd.Series(sets.written(matrix), index=table.frame.index, dtype="str"))
    schema = replace(table.schema, task="multilabel", sets=sets)
    return Dataset("table", frame, schema, digest(table.fingerprint, "label sets"))


def numeric_table(rows: int = 300, columns: int = 4, share: float = 0.15, seed: int = 0) -> Dataset:
    """Return a table of floats only, with overlapping classes ``common`` and ``rare`` (about a `share` of rows).

    Examples
    --------
    >>> feature_array(numeric_table(rows=10, columns=2)).shape
    (10, 2)
    """
    rng = rng_from("numeric table", rows, columns, share, seed)
    label = np.where(rng.random(rows) < share, "rare", "common")
    X = rng.normal(size=(rows, columns)) * np.arange(1, columns + 1) + (label == "rare")[:, None]
    # One array per column, as files are read, not one array for all.
    frame = pd.DataFrame({f"x{i}": X[:, i].copy() for i in range(columns)})
    types: dict[str, ColumnType] = dict.fromkeys(frame.columns, "number")
    frame["label"] = pd.Series(label, dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(rows)], dtype="str")
    return Dataset("table", frame, Schema("label", types), digest("numeric", rows, columns, share, seed))


def feature_array(train: Dataset) -> np.ndarray:
    """Return the features of a table as one array, as scikit-learn wants them."""
    return train.frame[train.schema.features()].to_numpy()


def odd_table() -> Dataset:
    """Return a table of strange but legal columns: constant, empty, huge, oddly named, big integers."""
    rng = rng_from("odd table")
    names = _names(COUNTS, rng)
    n = len(names)
    frame = pd.DataFrame(
        {
            "constant": np.ones(n),
            "empty": np.full(n, np.nan),
            "huge": rng.normal(0, 1e150, n),
            "größe (µm) %": rng.normal(0, 1e-12, n),
            "": rng.integers(-(2**62), 2**62, n),
            "bit": rng.random(n) < 0.5,
            "one value": pd.Series(["same"] * n, dtype="str"),
            "day": pd.Series(pd.NaT, index=range(n)).astype("datetime64[us]"),
            "long": pd.Series(["é" * 2000] * n, dtype="str"),
        }
    )
    types: dict[str, ColumnType] = dict.fromkeys(frame.columns, "number")
    types |= {"": "integer", "bit": "boolean", "one value": "category", "day": "date", "long": "text"}
    frame["label"] = pd.Series(names, dtype="str")
    return _dataset("table", frame, Schema("label", types))


def toy_text(
    counts: Mapping[str, int] | None = None, *, labels: Labels = "text", odd: bool = False, seed: int = 0
) -> Dataset:
    """Return short texts in a few languages; with `odd`, empty, very long and strange ones.

    Examples
    --------
    >>> toy_text().texts[0] in SENTENCES
    False
    >>> len(toy_text({"spam": 3, "ham": 4}))
    7
    """
    rng = rng_from("toy text", seed)
    names = _names(counts or COUNTS, rng)
    if odd:
        texts = [ODD_TEXTS[i % len(ODD_TEXTS)] for i in _rank_in_class(names)]
    else:
        # Two sentences each, opened by a word of the class, so that classes can be told apart.
        picked = [rng.choice(len(SENTENCES), 2, replace=False) for _ in names]
        texts = [
            f"{name.capitalize()} matter. {SENTENCES[a]} {SENTENCES[b]}"
            for name, (a, b) in zip(names, picked, strict=True)
        ]
    frame = pd.DataFrame({"text": pd.Series(texts, dtype="str")})
    frame["label"] = _label_column(names, counts or COUNTS, labels)
    return _dataset("text", frame, Schema("label", {"text": "text"}, text="text"))


def toy_images(
    folder: Path,
    counts: Mapping[str, int] | None = None,
    *,
    labels: Labels = "text",
    odd: bool = False,
    seed: int = 0,
) -> Dataset:
    """Write small images into a folder and return them as a dataset.

    Ordinary ones are RGB PNG and JPEG of about 40×32 pixels and a few grey
    PNG; with `odd`, they are RGBA, 1×1, 1×50, palette and single-colour ones.
    """
    from PIL import Image

    rng = rng_from("toy images", seed)
    counts = counts or COUNTS
    names = _names(counts, rng)
    paths = []
    for i, (name, rank) in enumerate(zip(names, _rank_in_class(names), strict=True)):
        pixels, suffix = _odd_pixels(rank, rng) if odd else _pixels(sorted(counts).index(name), rank, rng)
        path = Path(name) / f"{i:04d}.{suffix}"
        (folder / name).mkdir(parents=True, exist_ok=True)
        image = Image.fromarray(pixels)
        if odd and rank % 5 == 4:
            image = image.convert("P")
        image.save(folder / path)
        paths.append(path.as_posix())
    frame = pd.DataFrame({PATH_COLUMN: pd.Series(paths, dtype="str")})
    frame["label"] = _label_column(names, counts, labels)
    frame.index = pd.Index(paths, dtype="str")
    frame = frame.sort_index()
    fingerprint = digest([(p, digest((folder / p).read_bytes().hex())) for p in frame.index])
    return Dataset("image", frame, Schema("label", {PATH_COLUMN: "ignored"}), fingerprint, folder)


def _names(counts: Mapping[str, int], rng: np.random.Generator) -> list[str]:
    """Return the class of every row, shuffled."""
    names = np.repeat(np.array(list(counts), dtype=object), list(counts.values()))
    return [str(name) for name in rng.permutation(names)]


def _rank_in_class(names: list[str]) -> list[int]:
    return pd.Series(names).groupby(pd.Series(names)).cumcount().tolist()


def _label_column(names: list[str], counts: Mapping[str, int], labels: Labels) -> pd.Series:
    order = list(counts)
    if labels == "integer":
        return pd.Series([order.index(name) for name in names], dtype="int64")
    if labels == "boolean":
        return pd.Series([name == order[-1] for name in names], dtype="bool")
    return pd.Series(names, dtype="str")


def _dataset(kind: Literal["table", "text"], frame: pd.DataFrame, schema: Schema) -> Dataset:
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    return Dataset(kind, frame, schema, digest(frame.to_csv()))


def _with_holes(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the frame with a tenth of its values missing, with the dtypes ingest gives them."""
    frame = frame.astype({"visits": "Int64", "active": "boolean"})
    for name in frame.columns:
        frame[name] = frame[name].mask(rng.random(len(frame)) < 0.1)
    return frame


def _pixels(code: int, rank: int, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """Return an ordinary image: a gradient, a square whose place tells the class, and noise."""
    height, width = 32 + rank % 3, 40
    ramp = np.linspace(40, 160, width)[None, :, None] * np.ones((height, 1, 3))
    ramp[..., 1] += 20 * (code % 3)
    top, left = 3 + 7 * (code % 3), 5 + 9 * (code % 3)
    ramp[top : top + 10, left : left + 12] = (230, 90, 60)
    noisy = np.clip(ramp + rng.normal(0, 6, ramp.shape), 0, 255).astype(np.uint8)
    if rank % 4 == 3:
        return noisy[..., 0], "png"
    return noisy, "jpg" if rank % 2 else "png"


def _odd_pixels(rank: int, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """Return an odd image: RGBA, one pixel, one row, one colour, or one for a palette."""
    shapes = [(20, 24, 4), (1, 1, 3), (1, 50, 3), (16, 16), (9, 13, 3)]
    pixels = rng.integers(0, 256, shapes[rank % 5], dtype=np.uint8)
    if rank % 5 == 3:
        pixels[:] = 255
    return pixels, "png"
