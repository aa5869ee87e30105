"""From an empty workspace to the Map, with the eyes of a browser."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looks import NARROW, WIDE, assert_no_error, settle, shoot
from tests.browser.steps import fix_the_split, token_of

SAMPLES = {"tiny": ("Wines", "140 rows"), "spam": ("E-mails", "2,390 texts"), "fashion": ("Clothes", "1,618 images")}


def open_sample(page: Any, index: int) -> None:
    page.get_by_role("button", name="Open", exact=True).nth(index).click()
    page.get_by_text("Here is what I understood").wait_for()


# The whole journeys (test_journey_whole.py) run every kind each time; these are the shipped samples in full.
@pytest.mark.parametrize(
    ("key", "index"),
    [("tiny", 0), pytest.param("spam", 3, marks=pytest.mark.slow), pytest.param("fashion", 4, marks=pytest.mark.slow)],
)
def test_sample_to_map(open_page: Any, key: str, index: int) -> None:
    page = open_page()
    if key == "tiny":
        shoot(page, "start-empty-wide")
    open_sample(page, index)
    page.locator(".st-key-fix button:enabled").wait_for()
    shoot(page, f"start-understood-{key}-wide")
    fix_the_split(page)
    assert "split fixed" in page.inner_text("[data-testid=stSidebar]")
    assert SAMPLES[key][1] in page.inner_text("[data-testid=stSidebar]")
    shoot(page, f"start-fixed-{key}-wide")
    page.get_by_role("button", name="See the overview").click()
    page.get_by_role("heading", name="Overview").wait_for()
    page.locator(".cw-bars").wait_for()
    assert_no_error(page)
    shoot(page, f"overview-{key}-wide")
    if key == "tiny":
        choose_tab(page, "Features by class")
        page.locator(".cw-multiples").wait_for()
        shoot(page, f"overview-{key}-features-wide")
        choose_tab(page, "Health")
        shoot(page, f"overview-{key}-health-wide")
    page.get_by_role("link", name="Map").click()
    page.locator(".pm canvas").wait_for(timeout=300_000)
    page.get_by_text("is on its way").wait_for(state="hidden", timeout=300_000)
    select_half(page)
    assert_no_error(page)
    shoot(page, f"map-{key}-wide")
    other_looks(open_page, key, token_of(page))


def choose_tab(page: Any, name: str) -> None:
    page.locator(".st-key-overview-tab").get_by_text(name, exact=True).click()
    settle(page)


def select_half(page: Any) -> float:
    """Draw a lasso around the right half of the map; return seconds until the samples are there."""
    settle(page)
    box = page.locator(".pm canvas").bounding_box()
    x, y, w, h = box["x"] + box["width"] / 2, box["y"] + 4, box["width"] / 2 - 4, box["height"] - 8
    page.mouse.move(x, y)
    page.mouse.down()
    for to in ((x + w, y), (x + w, y + h), (x, y + h), (x, y + 9)):
        page.mouse.move(*to, steps=8)
    began = time.monotonic()
    page.mouse.up()
    page.get_by_role("heading", name="selected").wait_for()
    return time.monotonic() - began


def other_looks(open_page: Any, key: str, token: str) -> None:
    """Leave screenshots at 800 pixels and in the dark."""
    looks = ((NARROW, "light", "narrow"), (WIDE, "dark", "dark"), (NARROW, "dark", "dark-narrow"))
    for step in ("start", "overview", "map"):
        path = "/" if step == "start" else f"/{step}"
        for size, scheme, name in looks:
            page = open_page(f"{path}?w={token}", size, scheme)
            settle(page)
            assert_no_error(page)
            # Nothing may stick out sideways.
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
            shoot(page, f"{step}-{key}-{name}")


def test_upload_a_csv_and_correct_it(open_page: Any, tmp_path: Path, server: Any) -> None:
    path = tmp_path / "käse; sorten.csv"
    rows = "".join(f"00{i % 7};{i * 0.5};{'NA' if i % 9 == 0 else 'ok'}\n" for i in range(180))
    path.write_text("code;value;state\n" + rows, encoding="cp1252")
    page = open_page()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_text("Here is what I understood").wait_for()
    assert "semicolon" in page.inner_text("body")
    fix_the_split(page)
    token = token_of(page)
    kept = next((server.home / "workspaces" / token / "datasets").glob("*/dataset.json"))
    facts = json.loads(kept.read_text(encoding="utf-8"))
    assert facts["name"] == path.name
    assert facts["classes"] == {"ok": 160, "NA": 20}
    assert facts["types"]["code"] != "integer"


def test_a_file_that_cannot_be_read_says_so_and_loses_nothing(open_page: Any, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    page = open_page()
    page.set_input_files("input[type=file]", str(path))
    page.locator("[data-testid=stAlertContentError]").wait_for()
    shoot(page, "start-error-wide")
    assert "Traceback" not in page.inner_text("body")
    page.get_by_role("button", name="Load something else").click()
    page.get_by_text("A sample", exact=True).wait_for()


def test_deep_link_right_after_a_restart(open_page: Any, server: Any) -> None:
    page = open_page()
    open_sample(page, 0)
    fix_the_split(page)
    token = token_of(page)
    server.stop()
    server.start()
    page = open_page(f"/overview?w={token}")
    page.locator(".cw-bars").wait_for()
    page.locator("[data-testid=stSidebar]").wait_for()
    assert "tiny.csv" in page.inner_text("[data-testid=stSidebar]")
