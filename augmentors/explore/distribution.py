"""How many samples each class has, and how unequal that is."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.split import Split


def imbalance_ratio(counts: Mapping[str, int]) -> float:
    """Return the largest class divided by the smallest one that has any sample.

    Parameters
    ----------
    counts : mapping of str to int
        Samples per class.

    Returns
    -------
    float
        1.0 when balanced, or when there is nothing to compare.

    Examples
    --------
    >>> imbalance_ratio({"ok": 90, "rust": 10})
    9.0
    """
    present = [count for count in counts.values() if count > 0]
    return max(present) / min(present) if present else 1.0


def class_table(dataset: Dataset, split: Split | None = None) -> pd.DataFrame:
    """Return samples per class, largest first.

    Parameters
    ----------
    dataset : Dataset
    split : Split, optional
        Without it everything counts as training part.

    Returns
    -------
    DataFrame
        Columns ``label``, ``train``, ``test``, ``total`` and ``share`` (of all samples).
    """
    total = pd.Series(dataset.class_counts, dtype=np.int64)
    if split is None:
        train, test = total, pd.Series(0, index=total.index)
    else:
        train, test = (
            pd.Series(dataset.take(ids).class_counts, dtype=np.int64).reindex(total.index, fill_value=0)
            for ids in (split.train, split.test)
        )
    return pd.DataFrame(
        {
            "label": total.index.astype(str),
            "train": train.to_numpy(np.int64),
            "test": test.to_numpy(np.int64),
            "total": total.to_numpy(),
            "share": total.to_numpy() / max(len(dataset), 1),
        }
    )
