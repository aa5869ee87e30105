"""What a visitor does again and again, and what the command line says to it."""

import os
import subprocess
import sys
import urllib.parse
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TABS_AT_MOST = 120


def fix_the_split(page: Any) -> None:
    """Fix the split as it is proposed, once the file is read."""
    page.locator(".st-key-fix button:enabled").click()
    page.get_by_role("button", name="See the overview").wait_for()


def token_of(page: Any) -> str:
    """Return the workspace that the address names."""
    return urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)["w"][0]


def by_keyboard(page: Any, name: str) -> None:
    """Go through the page with the tab key until a button has the focus, and press Enter."""
    page.get_by_role("button", name=name).first.wait_for()
    page.evaluate("document.activeElement.blur()")
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"'{name}' cannot be reached with the tab key")


def command_line(*arguments: str) -> str:
    """Run the command line; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "augmentors", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
