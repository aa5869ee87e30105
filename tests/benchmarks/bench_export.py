"""Packing a version's originals into a ZIP against `zip -0` on the same folder.

Run: python -m tests.benchmarks.bench_export [files] [kilobytes each] [pairs]
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from augmentors.export import write_zip


def main(files: int = 4000, kilobytes: int = 60, pairs: int = 7) -> None:
    """Print the ratio table."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "version")
        for i in range(files):
            path = folder / "train" / f"class{i % 10}" / f"{i}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rng.bytes(kilobytes * 1024))
        times = []
        for _ in range(pairs + 1):
            began = time.perf_counter()
            write_zip(folder, Path(scratch, "ours.zip"))
            ours = time.perf_counter() - began
            Path(scratch, "plain.zip").unlink(missing_ok=True)
            began = time.perf_counter()
            subprocess.run(["zip", "-0", "-q", "-r", "../plain.zip", "."], cwd=folder, check=True)
            times.append((ours, time.perf_counter() - began))
    times = times[1:]
    print(f"| {files:,} originals of {kilobytes} kB | seconds (median of {pairs}) |")
    print("| --- | --- |")
    print(f"| export as ZIP | {median(a for a, _ in times):.2f} |")
    print(f"| zip -0 | {median(b for _, b in times):.2f} |")
    print(f"| ratio | {median(a / b for a, b in times):.2f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
