"""Rows of one subject are found: by a column that names it, or by how they lie together."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.cli import main
from augmentors.core.dataset import ColumnType, Dataset, Schema
from augmentors.core.job import NO_JOB
from augmentors.explore.duplicates import duplicate_pairs
from augmentors.explore.group_column import propose_group
from augmentors.explore.health import findings
from augmentors.explore.repeated_subjects import neighbourhoods, siblings

SUBJECTS, EACH = 200, 6


def table(points: np.ndarray, group: str | None = None, **columns: tuple[ColumnType, list[object]]) -> Dataset:
    """Return a table of numbers with labels drawn by a coin, and further columns."""
    frame = pd.DataFrame(points, columns=[f"x{i}" for i in range(points.shape[1])])
    types: dict[str, ColumnType] = dict.fromkeys(frame, "number")
    for name, (kind, values) in columns.items():
        frame[name], types[name] = values, kind
    frame["label"] = np.where(np.random.default_rng(9).random(len(frame)) < 0.2, "rare", "common")
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], name="id")
    return Dataset("table", frame, Schema("label", types, group=group), "f")


def repeated(within: float, dimensions: int = 8, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    subjects = rng.normal(size=(SUBJECTS, dimensions)).repeat(EACH, axis=0)
    return subjects + within * rng.normal(size=subjects.shape)


def independent(shape: str, n: int = 1200) -> np.ndarray:
    rng = np.random.default_rng(1)
    directions = rng.normal(size=(2, 9))
    centres = rng.normal(size=(8, 5)) * 10
    shapes = {
        "normal": lambda: rng.normal(size=(n, 5)),
        "wide": lambda: rng.normal(size=(n, 40)),
        "skewed": lambda: rng.lognormal(0, 1.5, (n, 5)),
        "long tails": lambda: rng.standard_t(2, (n, 5)),
        "grid": lambda: rng.integers(0, 25, (n, 4)).astype(float),
        "mostly zero": lambda: rng.gamma(1, 1, (n, 6)) * (rng.random((n, 6)) < 0.3),
        "thin": lambda: rng.normal(size=(n, 2)) @ directions + 0.01 * rng.normal(size=(n, 9)),
        "clusters": lambda: centres[rng.integers(0, 8, n)] + rng.normal(size=(n, 5)),
        "walk": lambda: np.cumsum(rng.normal(size=(n, 5)), axis=0),
    }
    points: np.ndarray = shapes[shape]()
    return points


NAMES = [f"S{i // EACH:03d}" for i in range(SUBJECTS * EACH)]
NUMBERS = [i // EACH for i in range(SUBJECTS * EACH)]


@pytest.mark.parametrize("within", [0.05, 0.2, 0.4])
@pytest.mark.parametrize(("kind", "values"), [("category", NAMES), ("ignored", NAMES), ("integer", NUMBERS)])
def test_the_column_that_names_the_subject_is_proposed(within: float, kind: ColumnType, values: list[object]) -> None:
    rng = np.random.default_rng(3)
    colours = ("category", rng.choice(["red", "green"], SUBJECTS * EACH).tolist())
    shops = ("category", [f"shop {i}" for i in rng.integers(0, 60, SUBJECTS * EACH)])
    found = propose_group(table(repeated(within), tag=(kind, values), colour=colours, shop=shops))
    assert found is not None and found.column == "tag" and found.alike
    assert found.message.startswith("1,200 rows share their value of column 'tag' with others (200 values)")
    assert "Choose 'tag' as the group column" in found.message


@pytest.mark.parametrize("within", [0.05, 0.2])
def test_without_such_a_column_clumps_are_told(within: float) -> None:
    found = propose_group(table(repeated(within)))
    assert found is not None and found.column is None
    assert "clumps of about 6" in found.message and "no column says what they share" in found.message
    first = [int(i[1:]) // EACH for i in found.sample_ids[:EACH]]
    assert max(map(first.count, first)) >= EACH - 1


def test_these_rows_are_no_near_copies() -> None:
    assert duplicate_pairs(table(repeated(0.2))) == []


@pytest.mark.parametrize(
    "shape", ["normal", "wide", "skewed", "long tails", "grid", "mostly zero", "thin", "clusters", "walk"]
)
def test_independent_rows_raise_no_alarm(shape: str) -> None:
    shops = ("category", [f"shop {i}" for i in np.random.default_rng(5).integers(0, 100, 1200)])
    ages = ("integer", np.random.default_rng(6).integers(18, 90, 1200).tolist())
    assert propose_group(table(independent(shape), shop=shops, age=ages)) is None


def test_an_identifier_that_recurs_is_proposed_by_its_name_alone() -> None:
    found = propose_group(table(independent("normal"), customer_id=("integer", NUMBERS)))
    assert found is not None and found.column == "customer_id" and not found.alike
    assert "If it names a person" in found.message
    assert propose_group(table(independent("normal"), customer_id=("integer", list(range(1200))))) is None
    assert propose_group(table(repeated(0.1), group="who", who=("category", NAMES))) is None


def test_few_rows_and_few_columns_are_left_alone() -> None:
    assert neighbourhoods(table(repeated(0.1)[:40]), NO_JOB) is None
    assert neighbourhoods(table(repeated(0.1)[:, :2]), NO_JOB) is None
    assert propose_group(table(repeated(0.1)[:, :2])) is None


def test_siblings_of_distances_written_down() -> None:
    even = np.sqrt(np.arange(1.0, 22.0)) * np.ones((4, 1))  # two dimensions: k · log ratio is about one half
    assert siblings(even) == 0
    near = np.hstack([even[:, :5] / 50, even[:, 5:]])
    assert siblings(near) == 5


def test_it_is_a_finding_with_rows_to_show() -> None:
    found = [f for f in findings(table(repeated(0.2), tag=("category", NAMES))) if f.code == "repeated_subjects"]
    assert len(found) == 1 and found[0].severity == "warning" and found[0].columns == ("tag",)
    assert [i for i in found[0].sample_ids[:6]] == [f"r{i}" for i in range(6)]


def test_the_command_line_tells_before_it_judges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = table(repeated(0.1)[:360], subject=("category", NAMES[:360]))
    path = tmp_path / "data.csv"
    data.frame.to_csv(path, index=False)
    main(["balance", str(path), "--augmenter", "random_oversampling", "--out", str(tmp_path / "plain")])
    assert "Choose 'subject' as the group column (--group)" in capsys.readouterr().out
    options = ["--group", "subject", "--augmenter", "random_oversampling", "--out", str(tmp_path / "kept")]
    main(["balance", str(path), *options])
    assert "group column (--group)" not in capsys.readouterr().out
    main(["profile", str(path)])
    assert "warning: 360 rows share their value of column 'subject'" in capsys.readouterr().out
