"""Albumentations and OpenCV, loaded late, told to stay quiet and to share the machine."""

import ctypes
import multiprocessing
import os
from functools import cache
from types import ModuleType

# Of glibc's malloc.h. An image is larger than what malloc keeps by default: freed images go back to
# the system and return page by page, which took an eighth of the time of an image of 500 × 375.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_FROM_HEAP = 32 * 2**20
KEPT_WHEN_FREED = 512 * 2**20


def albumentations() -> ModuleType:
    """Return the library without letting it ask the network for a newer version."""
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    import albumentations as library

    return library


@cache
def settle_in_worker() -> None:
    """Make this process a good worker, once, when it is one of several.

    OpenCV gets one thread, since other workers fill the other cores, and freed
    memory is kept for the next block. The main process is left as it is, so
    that a preview there stays fast and the server stays small.
    """
    if multiprocessing.parent_process() is None:
        return
    import cv2

    cv2.setNumThreads(1)
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # another C library: slower, nothing else
        return
    mallopt(M_MMAP_THRESHOLD, LARGEST_FROM_HEAP)
    mallopt(M_TRIM_THRESHOLD, KEPT_WHEN_FREED)
