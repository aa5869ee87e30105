"""Bytes → Dataset: one file per format, limits, and a quarantine for what cannot be used."""

from augmentors.ingest.loading import load, propose
from augmentors.ingest.result import Choices, Loaded, Proposal, Quarantined, Understood
from augmentors.ingest.samples import Sample, sample, samples
from augmentors.ingest.unlabelled import Unlabelled, load_unlabelled

__all__ = [
    "Choices",
    "Loaded",
    "Proposal",
    "Quarantined",
    "Sample",
    "Understood",
    "Unlabelled",
    "load",
    "load_unlabelled",
    "propose",
    "sample",
    "samples",
]
