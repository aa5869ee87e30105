"""What the label is, in words: classes, or ranges of a number."""

from typing import Any

from pages.ui import theme


def of(facts: dict[str, Any]) -> str:
    """Return how many classes there are, or ranges where the label is a number."""
    if facts.get("task", "classification") == "classification":
        return f"{len(facts['classes']):,} classes"
    if facts["task"] == "multilabel":
        return f"{len(facts['classes']):,} labels, several per sample"
    return f"{len(facts['classes']):,} ranges of {theme.text(facts['label'])}" if facts.get("ranges") else "regression"


def counted(facts: dict[str, Any]) -> str:
    """Return how many classes there are; where the label is a number, that its ranges are still to come."""
    if facts.get("task", "classification") == "classification":
        return f" in **{len(facts['classes'])}** classes"
    if facts["task"] == "multilabel":
        return f" with **{len(facts['classes'])}** labels, several per sample"
    how = "as given" if facts.get("cuts") else "told by the training part once the split is fixed"
    return f" of the number **{theme.escape(facts['label'])}**; its ranges are {how}"


def noun(facts: dict[str, Any]) -> str:
    """Return what the parts of the data are called: classes, ranges or labels."""
    return {"regression": "ranges", "multilabel": "labels"}.get(facts.get("task", ""), "classes")
