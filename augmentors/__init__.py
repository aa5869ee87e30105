"""Counterweight: explore and augment imbalanced datasets, with an honest comparison.

Examples
--------
>>> import augmentors as cw
>>> data = cw.load("assets/samples/tiny.csv", label="cultivar")
>>> split = cw.split(data.dataset)
>>> recipe = cw.recipe("smote", target="auto")
>>> version = cw.balance(data.dataset, split, recipe, "balanced")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from augmentors.evaluate import compare
    from augmentors.export import verify
    from augmentors.ingest import load
    from augmentors.recipe import from_yaml as read_recipe
    from augmentors.recipe import to_yaml as write_recipe
    from augmentors.run import balance, compare_recipes
    from augmentors.run import make_recipe as recipe
    from augmentors.run import split_dataset as split

__version__ = "0.1.0"

# Loaded on first use, so that `import augmentors` stays light.
_PUBLIC = {
    "load": ("augmentors.ingest", "load"),
    "split": ("augmentors.run", "split_dataset"),
    "recipe": ("augmentors.run", "make_recipe"),
    "read_recipe": ("augmentors.recipe", "from_yaml"),
    "write_recipe": ("augmentors.recipe", "to_yaml"),
    "balance": ("augmentors.run", "balance"),
    "compare": ("augmentors.evaluate", "compare"),
    "compare_recipes": ("augmentors.run", "compare_recipes"),
    "verify": ("augmentors.export", "verify"),
}

__all__ = [
    "balance",
    "compare",
    "compare_recipes",
    "load",
    "read_recipe",
    "recipe",
    "split",
    "verify",
    "write_recipe",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'augmentors' has no attribute '{name}'")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(module), attribute)
