"""`list --pretexts`, and one method with its parameters."""

import json

import pytest
from click.testing import CliRunner

from augmentors.cli import commands
from augmentors.list_command import one
from augmentors.selfsup.registry import PRETEXTS


def run(*arguments: str) -> str:
    result = CliRunner().invoke(commands, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_methods_are_listed_by_themselves() -> None:
    told = json.loads(run("list", "--pretexts", "--json"))
    assert [entry["key"] for entry in told] == [cls.card.key for cls in PRETEXTS]
    assert {"key", "kind", "title", "summary", "avoid", "references", "params"} == set(told[0])
    assert "list --pretexts" in run("list", "--kind", "image")
    assert "simclr" not in run("list", "--pretexts", "--kind", "text")


@pytest.mark.parametrize("cls", PRETEXTS)
def test_every_parameter_of_every_method_is_shown(cls: type) -> None:
    page = " ".join(run("list", cls.card.key).split())
    for name, field in cls.Params.model_fields.items():
        assert f"{cls.card.key}.{name} = " in page
        assert field.description and field.description in page
    assert one(cls.card.key)[1]["params"] == cls.Params.model_json_schema()
