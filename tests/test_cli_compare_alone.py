"""`compare` without new samples: the free alternatives compete alone."""

import json
from pathlib import Path

import pytest

from augmentors.cli import main

TINY = "assets/samples/tiny.csv"


def test_free_alternatives_compete_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "found.json"
    quick = ["--learner", "logistic", "--repeats", "1", "--workers", "1", "--json", str(out)]
    main(["compare", TINY, "--arms", "class_weight", *quick])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [arm["name"] for arm in found["arms"]] == ["plain", "class_weight"]
    assert "nothing to judge; the free alternatives are shown" in capsys.readouterr().out


@pytest.mark.parametrize(
    "option",
    [["--target", "majority"], ["--seed", "3"], ["--no-gate"], ["--before", "tomek_links"]],
    ids=lambda o: o[0],
)
def test_options_that_say_how_samples_are_made_need_an_augmenter(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["compare", TINY, *option])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{option[0]} says how samples are made, but neither --augmenter") and said.count("\n") == 1
