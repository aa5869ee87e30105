"""Work that the job tests run in real processes."""

import time
from pathlib import Path
from typing import Any

from augmentors.core.errors import UserError
from augmentors.core.job import Job


def count(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Count to n, checking each time; each number leaves a file, as finished blocks do."""
    for i in range(arguments["n"]):
        job.check()
        (folder / f"{i}.done").touch()
        job.progress((i + 1) / arguments["n"], f"at {i}", made=i)
        time.sleep(arguments.get("pause", 0))
    return {"files": len(list(folder.glob("*.done")))}


def deaf(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Never check."""
    (folder / "started").touch()
    time.sleep(60)
    return {}


def refuse(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    raise UserError("The label column 'x' is missing.", "Choose another.")


def crash(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    raise ZeroDivisionError("secret detail")


def eat(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    return {"size": len(bytearray(2**30))}
