"""The command `pretrain`: learn an embedding from the training samples without their labels, and say what it did."""

import json
from pathlib import Path
from typing import Any

import click

from augmentors.command_data import data_options, json_flag, load, make_split
from augmentors.core.errors import UserError
from augmentors.progress_bar import TerminalJob

LOSSES_SAID = 10


@click.command("pretrain")
@data_options
@click.option("--method", metavar="KEY", help="Self-supervised method; 'list --pretexts' shows them; the kind's first.")
@click.option(
    "--set",
    "settings",
    metavar="KEY.FIELD=VALUE",
    multiple=True,
    help="Set a parameter of the method, such as simclr.steps=200; 'list KEY' shows them.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of what is random.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write the encoder to.")
@json_flag
def pretrain_command(
    method: str | None, settings: tuple[str, ...], seed: int, out: Path | None, as_json: bool, **reading: Any
) -> None:
    """Learn an embedding from the training samples without their labels, and say what it did for each class."""
    from augmentors.recipe_choice import first_of, parse_settings
    from augmentors.selfsup.pretrain import check_out, pretrain
    from augmentors.selfsup.registry import pretext

    if reading["unlabelled"] is not None:
        raise UserError(
            "--unlabelled is not used by pretrain: it learns from the training part alone.", "Leave it out."
        )
    if out is not None:
        check_out(out)
    given = parse_settings(settings)
    if method is not None:
        pretext(method)(**own_settings(given, method))  # a wrong one is told before the data is read
    loaded = load(reading, quiet=as_json)
    method = method or first_for(loaded.dataset.kind)
    with TerminalJob() as job:
        split = make_split(loaded, first_of({}), reading | {"recipes": ()}, job, quiet=as_json)
        params = own_settings(given, method)
        made = pretrain(loaded.dataset, split, method, params=params, seed=seed, out=out, job=job)
    result = made.to_json()
    if as_json:
        click.echo(json.dumps(result, indent=1, ensure_ascii=False))
        return
    for line in lines(result):
        click.echo(line)
    if out is not None:
        click.echo(f"Written to {out}; 'compare --learner encoder:{out}' trains on this embedding.")


def own_settings(given: dict[str, dict[str, Any]], method: str) -> dict[str, Any]:
    """Return the parameters set for a method; refuse those set for anything else."""
    unused = sorted(set(given) - {method})
    if unused:
        raise UserError(f"Parameters were set for '{unused[0]}', but the method is '{method}'.")
    return given.get(method, {})


def first_for(kind: Any) -> str:
    """Return the method that is taken for a kind of data when none is named, and say so."""
    from augmentors.selfsup.registry import pretexts_for

    methods = pretexts_for(kind)
    if not methods:
        raise UserError(f"There is no self-supervised method for {kind} data yet.")
    click.echo(f"Method: {methods[0].card.key} ({methods[0].card.title}).", err=True)
    return methods[0].card.key


def lines(result: dict[str, Any]) -> list[str]:
    """Return a result for people: the loss, a table of the classes, what it comes to.

    Parameters
    ----------
    result : dict
        `Pretrained.to_json`.
    """
    from augmentors.selfsup.judged import SIDES

    judged, losses = result["judged"], result["losses"]
    step = max(len(losses) // LOSSES_SAID, 1)
    said = [f"{result['title']} on {result['samples']:,} training samples; weights {result['hash']}."]
    said += result["notes"]
    said += [f"  step {at:>6,}  loss {loss:.4f}" for at, loss in [*losses[:-1:step], losses[-1]]]
    width = max(len("class"), *(len(one["class"]) for one in judged["classes"]))
    said.append(f"{'class':{width}}  samples  {'same-class neighbours':27}  recall of a logistic regression")
    columns = "built-in  untrained  learnt"
    said.append(f"{'':{width}}           {columns}  {columns} (95 % interval)")
    for one in judged["classes"]:
        near, recall = (
            "{:8.1%}  {:9.1%}  {:6.1%}".format(*(one[side][name] for side in SIDES))
            for name in ("neighbours", "recall")
        )
        after = one["after"]
        said.append(
            f"{one['class']:{width}}  {one['count']:7,}  {near}  {recall} ({after['low']:.1%} to {after['high']:.1%})"
            f"  {one['result']}"
        )
    said.append("Untrained: the same net with the weights it starts from.")
    return [*said, judged["sentence"], judged["seen"]]
