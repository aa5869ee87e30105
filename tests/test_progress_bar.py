import io

import pytest

from augmentors.progress_bar import TerminalJob


class Terminal(io.StringIO):
    def __init__(self, live: bool) -> None:
        super().__init__()
        self._live = live

    def isatty(self) -> bool:
        return self._live


@pytest.mark.parametrize("live", [True, False])
def test_it_draws_on_a_terminal_only_and_wipes_its_line(monkeypatch: pytest.MonkeyPatch, live: bool) -> None:
    screen = Terminal(live)
    monkeypatch.setattr("sys.stderr", screen)
    with TerminalJob() as job:
        job.progress(0.5, "Making samples of 'rust'")
    shown = screen.getvalue()
    assert ("50%" in shown and "'rust'" in shown and shown.endswith("\r\x1b[K")) == live
    assert live or shown == ""
