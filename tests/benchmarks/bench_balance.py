"""The whole `balance` command against a plain script that reads, splits, resamples and writes the same files.

Run: python -m tests.benchmarks.bench_balance [rows] [pairs]
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

PLAIN = """
import sys
import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.model_selection import train_test_split

data, out = sys.argv[1:]
frame = pd.read_csv(data)
train, test = train_test_split(frame, test_size=0.2, stratify=frame["label"], random_state=0)
features = train.drop(columns="label")
X, y = SMOTE(sampling_strategy=0.2, random_state=0).fit_resample(features, train["label"])
balanced = X.assign(label=y)
for name, part in (("train", balanced), ("test", test)):
    part.to_parquet(f"{out}/{name}.parquet")
    part.to_csv(f"{out}/{name}.csv", index=False)
"""


def write_data(path: Path, rows: int) -> None:
    """Write a numeric table of 30 columns with 2 % of a rare class."""
    rng = np.random.default_rng(0)
    rare = rng.random(rows) < 0.02
    values = rng.normal(size=(rows, 30)) @ rng.normal(size=(30, 30)) / 5
    values[rare, :5] += 1.5
    frame = pd.DataFrame(values.round(6), columns=[f"x{i}" for i in range(30)])
    frame.assign(label=np.where(rare, "fraud", "ok")).to_csv(path, index=False)


def timed(command: list[str]) -> float:
    """Return the wall seconds of a command."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main(rows: int = 200_000, pairs: int = 5) -> None:
    """Print the ratio table."""
    root = Path(__file__).parents[2]
    os.environ["PYTHONPATH"] = str(root)
    with tempfile.TemporaryDirectory() as folder:
        data, script, plain_out = Path(folder, "data.csv"), Path(folder, "plain.py"), Path(folder, "plain")
        write_data(data, rows)
        script.write_text(PLAIN)
        plain_out.mkdir()
        ours = [sys.executable, "-m", "augmentors", "balance", str(data), "--label", "label", "--augmenter", "smote"]
        ours += ["--target", "ratio:0.2", "--out", str(Path(folder, "out"))]
        plain = [sys.executable, str(script), str(data), str(plain_out)]
        timed(ours), timed(plain)
        times = [(timed(ours), timed(plain)) for _ in range(pairs)]
    ratios = [a / b for a, b in times]
    print(f"| {rows:,} rows × 30, ratio:0.2 | seconds (median of {pairs}) |")
    print("| --- | --- |")
    print(f"| python -m augmentors balance | {median(a for a, _ in times):.2f} |")
    print(f"| plain script | {median(b for _, b in times):.2f} |")
    print(f"| ratio | {median(ratios):.2f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
