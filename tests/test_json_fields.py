"""Every field of `--json` that the README names is there, and what the comparison says of its arms is named."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from augmentors.cli import commands
from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.evaluate.version_arm import recipe_arm
from augmentors.recipe import resolve
from augmentors.run import make_recipe
from augmentors.testing import toy_table

ROOT = Path(__file__).resolve().parents[1]
TINY = str(ROOT / "assets" / "samples" / "tiny.csv")


def named(row: str) -> list[str]:
    """Return the fields that a row of the README's table names, those in brackets left out."""
    (line,) = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith(f"| {row}")]
    cell = re.sub(r"\([^)]*\)", "", line.split("|")[2])
    return re.findall(r"`([a-z_0-9]+)`", cell.partition(":")[0])


@pytest.fixture(scope="module")
def comparison() -> dict:
    data = toy_table()
    split = make_split(data)
    arm = recipe_arm("smote", resolve(make_recipe("smote"), data, split), "table", 5)
    assert arm is not None
    return compare(data, split, [arm], learners=["logistic"], repeats=1, free=["class_weight"]).to_json()


def run(*arguments: str) -> str:
    done = CliRunner().invoke(commands, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_list_and_profile() -> None:
    for augmenter in json.loads(run("list", "--json")):
        assert set(named("`list --json`")) <= set(augmenter)
        assert augmenter["params"]["type"] == "object"
    profile = json.loads(run("profile", TINY, "--label", "cultivar", "--json"))
    assert set(profile) == set(named("`profile --json`")) - {"unlabelled"}
    profile = json.loads(run("profile", TINY, "--label", "cultivar", "--unlabelled", TINY, "--json"))
    assert set(profile) == set(named("`profile --json`"))
    assert all(set(finding) == {"code", "severity", "message"} for finding in profile["findings"])


def test_explain_and_verify(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    run("balance", TINY, "--label", "cultivar", "--augmenter", "smote", "--out", out)
    first = pq.read_table(tmp_path / "out" / "provenance.parquet", columns=["sample_id"])["sample_id"][0].as_py()
    assert set(json.loads(run("explain", out, first, "--json"))) == set(named("`explain --json`"))
    checked = json.loads(run("verify", out, "--json"))
    assert checked["ok"] and checked["problems"] == [] and checked["train"] == 113
    assert set(checked) == set(named("`verify --json`"))
    (tmp_path / "out" / "train" / "train.csv").write_text("changed")
    done = CliRunner().invoke(commands, ["verify", out, "--json"])
    assert done.exit_code == 1 and "train.csv" in json.loads(done.stdout)["problems"][0]


def test_compare(comparison: dict) -> None:
    assert set(named("`compare --json FILE`")) <= {*comparison, "looks"}
    assert set(comparison["verdict"]) == set(named("… `verdict`"))
    for arm in comparison["arms"]:
        assert set(arm) == set(named("… each of `arms`"))
        assert set(arm["synthetic"]) == set(named("… `synthetic` of an arm"))
        assert all(set(interval) == {"mean", "low", "high"} for interval in arm["metrics"].values())
    assert all(set(one) == set(named("… each of `differences`")) for one in comparison["differences"])
