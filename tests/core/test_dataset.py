import numpy as np
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.testing import toy_table


def test_take_keeps_the_order_asked_for() -> None:
    data = toy_table()
    assert data.take(["r5", "r0"]).ids.tolist() == ["r5", "r0"]


def test_take_of_an_unknown_id_says_which() -> None:
    with pytest.raises(UserError, match="'r9999' is not in this dataset of 72 samples"):
        toy_table().take(["r0", "r9999"])


def test_positions_are_the_rows_of_the_class() -> None:
    data = toy_table()
    at = data.positions("rare")
    assert len(at) == 12
    assert (np.diff(at) > 0).all()
    assert set(data.labels[at]) == {"rare"}
    assert len(data.positions("absent")) == 0


def test_integer_and_boolean_labels_read_as_text() -> None:
    assert set(toy_table(labels="integer").labels) == {"0", "1", "2"}
    assert set(toy_table(labels="boolean").labels) == {"True", "False"}


def test_features_leave_out_label_group_and_ignored() -> None:
    schema = Schema("y", {"a": "number", "b": "ignored", "who": "category", "c": "text"}, group="who")
    assert schema.features() == ["a", "c"]
    assert schema.features("text") == ["c"]


def test_content_hash_names_rows_and_choices() -> None:
    data = toy_table()
    fewer = data.take(data.ids[:-1])
    other = Dataset(data.kind, data.frame, Schema("label", data.schema.types | {"visits": "number"}), data.fingerprint)
    assert len({data.content_hash, fewer.content_hash, other.content_hash}) == 3
    assert toy_table().content_hash == data.content_hash
