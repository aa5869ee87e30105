"""The command line where the label is a number: ranges, replay, explanations and mistakes."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from augmentors.cli import commands, main
from augmentors.recipe import from_yaml

LENDING = Path(__file__).parents[1] / "assets" / "samples" / "lending.csv"


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 600 loans."""
    path = tmp_path_factory.mktemp("loans") / "loans.csv"
    path.write_text("".join(LENDING.read_text(encoding="utf-8").splitlines(keepends=True)[:601]), encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def fails(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    assert stop.value.code == 2
    return capsys.readouterr().err


def test_a_recipe_replays_to_the_same_bytes_and_verifies(loans: Path, tmp_path: Path) -> None:
    said = run(
        *("balance", loans, "--label", "annual_income", "--task", "regression"),
        *("--augmenter", "smogn", "--augmenter", "random_oversampling", "--out", tmp_path / "one"),
    )
    assert "Ranges of 'annual_income'" in said and "(rare): " in said
    again = run(
        "balance", loans, "--recipe", tmp_path / "one" / "recipe.yaml", "--out", tmp_path / "two", "--workers", 2
    )
    assert "The split differs" not in again
    one, two = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two"))
    assert one == two
    assert "are disjoint as they must be" in run("verify", tmp_path / "two")
    recipe = from_yaml((tmp_path / "one" / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe.data is not None and recipe.data.task == "regression" and recipe.data.ranges is not None
    made = pd.read_parquet(tmp_path / "one" / "train" / "train.parquet")
    born = pd.read_parquet(tmp_path / "one" / "provenance.parquet")
    new = made[made["sample_id"].isin(born["sample_id"])]
    assert (new["annual_income"] >= recipe.data.ranges.cuts[-1]).all() and new["annual_income"].dtype == "int64"
    told = run("explain", tmp_path / "one", born["sample_id"][0])
    assert "annual_income >= " in told


def test_a_model_that_cannot_be_exported_is_refused_before_anything_is_trained(
    loans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = fails(
        capsys,
        *("compare", loans, "--label", "annual_income", "--task", "regression", "--augmenter", "smogn"),
        *("--export-model", tmp_path / "model"),
    )
    assert "'annual_income' is a number" in said and "Traceback" not in said
    assert not (tmp_path / "model").exists()


def test_given_ranges_replace_those_of_a_recipe(loans: Path, tmp_path: Path) -> None:
    base = ("balance", loans, "--label", "annual_income", "--augmenter", "smote", "--target", "ratio:0.5")
    said = run(*base, "--ranges", "40000,120000", "--out", tmp_path / "out")
    assert "annual_income >= 120000 (rare): " in said
    assert "since ranges were given" in said


def test_profile_tells_the_ranges(loans: Path) -> None:
    facts = json.loads(run("profile", loans, "--label", "annual_income", "--task", "regression", "--json"))
    assert facts["task"] == "regression" and sum(facts["classes"].values()) == 600
    assert facts["ranges"]["rule"] == "box plot"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--label", "annual_income", "--ranges", "4,x"), "--ranges: expected numbers with commas between them"),
        (("--label", "annual_income", "--ranges", "9,4"), "ascending numbers"),
        (("--label", "annual_income", "--ranges", "-5"), "'annual_income < -5' holds no training row"),
        (("--label", "outcome", "--task", "regression"), "'outcome' of loans.csv is not numeric (such as 'good')"),
        (("--label", "outcome"), "SMOGN is for a target that is a number; 'outcome' names classes"),
    ],
)
def test_mistakes_are_one_sentence(
    options: tuple[str, ...], sentence: str, loans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = fails(capsys, "balance", loans, *options, "--augmenter", "smogn", "--out", tmp_path / "out")
    assert sentence in said and said.count("\n") == 1 and not (tmp_path / "out").exists()


def test_costs_are_refused(loans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "costs.csv").write_text(",a,b\na,0,1\nb,5,0\n")
    options = ("--label", "annual_income", "--task", "regression", "--augmenter", "smogn")
    said = fails(capsys, "compare", loans, *options, "--costs", tmp_path / "costs.csv")
    assert "Costs are for classes" in said
