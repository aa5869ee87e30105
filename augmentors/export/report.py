"""The report: one HTML file, readable offline, made from what the export holds."""

import json
from pathlib import Path
from typing import Any

import jinja2

from augmentors.export.examples import examples
from augmentors.export.manifest import MANIFEST, REPORT
from augmentors.export.report_comparison import comparison_context
from augmentors.recipe import from_yaml, target_sentence
from augmentors.store import disk_errors, write_bytes

TEMPLATE = Path(__file__).with_name("report.html.j2")


def render_report(folder: Path, manifest: dict[str, Any], comparison: dict[str, Any] | None = None) -> str:
    """Return the report of an exported folder as one HTML page without outside resources.

    Parameters
    ----------
    folder : Path
        Holds train/, provenance and recipe.
    manifest : dict
    comparison : dict, optional
        JSON of a comparison; without it the report says "not yet judged".
    """
    recipe_yaml = (folder / "recipe.yaml").read_text(encoding="utf-8")
    recipe = from_yaml(recipe_yaml)
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        manifest=manifest,
        recipe=recipe,
        recipe_yaml=recipe_yaml,
        reason=target_sentence(recipe, _planned_for(manifest)),
        classes=_classes(manifest),
        examples=examples(folder, manifest["kind"], recipe.data.text if recipe.data else None),
        **comparison_context(comparison),
    )


def add_comparison(folder: Path, comparison: dict[str, Any]) -> None:
    """Write the report of an exported folder again, now with a comparison; nothing hashed changes."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    with disk_errors("The report"):
        write_bytes(folder / REPORT, render_report(folder, manifest, comparison).encode())


def _planned_for(manifest: dict[str, Any]) -> dict[str, int]:
    """Return the class counts that the plan's target was resolved for: without what was thinned out before."""
    thinned = manifest.get("dropped", {}).get("before", {})
    return {name: count - thinned.get(name, 0) for name, count in manifest["counts"]["before"].items()}


def _classes(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row per class: counts, and bar widths as a percentage of the largest class after."""
    counts = manifest["counts"]
    largest = max(counts["after"].values())
    rows = []
    for name, before in sorted(counts["before"].items(), key=lambda item: -item[1]):
        after = counts["after"][name]
        stays = before - sum(by_class.get(name, 0) for by_class in manifest.get("dropped", {}).values())
        tally = manifest["gate"].get(name, {"wanted": 0, "made": 0, "kept": 0, "rejected": {}})
        rows.append(
            {
                "name": name,
                "before": before,
                "after": after,
                "test": counts["test"].get(name, 0),
                "before_width": round(100 * stays / largest, 2),
                "new_width": round(100 * (after - stays) / largest, 2),
                **tally,
            }
        )
    return rows
