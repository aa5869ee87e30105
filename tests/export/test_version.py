import json
import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from markupsafe import escape

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.export import verify, write_zip
from augmentors.export.explain import explain_sample
from augmentors.export.explain_words import explanation
from augmentors.export.image_files import FileNames
from augmentors.export.report import add_comparison
from augmentors.export.report_comparison import signed
from augmentors.recipe import from_yaml
from augmentors.run import Version, balance, compare_version, make_recipe
from augmentors.testing import toy_images, toy_table, toy_text

KEYS = {"table": "smote", "text": "random_swap", "image": "flip"}


@pytest.fixture(scope="module", params=["table", "text", "image"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Version]:
    folder = tmp_path_factory.mktemp(request.param)
    data = {"table": toy_table, "text": toy_text, "image": lambda: toy_images(folder / "images")}[request.param]()
    split = make_split(data, duplicate_pairs=[])
    recipe = make_recipe(KEYS[request.param], target="count:16")
    return data, balance(data, split, recipe, folder / "out", workers=1)


def copy_of(version: Version, tmp_path: Path) -> Path:
    return Path(shutil.copytree(version.path, tmp_path / "copy"))


def test_the_folder_holds_what_is_promised(made: tuple[Dataset, Version]) -> None:
    data, version = made
    names = {p.name for p in version.path.iterdir()}
    assert names == {"train", "test", "provenance.parquet", "recipe.yaml", "report.html", "manifest.json"}
    inside = {p.name for p in (version.path / "train").iterdir()}
    wanted = {"table": {"train.parquet", "train.csv"}, "text": {"train.parquet", "train.jsonl"}}
    assert inside == wanted.get(data.kind, {"common", "some", "rare", "metadata.csv"})


def test_the_manifest_has_the_documented_keys_and_no_place_or_time(made: tuple[Dataset, Version]) -> None:
    _, version = made
    text = (version.path / "manifest.json").read_text()
    manifest = json.loads(text)
    assert {"recipe_hash", "dataset_fingerprint", "versions", "counts", "weights", "files"} <= set(manifest)
    assert set(manifest["counts"]) >= {"before", "after"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", f["sha256"]) and "rows" in f for f in manifest["files"].values())
    assert "report.html" not in manifest["files"]
    assert str(version.path.parent) not in text


def test_verify_accepts_it(made: tuple[Dataset, Version]) -> None:
    data, version = made
    result = verify(version.path)
    assert result.ok, result.problems
    assert result.train + result.test == len(data)
    assert result.new == sum(version.manifest["counts"]["after"].values()) - result.train


@pytest.mark.parametrize("damage", ["change", "remove", "add"])
def test_verify_names_each_difference(made: tuple[Dataset, Version], tmp_path: Path, damage: str) -> None:
    folder = copy_of(made[1], tmp_path)
    victim = next(p for p in sorted((folder / "test").rglob("*")) if p.is_file())
    name = victim.relative_to(folder).as_posix()
    if damage == "change":
        victim.write_bytes(victim.read_bytes() + b" ")
        expected = f"{name} was changed after the export."
    elif damage == "remove":
        victim.unlink()
        expected = f"{name} is missing."
    else:
        (folder / "test" / "extra.txt").write_text("x")
        expected = "test/extra.txt is not in the manifest."
    assert verify(folder).problems == [expected]


def test_verify_sees_a_test_row_among_the_parents(tmp_path: Path) -> None:
    from augmentors.export.manifest import identity, sha256_of

    data = toy_table()
    split = make_split(data)
    folder = balance(data, split, make_recipe("smote", target="count:16"), tmp_path / "out").path
    table = pq.read_table(folder / "provenance.parquet")
    parents = table["parents"].to_pylist()
    parents[0][0] = str(split.test[0])
    at = table.column_names.index("parents")
    pq.write_table(table.set_column(at, "parents", [parents]), folder / "provenance.parquet")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["provenance.parquet"]["sha256"] = sha256_of(folder / "provenance.parquet")
    manifest["identity"] = identity(manifest["files"])
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "1 parents of new samples are in the test part." in verify(folder).problems


def test_a_folder_that_is_no_export_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is not an export: it has no manifest\.json"):
        verify(tmp_path)


def test_files_outside_the_export_are_not_followed(made: tuple[Dataset, Version], tmp_path: Path) -> None:
    folder = copy_of(made[1], tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../secret"] = {"sha256": "0" * 64, "rows": None}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert any("lies outside the export" in p for p in verify(folder).problems)


def test_originals_are_untouched(made: tuple[Dataset, Version]) -> None:
    data, version = made
    if data.kind == "image":
        metadata = pd.read_csv(version.path / "test" / "metadata.csv")
        for row in metadata.itertuples():
            assert data.root is not None
            original = (data.root / str(row.sample_id)).read_bytes()
            assert (version.path / "test" / str(row.file)).read_bytes() == original
        return
    test = pd.read_parquet(version.path / "test" / "test.parquet").set_index("sample_id")
    expected = data.frame.loc[test.index]
    for column in expected:
        assert test[column].astype(str).tolist() == expected[column].astype(str).tolist()


def test_a_report_is_one_file_without_outside_addresses(made: tuple[Dataset, Version]) -> None:
    page = (made[1].path / "report.html").read_text()
    assert "Not yet judged" in page
    assert "Did it help?" in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page)
    assert "rare" in page


def test_a_comparison_joins_the_report_and_changes_nothing_hashed(
    made: tuple[Dataset, Version], tmp_path: Path
) -> None:
    data, version = made
    folder = copy_of(version, tmp_path)
    learner = {"table": "logistic", "text": "naive_bayes", "image": "pixel_forest"}[data.kind]
    found = compare_version(
        data, make_split(data, duplicate_pairs=[]), version.path, learners=[learner], repeats=1, free=["class_weight"]
    ).to_json()
    found["verdict"]["sentence"] = "No verdict <yet>."
    add_comparison(folder, found)
    page = (folder / "report.html").read_text()
    score, change = (
        found["arms"][2]["metrics"]["macro_f1"]["mean"],
        next(d for d in found["differences"] if d["arm"] == "augmented"),
    )
    assert f"{score:.3f}" in page and "No verdict &lt;yet&gt;." in page
    assert f"<td>{signed(change['mean'])}<br>" in page
    assert f"<td>{found['arms'][2]['synthetic']['used']:,.0f}</td>" in page
    assert found["notes"] and all(str(escape(note)) in page for note in found["notes"])
    assert page.count("<figure>") == 3
    assert verify(folder).ok


def test_explain_gives_the_birth_certificate(made: tuple[Dataset, Version]) -> None:
    data, version = made
    provenance = pq.read_table(version.path / "provenance.parquet").to_pylist()
    certificate = explain_sample(version.path, provenance[0]["sample_id"])
    assert certificate["augmenter"] == KEYS[data.kind]
    assert set(certificate["parents"]) <= set(data.ids)
    assert isinstance(certificate["params"], dict)
    with pytest.raises(UserError, match="no new sample 'nobody'"):
        explain_sample(version.path, "nobody")


def test_zip_twice_gives_equal_bytes_and_the_same_files(made: tuple[Dataset, Version], tmp_path: Path) -> None:
    first = write_zip(made[1].path, tmp_path / "a.zip").read_bytes()
    second = write_zip(made[1].path, tmp_path / "b.zip").read_bytes()
    assert first == second
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert verify(tmp_path / "unpacked").ok


def test_an_earlier_export_is_replaced_and_other_folders_are_left_alone(tmp_path: Path) -> None:
    data = toy_table()
    split = make_split(data)
    out = tmp_path / "out"
    first = balance(data, split, make_recipe("smote", target="count:12"), out)
    second = balance(data, split, make_recipe("smote", target="count:14"), out)
    assert first.id != second.id
    assert verify(out).ok
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("precious")
    with pytest.raises(UserError, match="not empty and is not an earlier export"):
        balance(data, split, make_recipe("smote"), tmp_path / "mine")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "out"]


def test_a_file_of_the_users_inside_an_earlier_export_is_never_lost(tmp_path: Path) -> None:
    data = toy_table()
    split = make_split(data)
    out = balance(data, split, make_recipe("smote", target="count:12"), tmp_path / "out").path
    (out / "notes.txt").write_text("precious")
    with pytest.raises(UserError, match=r"also holds 'notes\.txt', which would be lost"):
        balance(data, split, make_recipe("smote", target="count:14"), out)
    assert (out / "notes.txt").read_text() == "precious"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device", "provenance.parquet")

    monkeypatch.setattr("augmentors.export.version.write_parquet", full)
    data = toy_table()
    with pytest.raises(UserError, match="No space left on device"):
        balance(data, make_split(data), make_recipe("smote"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_class_folders_and_file_names_never_collide() -> None:
    names = FileNames()
    places = [
        names.place("a/b", "x/1.png"),
        names.place("a\\b", "x/1.png"),
        names.place("a/b", "y/1.png"),
        names.place("a/b", "Y/1.PNG"),
        names.place("..", "1.png"),
    ]
    assert places[0] == "a_b/1.png"
    assert len({p.casefold() for p in places}) == 5
    assert not any(".." in p.split("/") for p in places)


def test_a_column_named_sample_id_keeps_its_name(tmp_path: Path) -> None:
    data = toy_table()
    frame = data.frame.rename(columns={"source": "sample_id"})
    types = {("sample_id" if k == "source" else k): v for k, v in data.schema.types.items()}
    renamed = Dataset("table", frame, type(data.schema)("label", types), data.fingerprint)
    out = balance(renamed, make_split(renamed), make_recipe("smote", target="count:12"), tmp_path / "out").path
    columns = pq.read_schema(out / "train" / "train.parquet").names
    assert columns[0] == "counterweight_sample_id" and "sample_id" in columns
    assert verify(out).ok


def test_explain_in_words_shows_the_new_row_beside_its_parents(made: tuple[Dataset, Version]) -> None:
    data, version = made
    train = version.path / "train" / "train.parquet"
    for row in pq.read_table(version.path / "provenance.parquet").to_pylist()[:5]:
        certificate = explain_sample(version.path, row["sample_id"])
        lines = explanation(version.path, certificate)
        said = "\n".join(lines)
        assert row["sample_id"] in lines[0] and KEYS[data.kind] in lines[0]
        for parent, weight in zip(row["parents"], row["weights"], strict=True):
            assert f"{100 * weight:.0f} % of {parent}" in lines[1]
        assert "ranges: 0 values outside" in said or data.kind == "image"
        assert "a copy " in said
        if data.kind == "image":
            continue
        rows = {one["sample_id"]: one for one in pq.read_table(train).to_pylist()}
        new, first = rows[row["sample_id"]], rows[row["parents"][0]]
        marked = {line.split()[0] for line in lines if line.rstrip().endswith("*")}
        assert marked == {name for name in new if new[name] != first[name]} - {"sample_id"}


def test_explain_counts_the_parents_that_voted(tmp_path: Path) -> None:
    data = toy_table({"common": 60, "rare": 20})
    version = balance(data, make_split(data), make_recipe("smotenc", target="majority"), tmp_path / "out")
    rows = {one["sample_id"]: one for one in pq.read_table(version.path / "train" / "train.parquet").to_pylist()}
    row = pq.read_table(version.path / "provenance.parquet").to_pylist()[0]
    category = data.schema.features("category")[0]
    votes = sum(rows[parent][category] == rows[row["sample_id"]][category] for parent in row["parents"])
    assert len(row["parents"]) > 2 and votes
    lines = explanation(version.path, explain_sample(version.path, row["sample_id"]))
    line = next(line for line in lines if line.split()[:1] == [category])
    assert line.endswith(f"(as {votes} of {len(row['parents'])} parents)")


@pytest.mark.parametrize("odd", [True, False])
def test_transparency_that_new_images_lose_is_said(tmp_path: Path, odd: bool) -> None:
    data = toy_images(tmp_path / "images", {"common": 30, "rare": 10}, odd=odd)
    split = make_split(data, seed=0)
    made = balance(data, split, make_recipe("flip", target="majority"), tmp_path / "out")
    said = [note for note in made.notes if "transparency channel" in note]
    assert len(said) == odd
    assert set(said) <= set(from_yaml((tmp_path / "out" / "recipe.yaml").read_text()).notes)
