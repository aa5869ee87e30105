"""Translation by Apertium, as Debian packages it: one process for many texts."""

import re
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from shutil import which

from augmentors.core.errors import UserError

SECONDS = 300
# Characters with a meaning in Apertium's stream.
_SPECIAL = re.compile(r"([\[\]{}^$/\\@<>])")
_ESCAPED = re.compile(r"\\(.)")


@lru_cache(maxsize=1)
def installed_pairs() -> tuple[str, ...] | None:
    """Return the installed pairs such as ``eng-spa``; None where Apertium is not installed."""
    if which("apertium") is None:
        return None
    listed = subprocess.run(["apertium", "-l"], capture_output=True, text=True, timeout=SECONDS)
    return tuple(sorted(listed.stdout.split()))


@lru_cache(maxsize=1)
def version() -> str:
    """Return what the program calls itself; the versions of its language data are not told."""
    said = subprocess.run(["apertium", "-V"], capture_output=True, text=True, timeout=SECONDS)
    return (said.stdout or said.stderr).strip().splitlines()[0] if said.stdout or said.stderr else ""


class Apertium:
    """Apertium for one pair, a rule-based and therefore deterministic translator.

    Parameters
    ----------
    pair : str
        Such as ``eng-spa``.

    References
    ----------
    Forcada et al. (2011), Apertium: a free/open-source platform for rule-based machine translation, MT 25.
    """

    def __init__(self, pair: str) -> None:
        self._pair = pair

    def translate(self, texts: Sequence[str]) -> list[list[str]]:
        """Return one translation of each text."""
        if not texts:
            return []
        # Null characters make Apertium forget what came before: no text depends on its neighbours.
        lines = "".join(_SPECIAL.sub(r"\\\1", " ".join(text.replace("\0", " ").split())) + "\0" for text in texts)
        command = ["apertium", "-u", "-z", "-f", "none", self._pair]
        done = subprocess.run(command, input=lines.encode(), capture_output=True, timeout=SECONDS)
        answers = done.stdout.decode("utf-8", "replace").split("\0")
        if done.returncode or len(answers) < len(texts):
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise UserError(
                f"Apertium ({self._pair}) failed on {len(texts):,} texts: {said[-1] if said else 'it gave no reason'}."
            )
        return [[" ".join(_ESCAPED.sub(r"\1", answer).split())] for answer in answers[: len(texts)]]
