"""Checks that new rows hold what they were made for where a label is no class: a number of its range, a label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from augmentors.recipe import Recipe


def target_problems(folder: Path, recipe: Recipe) -> list[str]:
    """Return in sentences which new rows do not hold what they were made for; nothing to say where classes are.

    Parameters
    ----------
    folder : Path
        Of an export of a table.
    recipe : Recipe
        Its own. Without its check of ranges nothing was promised.
    """
    data = recipe.data
    if data is None or data.task == "classification" or not recipe.gate.ranges:
        return []
    born = pq.read_table(folder / "provenance.parquet", columns=["sample_id", "target"])
    made_for = dict(zip(born["sample_id"].to_pylist(), born["target"].to_pylist(), strict=True))
    rows = pq.read_table(folder / "train" / "train.parquet")
    ids = [str(i) for i in rows.column(0).to_pylist()]
    new = np.array([i for i, name in enumerate(ids) if name in made_for], dtype=np.int64)
    wanted = np.array([made_for[ids[i]] for i in new], dtype=object)
    if data.ranges is not None:
        values = rows.column(data.label).to_numpy().astype(np.float64)[new]
        wrong = int((data.ranges.of(data.label).of(values) != wanted).sum())
        return [f"{wrong:,} new rows have a target outside the range they were made for."] if wrong else []
    borne = {name: rows.column(name).to_numpy().astype(bool) for name in set(wanted) if name in rows.column_names}
    wrong = sum(not borne[name][i] for i, name in zip(new, wanted, strict=True) if name in borne)
    return [f"{wrong:,} new rows do not bear the label they were made for."] if wrong else []
