import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.core.errors import UserError
from augmentors.core.plan import MixPart, PlanEntry, plan_from_target, resolve_target

COUNTS = {"ok": 1000, "scratch": 90, "rust": 20}


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("auto", {"ok": 1000, "scratch": 500, "rust": 200}),
        ("majority", {"ok": 1000, "scratch": 1000, "rust": 1000}),
        ("median", {"ok": 1000, "scratch": 90, "rust": 90}),
        ("ratio:0.2", {"ok": 1000, "scratch": 200, "rust": 200}),
        ("count:100", {"ok": 1000, "scratch": 100, "rust": 100}),
    ],
)
def test_targets(spec: str, wanted: dict[str, int]) -> None:
    assert resolve_target(spec, COUNTS).wanted == wanted


@pytest.mark.parametrize("spec", ["", "1:1", "ratio:0", "ratio:1.5", "ratio:x", "count:-3", "count:1.5", "auto:2"])
def test_other_forms_are_refused_with_the_known_ones(spec: str) -> None:
    with pytest.raises(UserError, match=r"must be auto, majority, median, ratio:R .*got '"):
        resolve_target(spec, COUNTS)


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 10**6), min_size=1), st.sampled_from(["auto", "majority"]))
def test_a_target_never_shrinks_a_class_nor_passes_the_largest(counts: dict[str, int], spec: str) -> None:
    wanted = resolve_target(spec, counts).wanted
    assert all(counts[c] <= wanted[c] <= max(counts.values()) for c in counts)


def test_auto_says_why() -> None:
    assert "half of the largest class (500)" in resolve_target("auto", COUNTS).reason


def test_plan_has_entries_only_for_classes_that_grow() -> None:
    plan = plan_from_target("ratio:0.05", COUNTS, (MixPart(augmenter="smote"),))
    assert [(e.target, e.count) for e in plan.entries] == [("rust", 30)]


@given(st.integers(0, 10**6), st.lists(st.floats(0.001, 1000), min_size=1, max_size=6))
def test_shares_split_the_count_exactly(count: int, shares: list[float]) -> None:
    entry = PlanEntry(target="c", count=count, mix=tuple(MixPart(augmenter="a", share=s) for s in shares))
    parts = entry.counts_by_part()
    assert sum(parts) == count
    exact = [count * s / sum(shares) for s in shares]
    assert all(abs(p - e) <= 1 + 1e-6 * count for p, e in zip(parts, exact, strict=True))
