"""Real commands that are sent real signals at several moments of their work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from augmentors.interrupt import descendants, disposable

ROOT = Path(__file__).parents[1]
DATA = ROOT / "assets" / "samples" / "page_blocks.csv"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

Moment = Callable[[int, Path], bool]
MOMENTS: dict[str, Moment] = {
    "imports": lambda pid, home: True,
    "pool starts": lambda pid, home: len(descendants(pid)) >= 1,
    "pool works": lambda pid, home: len(descendants(pid)) >= 4,
    "version is written": lambda pid, home: any(path.name.startswith(".out.") for path in home.iterdir()),
}


def listens(pid: int) -> bool:
    """Whether the process has taken over SIGTERM: before that it is only Python starting."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_command_with_one_line_and_leaves_nothing(
    tmp_path: Path, moment: str, number: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-m", "augmentors", "balance", str(DATA), "--augmenter", "random_oversampling", "smote"]
    command += ["--target", "count:60000", "--workers", "2", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    reached = MOMENTS[moment]
    while not listens(process.pid) or not reached(process.pid, tmp_path):
        assert process.poll() is None, "the command ended before the moment came"
        time.sleep(0.005)
    below = descendants(process.pid)
    # Ctrl-C of a terminal reaches the whole group; SIGTERM one process.
    (os.killpg if number is signal.SIGINT else os.kill)(process.pid, number)
    _, said = process.communicate()
    assert (process.returncode, said) == (code, "Cancelled.\n")
    while not all(gone(pid) for pid in below):  # the tracker of resources ends by itself
        time.sleep(0.02)
    assert list(tmp_path.iterdir()) == []


def test_a_disposable_folder_goes_also_when_work_breaks_off(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), disposable(tmp_path / "draft") as folder:
        folder.mkdir()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
