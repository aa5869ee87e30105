"""Which recipes a command runs: files, or one made of options; options beside a file override it and say so."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from augmentors.core.errors import UserError
from augmentors.core.plan import MixPart, Plan, resolve_target
from augmentors.protection import parse_protected
from augmentors.recipe import GateSettings, Recipe, SelectorChoice, from_yaml, parse_choices, with_full_params
from augmentors.run import make_recipe

Params = dict[str, dict[str, Any]]


def chosen_recipes(options: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Recipe]:
    """Return the recipes of --recipe with what is overridden, or the one made of --augmenter and its options.

    Parameters
    ----------
    options : mapping
        Options of the command line; None, () or False where one was not given.
    say : callable
        Gets one sentence per overridden value.

    Raises
    ------
    UserError
        When both ways or neither is chosen, or an option does not fit.
    """
    if options["recipes"] and options["augmenters"]:
        raise UserError("Give either --recipe FILE or --augmenter KEY (one or more), not both.")
    if not options["recipes"] and not options["augmenters"]:
        raise UserError(
            "It is not said how samples are made: give --augmenter KEY (one or more) or --recipe FILE.",
            "'list' shows the augmenters.",
        )
    settings = parse_settings(options["settings"])
    if options["target"] is not None:
        resolve_target(options["target"], {"any": 1})  # a wrong form is told before anything is read
    if options["augmenters"]:
        keys = list(dict.fromkeys(options["augmenters"]))
        made = make_recipe(
            keys,
            target=options["target"] or "auto",
            params=settings,
            seed=options["seed"] or 0,
            gate=GateSettings.off() if options["no_gate"] else None,
            before=options["before"],
            after=options["after"],
            when_not_applicable=options["when_not_applicable"] or "stop",
            protected=parse_protected(options["protect"]),
        )
        return {" + ".join(keys): made}
    read = {path.stem: from_yaml(read_text(path)) for path in options["recipes"]}
    return {name: overridden(recipe, options, settings, say) for name, recipe in read.items()}


# Options that say how samples are made, by name among the command's options.
MAKING = {
    "--set": "settings",
    "--target": "target",
    "--seed": "seed",
    "--no-gate": "no_gate",
    "--protect": "protect",
    "--before": "before",
    "--after": "after",
    "--when-not-applicable": "when_not_applicable",
}


def compared_recipes(options: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Recipe]:
    """Return the recipes that are compared; none where neither way is chosen: free alternatives compete alone.

    Raises
    ------
    UserError
        As `chosen_recipes` does, or when an option says how samples are made while none are.
    """
    if options["recipes"] or options["augmenters"]:
        return chosen_recipes(options, say)
    for flag, name in MAKING.items():
        if options[name] not in (None, (), False):
            raise UserError(
                f"{flag} says how samples are made, but neither --augmenter KEY nor --recipe FILE is given.",
                f"Give one of them, or leave {flag} out to compare the free alternatives alone.",
            )
    return {}


def first_of(recipes: Mapping[str, Recipe]) -> Recipe:
    """Return the recipe that says how data is read and split; one that makes nothing where there is none."""
    return next(iter(recipes.values()), Recipe(plan=Plan()))


def overridden(recipe: Recipe, options: Mapping[str, Any], settings: Params, say: Callable[[str], None]) -> Recipe:
    """Return a recipe with what options say in place of its own values, each change told."""
    changes = _with_selectors(recipe, options, say)
    when = options["when_not_applicable"]
    if when not in (None, recipe.when_not_applicable):
        say(f"--when-not-applicable {when} replaces the recipe's {recipe.when_not_applicable}.")
        changes["when_not_applicable"] = when
    seed = options["seed"]
    if seed is not None and seed != recipe.seed:
        say(f"--seed {seed} replaces the recipe's seed {recipe.seed}.")
        changes["seed"] = seed
    if options["no_gate"] and recipe.gate != GateSettings.off():
        say("--no-gate replaces the recipe's gate: every sample is kept but copies of test samples.")
        changes["gate"] = GateSettings.off()
    if options["protect"]:
        changes["plan"] = _with_protection(recipe, options["protect"], say)
    changed = recipe.model_copy(update=changes)
    return with_full_params(_with_settings(changed, settings, say) if settings else changed)


def _with_protection(recipe: Recipe, given: Sequence[str], say: Callable[[str], None]) -> Plan:
    """Return the plan with classes protected from more than the recipe says; what is protected stays so."""
    protected = dict(recipe.plan.protected)
    for target, names in parse_protected(given).items():
        new = [name for name in names if name not in protected.get(target, ())]
        if new:
            say(f"--protect adds to the recipe: '{target}' is protected from {', '.join(new)}.")
            protected[target] = (*protected.get(target, ()), *new)
    return recipe.plan.model_copy(update={"protected": protected})


def _with_selectors(recipe: Recipe, options: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
    """Return the selectors of --before and --after in place of the recipe's."""
    changes: dict[str, Any] = {}
    for stage in ("before", "after"):
        keys, own = tuple(options[stage]), tuple(choice.selector for choice in getattr(recipe, stage))
        if keys and keys != own:
            say(f"--{stage} {' '.join(keys)} replaces the recipe's {' '.join(own) or 'none'}.")
            changes[stage] = parse_choices(keys, {})
    return changes


def _with_settings(recipe: Recipe, settings: Params, say: Callable[[str], None]) -> Recipe:
    plan = recipe.plan
    used = {part.augmenter for part in [*plan.mix, *(p for e in plan.entries for p in e.mix)]}
    used |= {choice.selector for choice in (*recipe.before, *recipe.after)}
    unused = next((key for key in settings if key not in used), None)
    if unused is not None:
        raise UserError(
            f"--set names '{unused}', which the recipe does not use.", f"It uses: {', '.join(sorted(used)) or 'none'}."
        )
    told: set[str] = set()

    def params(key: str, own: dict[str, Any]) -> dict[str, Any]:
        for field, value in settings.get(key, {}).items():
            sentence = f"--set {key}.{field}={value} replaces the recipe's {own.get(field)}."
            if own.get(field) != value and sentence not in told:
                told.add(sentence)
                say(sentence)
        return own | settings.get(key, {})

    def mixed(mix: tuple[MixPart, ...]) -> tuple[MixPart, ...]:
        return tuple(part.model_copy(update={"params": params(part.augmenter, part.params)}) for part in mix)

    def chosen(choices: tuple[SelectorChoice, ...]) -> tuple[SelectorChoice, ...]:
        return tuple(c.model_copy(update={"params": params(c.selector, c.params)}) for c in choices)

    entries = tuple(entry.model_copy(update={"mix": mixed(entry.mix)}) for entry in plan.entries)
    return recipe.model_copy(
        update={
            "plan": plan.model_copy(update={"mix": mixed(plan.mix), "entries": entries}),
            "before": chosen(recipe.before),
            "after": chosen(recipe.after),
        }
    )


def parse_settings(settings: tuple[str, ...]) -> Params:
    """Return {key: {field: value}} of KEY.FIELD=VALUE options; values are read as JSON where they are."""
    parsed: Params = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        key, dot, field = name.partition(".")
        if not equals or not dot:
            raise UserError(f"--set expects KEY.FIELD=VALUE, such as smote.k_neighbors=3; got '{setting}'.")
        try:
            parsed.setdefault(key, {})[field] = json.loads(value)
        except json.JSONDecodeError:
            parsed.setdefault(key, {})[field] = value
    return parsed


def read_text(path: Path) -> str:
    """Return a text file's content, or say what is wrong with it."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UserError(f"'{path}' is not a UTF-8 text file.", "Expected a recipe in YAML.") from None
