"""The command line where a sample carries several labels."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from augmentors.cli import commands, main

LENDING = Path(__file__).parents[1] / "assets" / "samples" / "lending.csv"
LABELS = "high_rate,recent_inquiry,late"


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first 700 loans with three labels made of their own columns, which are left out."""
    table = pd.read_csv(LENDING).head(700)
    flags = {
        "high_rate": table["interest_rate"] > 18,
        "recent_inquiry": table["inq_last_6mths"] > 2,
        "late": table["delinq_2yrs"] > 0,
    }
    used = ["interest_rate", "inq_last_6mths", "delinq_2yrs", "sub_grade", "outcome"]
    path = tmp_path_factory.mktemp("loans") / "loans.csv"
    table.drop(columns=used).assign(**{name: own.astype(int) for name, own in flags.items()}).to_csv(path, index=False)
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_labels_grow_replay_and_come_back_as_columns(loans: Path, tmp_path: Path) -> None:
    said = run(
        *("balance", loans, "--label", LABELS, "--task", "multilabel", "--augmenter", "mlsmote"),
        *("--target", "ratio:0.8", "--out", tmp_path / "one"),
    )
    assert "recent_inquiry: " in said
    run("balance", loans, "--recipe", tmp_path / "one" / "recipe.yaml", "--out", tmp_path / "two", "--workers", 2)
    one, two = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two"))
    assert one == two
    assert "are disjoint as they must be" in run("verify", tmp_path / "one")
    made = pd.read_parquet(tmp_path / "one" / "train" / "train.parquet")
    assert list(made.columns)[1:] == list(pd.read_csv(loans, nrows=1).columns)
    assert {name: int(made[name].sum()) for name in LABELS.split(",")} == one["counts"]["after"]
    born = pd.read_parquet(tmp_path / "one" / "provenance.parquet").set_index("sample_id")
    rows = made.set_index("sample_id").loc[born.index]
    assert all(rows.at[i, target] == 1 for i, target in born["target"].items())
    assert (born["parents"].str.len() == 6).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--label", "term,late"), "'term' of loans.csv must hold 0 and 1 in every row; got '36 months'"),
        (("--label", LABELS, "--before", "random_undersampling"), "drops samples of a class"),
        (("--label", LABELS, "--ranges", "1,2"), "Ranges are for the task regression; got the task multilabel"),
    ],
)
def test_mistakes_are_one_sentence(
    options: tuple[str, ...], sentence: str, loans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["balance", str(loans), *options, "--task", "multilabel", "--augmenter", "mlsmote"]
    with pytest.raises(SystemExit) as stop:
        main([*arguments, "--out", str(tmp_path / "out")])
    said = capsys.readouterr().err
    assert stop.value.code == 2 and sentence in said and said.count("\n") == 1
