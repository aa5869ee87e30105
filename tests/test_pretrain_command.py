"""`pretrain` as people run it: in a process of its own."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from augmentors.pretrain_command import lines
from augmentors.selfsup.registry import load_encoder
from tests.test_json_fields import named

ROOT = Path(__file__).parents[1]
FASHION = ROOT / "assets" / "samples" / "fashion.zip"
FEW = ("--set", "masked_image.steps=6", "--set", "masked_image.width=4", "--method", "masked_image")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "augmentors", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def some_images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ZIP of three classes of the sample."""
    path = tmp_path_factory.mktemp("some") / "some.zip"
    with zipfile.ZipFile(FASHION) as every, zipfile.ZipFile(path, "w") as some:
        for name in every.namelist():
            if any(f"{label}/" in name for label in ("coat", "ankle-boot", "sandal")):
                some.writestr(name, every.read(name))
    return path


def test_it_prints_loss_classes_and_verdict_and_writes_the_encoder(some_images: Path, tmp_path: Path) -> None:
    done = run("pretrain", some_images, *FEW, "--seed", 1, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "step      6  loss" in done.stdout
    assert "The encoder saw these samples without their labels" in done.stdout
    assert "coat" in done.stdout
    again = run("pretrain", some_images, *FEW, "--seed", 1, "--json")
    told = json.loads(again.stdout)
    assert set(told) == set(named("`pretrain --json`"))
    assert told["hash"] == load_encoder(tmp_path / "out").hash
    assert told["judged"] == json.loads((tmp_path / "out" / "judged.json").read_text())
    assert len((tmp_path / "out" / "losses.csv").read_text().splitlines()) == 7
    assert done.stdout.count("\n".join(lines(told))) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--method", "simclear"), "Did you mean 'simclr'"),
        (("--method", "simclr", "--set", "simclr.steps=0"), "greater than or equal to 1"),
        (("--method", "simclr", "--set", "masked_image.steps=3"), "Parameters were set for 'masked_image'"),
        (("--out", ROOT / "tests"), "holds no encoder"),
        (("--unlabelled", FASHION), "learns from the training part alone"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[object, ...], sentence: str) -> None:
    done = run("pretrain", FASHION, *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
