"""What a run has to say of what it made, in sentences."""

from dataclasses import replace

import numpy as np

from augmentors.balance import Balanced
from augmentors.core.dataset import Dataset
from augmentors.gate import LeakReport
from augmentors.recipe import Recipe, target_sentence

NAMED = 8


def nothing_made(recipe: Recipe, train: Dataset, balanced: Balanced) -> list[str]:
    """Say that there was nothing to make, and why."""
    if any(entry.count for entry in recipe.plan.entries) or balanced.kept is not None:
        return []
    aim = target_sentence(recipe, train.class_counts)
    smallest = min(train.class_counts.values())
    return [f"No new sample was made: no class lies below its target ({aim}); the smallest has {smallest:,} samples."]


def opaque_made(train: Dataset, balanced: Balanced) -> list[str]:
    """Say where new images have no transparency although their parents do."""
    if train.kind != "image" or balanced.kept is None:
        return []
    import pandas as pd

    from augmentors.explore.images import transparent

    parents = train.frame.index.get_indexer(pd.Index(np.unique(balanced.kept.samples.parents[:, 0])))
    found = sum(transparent(train.image_path(int(i))) for i in parents if i >= 0)
    if not found:
        return []
    return [
        f"{found:,} of the images that new ones were made of have a transparency channel. New images have none: what "
        "was transparent is white in them, and the number of channels tells them from the originals. Load all images "
        "alike when training, such as with Pillow's convert('RGB') on a white ground."
    ]


def leaks_told(balanced: Balanced, leaks: LeakReport) -> list[str]:
    """Say what the last check dropped, from which classes, and why that is not made again."""
    if not leaks.dropped:
        return []
    lost = {name: t.rejected["leak_check"] for name, t in balanced.tallies.items() if t.rejected["leak_check"]}
    named = ", ".join(f"{count:,} of '{name}'" for name, count in sorted(lost.items()))
    return [
        f"{leaks.dropped:,} accepted samples were copies of test samples and were dropped at the end ({named}); they "
        "are not made again, since the test part must not steer what is made."
    ]


def grown_too(dataset: Dataset, balanced: Balanced) -> list[str]:
    """Say which labels grow although no sample was made for them."""
    if dataset.schema.sets is None or balanced.kept is None:
        return []
    made = replace(dataset, frame=balanced.kept.samples.frame).class_counts
    asked = set(balanced.kept.samples.certificate["target"])
    others = [f"'{name}' (+{count:,})" for name, count in made.items() if name not in asked]
    if not others:
        return []
    more = f" and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
    return [
        "A new sample carries every label of its set, so labels grow that nothing was made for: "
        f"{', '.join(others[:NAMED])}{more}."
    ]
