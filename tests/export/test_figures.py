"""The report's charts: well-formed, what they show is what the comparison holds, names are safe."""

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from augmentors.export.comparison_csv import classes_csv, differences_csv, reliability_csv
from augmentors.export.figures import WIDTH, forest_svg, rarest_first, recall_svg, reliability_svg
from augmentors.export.report_figures import figures

ARM = {"learner": "l", "learner_title": "Learner"}
CURVE = {"predicted": [0.1, 0.9], "observed": [0.2, 0.5], "samples": [40, 10]}


@pytest.fixture
def comparison() -> dict[str, Any]:
    """Two classes, one with markup in its name; an arm that helps by 5 points on the folds."""
    arms = [
        ("plain", "Plain", 0, {"<b>": 0.5, "big": 1.0}),
        ("free", "Free", 0, {"<b>": 0.5, "big": None}),
        ("new", "New & better", 9, {"<b>": 0.75, "big": 0.9}),
    ]
    gap = {"learner": "l", "metric": "brier", "class": None, "arm": "new", "mean": -0.05, "low": -0.07, "high": -0.03}
    return {
        "classes": ["<b>", "big"],
        "support": {"<b>": 4, "big": 60},
        "metrics": [{"key": "brier", "title": "Brier", "lower_is_better": True}],
        "learners": [{"key": "l", "title": "Learner"}],
        "arms": [
            ARM
            | {
                "name": name,
                "title": title,
                "synthetic": {"given": given},
                "calibration": {"<b>": CURVE},
                "per_class": {
                    c: {"support": 4, "recall": r, "precision": 0.5, "f1": 0.5, "average_precision": 0.5}
                    for c, r in recall.items()
                },
            }
            for name, title, given, recall in arms
        ],
        "differences": [gap | {"mean": 0.01, "low": None, "high": None}],
        "fold_differences": [gap],
        "verdict": {"label": "Helps", "learner": "l", "arm": "new"},
    }


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def letters(svg: str) -> list[str]:
    return [one.text or "" for one in parsed(svg).iter("{http://www.w3.org/2000/svg}text")]


def circles(svg: str) -> list[tuple[float, str]]:
    found = parsed(svg).iter("{http://www.w3.org/2000/svg}circle")
    return [(float(one.attrib["cx"]), one[0].text or "") for one in found if len(one)]


def test_right_is_better_and_new_samples_stand_first(comparison: dict[str, Any]) -> None:
    svg = forest_svg(comparison, "l", "brier")
    (folds, said), (test, _) = circles(svg)
    zero = float(re.findall(r'<line x1="([\d.]+)" x2="\1" y1="26"[^>]*stroke-width="1.4"', svg)[0])
    assert said == "+5.0 points [+3.0, +7.0]" and zero < folds < WIDTH
    assert test < zero
    assert letters(svg)[:2] == ["New & better", "Free"]


def test_recall_is_told_in_points_with_counts(comparison: dict[str, Any]) -> None:
    found = letters(recall_svg(comparison, "l"))
    assert rarest_first(comparison) == ["<b>", "big"]
    at = found.index("<b> (4)")
    assert found[at : at + 8] == ["<b> (4)", "0.50", "+25", "0", "big (60)", "1.00", "-10", "–"]


def test_reliability_draws_points_of_enough_samples(comparison: dict[str, Any]) -> None:
    arm = comparison["arms"][2] | {"calibration": {"<b>": CURVE | {"samples": [40, 2]}}}
    ((_, said),) = circles(reliability_svg(arm, ["<b>", "big"]))
    assert said == "<b>: predicted 0.10, happened 0.20, 40 samples"


def test_the_numbers_behind_them_are_all_there(comparison: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(differences_csv(comparison))))
    assert [(r["measured_on"], r["arm"], r["difference"]) for r in rows] == [
        ("folds", "new", "-0.05"),
        ("test", "new", "0.01"),
    ]
    classes = list(csv.DictReader(io.StringIO(classes_csv(comparison))))
    assert len(classes) == 6 and classes[4]["recall"] == "0.75" and classes[3]["recall"] == ""
    assert len(reliability_csv(comparison).splitlines()) == 7


def test_the_report_shows_what_speaks(comparison: dict[str, Any]) -> None:
    found = figures(comparison)
    assert [one["name"] for one in found] == ["differences", "recall", "reliability"]
    assert [letters(str(svg))[0] for svg in found[2]["svgs"]] == ["Plain", "New & better"]
    assert all(one["csv"].startswith("data:text/csv;base64,") for one in found)
    assert figures(comparison | {"learners": []}) == []
