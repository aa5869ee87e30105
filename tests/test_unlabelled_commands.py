"""--unlabelled on the command line: one sentence for what does not fit, the same bytes from the recipe."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "augmentors", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(0)
    rare = rng.random(900) < 0.15
    frame = pd.DataFrame(rng.normal(size=(900, 4)) + 2 * rare[:, None], columns=list("abcd"))
    frame["outcome"] = np.where(rare, "bad", "good")
    frame[:300].to_csv(folder / "loans.csv", index=False)
    frame[250:].drop(columns="outcome").to_csv(folder / "more.csv", index=False)
    return folder / "loans.csv", folder / "more.csv"


def test_balance_verify_and_the_same_bytes_from_the_recipe(files: tuple[Path, Path], tmp_path: Path) -> None:
    data, more = files
    done = run("balance", data, "--unlabelled", more, "--augmenter", "pseudo_labelling", "--out", tmp_path / "one")
    assert done.returncode == 0, done.stderr
    assert "Unlabelled: 600 of 650 samples are used; left out: " in done.stdout
    assert run("verify", tmp_path / "one").returncode == 0
    again = run(
        "balance", data, "--unlabelled", more, "--recipe", tmp_path / "one/recipe.yaml", "--out", tmp_path / "two"
    )
    assert again.returncode == 0, again.stderr
    one, two = ((tmp_path / name / "manifest.json").read_text() for name in ("one", "two"))
    assert one == two and json.loads(one)["unlabelled"]["taken"] > 0


def test_without_the_file_one_line_says_what_is_missing(files: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("balance", files[0], "--augmenter", "pseudo_labelling", "--out", tmp_path / "out")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert "needs unlabelled data, and there is none" in line and "--unlabelled FILE" in line


def test_other_columns_are_one_line(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b,c,height\n1,2,3,4\n5,6,7,8\n")
    done = run("balance", files[0], "--unlabelled", other, "--augmenter", "smote", "--out", tmp_path / "out")
    assert done.returncode == 2
    said = "has other columns than the labelled data: it lacks 'd' and it has 'height', which the labelled data lacks."
    assert said in done.stderr.strip().splitlines()[-1]
    missing = run("balance", files[0], "--unlabelled", "no.csv", "--augmenter", "smote", "--out", tmp_path / "out")
    assert missing.returncode == 2 and "no.csv" in missing.stderr.strip().splitlines()[-1]


def test_profile_counts_them(files: tuple[Path, Path]) -> None:
    done = run("profile", files[0], "--unlabelled", files[1], "--json")
    assert json.loads(done.stdout)["unlabelled"] == 650
    assert "unlabelled" not in json.loads(run("profile", files[0], "--json").stdout)
