"""Downloads of what Compare draws: PNG from a chart's own toolbar, SVG and CSV from buttons below."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from augmentors.export.comparison_csv import classes_csv, differences_csv, reliability_csv
from augmentors.export.figures import forest_svg, rarest_first, recall_svg, reliability_svg

MIMES = {"svg": "image/svg+xml", "csv": "text/csv"}


def toolbar(name: str) -> dict[str, Any]:
    """Return the settings of a chart whose toolbar saves it as a PNG, drawn in the browser."""
    return {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
    }


def differences(comparison: Mapping[str, Any], learner: str, metric: str, key: str) -> None:
    """Draw the downloads of the differences from before."""
    svg = partial(forest_svg, comparison, learner, metric)
    _buttons("differences", {"svg": svg, "csv": partial(differences_csv, comparison)}, key)


def classes(comparison: Mapping[str, Any], learner: str, key: str) -> None:
    """Draw the downloads of what each class got from each arm."""
    svg = partial(recall_svg, comparison, learner)
    _buttons("recall", {"svg": svg, "csv": partial(classes_csv, comparison)}, key)


def reliability(
    comparison: Mapping[str, Any], sides: Sequence[Mapping[str, Any]], colours: Mapping[str, str], key: str
) -> None:
    """Draw the downloads of the reliability curves, those of the last side."""
    svg = partial(reliability_svg, sides[-1], rarest_first(comparison), colours)
    _buttons("reliability", {"svg": svg, "csv": partial(reliability_csv, comparison)}, key)


def _buttons(name: str, contents: Mapping[str, Callable[[], str]], key: str) -> None:
    """Draw a button per format; a file is made once its button is pressed."""
    with st.container(horizontal=True):
        for form, content in contents.items():
            st.download_button(
                form.upper(),
                partial(_bytes, content),
                file_name=f"{name}.{form}",
                mime=MIMES[form],
                on_click="ignore",
                type="tertiary",
                key=f"{key}.{form}",
                help=f"Save as {form.upper()}; the chart's toolbar saves a PNG." if form == "svg" else None,
            )


def _bytes(content: Callable[[], str]) -> bytes:
    return content().encode()
