"""pandas, imported when it is first used: listing the catalogue takes a third of the time without it."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["pd"]


class _Late(ModuleType):
    """Stands for a module, and imports it when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)  # asked for once; from then on as quick as the module itself
        return found


if TYPE_CHECKING:
    import pandas as pd
else:
    pd = _Late("pandas")
