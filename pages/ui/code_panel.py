"""“Do this in code”: the exact equivalent of what a page does, as recipe, Python and command line."""

import shlex
from typing import Any

import streamlit as st

# The choices that say how a file is read, by the name they have in Python and on the command line.
READING = (
    *("kind", "label", "task", "ranges", "text", "group"),
    *("delimiter", "encoding", "decimal", "merge_spellings"),
)
# Said only where it is not the usual.
USUAL = {"task": "classification"}


def show(*, python: str, shell: str, recipe: str | None = None, key: str = "code", expanded: bool = False) -> None:
    """Draw the expander with its three tabs; each has a copy button.

    Parameters
    ----------
    python, shell : str
    recipe : str, optional
        YAML; left out where the step is not part of the recipe.
    key : str
        Unique on the page.
    expanded : bool
        Where doing it again is what the screen is for.
    """
    with st.expander("Do this in code", expanded=expanded, key=f"cw-code-{key}"):
        kinds = [("Recipe", recipe, "yaml"), ("Python", python, "python"), ("Command line", shell, "bash")]
        given = [(name, body, language) for name, body, language in kinds if body]
        for tab, (_, body, language) in zip(st.tabs([name for name, _, _ in given]), given, strict=True):
            tab.code(body, language=language)


def load_python(name: str, choices: dict[str, Any]) -> str:
    """Return the Python that reads a file as the app did."""
    given = "".join(f", {key}={value!r}" for key, value in unusual(choices).items())
    return f"from augmentors.ingest import load\n\nloaded = load({name!r}{given})\ndataset = loaded.dataset"


def unusual(choices: dict[str, Any]) -> dict[str, Any]:
    """Return the choices that must be said."""
    return {key: value for key, value in choices.items() if value and USUAL.get(key) != value}


def split_python(split: dict[str, Any]) -> str:
    """Return the Python that makes the frozen split again."""
    near = split.get("near_duplicates", True)
    return (
        "from augmentors.recipe import RecipeSplit\nfrom augmentors.run import split_dataset\n\n"
        f"settings = RecipeSplit(test_size={split['test_size']}, seed={split['seed']}, near_duplicates={near})\n"
        "split = split_dataset(dataset, settings)"
    )


def shell_flags(choices: dict[str, Any], test_size: float | None = None) -> str:
    """Return the flags that say the same on the command line, quoted for a shell."""
    said = unusual(choices)
    flags = "".join(_flag(key, said[key]) for key in READING if key in said)
    return flags + (f" --test-size {test_size:g}" if test_size is not None and test_size != 0.2 else "")


def _flag(key: str, value: Any) -> str:
    name = key.replace("_", "-")
    if isinstance(value, list | tuple):
        return f" --{name}={','.join(f'{cut:.12g}' for cut in value)}"
    return f" --{name}" if value is True else f" --{name} {shlex.quote(str(value))}"
