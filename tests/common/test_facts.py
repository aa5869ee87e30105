"""What cards declare about torch is true: who does not need it works without it."""

import subprocess
import sys
from pathlib import Path

import pytest

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Need

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
class NoTorch:
    # Libraries may look whether torch is there; augmenters may not run it.
    def find_spec(self, name, *_):
        if name.partition(".")[0] == "torch":
            raise ImportError("torch is not to be needed here")
sys.meta_path.insert(0, NoTorch())
from augmentors import catalog
from augmentors.core.augmenter import Need
from augmentors.testing import Toys
from augmentors.testing.trial import made
known = dict()
for cls in catalog.for_kind({kind!r}):
    if Need.TORCH not in cls.card.needs:
        toys = known.setdefault((cls.card.task, Need.UNLABELLED in cls.card.needs), Toys.of(cls))
        assert len(made(cls, toys.ordinary())), cls.card.key
"""


@pytest.mark.parametrize("kind", ["table", "text", "image"])
def test_only_those_who_declare_torch_need_it(kind: str) -> None:
    assert any(Need.TORCH not in cls.card.needs for cls in AUGMENTERS)
    done = subprocess.run([sys.executable, "-c", CODE.format(kind=kind)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
