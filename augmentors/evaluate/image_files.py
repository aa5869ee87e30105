"""Images that are read from their files one at a time: thousands of photographs do not fit in memory."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self, overload

import numpy as np


class ImageFiles(Sequence[np.ndarray]):
    """Base of the sequences of images that are decoded when asked for; subclasses say how, in `_read`.

    Parameters
    ----------
    files : list
        Whatever `_read` takes: bytes, paths …
    """

    def __init__(self, files: list[Any]) -> None:
        self._files = files

    @abstractmethod
    def _read(self, file: Any) -> np.ndarray:
        """Return the pixels of one."""

    def __len__(self) -> int:
        return len(self._files)

    @overload
    def __getitem__(self, i: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, i: slice) -> Self: ...
    def __getitem__(self, i: int | slice) -> Any:
        return type(self)(self._files[i]) if isinstance(i, slice) else self._read(self._files[i])
