import importlib.util
import json
import platform
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("golden_cases", Path(__file__).with_name("cases.py"))
assert _spec is not None and _spec.loader is not None
cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cases)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="golden bytes are promised per processor architecture")
@pytest.mark.parametrize("kind", list(cases.CASES))
def test_the_manifest_is_the_golden_one(kind: str, tmp_path: Path) -> None:
    golden = json.loads((cases.FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    made = json.loads(json.dumps(cases.manifest_of(kind, tmp_path, workers=2)))
    changed = sorted(name for name in golden["files"] if golden["files"][name] != made["files"].get(name))
    assert not changed, f"{len(changed)} files changed, such as {changed[:3]}"
    assert made == golden
