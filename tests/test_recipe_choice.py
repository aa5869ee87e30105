"""Options beside --recipe: each overrides and says so, or is refused; none is ignored."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

from augmentors.cli import commands, main
from augmentors.export import verify
from augmentors.export.manifest import identity, sha256_of
from augmentors.recipe_choice import parse_settings

TINY = Path(__file__).parents[1] / "assets" / "samples" / "tiny.csv"


def run(*arguments: object) -> str:
    result = CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("first") / "out"
    run("balance", TINY, "--label", "cultivar", "--augmenter", "smote", "--out", out)
    return out / "recipe.yaml"


@pytest.mark.parametrize(
    ("option", "sentence", "field", "value"),
    [
        (("--seed", 7), "--seed 7 replaces the recipe's seed 0.", ("seed",), 7),
        (
            ("--set", "smote.k_neighbors=3"),
            "--set smote.k_neighbors=3 replaces the recipe's 5.",
            ("plan", "entries", 0, "mix", 0, "params", "k_neighbors"),
            3,
        ),
        (("--no-gate",), "--no-gate replaces the recipe's gate", ("gate", "copies"), False),
        (
            ("--target", "ratio:0.5"),
            "--target ratio:0.5 replaces the recipe's target auto; each class keeps its mix.",
            ("plan", "target"),
            "ratio:0.5",
        ),
        (
            ("--when-not-applicable", "skip"),
            "--when-not-applicable skip replaces the recipe's stop.",
            ("when_not_applicable",),
            "skip",
        ),
        (
            ("--before", "random_undersampling", "--set", "random_undersampling.share=0.6"),
            "--before random_undersampling replaces the recipe's none.",
            ("before", 0, "params", "share"),
            0.6,
        ),
        (
            ("--after", "tomek_links"),
            "--after tomek_links replaces the recipe's none.",
            ("after", 0, "selector"),
            "tomek_links",
        ),
        (("--test-size", 0.3), "--test-size 0.3 replaces the recipe's 0.2.", ("split", "test_size"), 0.3),
    ],
)
def test_an_option_beside_a_recipe_overrides_and_says_so(
    written: Path, tmp_path: Path, option: tuple[Any, ...], sentence: str, field: tuple[Any, ...], value: Any
) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert sentence in run("balance", TINY, "--recipe", written, *option, "--out", first)
    found = yaml.safe_load((first / "recipe.yaml").read_text())
    for step in field:
        found = found[step]
    assert found == value
    # The recipe that was written says all of it: alone it gives the same bytes.
    run("balance", TINY, "--recipe", first / "recipe.yaml", "--out", again)
    assert (first / "manifest.json").read_bytes() == (again / "manifest.json").read_bytes()


def test_an_option_equal_to_the_recipe_changes_nothing_and_says_nothing(written: Path, tmp_path: Path) -> None:
    options = ("--seed", 0, "--target", "auto", "--set", "smote.k_neighbors=5", "--test-size", 0.2)
    assert "replaces" not in run("balance", TINY, "--recipe", written, *options, "--out", tmp_path / "same")
    assert (tmp_path / "same" / "manifest.json").read_bytes() == (written.parent / "manifest.json").read_bytes()


def test_target_keeps_the_mix_of_each_class(written: Path, tmp_path: Path) -> None:
    document = yaml.safe_load(written.read_text())
    document["plan"]["mix"] = []
    document["plan"]["target"] = "custom"
    document["plan"]["entries"][0]["mix"] = [{"augmenter": "random_oversampling"}]
    changed = tmp_path / "custom.yaml"
    changed.write_text(yaml.safe_dump(document))
    run("balance", TINY, "--recipe", changed, "--target", "count:40", "--out", tmp_path / "out")
    entries = yaml.safe_load((tmp_path / "out" / "recipe.yaml").read_text())["plan"]["entries"]
    named = {entry["target"]: entry for entry in entries}
    first = document["plan"]["entries"][0]["target"]
    assert [part["augmenter"] for part in named[first]["mix"]] == ["random_oversampling"]
    counts = yaml.safe_load((tmp_path / "out" / "manifest.json").read_text())["counts"]
    assert all(counts["after"][name] == max(40, counts["before"][name]) for name in named)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--augmenter", "adasyn"), "Give either --recipe FILE or --augmenter KEY"),
        (("--set", "adasyn.k_neighbors=3"), "--set names 'adasyn', which the recipe does not use. It uses: smote."),
        (("--set", "smote.k_neighbors=0"), "k_neighbors"),
        (("--target", "2:1"), "The target must be auto"),
        (("--before", "smote"), "There is no selector 'smote'."),
        (("--after", "near_miss"), "NearMiss cannot run after new samples are made."),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["balance", str(TINY), "--recipe", str(written), *options, "--out", str(tmp_path / "out")])
    assert stop.value.code == 2
    sentence = capsys.readouterr().err
    assert words in sentence and sentence.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_settings_are_read_as_json_where_they_are() -> None:
    given = ("smote.k_neighbors=3", "smote.name=far", "noise.both=true")
    assert parse_settings(given) == {"smote": {"k_neighbors": 3, "name": "far"}, "noise": {"both": True}}


def test_selectors_of_an_export_verify_and_a_tampered_one_does_not(written: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--before", "near_miss", "--after", "edited_nearest_neighbours", "--target", "ratio:0.9")
    printed = run("balance", TINY, "--label", "cultivar", "--augmenter", "smote", *options, "--out", out)
    assert "dropped" in printed and "Verified" in run("verify", out)
    manifest = json.loads((out / "manifest.json").read_text())
    rows = pq.read_table(out / "dropped.parquet")
    assert manifest["files"]["dropped.parquet"]["rows"] == rows.num_rows
    assert sum(sum(by_class.values()) for by_class in manifest["dropped"].values()) == rows.num_rows > 0
    train = pq.read_table(out / "train" / "train.parquet")
    assert train.num_rows == sum(manifest["counts"]["after"].values())
    assert not set(rows["sample_id"].to_pylist()) & set(train["sample_id"].to_pylist())
    # Whoever puts a dropped row's id among the test ids is found out, even with hashes set right again.
    swapped = rows.set_column(0, "sample_id", pa.array(train["sample_id"].to_pylist()[: rows.num_rows]))
    pq.write_table(swapped, out / "dropped.parquet")
    manifest["files"]["dropped.parquet"]["sha256"] = sha256_of(out / "dropped.parquet")
    manifest["identity"] = identity(manifest["files"])
    (out / "manifest.json").write_text(json.dumps(manifest))
    problems = verify(out).problems
    assert any("dropped samples are in train all the same" in problem for problem in problems)


def test_a_plan_that_makes_nothing_says_so(tmp_path: Path) -> None:
    printed = run(
        "balance", TINY, "--label", "cultivar", "--augmenter", "smote", "--target", "count:5", "--out", tmp_path / "o"
    )
    assert "No new sample was made: no class lies below its target (count: every class up to 5 samples)" in printed
