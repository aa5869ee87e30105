"""`ingest.load` with all its checks against pyarrow's own reader, as ratios of one run.

    python -m tests.benchmarks.bench_load [--rows 200000] [--pairs 9]

Prints; never fails on a clock. The first baseline is `pyarrow.csv.read_csv` or
`pyarrow.parquet.read_table`, which end with an Arrow table; the second goes on
to `.to_pandas()`. Ours ends with a pandas frame, every value checked, a hash of
the file, label and kind found. All use the same number of threads. Ratios are
medians over rounds, of the clock and of processor time; the order rotates.
The last column is the growth of memory over the size of the file, measured in
a process of its own.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from augmentors.ingest import load

Work = Callable[[], object]


def numbers(rows: int) -> pd.DataFrame:
    """Return 22 floats, 5 integers, 2 categories and a label."""
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {f"f{i}": rng.normal(size=rows).round(6) for i in range(22)}
    columns |= {f"i{i}": rng.integers(0, 10_000, rows) for i in range(5)}
    columns |= {f"c{i}": rng.choice(["red", "green", "blue, dark", "grey"], rows) for i in range(2)}
    return pd.DataFrame(columns | {"label": rng.choice(["rare", "common"], rows, p=[0.05, 0.95])})


def mixed(rows: int) -> pd.DataFrame:
    """Return a business table: few distinct values, gaps, dates, leading zeros."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"n{i}": rng.integers(0, 500, rows) / 4 for i in range(8)})
    for i in range(8):
        frame[f"gap{i}"] = np.where(rng.random(rows) < 0.2, np.nan, rng.integers(0, 99, rows))
    for i in range(8):
        frame[f"c{i}"] = rng.choice(["north", "south", "east", "west", "NA"], rows)
    frame["zip"] = [f"{n:05d}" for n in rng.integers(0, 99_999, rows) // 100 * 100]
    frame["day"] = np.datetime64("2020-01-01") + rng.integers(0, 1000, rows).astype("timedelta64[D]")
    return frame.assign(label=rng.choice(["rare", "common"], rows, p=[0.05, 0.95]))


def texts(rows: int) -> pd.DataFrame:
    """Return sentences with commas, quotes and newlines."""
    rng = np.random.default_rng(2)
    words = np.array(["the", "quick", "brown", "fox,", 'said "no"', "and\nleft", "again", "slowly"])
    lines = [" ".join(rng.choice(words, 25)) for _ in range(rows)]
    return pd.DataFrame({"text": lines, "label": rng.choice(["rare", "common"], rows, p=[0.1, 0.9])})


def seconds(work: Work) -> tuple[float, float]:
    """Return what a call takes by the clock, and of all processors."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def rounds(works: list[Work], count: int) -> np.ndarray:
    """Return the seconds of each round, shape (count, works, 2): clock and processor."""
    for work in works:
        work()
    taken = np.empty((count, len(works), 2))
    for at in range(count):
        for turn in np.roll(np.arange(len(works)), at):
            taken[at, turn] = seconds(works[turn])
    return taken


def memory_growth(path: Path) -> float:
    """Return the peak memory of a load in a fresh process, over what it held before, per byte of the file."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_load", "--measure", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(answer.stdout) * 1024 / path.stat().st_size


def measure(path: Path) -> None:
    before = peak_kilobytes()
    load(path, label="label")
    print(peak_kilobytes() - before)


def peak_kilobytes() -> int:
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=9, help="rounds")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure)
        return
    print("| data | file | MB | pyarrow ms | to pandas ms | load ms | ratio | to pandas | processor | memory / file |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in (("numbers", numbers), ("mixed", mixed), ("texts", texts)):
            table = frame(asked.rows)
            csv, parquet = Path(folder) / f"{name}.csv", Path(folder) / f"{name}.parquet"
            table.to_csv(csv, index=False)
            table.to_parquet(parquet, index=False)
            for path in (csv, parquet):
                report(name, path, asked.pairs)


def report(name: str, path: Path, pairs: int) -> None:
    # Without newlines_in_values pyarrow's reader may cut a row with a newline in two.
    options = pa_csv.ParseOptions(newlines_in_values=name == "texts")

    def read() -> pa.Table:
        return pa_csv.read_csv(path, parse_options=options) if path.suffix == ".csv" else pq.read_table(path)

    taken = rounds([read, lambda: read().to_pandas(), lambda: load(path, label="label")], pairs)
    arrow, pandas, ours = np.median(taken[..., 0], axis=0) * 1e3
    to_arrow, to_pandas = np.median(taken[:, 2:, :] / taken[:, :2, :], axis=0)
    size = path.stat().st_size / 2**20
    print(
        f"| {name} | {path.suffix[1:]} | {size:.0f} | {arrow:.0f} | {pandas:.0f} | {ours:.0f} "
        f"| {to_arrow[0]:.2f} | {to_pandas[0]:.2f} | {to_arrow[1]:.2f} / {to_pandas[1]:.2f} "
        f"| {memory_growth(path):.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
