"""Parents and children for the report: a few new samples per class beside what they were made from."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

PER_CLASS = 2
CLASSES = 6
COLUMNS = 8


@dataclass(frozen=True)
class ShownParent:
    """A parent as the report shows it: its share of the new sample, and its text, cells or image address."""

    id: str
    weight: float
    content: Any


@dataclass(frozen=True)
class Example:
    """A new sample beside its parents.

    Parameters
    ----------
    sample_id, target, augmenter : str
    parents : list of ShownParent
        At most two: the first, and the one of the others that weighs most.
    others : int
        Further parents, which are not shown.
    after : Any
        Text, cells or an image address.
    drawn : str
    """

    sample_id: str
    target: str
    augmenter: str
    parents: list[ShownParent]
    others: int
    after: Any
    drawn: str


def examples(folder: Path, kind: str, text: str | None) -> list[Example]:
    """Return the first new samples of a few classes of an exported folder, with their parents."""
    table = pq.read_table(folder / "provenance.parquet")
    frame = table.select(["sample_id", "target", "augmenter", "parents", "weights", "drawn"]).to_pandas()
    chosen = frame.groupby("target", sort=True).head(PER_CLASS)
    chosen = chosen[chosen["target"].isin(sorted(frame["target"].unique())[:CLASSES])]
    shown = {row.sample_id: shown_parents(row.parents, row.weights) for row in chosen.itertuples()}
    ids = {parent for parents in shown.values() for parent, _ in parents} | set(shown)
    content = _contents(folder, kind, text, ids)
    return [
        Example(
            row.sample_id,
            row.target,
            row.augmenter,
            [ShownParent(p, weight, content[p]) for p, weight in shown[row.sample_id] if p in content],
            max(len(row.parents) - len(shown[row.sample_id]), 0),
            content[row.sample_id],
            _drawn_in_words(row.drawn),
        )
        for row in chosen.itertuples()
    ]


def shown_parents(parents: Sequence[str], weights: Sequence[float]) -> list[tuple[str, float]]:
    """Return the first parent and the heaviest of the others, each with its weight.

    The first is what a sample starts from. Of the others the heaviest is what
    it was interpolated or mixed with; the rest at most voted.

    Examples
    --------
    >>> shown_parents(["a", "b", "c"], [0.3, 0.1, 0.6])
    [('a', 0.3), ('c', 0.6)]
    """
    first = [(str(p), float(w)) for p, w in zip(parents[:1], weights[:1], strict=True)]
    others = [(str(p), float(w)) for p, w in zip(parents[1:], weights[1:], strict=True)]
    return first + ([max(others, key=lambda other: other[1])] if others else [])


def _contents(folder: Path, kind: str, text: str | None, ids: set[str]) -> dict[str, Any]:
    """Return what each sample looks like, by id."""
    if kind == "image":
        names = pacsv.ConvertOptions(strings_can_be_null=False)
        metadata = pacsv.read_csv(folder / "train" / "metadata.csv", convert_options=names).to_pandas()
        rows = metadata[metadata.iloc[:, 0].astype(str).isin(ids)]
        return {str(row.iloc[0]): _as_address(folder / "train" / str(row["file"])) for _, row in rows.iterrows()}
    table = pq.read_table(folder / "train" / "train.parquet")
    name = table.column_names[0]
    rows = table.filter(pc.is_in(table[name], pc.cast(list(ids), table[name].type))).to_pandas().set_index(name)
    if text is not None:
        return {str(i): str(value) for i, value in rows[text].items()}
    return {str(i): _cells(row) for i, row in rows.iterrows()}


def _cells(row: pd.Series) -> dict[str, str]:
    """Return the first columns of a row as short text."""
    return {str(name): _short(value) for name, value in list(row.items())[:COLUMNS]}


def _short(value: Any) -> str:
    if value is None or pd.isna(value):
        return "–"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _as_address(path: Path) -> str:
    """Return an image as a data address, so that the report is one file."""
    kind = "jpeg" if path.suffix.lower() in (".jpg", ".jpeg") else "png"
    data = path.read_bytes()
    if kind == "png" and path.suffix.lower() != ".png":
        data = _as_png(path)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _as_png(path: Path) -> bytes:
    import io

    from PIL import Image

    with Image.open(path) as image:
        sink = io.BytesIO()
        image.convert("RGB").save(sink, "PNG")
    return sink.getvalue()


def _drawn_in_words(drawn: str) -> str:
    """Return drawn values as ``name value`` pairs, seeds and long lists left out."""
    try:
        values = json.loads(drawn)
    except json.JSONDecodeError:
        return ""
    plain = {k: v for k, v in values.items() if k != "seed" and isinstance(v, int | float | str | bool)}
    return ", ".join(f"{name} {round(v, 3) if isinstance(v, float) else v}" for name, v in plain.items())
