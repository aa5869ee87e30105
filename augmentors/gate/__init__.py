"""Judges each new sample: kept or rejected with rule, value, threshold and nearest real neighbour."""

from augmentors.gate.funnel import Gate, Judgement
from augmentors.gate.leak_check import LeakCheck, LeakReport, leak_check

__all__ = ["Gate", "Judgement", "LeakCheck", "LeakReport", "leak_check"]
