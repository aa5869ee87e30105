"""The whole journey with each kind of data: from a file to a balanced dataset that can be made again."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looks import assert_no_error, settle, shoot_all_looks
from tests.browser.small_data import FILES
from tests.browser.steps import by_keyboard, command_line

LONG = 240_000


@pytest.mark.parametrize("kind", ["table", "text", "image"])
def test_from_a_file_to_a_balanced_dataset(kind: str, open_page: Callable[..., Any], tmp_path: Path) -> None:
    source = FILES[kind](tmp_path)
    page = open_page()
    start(page, source, kind)
    overview(page, kind)
    look_at_map(page, kind)
    augment(page, kind)
    plan(page, kind)
    run(page, kind)
    compare(page, kind)
    exported = export(page, kind, tmp_path)
    check_and_make_again(source, exported, tmp_path)


def start(page: Any, source: Path, kind: str) -> None:
    page.set_input_files("input[type=file]", str(source))
    page.get_by_text("Here is what I understood").wait_for()
    page.locator(".st-key-fix button:enabled").wait_for()
    shoot_all_looks(page, f"{kind}-1-start-understood")
    by_keyboard(page, "Fix the split")
    page.get_by_role("button", name="See the overview").wait_for()
    assert "split fixed" in page.inner_text("[data-testid=stSidebar]")
    shoot_all_looks(page, f"{kind}-1-start-fixed")
    by_keyboard(page, "See the overview")


def overview(page: Any, kind: str) -> None:
    at(page, "Overview")
    page.locator(".cw-bars").wait_for()
    shoot_all_looks(page, f"{kind}-2-overview")
    for name in ("Features by class", "Health"):
        tab = page.locator(".st-key-overview-tab").get_by_text(name, exact=True)
        if tab.count():
            tab.click()
            settle(page)
            shoot_all_looks(page, f"{kind}-2-overview-{name.split()[0].lower()}")


def look_at_map(page: Any, kind: str) -> None:
    page.get_by_role("link", name="Map").click()
    at(page, "Map")
    draw_around_all(page)
    shoot_all_looks(page, f"{kind}-3-map")


def draw_around_all(page: Any) -> None:
    """Draw a lasso around all samples, once their last layout is there."""
    page.locator(".pm canvas").wait_for(timeout=LONG)
    page.get_by_text("is on its way").wait_for(state="hidden", timeout=LONG)
    settle(page)
    box = page.locator(".pm canvas").bounding_box()
    corners = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in _OUTLINE]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()
    page.get_by_role("heading", name="selected").wait_for()


_OUTLINE = ((0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.03))


def augment(page: Any, kind: str) -> None:
    page.get_by_role("link", name="Augment").click()
    at(page, "Augment")
    page.locator(".cw-pairs, .cw-diff, .cw-family").first.wait_for(timeout=LONG)
    shoot_all_looks(page, f"{kind}-4-augment")
    by_keyboard(page, "Add to plan for")
    page.get_by_role("button", name="Go to the plan").wait_for()


def plan(page: Any, kind: str) -> None:
    page.get_by_role("button", name="Go to the plan").click()
    at(page, "Plan")
    page.get_by_role("button", name="Run: make").wait_for(timeout=LONG)
    shoot_all_looks(page, f"{kind}-5-plan")
    by_keyboard(page, "Run: make")


def run(page: Any, kind: str) -> None:
    at(page, "Run")
    page.locator(".st-key-run-compare button").wait_for(timeout=LONG)
    shoot_all_looks(page, f"{kind}-6-run")


def compare(page: Any, kind: str) -> None:
    by_keyboard(page, "Compare")
    at(page, "Compare")
    page.locator(".st-key-compare-go button").wait_for()
    shoot_all_looks(page, f"{kind}-7-compare-before")
    page.locator(".st-key-compare-go button").click()
    page.locator(".cw-verdict").wait_for(timeout=LONG)
    shoot_all_looks(page, f"{kind}-7-compare")


def export(page: Any, kind: str, folder: Path) -> Path:
    page.get_by_role("link", name="Export").click()
    at(page, "Export")
    packed = take_the_zip(page, folder)
    shoot_all_looks(page, f"{kind}-8-export")
    return packed


def take_the_zip(page: Any, folder: Path) -> Path:
    """Let the ZIP be packed and download it."""
    page.get_by_role("button", name="Prepare the ZIP").click()
    page.locator(".st-key-export-download button").wait_for(timeout=LONG)
    with page.expect_download() as coming:
        page.locator(".st-key-export-download button").click()
    path = folder / "download.zip"
    coming.value.save_as(path)
    return path


def check_and_make_again(source: Path, packed: Path, folder: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder / "taken")
    taken = next((folder / "taken").rglob("manifest.json")).parent
    assert "disjoint" in command_line("verify", str(taken))
    command_line("balance", str(source), "--recipe", str(taken / "recipe.yaml"), "--out", str(folder / "again"))
    assert (folder / "again" / "manifest.json").read_bytes() == (taken / "manifest.json").read_bytes()


def at(page: Any, title: str) -> None:
    page.get_by_role("heading", name=title, exact=True).wait_for()
    settle(page)
    assert_no_error(page)
