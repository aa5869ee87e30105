"""Findings about rules between columns."""

from augmentors.core.dataset import Dataset
from augmentors.explore.constraints import constraints_of
from augmentors.explore.health import Finding

RULES_NAMED = 8


def rule_findings(train: Dataset) -> list[Finding]:
    """Return the rules that all training rows obey, one finding each, at most a few."""
    rules = constraints_of(train)
    found = [
        Finding(
            "rule",
            "info",
            f"In every training row {rule}: new rows keep to it.",
            len(rule.columns),
            columns=rule.columns,
        )
        for rule in rules[:RULES_NAMED]
    ]
    if len(rules) > RULES_NAMED:
        more = len(rules) - RULES_NAMED
        found.append(Finding("rule", "info", f"New rows keep to {more:,} more rules between columns.", more))
    return found
