"""The command line: commands derived from the catalogue and the augmenters' Params."""

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from augmentors import catalog, interrupt
from augmentors.command_data import (
    beside,
    data_options,
    json_flag,
    load,
    make_split,
    unlabelled_facts,
    warn_of_other_data,
)
from augmentors.core.errors import Cancelled, CounterweightError, UserError
from augmentors.core.kinds import TARGET_FORMS, WHEN_NOT_APPLICABLE, Stage
from augmentors.list_command import list_command
from augmentors.pretrain_command import pretrain_command
from augmentors.progress_bar import TerminalJob

EXIT_DIFFERENCE, EXIT_USER, EXIT_CANCELLED = 1, 2, 130


class Commands(click.Group):
    """Lists commands in the order of the journey rather than by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands as they were declared."""
        return list(self.commands)


class ArmsOption(click.Option):
    """Names the arms in its help when that is asked for, so that other commands need not load models."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help."""
        from augmentors.evaluate.free_arms import FREE_KEYS, GROUPS

        self.help = f"Only these free alternatives: {FREE_KEYS}; a group: {', '.join(GROUPS)}; default, all or none."
        return super().get_help_record(ctx)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Counterweight: balance a dataset with a rare class, and learn honestly whether it helped."""


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what to make."""
    keys = ", ".join(card.key for card in catalog.cards())
    options = [
        click.option("--recipe", "recipes", type=click.Path(path_type=Path), multiple=True, help="A recipe file."),
        click.option("--augmenter", "augmenters", metavar="KEY", multiple=True, help=f"One of: {keys}."),
        click.option(
            "--set",
            "settings",
            metavar="KEY.FIELD=VALUE",
            multiple=True,
            help="Set a parameter of an augmenter; 'list KEY' shows them.",
        ),
        click.option("--target", help=f"What classes aim at: {TARGET_FORMS}; auto, or the recipe's, when left out."),
        click.option("--seed", type=click.IntRange(0), help="Seed of what is random; 0, or the recipe's, if left out."),
        click.option("--workers", type=click.IntRange(1, 256), help="Processes; never changes a byte."),
        click.option("--no-gate", is_flag=True, help="Keep every sample but copies of test samples."),
        click.option(
            "--protect",
            metavar="CLASS:KEY",
            multiple=True,
            help="Make no sample of a class with this augmenter, or operator of it: 6:flip, 6:flip.VerticalFlip.",
        ),
        *selector_options(),
        click.option(
            "--when-not-applicable",
            type=click.Choice(list(WHEN_NOT_APPLICABLE)),
            help="When an augmenter cannot work on a class: "
            + "; ".join(f"{name}: {said}" for name, said in WHEN_NOT_APPLICABLE.items())
            + ".",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def selector_options() -> list[Callable[..., Any]]:
    """Return --before and --after, each repeatable."""
    when: dict[Stage, str] = {
        "before": "before new samples are made",
        "after": "over originals and new samples, after the gate",
    }
    return [
        click.option(
            f"--{stage}",
            stage,
            metavar="KEY",
            multiple=True,
            help=f"Drop samples {words}; one of: "
            + ", ".join(card.key for card in catalog.selector_cards(stage=stage))
            + ".",
        )
        for stage, words in when.items()
    ]


commands.add_command(list_command)


@commands.command()
@data_options
@json_flag
def profile(as_json: bool, **reading: Any) -> None:
    """Show classes, imbalance and findings of a dataset."""
    from augmentors.explore.distribution import imbalance_ratio
    from augmentors.explore.health import findings
    from augmentors.explore.label_statistics import told_of_label

    loaded = load(reading, quiet=as_json)
    dataset = loaded.dataset
    if dataset.schema.task == "regression":
        from augmentors.explore.rare_ranges import with_ranges
        from augmentors.run import split_dataset

        dataset = with_ranges(dataset, split_dataset(dataset))
    told = told_of_label(dataset)
    counts = dataset.class_counts
    found = findings(dataset)
    ratio = imbalance_ratio(counts)
    if as_json:
        facts = {
            "kind": dataset.kind,
            "samples": len(dataset),
            "classes": counts,
            "imbalance_ratio": ratio,
            **told.facts,
            **unlabelled_facts(loaded, reading, quiet=True),
            "findings": [{"code": f.code, "severity": f.severity, "message": f.message} for f in found],
        }
        say(json.dumps(facts, indent=1, ensure_ascii=False))
        return
    say(f"{len(dataset):,} samples of kind {dataset.kind}, {len(counts)} {told.noun}, imbalance ratio {ratio:,.1f}")
    for name, count in counts.items():
        say(f"  {name}  {count:,} ({count / len(dataset):.1%})")
    if told.sentence:
        say(told.sentence)
    unlabelled_facts(loaded, reading, quiet=False)
    for finding in found:
        say(f"{finding.severity}: {finding.message}")


commands.add_command(pretrain_command)


@commands.command()
@data_options
@recipe_options
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write.")
@click.option("--report", is_flag=True, help="Also compare models before and after, in the report.")
def balance(out: Path, report: bool, **options: Any) -> None:
    """Make the balanced dataset and write it with provenance, recipe and manifest."""
    from augmentors import run
    from augmentors.executors import cpu_count
    from augmentors.recipe_choice import chosen_recipes

    recipes = chosen_recipes(options, say)
    if len(recipes) != 1:
        raise UserError(f"'balance' takes one recipe; got {len(recipes)}.", "Use 'compare' to compare several.")
    (recipe,) = recipes.values()
    loaded = load(options, recipe=recipe)
    with TerminalJob() as job:
        split = make_split(loaded, recipe, options, job)
        dataset, unlabelled = beside(loaded, split, recipe, options, job)
        recipe = retargeted(dataset, split, recipe, options)
        completed = run.with_reading(recipe, loaded, unlabelled)
        workers = options["workers"] or run.default_workers(dataset.kind)
        version = run.balance(dataset, split, completed, out, workers=workers, job=job)
    for note in version.notes:
        say(note)
    for line in run.summary(version):
        say(line)
    if report:
        judge_version(dataset, split, out, options["workers"] or cpu_count())
    if version.replaced is not None:
        say(f"Replaced the earlier version {version.replaced}, which differs from this one, {version.id}.")
    say(f"Written to {out}; 'python -m augmentors verify {out}' checks it.")
    warn_of_other_data([recipe], loaded.dataset)


@commands.command()
@data_options
@recipe_options
@click.option(
    "--learner",
    "learners",
    multiple=True,
    metavar="KEY",
    help="Only these; package.module:name is your own, encoder:FOLDER reads what pretrain learnt.",
)
@click.option("--repeats", type=click.IntRange(1, 20), default=2, show_default=True, help="Repeats of the folds.")
@click.option("--arms", cls=ArmsOption, metavar="KEY", multiple=True)
@click.option("--costs", type=click.Path(path_type=Path), help="CSV of costs: rows true, columns decided classes.")
@click.option("--fits", type=click.Path(path_type=Path), help="Folder: keep finished fits, train only what is new.")
@click.option("--export-model", type=click.Path(path_type=Path), help="New folder for the advised model.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the comparison as JSON.")
def compare(learners: tuple[str, ...], repeats: int, json_file: Path | None, **options: Any) -> None:
    """Judge new samples against plain models and free alternatives, on the same folds."""
    from augmentors import run
    from augmentors.evaluate.as_text import comparison_lines
    from augmentors.executors import cpu_count
    from augmentors.export.model import check_new, check_task, export_winner
    from augmentors.learners.costs import read_costs
    from augmentors.recipe_choice import compared_recipes, first_of

    recipes = compared_recipes(options, say)
    first = first_of(recipes)
    costs = options["costs"] and read_costs(options["costs"])
    if options["export_model"] is not None:
        check_new(options["export_model"])
    loaded = load(options, recipe=first)
    if options["export_model"] is not None:
        check_task(loaded.dataset)
    with TerminalJob() as job, interrupt.disposable(Path(tempfile.mkdtemp())) as scratch:
        split = make_split(loaded, first, options, job)
        dataset, _ = beside(loaded, split, first, options, job)
        comparison = run.compare_recipes(
            dataset,
            split,
            {name: retargeted(dataset, split, recipe, options) for name, recipe in recipes.items()},
            learners=list(learners) or None,
            repeats=repeats,
            workers=options["workers"] or cpu_count(),
            job=job,
            scratch=scratch,
            free=list(options["arms"]) or None,
            costs=costs,
            keep_in=options["fits"],
        )
    result = comparison.to_json()
    if json_file is not None:
        write_result(json_file, result)
    for line in comparison_lines(result):
        say(line)
    if options["export_model"] is not None:
        say(export_winner(options["export_model"], dataset, split, comparison))
    warn_of_other_data(list(recipes.values()), loaded.dataset)


@commands.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sample_id")
@json_flag
def explain(folder: Path, sample_id: str, as_json: bool) -> None:
    """Show where a new sample of an export came from."""
    from augmentors.export.explain import explain_sample
    from augmentors.export.explain_words import explanation

    certificate = explain_sample(folder, sample_id)
    if as_json:
        say(json.dumps(certificate, indent=1, ensure_ascii=False))
        return
    for line in explanation(folder, certificate):
        say(line)


@commands.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_flag
def verify(folder: Path, as_json: bool) -> None:
    """Check that an export is what its manifest says, and that its parts are disjoint."""
    from augmentors.export import verify as check

    result = check(folder)
    if as_json:
        say(json.dumps({"ok": result.ok} | asdict(result), indent=1, ensure_ascii=False))
    else:
        for problem in result.problems:
            say(f"Difference: {problem}")
    if not result.ok:
        sys.exit(EXIT_DIFFERENCE)
    if as_json:
        return
    say(
        f"Verified {result.files:,} files: {result.train:,} original and {result.new:,} new training samples, "
        f"{result.test:,} test samples; train, test and parents are disjoint as they must be."
    )


def retargeted(dataset: Any, split: Any, recipe: Any, options: dict[str, Any]) -> Any:
    """Return the recipe with --target in place of its own, which is told; as it is without that option."""
    from augmentors import run

    target = options["target"]
    if not options["recipes"] or target in (None, recipe.plan.target):
        return recipe
    say(f"--target {target} replaces the recipe's target {recipe.plan.target}; each class keeps its mix.")
    return run.retargeted(dataset, split, recipe, target)


def judge_version(dataset: Any, split: Any, out: Path, workers: int) -> None:
    """Compare before and after a version and put the result into its report."""
    from augmentors import run
    from augmentors.evaluate.as_text import comparison_lines
    from augmentors.export.report import add_comparison

    with TerminalJob() as job:
        result = run.compare_version(dataset, split, out, workers=workers, job=job).to_json()
    add_comparison(out, result)
    for line in comparison_lines(result):
        say(line)


def write_result(path: Path, result: dict[str, Any]) -> None:
    """Write JSON for other programs."""
    from augmentors.store import disk_errors, write_json

    with disk_errors(f"'{path}'"):
        write_json(path, result)


def say(line: str) -> None:
    """Print a line for people."""
    click.echo(line)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; the user's mistakes end in one line on stderr and exit code 2."""
    try:
        with interrupt.heard():
            commands.main(
                args=with_repeated_options(arguments or sys.argv[1:]),
                prog_name="python -m augmentors",
                standalone_mode=False,
            )
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(EXIT_USER)
    except (click.exceptions.Abort, KeyboardInterrupt, Cancelled):
        click.echo("Cancelled.", err=True)
        sys.exit(EXIT_CANCELLED)
    except click.ClickException as mistake:
        click.echo(one_line(mistake.format_message()), err=True)
        sys.exit(EXIT_USER)
    except (CounterweightError, MemoryError) as error:
        click.echo(one_line(str(error) or "This needs more memory than there is."), err=True)
        sys.exit(EXIT_USER)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_DIFFERENCE)


def with_repeated_options(arguments: list[str]) -> list[str]:
    """Return the arguments with ``--augmenter A B`` written as ``--augmenter A --augmenter B`` (recipes alike)."""
    keys = {card.key for card in catalog.cards()}
    repeated: list[str] = []
    option = ""
    for i, argument in enumerate(arguments):
        more = argument in keys if option == "--augmenter" else argument.endswith((".yaml", ".yml"))
        if option and more and arguments[i - 1] != option:
            repeated.append(option)
        elif argument.startswith("-"):
            option = argument if argument in ("--augmenter", "--recipe") else ""
        elif arguments[i - 1] != option:
            option = ""
        repeated.append(argument)
    return repeated


def one_line(message: str) -> str:
    """Return a message without line breaks."""
    return " ".join(message.split())
