"""DATA on the command line: its options, reading it, and its split."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from augmentors.core.kinds import KINDS, TASKS
from augmentors.progress_bar import TerminalJob

json_flag = click.option("--json", "as_json", is_flag=True, help="Print plain JSON.")

OTHER_DATA = "The recipe was made for other data: its plan is used, its bytes will differ."


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add DATA and the options that say how to read it; each is guessed when left out."""
    options = [
        click.argument("data", type=click.Path(path_type=Path)),
        click.option("--label", metavar="COL", help="Column that holds the class; A,B,… for labels of 0 and 1."),
        click.option("--kind", type=click.Choice(KINDS), help="Kind of data."),
        click.option("--text", metavar="COL", help="Column that holds the text (kind text)."),
        click.option("--task", type=click.Choice(TASKS), help="Whether a label is a class, a number, or several."),
        click.option(
            "--ranges", metavar="A,B,…", help="Cut points between ranges of a label that is a number: 0,5,20."
        ),
        click.option("--group", metavar="COL", help="Column whose equal values stay on one side of the split."),
        click.option("--test-size", type=float, metavar="F", help="Share of the test part (0.05 to 0.5)."),
        click.option("--delimiter", metavar="CHAR", help="Delimiter of a CSV file."),
        click.option("--encoding", metavar="NAME", help="Encoding of a text file."),
        click.option("--decimal", type=click.Choice([".", ","]), help="Decimal sign; the other groups thousands."),
        click.option(
            "--merge-spellings",
            is_flag=True,
            help="Merge classes whose names differ only by capitals or spaces at the ends.",
        ),
        click.option(
            "--unlabelled",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Samples without labels, columns as in DATA (images: a ZIP or folder), for pseudo-labelling.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def load(options: dict[str, Any], *, recipe: Any = None, quiet: bool = False) -> Any:
    """Read DATA as the options, else the recipe, else a guess say; the guesses are printed."""
    from augmentors import ingest
    from augmentors.core.ranges import parse_cuts

    known = recipe.data.model_dump() if recipe is not None and recipe.data else {}
    wanted: dict[str, Any] = {
        name: options.get(name) or known.get(name)
        for name in ("kind", "label", "text", "group", "delimiter", "encoding", "decimal", "merge_spellings", "task")
    }
    wanted["ranges"] = parse_cuts(options.get("ranges"), "--ranges")
    wanted["merge_spellings"] = bool(wanted["merge_spellings"])
    with TerminalJob() as job:
        loaded = ingest.load(options["data"], types=known.get("types") or None, job=job, **wanted)
    for note in loaded.understood.notes:
        click.echo(note, err=quiet)
    for line in _told(loaded.quarantine):
        click.echo(line, err=quiet)
    return loaded


def _told(quarantine: Sequence[Any]) -> list[str]:
    """Return the first entries of a quarantine as lines."""
    more = [f"Set aside {len(quarantine) - 20:,} more."] if len(quarantine) > 20 else []
    return [*(f"Set aside {item.where}: {item.reason}" for item in quarantine[:20]), *more]


def beside(loaded: Any, split: Any, recipe: Any, options: dict[str, Any], job: Any) -> tuple[Any, Any]:
    """Return the dataset with the samples of --unlabelled that may be learnt from, and what a recipe says of them.

    Copies of labelled samples are left out, which is printed.
    """
    from augmentors import ingest
    from augmentors.explore.unlabelled import attach
    from augmentors.recipe import RecipeUnlabelled

    known = recipe.data.unlabelled if recipe.data is not None else None
    if options.get("unlabelled") is None:
        if known is not None:
            click.echo("The recipe was made with unlabelled data: give it with --unlabelled FILE.")
        return loaded.dataset, None
    how = {"delimiter": known.delimiter, "encoding": known.encoding} if known is not None else {}
    read = ingest.load_unlabelled(
        options["unlabelled"], loaded.dataset, decimal=loaded.understood.decimal, job=job, **how
    )
    rejected = known.rejected if known is not None else ()
    near = recipe.split.near_duplicates
    attached = attach(loaded.dataset, split, read.dataset, near=near, rejected=rejected, job=job).check()
    if known is not None and known.fingerprint != read.dataset.fingerprint:
        click.echo("The recipe was made with other unlabelled data: the bytes will differ.")
    for note in (*read.notes, *_told(read.quarantine), *attached.notes):
        click.echo(note)
    facts = RecipeUnlabelled(
        fingerprint=read.dataset.fingerprint, delimiter=read.delimiter, encoding=read.encoding, rejected=rejected
    )
    return attached.dataset, facts


def unlabelled_facts(loaded: Any, options: dict[str, Any], quiet: bool) -> dict[str, Any]:
    """Read the samples of --unlabelled, print what there is to say, and return how many there are; {} without any."""
    if options.get("unlabelled") is None:
        return {}
    from augmentors import ingest

    read = ingest.load_unlabelled(options["unlabelled"], loaded.dataset, decimal=loaded.understood.decimal)
    for line in (*read.notes, *_told(read.quarantine), f"{len(read.dataset):,} unlabelled samples lie beside them."):
        click.echo(line, err=quiet)
    return {"unlabelled": len(read.dataset)}


def is_for_other_data(recipe: Any, dataset: Any) -> bool:
    """Tell whether a recipe names another dataset than this one."""
    return recipe.data is not None and recipe.data.fingerprint != dataset.fingerprint


def warn_of_other_data(recipes: list[Any], dataset: Any) -> None:
    """Say last, and on stderr, that a recipe was made for other data."""
    if any(is_for_other_data(recipe, dataset) for recipe in recipes):
        click.echo(f"Warning: {OTHER_DATA}", err=True)


def make_split(loaded: Any, recipe: Any, options: dict[str, Any], job: Any, quiet: bool = False) -> Any:
    """Make the split of the recipe; a recipe for this very dataset must find its own split again."""
    from augmentors import run
    from augmentors.explore.group_column import propose_group

    settings = recipe.split
    share = options["test_size"]
    if share is not None and share != settings.test_size:
        if options["recipes"]:
            click.echo(f"--test-size {share:g} replaces the recipe's {settings.test_size:g}.")
        settings = settings.model_copy(update={"test_size": share, "hash": None})
    split = run.split_dataset(loaded.dataset, settings, job)
    if is_for_other_data(recipe, loaded.dataset):
        click.echo(OTHER_DATA)
    elif recipe.data is not None and settings.hash not in (None, split.hash):
        click.echo("The split differs from the recipe's: the data was read with other choices.")
    proposal = propose_group(loaded.dataset, job)
    if proposal is not None:
        said = proposal.message.replace("as the group column", "as the group column (--group)", 1)
        click.echo(said, err=quiet)
    click.echo(
        f"Split: {len(split.train):,} train, {len(split.test):,} test, {split.linked:,} duplicate pairs kept together.",
        err=quiet,
    )
    return split
