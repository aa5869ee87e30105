"""A comparison on the terminal: every number with its interval, the new samples, the notes."""

from dataclasses import replace

import numpy as np
import pytest

from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.evaluate.as_text import comparison_lines
from augmentors.evaluate.looks import count_look, counted, looks_so_far, machine_looks
from augmentors.evaluate.version_arm import recipe_arm
from augmentors.recipe import resolve
from augmentors.run import balance, compare_recipes, compare_version, make_recipe
from augmentors.testing import toy_table


@pytest.fixture(scope="module")
def result():
    counts = {"common": 60, "some": 30, "rare": 20} | {f"other {i} with a long name": 8 for i in range(7)}
    data = toy_table(counts)
    split = make_split(data)
    arm = recipe_arm("smote", resolve(make_recipe("smote"), data, split), "table", 5)
    assert arm is not None
    return compare(data, split, [arm], learners=["logistic"], repeats=1, free=["class_weight"]).to_json()


def test_scores_and_changes_have_intervals(result):
    lines = comparison_lines(result)
    plain = result["arms"][0]["metrics"]["macro_f1"]
    (row,) = [line for line in lines if line.startswith("  plain") and "[" in line]
    assert f"{plain['mean']:.3f} [{plain['low']:.3f}, {plain['high']:.3f}]" in row
    change = next(d for d in result["differences"] if d["arm"] == "smote" and d["metric"] == "macro_f1")
    after = lines[next(i for i, line in enumerate(lines) if line.startswith("Change against plain")) :]
    assert any(f"{100 * change['mean']:+.1f} [{100 * change['low']:+.1f}" in line for line in after)
    assert not any(line.startswith("  plain") for line in after[:5])


def test_new_samples_recall_notes_and_verdict(result):
    lines = comparison_lines(result)
    used = result["arms"][-1]["synthetic"]["used"]
    assert sum(f"smote (+{used:,.0f} new)" in line for line in lines) == 3
    (title,) = [line for line in lines if line.startswith("Recall per class")]
    assert "the 8 rarest of 10" in title
    assert "common (" not in lines[lines.index(title) + 1] and "rare (4)" in lines[lines.index(title) + 1]
    assert [line[2:] for line in lines if line.startswith("- ")] == result["notes"]
    assert lines[-1].startswith(f"{result['verdict']['label']}: ")


def test_a_perfect_score_on_two_test_samples_is_not_called_certain():
    data = toy_table({"common": 60, "rare": 10})
    apart = np.where(data.labels == "rare", 9.0, 0.0) + np.arange(len(data)) / 100
    data = replace(data, frame=data.frame.assign(**{next(iter(data.frame.select_dtypes("float"))): apart}))
    split = make_split(data)
    found = compare(data, split, [], learners=["logistic"], repeats=1, free=["class_weight"]).to_json()
    score = found["arms"][0]["metrics"]["average_precision"]
    assert found["support"]["rare"] == 2 and score == {"mean": 1.0, "low": None, "high": None}
    text = "\n".join(comparison_lines(found))
    assert "1.000 [n/a]" in text and "[1.000, 1.000]" not in text and "[0.0, 0.0]" not in text
    assert "n/a: all fits and bootstraps of the test part agree" in text


def test_columns_are_aligned(result):
    lines = comparison_lines(result)
    table = lines[1 : lines.index("")]
    at = table[0].index("balanced accuracy")
    assert all(line[at - 1] == " " and line[at].isdigit() for line in table if line.startswith("  ") and "[" in line)


def test_looks_at_the_test_part_are_counted_by_split(tmp_path):
    path = tmp_path / "a" / "looks.json"
    assert looks_so_far(path, "one") == 0
    assert [count_look(path, "one"), count_look(path, "one"), count_look(path, "two")] == [1, 2, 1]
    assert (looks_so_far(path, "one"), looks_so_far(path, "two")) == (2, 1)


def test_python_counts_its_looks_as_the_command_line_does(tmp_path):
    data = toy_table({"common": 60, "rare": 20})
    split = make_split(data, n_folds=3)
    settings = {"scratch": tmp_path, "learners": ["logistic"], "repeats": 1, "free": ["none"]}
    before = looks_so_far(machine_looks(data.fingerprint, split), split.hash)
    found = [compare_recipes(data, split, {}, **settings).to_json()["looks"] for _ in range(2)]
    assert found == [before + 1, before + 2]
    version = balance(data, split, make_recipe("random_oversampling"), tmp_path / "version")
    own = tmp_path / "own.json"
    rest = {name: settings[name] for name in ("learners", "repeats", "free")}
    assert compare_version(data, split, version.path, **rest, looks=own).to_json()["looks"] == 1
    assert looks_so_far(machine_looks(data.fingerprint, split), split.hash) == before + 2
    (tmp_path / "file").write_text("")
    unwritten = counted(compare_version(data, split, version.path, **rest, looks=own), tmp_path / "file" / "looks.json")
    assert unwritten.facts["looks"] == 2 and "The count of looks" in unwritten.notes[-1]


def test_looks_are_printed(result):
    assert any(
        "looked at 3 times by commands on this machine" in line for line in comparison_lines(result | {"looks": 3})
    )
    assert not any("looked at" in line for line in comparison_lines(result))
