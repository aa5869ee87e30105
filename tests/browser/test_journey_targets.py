"""The journey where the label is a number, and where it holds several: from a file to a ZIP that can be made again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looks import NARROW, WIDE, shoot_all_looks
from tests.browser.small_data import multilabel_file, regression_file
from tests.browser.steps import by_keyboard, fix_the_split
from tests.browser.test_journey_whole import LONG, at, check_and_make_again, draw_around_all, take_the_zip

FILES = {"regression": regression_file, "multilabel": multilabel_file}
# The rarest part, for which rows are tried first.
RARE = {"regression": "interest_rate", "multilabel": "bad"}
LABEL = {"regression": "interest_rate", "multilabel": "caution"}
UNDERSTOOD = {"regression": "is a number", "multilabel": "holds several"}
LOOKS = ((WIDE, "light"), (NARROW, "light"))


@pytest.mark.parametrize("task", list(FILES))
def test_from_a_file_to_a_balanced_dataset(task: str, open_page: Callable[..., Any], tmp_path: Path) -> None:
    source = FILES[task](tmp_path)
    page = open_page()

    def shoot(name: str) -> None:
        shoot_all_looks(page, f"{task}-{name}", LOOKS)

    start(page, source, task, shoot)
    overview_and_map(page, shoot)
    augment_and_plan(page, task, shoot)
    run_and_compare(page, shoot)
    check_and_make_again(source, export(page, tmp_path, shoot), tmp_path)


def start(page: Any, source: Path, task: str, shoot: Callable[[str], None]) -> None:
    page.set_input_files("input[type=file]", str(source))
    page.get_by_text("Here is what I understood").wait_for()
    page.get_by_role("combobox", name="Label", exact=True).click()
    page.get_by_role("option", name=LABEL[task]).click()
    if task == "multilabel":
        page.get_by_role("radio", name="holds several").click()
    page.get_by_role("radio", name=UNDERSTOOD[task], checked=True).wait_for()
    page.get_by_text("Your corrections differ from what was read").wait_for()
    page.locator(".st-key-fix button:enabled").wait_for(timeout=LONG)
    shoot("1-start-understood")
    fix_the_split(page)
    shoot("1-start-fixed")


def overview_and_map(page: Any, shoot: Callable[[str], None]) -> None:
    by_keyboard(page, "See the overview")
    at(page, "Overview")
    page.locator(".cw-bars").wait_for()
    shoot("2-overview")
    page.get_by_role("link", name="Map").click()
    at(page, "Map")
    draw_around_all(page)
    shoot("3-map")


def augment_and_plan(page: Any, task: str, shoot: Callable[[str], None]) -> None:
    page.get_by_role("link", name="Augment").click()
    at(page, "Augment")
    page.locator(".cw-family").wait_for(timeout=LONG)
    assert "· label" in page.inner_text(".cw-family thead")
    shoot("4-augment")
    assert RARE[task] in page.get_by_role("button", name="Add to plan for").inner_text()
    by_keyboard(page, "Add to plan for")
    page.get_by_role("button", name="Go to the plan").click()
    at(page, "Plan")
    page.get_by_role("button", name="Run: make").wait_for(timeout=LONG)
    shoot("5-plan")


def run_and_compare(page: Any, shoot: Callable[[str], None]) -> None:
    by_keyboard(page, "Run: make")
    at(page, "Run")
    page.locator(".st-key-run-compare button").wait_for(timeout=LONG)
    shoot("6-run")
    by_keyboard(page, "Compare")
    at(page, "Compare")
    page.locator(".st-key-compare-go button").click()
    page.locator(".cw-verdict").wait_for(timeout=LONG)
    shoot("7-compare")


def export(page: Any, folder: Path, shoot: Callable[[str], None]) -> Path:
    page.get_by_role("link", name="Export").click()
    at(page, "Export")
    path = take_the_zip(page, folder)
    shoot("8-export")
    return path
