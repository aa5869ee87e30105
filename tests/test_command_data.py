"""DATA on the command line: what is said about a recipe for other data and about a column that is not there."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.cli import main
from augmentors.command_data import OTHER_DATA


def table(path: Path, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(120, 3)).round(3)).add_prefix("x")
    frame.assign(label=np.where(rng.random(120) < 0.3, "b", "a")).to_csv(path, index=False)
    return path


def test_a_recipe_for_other_data_is_told_last_and_as_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = table(tmp_path / "one.csv", 0), table(tmp_path / "other.csv", 1)
    main(["balance", str(one), "--label", "label", "--augmenter", "smote", "--out", str(tmp_path / "first")])
    assert OTHER_DATA not in "".join(capsys.readouterr())
    recipe = str(tmp_path / "first" / "recipe.yaml")
    main(["balance", str(other), "--recipe", recipe, "--out", str(tmp_path / "second")])
    out, err = capsys.readouterr()
    assert OTHER_DATA in out and err.splitlines()[-1] == f"Warning: {OTHER_DATA}"


def test_a_missing_column_names_close_ones_first_and_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"feature{i}" for i in range(20)] + ["Status", "statute"]
    rows = "\n".join(",".join(str((i * j) % 7) for j in range(len(names))) for i in range(40))
    (tmp_path / "data.csv").write_text(f"{','.join(names)}\n{rows}\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["profile", str(tmp_path / "data.csv"), "--label", "status"])
    err = capsys.readouterr().err
    assert end.value.code == 2
    assert "its columns are: 'Status', 'statute', 'feature0'" in err and "'feature19'" in err
    assert "Did you mean 'Status' or 'statute'?" in err


def test_very_many_columns_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"c{i}" for i in range(50)]
    rows = "\n".join(",".join(str((i * j) % 7) for j in range(50)) for i in range(40))
    (tmp_path / "data.csv").write_text(f"{','.join(names)}\n{rows}\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["profile", str(tmp_path / "data.csv"), "--label", "zzz"])
    assert "'c29' and 20 more" in capsys.readouterr().err
