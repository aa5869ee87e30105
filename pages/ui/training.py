"""Work on the training part that pages ask for, done once and kept: keys are short strings, results small."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from augmentors.agreement import Agreement, HeldOutJudge
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.plan import MixPart, PlanEntry
from augmentors.estimate import Cost, bytes_per_sample, plan_warnings, time_part
from augmentors.preview import preview
from augmentors.suitability import Suitability, default_mix, suitabilities
from pages.ui import cached_reads, pairs
from pages.ui.frame import Data

SNIPPET = 60


@dataclass(frozen=True)
class Shown:
    """A preview as HTML, with what the augmenter said; `refused` is the reason when it does not apply."""

    markup: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    refused: str | None = None


def counts(data: Data) -> dict[str, int]:
    """Return training samples per class, largest first, without loading the dataset."""
    rows = cached_reads.overview(data.workspace.token, data.id)["classes"]
    found = {str(row["label"]): int(row["train"]) for row in rows if row["train"]}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def train(data: Data) -> Dataset:
    """Return the training part (shared: do not change it)."""
    return _train(*_where(data))


def suitable(data: Data, target: str) -> list[Suitability]:
    """Return the augmenters for a class, those that suit best first."""
    return _suitable(*_where(data), target)


def mix_for(data: Data, target: str, protected: Sequence[str] = ()) -> tuple[MixPart, ...]:
    """Return the mix a class gets before anybody chose one."""
    return tuple(MixPart(**part) for part in _mix(*_where(data), target, tuple(protected)))


def agreement(data: Data, key: str, params: dict[str, Any], target: str) -> Agreement | str:
    """Return what a held-out classifier says of new samples of a class, or why it cannot be asked."""
    return _agreement(*_where(data), key, json.dumps(params, sort_keys=True), target)


def shown(data: Data, key: str, params: dict[str, Any], target: str, seed: int, originals: tuple[str, ...]) -> Shown:
    """Return eight before and after pairs of an augmenter for a class."""
    return _shown(*_where(data), key, json.dumps(params, sort_keys=True), target, seed, originals)


def cost(data: Data, part: MixPart, target: str) -> Cost:
    """Return what an augmenter costs, timed once."""
    return _cost(*_where(data), part.augmenter, json.dumps(part.params, sort_keys=True), target)


def sample_bytes(data: Data) -> float:
    """Return the bytes one sample takes in an export."""
    return _sample_bytes(*_where(data))


def warnings(data: Data, entries: tuple[PlanEntry, ...]) -> dict[str, str]:
    """Return what to say about plan entries, by class."""
    return _warnings(*_where(data), json.dumps([entry.model_dump(mode="json") for entry in entries]))


def choices(data: Data, target: str, also: Sequence[str] = (), most: int = 300) -> dict[str, str]:
    """Return ids of originals of a class and how to recognise each; `also` are offered wherever they stand."""
    return dict.fromkeys(also, "") | _choices(*_where(data), target, most) | {name: name for name in also}


def classes_of(data: Data, ids: Sequence[str]) -> dict[str, str]:
    """Return the class of those of these samples that are in the training part."""
    part = train(data)
    at = part.frame.index.get_indexer(pd.Index(list(ids)))
    return {name: str(part.labels[i]) for name, i in zip(ids, at, strict=True) if i >= 0}


def _where(data: Data) -> tuple[str, str, str]:
    """Return what names a training part: workspace, dataset, and split with the unlabelled samples beside it."""
    beside = data.workspace.unlabelled_facts(data.id) or {}
    return data.workspace.token, data.id, f"{data.facts['split']['hash']} {beside.get('fingerprint', '')}".strip()


@st.cache_resource(max_entries=1, ttl="15m", show_spinner="Reading the training part …")
def _train(token: str, dataset_id: str, split_hash: str) -> Dataset:
    fixed = cached_reads.split(token, dataset_id, split_hash.split()[0])
    return cached_reads.dataset(token, dataset_id, split_hash).take(fixed.train)


@st.cache_data(max_entries=64, show_spinner="Looking which augmenters apply …")
def _suitable(token: str, dataset_id: str, split_hash: str, target: str) -> list[Suitability]:
    return suitabilities(_train(token, dataset_id, split_hash), target)


@st.cache_data(max_entries=256, show_spinner="Looking which augmenters apply …")
def _mix(token: str, dataset_id: str, split_hash: str, target: str, protected: tuple[str, ...]) -> list[dict[str, Any]]:
    mix = default_mix(_train(token, dataset_id, split_hash), target, protected)
    return [part.model_dump(mode="json") for part in mix]


@st.cache_resource(max_entries=1, ttl="15m", show_spinner="Fitting a classifier on the other folds …")
def _judge(token: str, dataset_id: str, split_hash: str) -> HeldOutJudge:
    return HeldOutJudge(_train(token, dataset_id, split_hash))


@st.cache_data(max_entries=256, show_spinner="Asking a held-out classifier …")
def _agreement(token: str, dataset_id: str, split_hash: str, key: str, params: str, target: str) -> Agreement | str:
    try:
        return _judge(token, dataset_id, split_hash).judge(target, key, json.loads(params))
    except NotApplicable as reason:
        return str(reason)


@st.cache_data(max_entries=48, show_spinner="Making eight samples …")
def _shown(
    token: str,
    dataset_id: str,
    split_hash: str,
    key: str,
    params: str,
    target: str,
    seed: int,
    originals: tuple[str, ...],
) -> Shown:
    part = _train(token, dataset_id, split_hash)
    try:
        made = preview(part, key, json.loads(params), target, seed=seed, originals=originals or None)
    except NotApplicable as reason:
        return Shown(refused=str(reason))
    return Shown(pairs.markup(part, made.pairs), made.notes, made.seconds)


@st.cache_data(max_entries=256, show_spinner="Timing a few samples …")
def _cost(token: str, dataset_id: str, split_hash: str, augmenter: str, params: str, target: str) -> Cost:
    part = MixPart(augmenter=augmenter, params=json.loads(params))
    return time_part(_train(token, dataset_id, split_hash), part, target)


@st.cache_data(max_entries=16, show_spinner="Measuring how large a sample is …")
def _sample_bytes(token: str, dataset_id: str, split_hash: str) -> float:
    return bytes_per_sample(_train(token, dataset_id, split_hash))


@st.cache_data(max_entries=64, show_spinner="Checking the plan …")
def _warnings(token: str, dataset_id: str, split_hash: str, entries: str) -> dict[str, str]:
    planned = [PlanEntry(**entry) for entry in json.loads(entries)]
    return plan_warnings(_train(token, dataset_id, split_hash), planned)


@st.cache_data(max_entries=16, show_spinner=False)
def _choices(token: str, dataset_id: str, split_hash: str, target: str, most: int) -> dict[str, str]:
    part = _train(token, dataset_id, split_hash)
    own = part.positions(target)[:most]
    ids = [str(i) for i in part.ids[own]]
    if part.kind != "text":
        return {name: name for name in ids}
    texts = part.frame[part.schema.text].iloc[own].fillna("").astype(str)
    return {name: f"{name} · {text[:SNIPPET]}" for name, text in zip(ids, texts, strict=True)}
