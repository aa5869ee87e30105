"""What a class is protected from: operators that would change what it means."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from augmentors import catalog
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Kind
from augmentors.core.errors import UserError
from augmentors.core.plan import MixPart, Plan, Protected


def parse_protected(given: Iterable[str]) -> Protected:
    """Return {class: names} of CLASS:NAME texts.

    Parameters
    ----------
    given : iterable of str
        NAME is the key of an augmenter, or one of its operators as KEY.Operator;
        the last colon separates, so that a class may hold one.

    Raises
    ------
    UserError
        When a text has another form or names nothing of the catalogue.

    Examples
    --------
    >>> parse_protected(["6:flip", "9:flip.VerticalFlip", "6:rotate"])
    {'6': ('flip', 'rotate'), '9': ('flip.VerticalFlip',)}
    """
    protected: Protected = {}
    for text in given:
        target, colon, name = text.rpartition(":")
        if not colon or not target or not name:
            raise UserError(f"--protect expects CLASS:KEY, such as 6:flip or 6:flip.HorizontalFlip; got '{text}'.")
        check_name(name)
        protected[target] = tuple(dict.fromkeys([*protected.get(target, ()), name]))
    return protected


def check_name(name: str) -> None:
    """Raise UserError unless a name is an augmenter's key or one of its operators."""
    key, dot, operator = name.partition(".")
    known = operators_of(catalog.get(key))
    if not dot or operator in known:
        return
    if not known:
        raise UserError(f"{catalog.get(key).card.title} has no operators of its own; protect from '{key}' as a whole.")
    close = difflib.get_close_matches(operator, known, n=1, cutoff=0.5)
    hint = f"Did you mean '{key}.{close[0]}'?" if close else f"Known are: {', '.join(known)}."
    raise UserError(f"{catalog.get(key).card.title} has no operator '{operator}'.", hint)


def operators_of(cls: type[Augmenter]) -> tuple[str, ...]:
    """Return the operators among which an augmenter may draw, whatever its choices are set to.

    Examples
    --------
    >>> operators_of(catalog.get("flip"))
    ('HorizontalFlip', 'VerticalFlip')
    """
    choices: list[dict[str, Any]] = [{}]
    for name, field in cls.Params.model_fields.items():
        choices += [{name: value} for value in get_args(field.annotation) if isinstance(value, str)]
    return tuple(dict.fromkeys(operator for params in choices for operator in cls(**params).operators()))


def names_for(kind: Kind) -> dict[str, str]:
    """Return what a class can be protected from, with titles: augmenters, and operators where there are several."""
    names: dict[str, str] = {}
    for cls in catalog.for_kind(kind):
        names[cls.card.key] = cls.card.title
        if len(operators := operators_of(cls)) > 1:
            names |= {f"{cls.card.key}.{one}": f"{cls.card.title}: {one}" for one in operators}
    return names


def breach(part: MixPart, names: Sequence[str]) -> str | None:
    """Return in words what of a mix part a class is protected from; None when nothing is.

    Examples
    --------
    >>> breach(MixPart(augmenter="flip", params={"direction": "either"}), ["flip.VerticalFlip"])
    'Flip (VerticalFlip)'
    >>> breach(MixPart(augmenter="flip"), ["flip.VerticalFlip"]) is None
    True
    """
    return _breach(catalog.get(part.augmenter)(**part.params), names) if names else None


def _breach(augmenter: Augmenter, names: Sequence[str]) -> str | None:
    key, title = augmenter.card.key, augmenter.card.title
    if key in names:
        return title
    found = [one for one in augmenter.operators() if f"{key}.{one}" in names]
    found += _told([name for name in augmenter.also_does() if {name, name.partition(".")[0]} & set(names)])
    found += [inner for step in augmenter.composed_of() if (inner := _breach(step, names)) is not None]
    return f"{title} ({', '.join(found)})" if found else None


def _told(also: list[str]) -> list[str]:
    """Return in words what an augmenter does of others, each once."""
    keys = [name.partition(".") for name in also]
    return list(dict.fromkeys(f"{catalog.get(key).card.title}{dot and f' {one}'}" for key, dot, one in keys))


def allowed(mix: Sequence[MixPart], names: Sequence[str]) -> tuple[MixPart, ...]:
    """Return the parts of a mix that a class is not protected from."""
    return tuple(part for part in mix if breach(part, names) is None)


def check_plan(plan: Plan, classes: Mapping[str, int]) -> None:
    """Refuse a plan whose mix for a class holds what the class is protected from.

    Raises
    ------
    UserError
        Also when a protected class or operator does not exist.
    """
    for target, names in plan.protected.items():
        if target not in classes:
            known = ", ".join(f"'{name}'" for name in list(classes)[:8])
            raise UserError(
                f"The plan protects class '{target}', which is not in the training part; known are: {known}."
            )
        for name in names:
            check_name(name)
    for entry in plan.entries:
        for part in entry.mix:
            found = breach(part, plan.protected.get(entry.target, ()))
            if found is not None:
                raise UserError(
                    f"'{entry.target}' is protected from {found}, which its mix holds.",
                    "Take it out of the mix or lift the protection.",
                )


def canonical(plan: Plan) -> Plan:
    """Return a plan with entries as it is written however it came to be, so that equal plans are equal bytes.

    The plan's own mix becomes what its entries have in common: the mix that gives each of theirs once the class's
    protection is taken off, () without one.
    """
    protected = {name: tuple(sorted(set(of))) for name, of in sorted(plan.protected.items()) if of}
    planned = [entry for entry in plan.entries if entry.mix]
    widest = max((entry.mix for entry in planned), key=len, default=())
    shared = all(allowed(widest, protected.get(entry.target, ())) == entry.mix for entry in planned)
    common = widest if shared else ()
    return plan.model_copy(update={"mix": common, "protected": protected})


def without_protected(plan: Plan) -> Plan:
    """Return the plan with each class's mix cut to what it is not protected from.

    For plans whose one mix is meant for all classes.

    Raises
    ------
    UserError
        When nothing of the mix is left for a class.
    """
    entries = []
    for entry in plan.entries:
        names = plan.protected.get(entry.target, ())
        left = allowed(entry.mix, names)
        if not left and entry.mix:
            raise UserError(
                f"'{entry.target}' is protected from {', '.join(names)}, and nothing else is in the mix.",
                "Add another augmenter or lift the protection.",
            )
        entries.append(entry.model_copy(update={"mix": left}))
    return plan.model_copy(update={"entries": tuple(entries)})
