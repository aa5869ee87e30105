from pathlib import Path

import pytest

from augmentors.catalog import AUGMENTERS, SELECTORS
from augmentors.catalog_text import with_table

README = Path(__file__).parents[1] / "README.md"


def test_the_catalogue_table_is_the_catalogue() -> None:
    page = README.read_text(encoding="utf-8")
    assert page == with_table(page, AUGMENTERS, SELECTORS), "run: python -m augmentors.catalog_text README.md"


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = README.read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0].replace('"balanced"', repr(str(tmp_path / "balanced")))
    scope: dict[str, object] = {}
    monkeypatch.chdir(README.parent)
    exec(compile(code, "README.md", "exec"), scope)
    version = scope["version"]
    assert version.manifest["counts"]["after"]["bad"] > version.manifest["counts"]["before"]["bad"]  # type: ignore[attr-defined]
