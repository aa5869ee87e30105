"""Real samples that were taken over although they are unlike the training rows, counted from what the gate told."""

from collections.abc import Sequence

from augmentors.balance.batch import Batch
from augmentors.balance.blocks import Part

SHOWN = 3


def remarks(part: Part, kept: Sequence[Batch]) -> list[str]:
    """Return a sentence on those of a part's kept samples of which the gate told something; none without any."""
    told = [remark for batch in kept for remark in batch.judgement.table["remark"] if remark]
    if not told:
        return []
    total = sum(len(batch) for batch in kept)
    kinds = sorted(set(told), key=lambda remark: (-told.count(remark), remark))
    said = "; ".join(f"{told.count(remark):,} × {remark}" for remark in kinds[:SHOWN])
    more = f"; and {len(kinds) - SHOWN:,} others" if len(kinds) > SHOWN else ""
    return [
        f"{part.augmenter.card.title}: {len(told):,} of {total:,} samples taken over for '{part.target}' are unlike "
        f"any training row ({said}{more}). They are real, so the gate keeps them; review them first."
    ]
