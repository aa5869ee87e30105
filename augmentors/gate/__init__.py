"""Judges each new sample: kept or rejected with rule, value, threshold and nearest real neighbour."""

from augmentors.gate.funnel import Gate, Judgement
from augmentors.gate.leak_check import LeakReport, leak_check
from augmentors.gate.near_copies import Looks

__all__ = ["Gate", "Judgement", "LeakReport", "Looks", "leak_check"]
