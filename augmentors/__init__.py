"""Counterweight: explore and augment imbalanced datasets, with an honest comparison.

Examples
--------
>>> import augmentors as cw
>>> data = cw.load("assets/samples/tiny.csv", label="cultivar")
>>> split = cw.split_dataset(data.dataset)
>>> recipe = cw.make_recipe("smote", target="auto")
>>> version = cw.balance_dataset(data.dataset, split, recipe, "balanced")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from augmentors.explore.unlabelled import attach as attach_unlabelled
    from augmentors.export.verify import verify
    from augmentors.ingest import load, load_unlabelled
    from augmentors.recipe import from_yaml as read_recipe
    from augmentors.recipe import to_yaml as write_recipe
    from augmentors.run import balance as balance_dataset
    from augmentors.run import compare_recipes, compare_version, make_recipe, split_dataset
    from augmentors.selfsup.pretrain import pretrain

__version__ = "0.1.0"

# Loaded on first use, so that `import augmentors` stays light. No name here is a
# module's: importing that module would put it in the function's place.
_PUBLIC = {
    "load": ("augmentors.ingest", "load"),
    "load_unlabelled": ("augmentors.ingest", "load_unlabelled"),
    "attach_unlabelled": ("augmentors.explore.unlabelled", "attach"),
    "split_dataset": ("augmentors.run", "split_dataset"),
    "make_recipe": ("augmentors.run", "make_recipe"),
    "read_recipe": ("augmentors.recipe", "from_yaml"),
    "write_recipe": ("augmentors.recipe", "to_yaml"),
    "balance_dataset": ("augmentors.run", "balance"),
    "compare_version": ("augmentors.run", "compare_version"),
    "compare_recipes": ("augmentors.run", "compare_recipes"),
    "pretrain": ("augmentors.selfsup.pretrain", "pretrain"),
    "verify": ("augmentors.export.verify", "verify"),
}

__all__ = [
    "attach_unlabelled",
    "balance_dataset",
    "compare_recipes",
    "compare_version",
    "load",
    "load_unlabelled",
    "make_recipe",
    "pretrain",
    "read_recipe",
    "split_dataset",
    "verify",
    "write_recipe",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'augmentors' has no attribute '{name}'")
    module, attribute = _PUBLIC[name]
    from augmentors.core.arguments import checked

    found = checked(name, getattr(import_module(module), attribute))
    globals()[name] = found
    return found
