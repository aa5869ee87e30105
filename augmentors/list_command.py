"""The command `list`: what there is, and the parameters of one of it."""

import json
from typing import Any

import click

from augmentors import catalog
from augmentors.command_data import json_flag
from augmentors.core.kinds import KINDS


@click.command("list")
@click.argument("key", required=False)
@click.option("--kind", type=click.Choice(KINDS), help="Only those of this kind.")
@click.option("--selectors", is_flag=True, help="Only selectors (--before, --after).")
@click.option("--pretexts", is_flag=True, help="Only self-supervised methods, for 'pretrain --method'.")
@json_flag
def list_command(key: str | None, kind: Any, selectors: bool, pretexts: bool, as_json: bool) -> None:
    """Show the catalogue, or one augmenter, selector or self-supervised method with its parameters."""
    from augmentors import catalog_text

    if key is not None:
        told, data = one(key)
        click.echo(json.dumps(data, indent=1) if as_json else told)
    elif pretexts:
        from augmentors.selfsup import registry

        methods = registry.pretexts_for(kind)
        described = [registry.describe_pretext(cls) for cls in methods]
        click.echo(json.dumps(described, indent=1) if as_json else catalog_text.pretext_overview(methods))
    elif selectors:
        described = [catalog.describe_selector(cls) for cls in catalog.selectors_for(kind)] if as_json else []
        shown = catalog_text.selector_overview(catalog.selector_cards(kind))
        click.echo(json.dumps(described, indent=1) if as_json else shown)
    elif as_json:
        click.echo(json.dumps(catalog.describe(kind), indent=1))
    else:
        click.echo(catalog_text.overview(catalog.cards(kind)))
        selectors_shown = catalog_text.selector_overview(catalog.selector_cards(kind))
        click.echo("\nSelectors, for --before and --after:\n" + selectors_shown)
        click.echo("\nSelf-supervised methods, for pretrain: see 'list --pretexts'.")


def one(key: str) -> tuple[str, dict[str, Any]]:
    """Return what there is to say of the thing of a key, as text and as plain data."""
    from augmentors import catalog_text

    if any(card.key == key for card in catalog.selector_cards()):
        selector = catalog.get_selector(key)
        return catalog_text.selector_details(selector), catalog.describe_selector(selector)
    if not any(card.key == key for card in catalog.cards()):
        from augmentors.selfsup import registry

        if any(cls.card.key == key for cls in registry.PRETEXTS):
            method = registry.pretext(key)
            return catalog_text.pretext_details(method), registry.describe_pretext(method)
    augmenter = catalog.get(key)
    return catalog_text.details(augmenter), catalog.describe_one(augmenter)
