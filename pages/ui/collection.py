"""Garbage collection of the server: what lives as long as the process is not searched after every run."""

import gc
import sys
import threading

_lock = threading.Lock()
_seen = 0


def spare_modules() -> None:
    """Take what is alive out of garbage collection whenever modules were loaded since the last time.

    Streamlit collects the whole heap after each run of the script, before the browser hears that it is done.
    Most of that heap are the functions and classes of libraries (pandas, scikit-learn, torch), which never
    become garbage: walking them took more time than drawing a page. What a session lets go is still freed
    by its reference count, and cycles made later are still found.
    """
    global _seen
    if len(sys.modules) == _seen or not _lock.acquire(blocking=False):
        return
    try:
        gc.collect()
        gc.freeze()
        _seen = len(sys.modules)
    finally:
        _lock.release()
