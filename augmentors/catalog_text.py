"""The catalogue as text for terminals and as Markdown for the README."""

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from augmentors.core.card import Card, SelectorCard, card_as_json

if TYPE_CHECKING:
    from augmentors.core.augmenter import Augmenter
    from augmentors.core.selector import Selector
    from augmentors.selfsup.encoder import Encoder

WIDTH = 80


def overview(cards: Sequence[Card]) -> str:
    """Return one line per augmenter: key, kind, family, summary."""
    width = max((len(card.key) for card in cards), default=0)
    return "\n".join(f"{card.key:{width}}  {card.kind:5}  {card.family:12}  {card.summary}" for card in cards)


def details(cls: type["Augmenter"]) -> str:
    """Return an augmenter's card and every parameter with default, bounds and help."""
    card = cls.card
    return _page(f"{card.title} ({card.key}, {card.kind}, {card.family})", card, cls.Params.model_json_schema())


def selector_overview(cards: Sequence[SelectorCard]) -> str:
    """Return one line per selector: key, stages, family, summary."""
    width = max((len(card.key) for card in cards), default=0)
    return "\n".join(f"{c.key:{width}}  {', '.join(c.stages):13}  {c.family:14}  {c.summary}" for c in cards)


def selector_details(cls: type["Selector"]) -> str:
    """Return a selector's card and every parameter with default, bounds and help."""
    card = cls.card
    heading = f"{card.title} ({card.key}, {card.family}; for --{' and --'.join(card.stages)})"
    return _page(heading, card, cls.Params.model_json_schema())


def pretext_overview(methods: "Iterable[type[Encoder]]") -> str:
    """Return one line per self-supervised method: key, kind, summary."""
    cards = [cls.card for cls in methods]
    width = max((len(card.key) for card in cards), default=0)
    return "\n".join(f"{card.key:{width}}  {card.kind:5}  {card.summary}" for card in cards)


def pretext_details(cls: "type[Encoder]") -> str:
    """Return a self-supervised method's card and every parameter with default, bounds and help."""
    card = cls.card
    return _page(f"{card.title} ({card.key}, {card.kind}; for pretrain --method)", card, cls.Params.model_json_schema())


def _page(heading: str, card: Any, schema: dict[str, Any]) -> str:
    """Return a card and its parameters, no line longer than a terminal is wide."""
    references = (f"Reference: {reference}" for reference in card.references)
    lines = [line for said in (heading, card.summary, card.avoid, *references) for line in _wrapped(said, "")]
    properties = schema.get("properties", {})
    lines.append("Parameters:" if properties else "No parameters.")
    for name, field in properties.items():
        lines += _wrapped(f"{card.key}.{name} = {field.get('default')!r}{bounds(field)}", "  ")
        lines += _wrapped(field.get("description", ""), "      ")
    return "\n".join(lines)


def _wrapped(text: str, indent: str) -> list[str]:
    """Return a text as lines of at most `WIDTH` characters; what cannot be broken stays whole."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent or "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def bounds(field: dict[str, Any]) -> str:
    """Return the allowed values of a JSON-schema field in words, such as ' [1 to 50]'."""
    if "enum" in field:
        return f" [{', '.join(map(str, field['enum']))}]"
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    return f" [{'' if low is None else low} to {'' if high is None else high}]"


def markdown_table(augmenters: Iterable[type["Augmenter"]]) -> str:
    """Return the README's table of augmenters."""
    rows = ["| augmenter | kind | family | what it does |", "| --- | --- | --- | --- |"]
    for cls in augmenters:
        card = cls.card
        rows.append(f"| **{card.title}** `{card.key}` | {card.kind} | {card.family} | {card.summary} |")
    return "\n".join(rows)


def selector_table(selectors: Iterable[type["Selector"]]) -> str:
    """Return the README's table of selectors."""
    rows = ["| selector | runs | family | what it does |", "| --- | --- | --- | --- |"]
    for cls in selectors:
        card = cls.card
        rows.append(f"| **{card.title}** `{card.key}` | {', '.join(card.stages)} | {card.family} | {card.summary} |")
    return "\n".join(rows)


START, END = "<!-- catalogue: python -m augmentors.catalog_text README.md -->", "<!-- end of catalogue -->"


def with_table(page: str, augmenters: Iterable[type["Augmenter"]], selectors: Iterable[type["Selector"]]) -> str:
    """Return a page with the tables between their markers replaced."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    said = "Selectors drop samples of the training part, `--before` new ones are made or `--after`, over all of them:"
    tables = f"{markdown_table(augmenters)}\n\n{said}\n\n{selector_table(selectors)}"
    return f"{before}{START}\n{tables}\n{END}{after}"


def cards_file(by_line: Mapping[str, Iterable[Any]]) -> str:
    """Return what ``catalog_cards.json`` must hold: the cards that classes declare, one per line."""
    entries = [
        f" {json.dumps(line)}: [\n"
        + ",\n".join(f"  {json.dumps(card_as_json(cls.card), ensure_ascii=False)}" for cls in classes)
        + "\n ]"
        for line, classes in by_line.items()
    ]
    return "{\n" + ",\n".join(entries) + "\n}\n"


if __name__ == "__main__":
    import sys
    from pathlib import Path

    from augmentors.catalog import AUGMENTERS, CARDS, SELECTORS, by_line

    path = Path(sys.argv[1])
    path.write_text(with_table(path.read_text(encoding="utf-8"), AUGMENTERS, SELECTORS), encoding="utf-8")
    CARDS.write_text(cards_file(by_line()), encoding="utf-8")
