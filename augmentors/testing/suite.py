"""The suite: every check by name, and one call that runs them all."""

from collections.abc import Callable
from pathlib import Path

from augmentors.core.augmenter import Augmenter
from augmentors.testing import check_conduct as conduct
from augmentors.testing import check_declaration as declaration
from augmentors.testing import check_output as output
from augmentors.testing.trial import Toys

Check = Callable[[type[Augmenter], Toys], None]

CHECKS: tuple[Check, ...] = (
    declaration.check_card,
    declaration.check_default_constructible,
    declaration.check_json_round_trip,
    declaration.check_unknown_parameter,
    declaration.check_invalid_values,
    declaration.check_no_dead_parameter,
    output.check_exact_count,
    output.check_zero_asked,
    output.check_tiny_classes,
    output.check_labels,
    output.check_odd_inputs,
    output.check_makes_something_new,
    output.check_notes,
    conduct.check_same_seed,
    conduct.check_global_state,
    conduct.check_input_unmutated,
    conduct.check_order_irrelevant,
    conduct.check_blocks,
    conduct.check_save_load,
    conduct.check_unfitted,
    conduct.check_cancel,
    conduct.check_progress,
    conduct.check_no_network,
)


def check_augmenter(cls: type[Augmenter], folder: Path | None = None) -> None:
    """Run every check on an augmenter.

    Parameters
    ----------
    cls : type of Augmenter
    folder : Path, optional
        Where toy images are written; a temporary folder by default.

    Raises
    ------
    AssertionError
        At the first broken promise, with what was expected and what came.

    Examples
    --------
    >>> from augmentors.table.random_oversampling import RandomOversampling
    >>> check_augmenter(RandomOversampling)
    """
    toys = Toys.of(cls, folder)
    for check in CHECKS:
        check(cls, toys)
