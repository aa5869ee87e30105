"""The finder of augmenters with a real keyboard and mouse: search, choose, favourites, all of them as pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.looks import assert_no_error, settle, shoot_all_looks
from tests.browser.small_data import FILES
from tests.browser.steps import fix_the_split

LONG = 240_000
# What people type, and what must then stand first.
SEARCHES = {
    "random erasing": "cutout",
    "RandomRain": "random_rain",
    "horizontal flip": "flip",
    "deepsmote": "deep_smote",
    "elastic": "elastic_transform",
    "gausian blur": "gaussian_blur",
}


def test_find_choose_and_keep_an_augmenter(open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page()
    page.set_input_files("input[type=file]", str(FILES["image"](tmp_path)))
    fix_the_split(page)
    page.get_by_role("link", name="Augment").click()
    search = page.get_by_role("combobox", name="Find an augmenter")
    search.wait_for(timeout=LONG)
    for words, key in SEARCHES.items():
        search.fill(words)
        assert page.locator(".af-row").first.get_attribute("data-key") == key, words
    assert page.locator(".af-said").inner_text().startswith("Nothing is called")
    search.fill("no training smote")
    assert "deep_smote" not in keys(page) and "embedding_smote" in keys(page)
    search.fill("zzzzzz")
    assert page.locator(".af-said").inner_text().startswith("Nothing fits")
    by_keyboard(page, search)
    favourite(page)
    all_of_them(page)


def keys(page: Any) -> list[str]:
    return [row.get_attribute("data-key") for row in page.locator(".af-row").all()]


def by_keyboard(page: Any, search: Any) -> None:
    """Type, go down, press Enter: the form below is that of the augmenter."""
    search.fill("mirror")
    search.press("ArrowDown")
    search.press("Enter")
    page.locator(".cw-about h3", has_text="Flip").wait_for()
    search.press("Escape")
    settle(page)
    assert page.locator(".af-row[aria-selected=true]").get_attribute("data-key") == "flip"
    list_box = page.locator(".af-list").bounding_box()
    assert list_box["height"] < 320  # however many there are


def favourite(page: Any) -> None:
    row = page.locator(".af-row[data-key=flip]")
    row.hover()
    row.locator(".af-star").click()
    settle(page)
    page.reload()
    page.locator(".af-row").first.wait_for()
    assert page.locator(".af-group").first.inner_text().startswith("★")
    assert page.locator(".af-row").first.get_attribute("data-key") == "flip"


def all_of_them(page: Any) -> None:
    """Pictures of the user's own data come; a click on one chooses it."""
    page.get_by_role("button", name="All of them").click()
    page.locator(".af-pictures").wait_for()
    page.locator(".cw-original img").wait_for(timeout=LONG)
    settle(page)
    assert page.locator(".af-card .af-pic").count() > 80
    shoot_all_looks(page, "image-4-augment-gallery")
    page.locator(".af-card[data-key=noise]").click()
    page.locator(".cw-about h3", has_text="Noise").wait_for()
    page.locator(".cw-pairs").wait_for(timeout=LONG)
    shoot_all_looks(page, "image-4-augment-finder")
    assert_no_error(page)
