from pathlib import Path

import pytest

from augmentors.core.plan import MixPart, PlanEntry
from augmentors.estimate import (
    Cost,
    bill,
    bytes_per_sample,
    duration_words,
    gate_grows,
    plan_warnings,
    size_words,
    time_part,
)
from augmentors.testing import toy_images, toy_table, toy_text

SMOTE = MixPart(augmenter="smote")


def test_timing_gives_plausible_costs_and_reasons() -> None:
    cost = time_part(toy_table(), SMOTE, "rare")
    assert cost.why_not is None
    assert 0 < cost.per_sample_s < 0.01
    refused = time_part(toy_table({"common": 20, "rare": 1}), SMOTE, "rare")
    assert refused.why_not is not None and "'rare' has 1" in refused.why_not


@pytest.mark.parametrize("key", ["random_swap", "flip"])
def test_timing_texts_and_images(key: str, tmp_path: Path) -> None:
    train = toy_text() if key == "random_swap" else toy_images(tmp_path)
    assert 0 < time_part(train, MixPart(augmenter=key), "rare").per_sample_s < 1


def test_bill_adds_classes_and_shares_work_among_workers() -> None:
    entries = [PlanEntry(target=name, count=1000, mix=(SMOTE,)) for name in ("a", "b")]
    costs = {(name, "smote"): Cost(0.01, 1.0) for name in ("a", "b")}
    one = bill(3020, entries, costs, 500.0, test_rows=100)
    assert (one.new, one.total) == (2000, 5020)
    assert one.megabytes == pytest.approx(5120 * 500 / 1e6)
    assert 20 < one.seconds < 40
    assert bill(3020, entries, costs, 500.0, 100, workers=2).seconds < one.seconds


def test_checks_of_images_are_prepared_class_by_class_and_others_once() -> None:
    def seconds(key: str, gate_s: float) -> float:
        entries = [PlanEntry(target=name, count=100, mix=(MixPart(augmenter=key),)) for name in ("a", "b")]
        costs = {(name, key): Cost(0.0, 0.0, gate_s=gate_s) for name in ("a", "b")}
        return bill(20, entries, costs, 500.0).seconds

    assert seconds("smote", 3.0) - seconds("smote", 0.0) == pytest.approx(3.0)
    assert seconds("flip", 3.0) - seconds("flip", 0.0) == pytest.approx(6.0)
    assert seconds("flip", 0.0) > seconds("smote", 0.0)


def test_checks_of_images_grow_with_the_class_and_others_with_all(tmp_path: Path) -> None:
    images, table = (toy_images(tmp_path, {"rare": 40, "common": 20}), toy_table({"rare": 40, "common": 20}))
    for train, expected in ((images, 10.0), (table, 3.0)):
        some = train.take(train.ids[[*train.positions("rare")[:4], *train.positions("common")[:16]]])
        assert gate_grows(train, some, "rare") == expected


def test_bytes_of_a_sample(tmp_path: Path) -> None:
    images = toy_images(tmp_path)
    mean = sum((tmp_path / p).stat().st_size for p in images.frame["path"]) / len(images)
    assert bytes_per_sample(images) == pytest.approx(mean)
    assert 20 < bytes_per_sample(toy_table()) < 2_000
    assert 50 < bytes_per_sample(toy_text()) < 2_000
    assert bytes_per_sample(toy_table().take([])) == 0


def test_warnings_name_the_class() -> None:
    train = toy_table({"common": 900, "some": 12, "rare": 1, "few": 5})
    entries = [
        PlanEntry(target="some", count=500, mix=(SMOTE,)),
        PlanEntry(target="rare", count=5, mix=(SMOTE,)),
        PlanEntry(target="few", count=5, mix=(SMOTE,)),
        PlanEntry(target="common", count=1, mix=()),
    ]
    said = plan_warnings(train, entries)
    assert "43-fold" in said["some"]
    assert "needs 2 samples" in said["rare"]
    assert "5 training samples" in said["few"]
    assert "no augmenter" in said["common"]


def test_words() -> None:
    assert duration_words(40) == "about 40 seconds"
    assert duration_words(60) == "about 1 minute"
    assert size_words(0) == "0 kB"
