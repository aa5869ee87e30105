"""Cost matrices as files: read by name, in any order, and refused in one sentence."""

import pytest

from augmentors.core.errors import UserError
from augmentors.learners.costs import cost_array, read_costs


def test_rows_and_columns_are_found_by_name(tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text("true, b ,a\nb,0,7\na,2.5,0\n")
    assert cost_array(read_costs(path), ["a", "b"]).tolist() == [[0, 2.5], [7, 0]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "cannot be read"),
        ("true,a\na,0\n", "must have 2 rows and 2 columns, one per class; got 1 rows and 1 columns"),
        ("true,a,c\na,0,1\nb,1,0\n", "no column for class 'b'"),
        ("true,a,b\na,0,\nb,1,0\n", "deciding 'b' when 'a' is true must be a number; got ''"),
        ("true,a,b\na,0,inf\nb,1,0\n", "must be a number; got 'inf'"),
    ],
)
def test_bad_matrices(tmp_path, content, message):
    path = tmp_path / "costs.csv"
    path.write_text(content)
    with pytest.raises(UserError, match=message):
        cost_array(read_costs(path), ["a", "b"])
