"""Which column names what several rows have in common, so that the split keeps them together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.late import pd
from augmentors.explore.repeated_subjects import MIN_ROWS, Neighbourhoods, neighbourhoods

MIN_GROUPS = 10
MIN_ROWS_EACH = 1.5
LARGEST_SHARE = 0.1
# How often the row most like another has its value: by far more often than chance would have it.
SAME_VALUE, OVER_CHANCE = 0.3, 5.0
INTEGERS_TRIED = 6
MAX_IDS = 1000
# Above this the values of like but different subjects move together, as measurements do.
MOST_RANK_CORRELATION = 0.3
_NAMED = re.compile(
    r"(.*[_\s.-])?(u?id|ids|uuid|guid)|.*[a-z]I[Dd]|"
    r"(.*[_\s.-])?(subject|patient|person|participant|customer|client|user|account|session|household|family|"
    r"device|machine|sensor|speaker|author|animal|group)s?([_\s.-]?(id|nr|no|num|number|code|name|key))?",
)


@dataclass(frozen=True)
class GroupProposal:
    """What several rows seem to have in common.

    Parameters
    ----------
    column : str or None
        The column that names it; None where no column tells.
    alike : bool
        Whether the rows of one value were found to be alike, not only named alike.
    message : str
        Plain sentences: what was seen, what it does to the results, what to do.
    count : int
        Rows concerned.
    sample_ids : tuple of str
        Rows to look at, those that belong together side by side.
    """

    column: str | None
    alike: bool
    message: str
    count: int
    sample_ids: tuple[str, ...] = ()


def propose_group(dataset: Dataset, job: Job = NO_JOB) -> GroupProposal | None:
    """Return the column whose rows belong together, or a warning that rows do though no column says so.

    None where a group column was chosen already, and where nothing points to one.
    """
    if dataset.schema.group is not None or len(dataset) < MIN_ROWS:
        return None
    seen = neighbourhoods(dataset, job)
    found = _telling_column(dataset, seen, job)
    if found is not None:
        return found
    return None if seen is None or not seen.siblings else _unnamed(dataset, seen)


_found: dict[str, tuple[str, ...]] = {}


def subject_columns(train: Dataset) -> tuple[str, ...]:
    """Return the columns that say whom a row belongs to, the chosen group column aside; they are looked for once.

    Codes that recur in few rows each and are named like an identifier, the
    column that `propose_group` finds, and columns that name the same subjects
    in other words. Between two of their values lies no third.

    Parameters
    ----------
    train : Dataset
        The training part only.
    """
    if train.kind != "table" or len(train) < MIN_ROWS:
        return ()
    if train.content_hash not in _found:
        if len(_found) >= 8:
            _found.pop(next(iter(_found)))
        _found[train.content_hash] = _subjects(train)
    return _found[train.content_hash]


def _subjects(train: Dataset) -> tuple[str, ...]:
    features = set(train.schema.features())
    repeating = {name: codes for name, codes in _repeating(train) if name in features}
    if not repeating:
        return ()
    found = {name for name in repeating if _is_named(name)}
    proposed = propose_group(train)
    if proposed is not None and proposed.column in repeating and _is_code(train, proposed.column):
        found.add(proposed.column)
    same = {name for name, codes in repeating.items() if any(np.array_equal(codes, repeating[f]) for f in found)}
    return tuple(name for name in train.schema.types if name in found | same)


def _is_code(train: Dataset, name: str) -> bool:
    """Tell a code from a count that follows from the other columns: those of like rows lie near each other."""
    if train.schema.types[name] != "integer" or _is_named(name):
        return True
    around = neighbourhoods(train, NO_JOB, without=name)
    if around is None:
        return False
    values = train.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    own, other = values[around.rows], values[around.nearest[:, -1]]
    differ = (own != other) & ~np.isnan(own) & ~np.isnan(other)
    if differ.sum() < MIN_GROUPS:
        return True
    ranks = pd.DataFrame({"own": own[differ], "other": other[differ]}).rank()
    return not ranks["own"].corr(ranks["other"]) > MOST_RANK_CORRELATION


def _is_named(name: str) -> bool:
    return bool(_NAMED.fullmatch(name.strip().lower()) or _NAMED.fullmatch(name.strip()))


def _telling_column(dataset: Dataset, seen: Neighbourhoods | None, job: Job) -> GroupProposal | None:
    """Return the proposal of the best column: alike before named, named before others, finer before coarser."""
    ranked: list[tuple[bool, bool, int, str]] = []
    integers = 0
    for name, codes in _repeating(dataset):
        job.check()
        named = _is_named(name)
        around = seen
        if dataset.schema.types[name] == "integer" and seen is not None:
            integers += not named
            # A number among the features draws its own rows together: it is judged by the others.
            around = neighbourhoods(dataset, job, without=name) if named or integers <= INTEGERS_TRIED else None
        alike = around is not None and _values_shared(codes, around)
        if alike or named:
            ranked.append((alike, named, int(codes.max()) + 1, name))
    if not ranked:
        return None
    alike, _, groups, name = max(ranked)
    return _named(dataset, name, groups, alike)


def _repeating(dataset: Dataset) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the columns whose values recur in few rows each, with a code per row (-1 where missing)."""
    for name, kind in dataset.schema.types.items():
        if kind not in ("category", "integer", "ignored") or name == dataset.schema.label:
            continue
        codes = pd.factorize(dataset.frame[name])[0]
        known = codes[codes >= 0]
        if len(known) < len(codes) / 2:
            continue
        sizes = np.bincount(known)
        few_each = sizes.max(initial=0) <= max(LARGEST_SHARE * len(codes), 2)
        if few_each and len(sizes) >= MIN_GROUPS and len(known) >= MIN_ROWS_EACH * len(sizes):
            yield name, codes


def _values_shared(codes: np.ndarray, seen: Neighbourhoods) -> bool:
    """Tell whether the row most like another mostly has its value."""
    own, other = codes[seen.rows], codes[seen.nearest[:, 0]]
    same = float(((own == other) & (own >= 0)).mean())
    shares = np.bincount(codes[codes >= 0]) / len(codes)
    return same >= SAME_VALUE and same >= OVER_CHANCE * float((shares**2).sum())


def _named(dataset: Dataset, name: str, groups: int, alike: bool) -> GroupProposal:
    codes = pd.factorize(dataset.frame[name])[0]
    sizes = np.bincount(codes[codes >= 0])
    several = int(sizes[sizes > 1].sum())
    start = f"{several:,} rows share their value of column '{name}' with others ({groups:,} values)"
    if alike:
        message = (
            f"{start}, and such rows are much alike: with some of them in training and some in the test part, "
            f"a model can look far better than it is. Choose '{name}' as the group column to keep them together."
        )
    else:
        message = (
            f"{start}. If it names a person, a machine or a session, choose '{name}' as the group column, so that "
            "its rows stay on one side of the split."
        )
    order = np.argsort(codes, kind="stable")
    in_several = order[np.isin(codes[order], np.flatnonzero(sizes > 1))]
    return GroupProposal(name, alike, message, several, tuple(dataset.ids[in_several[:MAX_IDS]].tolist()))


def _unnamed(dataset: Dataset, seen: Neighbourhoods) -> GroupProposal:
    together = np.column_stack([seen.rows[:, None], seen.nearest[:, : seen.siblings]]).ravel()
    ids = tuple(dict.fromkeys(dataset.ids[together].tolist()))[:MAX_IDS]
    message = (
        f"The rows come in clumps of about {seen.siblings + 1} that are much more alike than rows otherwise are, and "
        "no column says what they share. If they are repeated measurements of one subject, add a column that names "
        "it and choose it as the group column; until then a model can look far better than it is."
    )
    return GroupProposal(None, True, message, len(dataset), ids)
