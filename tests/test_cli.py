import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from augmentors import catalog
from augmentors.cli import commands, main, with_repeated_options
from augmentors.evaluate.verdict import ORDER

ROOT = Path(__file__).parents[1]
TINY = ROOT / "assets" / "samples" / "tiny.csv"


def run(*arguments: object) -> str:
    result = CliRunner().invoke(commands, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def fails(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    assert stop.value.code == 2
    sentence = capsys.readouterr().err
    assert sentence.count("\n") == 1
    assert "Traceback" not in sentence
    return sentence


def test_list_json_is_the_documented_form() -> None:
    entries = json.loads(run("list", "--json"))
    assert [e["key"] for e in entries] == [cls.card.key for cls in catalog.AUGMENTERS]
    assert all({"key", "kind", "family", "title", "needs", "params"} <= set(e) for e in entries)


def test_list_kind_shows_only_that_kind() -> None:
    assert {e["kind"] for e in json.loads(run("list", "--kind", "text", "--json"))} == {"text"}


@pytest.mark.parametrize("cls", catalog.AUGMENTERS, ids=lambda cls: cls.card.key)
def test_help_lists_every_parameter_of_every_augmenter(cls: type) -> None:
    printed = run("list", cls.card.key)
    # What cannot be broken, such as an address in a reference, stays whole.
    assert all(len(line) <= 80 or " " not in line.strip() for line in printed.splitlines())
    page = " ".join(printed.split())
    for name, field in cls.Params.model_fields.items():
        assert f"{cls.card.key}.{name} = " in page
        assert field.description and " ".join(field.description.split()) in page


def test_profile_json_is_plain_json_on_stdout() -> None:
    command = [sys.executable, "-m", "augmentors", "profile", str(TINY), "--label", "cultivar", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    assert facts["kind"] == "table"
    assert facts["samples"] == sum(facts["classes"].values()) == 140
    assert facts["imbalance_ratio"] == pytest.approx(7.1)
    assert all({"code", "message"} <= set(f) for f in facts["findings"])


def test_balance_twice_with_other_workers_gives_the_same_manifest_and_verifies(tmp_path: Path) -> None:
    for name, workers in (("a", 1), ("b", 2)):
        out = run(
            "balance",
            TINY,
            "--label",
            "cultivar",
            "--augmenter",
            "smote",
            "--out",
            tmp_path / name,
            "--workers",
            workers,
        )
        assert "barbera: 8 → 28" in out
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (tmp_path / "b" / "manifest.json").read_bytes()
    assert "Verified" in run("verify", tmp_path / "a")


def test_the_exported_recipe_gives_the_same_manifest_again(tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    options = ("--set", "smote.k_neighbors=3", "--target", "ratio:0.4", "--seed", 7, "--test-size", 0.3)
    run("balance", TINY, "--label", "cultivar", "--augmenter", "smote", *options, "--out", first)
    run("balance", TINY, "--recipe", first / "recipe.yaml", "--out", again)
    assert (first / "manifest.json").read_bytes() == (again / "manifest.json").read_bytes()
    assert "k_neighbors: 3" in (again / "recipe.yaml").read_text()


def test_an_earlier_export_is_replaced_and_that_is_said_where_it_differs(tmp_path: Path) -> None:
    command = ("balance", TINY, "--label", "cultivar", "--augmenter", "smote", "--out", tmp_path / "out")
    run(*command)
    earlier = json.loads((tmp_path / "out" / "manifest.json").read_text())["identity"][:12]
    assert "Replaced" not in run(*command)
    assert f"Replaced the earlier version {earlier}, which differs" in run(*command, "--seed", 1)


def test_verify_exits_1_on_a_difference(tmp_path: Path) -> None:
    run("balance", TINY, "--label", "cultivar", "--augmenter", "smote", "--out", tmp_path / "out")
    with (tmp_path / "out" / "train" / "train.csv").open("a") as file:
        file.write("x")
    with pytest.raises(SystemExit) as stop:
        main(["verify", str(tmp_path / "out")])
    assert stop.value.code == 1


def test_explain_shows_parents(tmp_path: Path) -> None:
    run("balance", TINY, "--label", "cultivar", "--augmenter", "smote", "--out", tmp_path / "out")
    import pyarrow.parquet as pq

    sample = pq.read_table(tmp_path / "out" / "provenance.parquet")["sample_id"][0].as_py()
    certificate = json.loads(run("explain", tmp_path / "out", sample, "--json"))
    assert certificate["augmenter"] == "smote"
    assert len(certificate["parents"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["balance", TINY, "--out", "x"], "It is not said how samples are made: give --augmenter KEY"),
        (["balance", TINY, "--augmenter", "smite", "--out", "x"], "Did you mean 'smote'"),
        (["balance", TINY, "--augmenter", "smote", "--target", "2:1", "--out", "x"], "The target must be auto"),
        (["balance", TINY, "--augmenter", "smote", "--set", "smote.k=1", "--out", "x"], "has no parameter 'k'"),
        (["balance", TINY, "--augmenter", "smote", "--set", "smote", "--out", "x"], "KEY.FIELD=VALUE"),
        (["balance", TINY, "--augmenter", "smote", "--test-size", "7", "--out", "x"], "test share must be between"),
        (["balance", "nowhere.csv", "--augmenter", "smote", "--out", "x"], "nowhere.csv"),
        (["balance", TINY, "--label", "colour", "--augmenter", "smote", "--out", "x"], "colour"),
        (["balance", TINY, "--augmenter", "flip", "--out", "x"], "Flip makes image samples"),
        (["balance", TINY, "--recipe", "absent.yaml", "--out", "x"], "'absent.yaml' cannot be read"),
        (["balance", TINY, "--augmenter", "smote"], "Missing option '--out'"),
        (["verify", "nowhere"], "is not an export"),
        (["profile", TINY, "--kind", "sound"], "sound"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in fails(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("balance --augmenter smote adasyn --out x", "balance --augmenter smote --augmenter adasyn --out x"),
        ("balance --augmenter smote data.csv", "balance --augmenter smote data.csv"),
        ("compare d.csv --recipe a.yaml b.yaml --json c", "compare d.csv --recipe a.yaml --recipe b.yaml --json c"),
        ("balance --augmenter unknown smote", "balance --augmenter unknown --augmenter smote"),
        ("explain smote adasyn", "explain smote adasyn"),
    ],
)
def test_several_values_may_follow_one_option(given: str, read: str) -> None:
    assert with_repeated_options(given.split()) == read.split()


def test_listing_is_light() -> None:
    heavy = ("torch", "transformers", "sklearn", "cv2")
    code = f"import sys, augmentors.catalog; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_compare_prints_arms_and_writes_json(tmp_path: Path) -> None:
    out = tmp_path / "comparison.json"
    printed = run("compare", TINY, "--label", "cultivar", "--augmenter", "smote", "--repeats", 1, "--json", out)
    result = json.loads(out.read_text())
    names = {arm["name"] for arm in result["arms"]}
    assert {"plain", "class_weight", "smote"} <= names
    assert result["verdict"]["label"] in ORDER
    assert f"{result['verdict']['label']}: " in printed


def test_a_wrong_cost_matrix_or_arm_ends_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    costs = tmp_path / "costs.csv"
    costs.write_text("class,a,b\na,0,1\nb,1,0\n")
    asked = ["compare", str(TINY), "--label", "cultivar", "--augmenter", "smote"]
    for more, said in (
        (["--costs", str(costs)], "The cost matrix must have 3 rows and 3 columns, one per class; got 2 rows"),
        (["--costs", str(tmp_path / "no.csv")], "cannot be read: No such file or directory."),
        (["--arms", "fokal"], "There is no arm 'fokal' for table data."),
    ):
        with pytest.raises(SystemExit) as ended:
            main([*asked, *more])
        assert ended.value.code == 2
        error = capsys.readouterr().err
        assert said in error and "Traceback" not in error
