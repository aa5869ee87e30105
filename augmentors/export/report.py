"""The report: one HTML file, readable offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from augmentors.balance.batch import Batch
from augmentors.recipe import to_yaml

if TYPE_CHECKING:
    from augmentors.export.version import Contents

TEMPLATE = Path(__file__).with_name("report.html.j2")


def render_report(contents: "Contents", manifest: dict[str, Any], kept: Batch | None) -> str:
    """Return the report of a version as one HTML page without outside resources."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        manifest=manifest,
        recipe=contents.recipe,
        recipe_yaml=to_yaml(contents.recipe),
        notes=list(dict.fromkeys([*contents.balanced.notes, *contents.extra_notes])),
        split=contents.split,
        comparison=contents.comparison,
    )
