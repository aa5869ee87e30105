"""The catalogue as text for terminals and as Markdown for the README."""

from collections.abc import Iterable
from typing import Any

from augmentors.core.augmenter import Augmenter


def overview(augmenters: Iterable[type[Augmenter]]) -> str:
    """Return one line per augmenter: key, kind, family, summary."""
    cards = [cls.card for cls in augmenters]
    width = max((len(card.key) for card in cards), default=0)
    return "\n".join(f"{card.key:{width}}  {card.kind:5}  {card.family:12}  {card.summary}" for card in cards)


def details(cls: type[Augmenter]) -> str:
    """Return an augmenter's card and every parameter with default, bounds and help."""
    card = cls.card
    lines = [f"{card.title} ({card.key}, {card.kind}, {card.family})", card.summary]
    lines += [card.avoid] if card.avoid else []
    lines += [f"Reference: {reference}" for reference in card.references]
    properties = cls.Params.model_json_schema().get("properties", {})
    lines.append("Parameters:" if properties else "No parameters.")
    for name, field in properties.items():
        lines.append(f"  {card.key}.{name} = {field.get('default')!r}{bounds(field)}  {field.get('description', '')}")
    return "\n".join(lines)


def bounds(field: dict[str, Any]) -> str:
    """Return the allowed values of a JSON-schema field in words, such as ' [1 to 50]'."""
    if "enum" in field:
        return f" [{', '.join(map(str, field['enum']))}]"
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    return f" [{'' if low is None else low} to {'' if high is None else high}]"


def markdown_table(augmenters: Iterable[type[Augmenter]]) -> str:
    """Return the README's table of augmenters."""
    rows = ["| augmenter | kind | family | what it does |", "| --- | --- | --- | --- |"]
    for cls in augmenters:
        card = cls.card
        rows.append(f"| **{card.title}** `{card.key}` | {card.kind} | {card.family} | {card.summary} |")
    return "\n".join(rows)


START, END = "<!-- catalogue: python -m augmentors.catalog_text README.md -->", "<!-- end of catalogue -->"


def with_table(page: str, augmenters: Iterable[type[Augmenter]]) -> str:
    """Return a page with the table between its markers replaced."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{markdown_table(augmenters)}\n{END}{after}"


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from augmentors.catalog import AUGMENTERS

    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text(encoding="utf-8"), AUGMENTERS), encoding="utf-8")
