"""Samples for which an augmenter did something else than it promises, counted from their certificates."""

import json
from collections import Counter
from collections.abc import Sequence

from augmentors.balance.batch import Batch
from augmentors.balance.blocks import Part
from augmentors.core.samples import FALLBACK


def fallbacks(part: Part, kept: Sequence[Batch]) -> list[str]:
    """Return one sentence per kind of fallback among a part's kept samples; workers and order change nothing."""
    counts: Counter[str] = Counter()
    for batch in kept:
        # Most certificates hold none; reading them all as JSON would cost more than making the samples.
        for drawn in batch.samples.certificate["drawn"]:
            if f'"{FALLBACK}":' in drawn and (reason := json.loads(drawn).get(FALLBACK)):
                counts[str(reason)] += 1
    total = sum(len(batch) for batch in kept)
    title = part.augmenter.card.title
    return [
        f"{title}: for {count:,} of {total:,} new samples of '{part.target}', {reason}."
        for reason, count in sorted(counts.items())
    ]
