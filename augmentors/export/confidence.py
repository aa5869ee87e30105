"""How sure the learner was of samples whose labels it gave: a column of the exported training part."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from augmentors import catalog
from augmentors.balance.batch import Batch
from augmentors.core.augmenter import Need
from augmentors.core.dataset import UNLABELLED, Dataset
from augmentors.core.late import pd

COLUMN = "pseudo_label_confidence"
# Checks of the gate that tell of real samples and do not reject them.
TOLD = ("ranges", "constraints")


def confidences(kept: Batch) -> np.ndarray:
    """Return the confidence of each new sample, shape (n,); NaN where no learner gave its label."""
    certificate = kept.samples.certificate
    labelled = {key: Need.UNLABELLED in catalog.get(key).card.needs for key in certificate["augmenter"].unique()}
    return np.array(
        [
            json.loads(drawn)["confidence"] if labelled[key] else np.nan
            for key, drawn in zip(certificate["augmenter"], certificate["drawn"], strict=True)
        ]
    )


def pseudo_labelled(folder: Path) -> pd.DataFrame:
    """Return the pseudo-labelled samples of an export, least sure first.

    Returns
    -------
    DataFrame indexed by sample id
        ``unlabelled`` (id of the sample that was taken over), ``target``, ``confidence``, ``threshold`` and
        ``unlike`` (whether the gate told that no training row is like it).
    """
    table = pd.read_parquet(folder / "provenance.parquet", columns=["sample_id", "target", "parents", "drawn", "gate"])
    firsts = [str(parents[0]) if len(parents) else "" for parents in table["parents"]]
    table = table.assign(unlabelled=firsts)
    table = table[table["unlabelled"].str.startswith(UNLABELLED)].set_index("sample_id")
    drawn = [json.loads(text) for text in table["drawn"]]
    sure = {name: [one[name] for one in drawn] for name in ("confidence", "threshold")}
    gate = [json.loads(text) for text in table["gate"]]
    sure["unlike"] = [any(scores.get(rule) for rule in TOLD) for scores in gate]
    found = table[["unlabelled", "target"]].assign(**sure)
    return found.sort_values("confidence", kind="stable")


def with_confidence(frame: pd.DataFrame, kept: Batch) -> pd.DataFrame:
    """Return originals and new samples with the confidence of pseudo-labelled ones; as they are without any."""
    sure = confidences(kept)
    if not np.isfinite(sure).any():
        return frame
    column = np.append(np.full(len(frame) - len(sure), np.nan), sure)
    return frame.assign(**{column_name(list(frame.columns)): column})


def column_name(taken: list[str]) -> str:
    """Return a name for the column that the data does not have."""
    return COLUMN if COLUMN not in taken else f"counterweight_{COLUMN}"


def confidence_told(train: Dataset, kept: Batch) -> list[str]:
    """Return what the column is for; nothing without pseudo-labelled samples."""
    count = int(np.isfinite(confidences(kept)).sum())
    if not count:
        return []
    name = column_name(list(train.frame.columns))
    return [
        f"Column '{name}' says how sure the learner was of {count:,} pseudo-labelled samples; train without it, or use "
        "it as their weight."
    ]
