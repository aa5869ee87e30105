import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.core.label_sets import LabelSets
from augmentors.core.seeds import rng_from
from augmentors.table.mlsmote import Mlsmote, ranked_labels
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.table.smote import Smote
from augmentors.testing import toy_multilabel


def table(x: list[float], town: list[str], labels: list[str]) -> Dataset:
    frame = pd.DataFrame({"x": x, "town": pd.Series(town, dtype="str"), "label": pd.Series(labels, dtype="str")})
    frame.index = pd.Index([f"r{i}" for i in range(len(x))], dtype="str")
    schema = Schema("label", {"x": "number", "town": "category"}, task="multilabel", sets=LabelSets(("a", "b", "rare")))
    return Dataset("table", frame, schema, "toy")


def test_labels_of_half_or_more_are_kept() -> None:
    family = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [1, 0, 0]], dtype=bool)
    # 4 of 4, 2 of 4 and 1 of 4 bear them.
    assert ranked_labels(family[None]).tolist() == [[True, True, False]]
    assert ranked_labels(family[None, :3]).tolist() == [[True, True, False]]


def test_rows_lie_between_bearers_and_carry_the_ranked_labels() -> None:
    # Bearers of 'rare' at 0, 1, 2; other rows lie nearer to nothing of them.
    train = table(
        [0.0, 1.0, 2.0, 0.1, 1.1, 2.1, 50.0, 60.0],
        ["p", "q", "q", "p", "p", "p", "p", "p"],
        ["a|rare", "a|rare", "b|rare", "a", "a", "a", "b", "a"],
    )
    samples = Mlsmote(k_neighbors=2).fit(train, rng_from(0)).augment("rare", 200, rng_from(1))
    assert set(samples.parents.ravel()) == {"r0", "r1", "r2"}
    # Of seed and two neighbours two bear 'a', one bears 'b' and all bear 'rare'.
    assert set(samples.frame["label"]) == {"a|rare"}
    drawn = samples.certificate["drawn"]
    first, x = train.frame["x"].reindex(samples.parents[:, 0]).to_numpy(), samples.frame["x"].to_numpy()
    assert ((x >= 0) & (x <= 2)).all() and drawn.str.contains("neighbour").all() and not np.array_equal(first, x)
    # The two neighbours of r0 are r1 and r2, both 'q'; those of r1 and r2 are tied, where the nearer one decides.
    assert set(samples.frame.loc[samples.parents[:, 0] == "r0", "town"]) == {"q"}


def test_a_frequent_label_is_made_with_a_note() -> None:
    notes = Mlsmote().fit(toy_multilabel(), rng_from(0)).augment("common", 3, rng_from(1)).notes
    assert any("'common' is no minority label by MLSMOTE's rule: its imbalance ratio of 1.0" in note for note in notes)


def test_augmenters_of_one_label_say_why_they_do_not_apply() -> None:
    with pytest.raises(NotApplicable, match="SMOTE is for one label per sample; 'label' gives a sample several labels"):
        Smote().fit(toy_multilabel(), rng_from(0))
    train = toy_multilabel()
    copies = RandomOversampling().fit(train, rng_from(0)).augment("rare", 20, rng_from(1))
    assert (copies.frame["label"].to_numpy() == train.frame["label"].reindex(copies.parents[:, 0]).to_numpy()).all()
