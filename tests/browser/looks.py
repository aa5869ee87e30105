"""What a screen looks like: screenshots in four looks, and what may not happen in any of them."""

from pathlib import Path
from typing import Any

SCREENSHOTS = Path(__file__).parent / "screenshots"
WIDE, NARROW = (1440, 900), (800, 900)
Look = tuple[tuple[int, int], str]
LOOKS: tuple[Look, ...] = ((WIDE, "light"), (NARROW, "light"), (NARROW, "dark"), (WIDE, "dark"))
TALLEST = 3600
# Elements that stand outside the window and that nothing lets one scroll to.
OUT_OF_REACH = """() => [...document.querySelectorAll(
    '[data-testid=stMain] :is(button, input, textarea, a, [role=slider], [role=radio], h1, h2, h3, p, img, canvas)')]
  .filter(e => {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || (box.right <= innerWidth + 1 && box.left >= -1)) return false;
    for (let up = e.parentElement; up; up = up.parentElement) {
      const flow = getComputedStyle(up).overflowX;
      if (flow !== 'visible' && up.getBoundingClientRect().right <= innerWidth + 1) return false;
    }
    return true;
  }).map(e => e.outerHTML.slice(0, 160))"""
PRIMARY = "[data-testid=stMain] [data-testid=stBaseButton-primary]:visible"


def settle(page: Any) -> None:
    """Wait until the script has run and nothing more is drawn."""
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    page.wait_for_timeout(300)


def shoot(page: Any, name: str) -> None:
    """Leave a screenshot of the whole page in the ignored folder."""
    SCREENSHOTS.mkdir(exist_ok=True)
    settle(page)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def shoot_all_looks(page: Any, name: str, looks: tuple[Look, ...] = LOOKS) -> None:
    """Leave screenshots, from top to bottom, in some looks (both widths in the light and in the dark); check each."""
    settle(page)
    for size, scheme in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_timeout(200)
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": size[0], "height": min(max(tall, size[1]), TALLEST)})
        page.wait_for_timeout(250)
        shoot(page, f"{name}-{size[0]}-{scheme}")
        assert_presentable(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    settle(page)


def assert_presentable(page: Any) -> None:
    """Nothing red, nothing out of reach sideways, no bare None, at most one primary button."""
    assert_no_error(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    assert page.evaluate(OUT_OF_REACH) == []
    assert page.locator(PRIMARY).count() <= 1
    words = page.inner_text("[data-testid=stMain]").split()
    assert not {"None", "nan", "NaN", "undefined"} & set(words)


def assert_no_error(page: Any) -> None:
    """No red box and no traceback on the page."""
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0, page.inner_text("body")
