"""Every mistake ends in a red box with one sentence; what nobody expected goes to a log file."""

import functools
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from typing import Any

import streamlit as st

from augmentors.core.errors import CounterweightError, UserError
from augmentors.store import home

_LOGGER = "counterweight.app"


def show(message: str, hint: str = "") -> None:
    """Draw the red box: what, where, expected, got; then what to do."""
    st.error(f"{_plain(message)}\n\n{_plain(hint)}" if hint else _plain(message))


@contextmanager
def box() -> Iterator[None]:
    """Turn any error inside into a red box; Streamlit's own control flow passes through."""
    try:
        yield
    except UserError as error:
        show(error.message, error.hint)
    except CounterweightError as error:
        show(str(error))
    except MemoryError:
        show("This needs more memory than there is.", "Try a smaller dataset or fewer samples.")
    except Exception:
        code = note()
        show(
            f"Something went wrong here that should not have. It was noted as {code} in the app's log.",
            "Your work is kept. Reload the page; if it happens again, report it with that number.",
        )


def boxed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a fragment, whose reruns do not pass through the page's own box."""

    @functools.wraps(function)
    def inside(*args: Any, **kwargs: Any) -> Any:
        with box():
            return function(*args, **kwargs)

    return inside


def note() -> str:
    """Write the current exception to the log file and return the number that finds it."""
    code = secrets.token_hex(3)
    _log().error("%s", code, exc_info=True)
    return code


@functools.cache
def _log() -> logging.Logger:
    logger = logging.getLogger(_LOGGER)
    logger.propagate = False
    try:
        home().mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            home() / "app.log", maxBytes=2_000_000, backupCount=2, delay=True
        )
    except OSError:
        handler = logging.NullHandler()  # a full disk is told by the work itself
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    return logger


def _plain(text: str) -> str:
    """Escape what Markdown would read as markup: names of columns and files are shown as they are."""
    for mark in "\\`*_[]<>$~":
        text = text.replace(mark, f"\\{mark}")
    return text
