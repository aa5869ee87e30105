"""Albumentations and OpenCV, loaded late and told to stay quiet."""

import multiprocessing
import os
from types import ModuleType


def albumentations() -> ModuleType:
    """Return the library without letting it ask the network for a newer version."""
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    import albumentations as library

    return library


def leave_cores_to_other_workers() -> None:
    """Let OpenCV use one thread when this is one of several worker processes.

    The other workers fill the other cores; in the main process OpenCV keeps
    its threads, so a preview stays fast.
    """
    if multiprocessing.parent_process() is not None:
        import cv2

        cv2.setNumThreads(1)
