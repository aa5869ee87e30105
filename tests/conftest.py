"""What all tests share: light threads, no network libraries phoning home, opt-in slow tests."""

import os
import tempfile

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# What commands of tests count and keep stays out of the developer's own folder.
os.environ["COUNTERWEIGHT_HOME"] = tempfile.mkdtemp(prefix="counterweight-home-")

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--runslow", action="store_true", help="run slow, fuzz and benchmark tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--runslow"):
        return
    for item in items:
        for name in ("slow", "fuzz", "benchmark"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"{name}: run with --runslow"))
