"""What Plan's bill says of the samples against real runs: each a fresh process, as the app's jobs are.

    python -m tests.benchmarks.bench_estimate

A ratio of 2 means that the run took twice as long as the bill said; the aim is
0.5 to 2. Run it on a machine that does nothing else.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from augmentors import ingest
from augmentors.estimate import bill, bytes_per_sample, time_part
from augmentors.ingest.samples import assets_dir
from augmentors.recipe import Recipe, resolve, to_yaml
from augmentors.run import default_workers, make_recipe, split_dataset

CASES = (
    ("tiny.csv", "cultivar", ["smote"], "majority"),
    ("page_blocks.csv", "block", ["smote"], "majority"),
    ("lending.csv", "outcome", ["smotenc"], "auto"),
    ("spam.jsonl", "label", ["synonym_replacement"], "auto"),
    ("spam.jsonl", "label", ["random_swap", "spelling_mistakes"], "majority"),
    ("fashion.zip", None, ["flip", "rotate"], "auto"),
    ("fashion.zip", None, ["crop_resize", "noise", "blur"], "majority"),
)


def main() -> int:
    """Print a line per case; return 1 when one is off by more than a factor of two."""
    print(f"{'sample':<16} {'augmenters':<32} {'new':>7} {'bill s':>7} {'run s':>7} {'ratio':>6}")
    worst = 1.0
    for file, label, keys, target in CASES:
        new, said, took = compared(file, label, keys, target)
        ratio = took / said
        worst = max(worst, ratio, 1 / ratio)
        print(f"{file:<16} {' '.join(keys):<32} {new:>7,} {said:>7.1f} {took:>7.1f} {ratio:>6.2f}", flush=True)
    return int(worst > 2)


def compared(file: str, label: str | None, keys: list[str], target: str) -> tuple[int, float, float]:
    """Return the number of new samples, the bill's seconds and those of a run."""
    path = assets_dir() / "samples" / file
    dataset = ingest.load(path, label=label).dataset
    split = split_dataset(dataset)
    train = dataset.take(split.train)
    recipe = resolve(make_recipe(keys, target=target), dataset, split)
    entries = recipe.plan.entries
    costs = {(e.target, p.augmenter): time_part(train, p, e.target) for e in entries for p in e.mix}
    workers = default_workers(dataset.kind)
    said = bill(len(train), entries, costs, bytes_per_sample(dataset), len(split.test), workers)
    return said.new, said.seconds, timed_run(path, label, recipe)


def timed_run(path: Path, label: str | None, recipe: Recipe) -> float:
    """Return the seconds of a run in a new process, less those for reading and splitting the file."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "recipe.yaml"
        plan.write_text(to_yaml(recipe), encoding="utf-8")
        command = [sys.executable, "-m", "tests.benchmarks.bench_estimate", str(path), label or "", str(plan), folder]
        began = time.perf_counter()
        read_s = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
        return time.perf_counter() - began - read_s


def run_once(path: str, label: str, plan: str, folder: str) -> None:
    """Run a recipe and print how long reading and splitting took."""
    from augmentors.recipe import from_yaml
    from augmentors.run import balance

    began = time.perf_counter()
    dataset = ingest.load(Path(path), label=label or None).dataset
    split = split_dataset(dataset)
    read_s = time.perf_counter() - began
    recipe = from_yaml(Path(plan).read_text(encoding="utf-8"))
    out, work = Path(folder) / "out", Path(folder) / "blocks"
    balance(dataset, split, recipe, out, workers=default_workers(dataset.kind), work=work)
    print(read_s)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_once(*sys.argv[1:])
    else:
        sys.exit(main())
