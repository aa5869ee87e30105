import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.preview import preview
from augmentors.run import split_dataset
from augmentors.store import Workspace
from augmentors.testing import toy_multilabel, toy_regression, toy_table
from pages.ui import charts, finder, pairs, theme
from pages.ui.class_chips import chip_colours

Open = Callable[[str], Any]


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def finder_data(app: Any) -> dict[str, Any]:
    """Return what the finder sends to the browser."""
    sent: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return sent


def note(workspace: Workspace, dataset_id: str) -> dict[str, Any]:
    return workspace.read_note(f"plan-{dataset_id}") or {}


@pytest.mark.parametrize("step", ["augment", "plan", "run", "compare", "export"])
def test_without_data_says_what_to_do(step: str, open_step: Open) -> None:
    app = open_step(step)
    assert "No dataset yet" in html_of(app)
    assert not app.error


@pytest.mark.parametrize("step", ["augment", "plan", "run", "compare", "export"])
def test_without_split_says_what_to_do(step: str, open_step: Open, loaded: Callable[..., str]) -> None:
    loaded("tiny", split=False)
    app = open_step(step)
    assert "The split is not fixed yet" in html_of(app)


@pytest.mark.parametrize(("key", "target", "mark"), [("tiny", "barbera", "cw-family"), ("spam", "hard-ham", "<ins>")])
def test_shows_pairs_and_adds_to_the_plan(
    key: str, target: str, mark: str, open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    dataset_id = loaded(key)
    app = open_step("augment")
    assert not app.error
    assert mark in html_of(app)
    assert f"‘{theme.escape(target)}’" in app.button(key="augment.add").label
    app.button(key="augment.add").click().run()
    assert not app.exception
    kept = note(workspace, dataset_id)
    assert list(kept["draft"]["mix"]) == [target]
    assert "augment.add" not in [button.key for button in app.button]
    onward = app.button(key="augment.plan")
    assert onward.proto.type == "primary"
    onward.click().run()
    assert app.title[0].value == "Plan"


def test_images_are_shown_before_and_after(open_step: Open, loaded: Callable[..., str]) -> None:
    loaded("fashion")
    app = open_step("augment")
    markup = html_of(app)
    assert markup.count('class="cw-two"') == 8
    assert "data:image/" in markup


def test_dice_draws_others_and_parameters_change_the_pairs(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    first = html_of(app)
    app.button(key=f"augment.seed.{dataset_id}.roll").click().run()
    second = html_of(app)
    assert first != second
    app.number_input(key=f"form.{dataset_id}.smote.k_neighbors").set_value(2).run()
    assert html_of(app) != second
    assert any("k_neighbors=2" in code.value for code in app.code)


def test_what_does_not_apply_is_listed_with_the_reason(open_step: Open, workspace: Workspace) -> None:
    from augmentors.overview import write_overview

    dataset = toy_table({"common": 40, "rare": 2})
    bare = Dataset("table", dataset.frame[["colour", "label"]], Schema("label", {"colour": "category"}), "f")
    dataset_id = workspace.save_dataset(bare, name="toy.csv", understood={}, quarantine=[])
    split = split_dataset(bare)
    from augmentors.core.job import NO_JOB
    from augmentors.store import write_json

    overview = write_overview(workspace, dataset_id, bare, split, [], NO_JOB)
    workspace.save_split(dataset_id, split, near_duplicates=True)
    write_json(workspace.cache_path(dataset_id, "overview.json"), overview)
    workspace.write_note("open", {"dataset": dataset_id})
    app = open_step("augment")
    assert not app.error
    sent = finder_data(app)
    assert {item["key"]: item["state"] for item in sent["items"]}["smote"] == 2
    assert "needs at least one column of numbers" in {item["key"]: item["line"] for item in sent["items"]}["smote"]
    assert sent["chosen"] == next(item["key"] for item in sent["items"] if item["state"] < 2)


def test_a_selection_on_the_map_becomes_class_and_originals(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    chosen = [f"r{i}" for i in range(20)]
    app.session_state["cw:selection"] = {"dataset": dataset_id, "ids": chosen}
    app.run()
    assert not app.exception
    picked = next(m for m in app.multiselect if m.key.startswith(f"augment.originals.{dataset_id}."))
    assert 0 < len(picked.value) <= 4
    assert set(picked.value) <= set(chosen)
    assert "cw:selection" not in app.session_state


def test_a_selection_stands_for_its_most_frequent_class() -> None:
    of_id = {"a": "x", "b": "y", "c": "y", "d": "y", "e": "y", "f": "y"}
    assert finder.take_selection({"ids": [*of_id, "test"]}, of_id) == ("y", ["b", "c", "d", "e"])
    assert finder.take_selection({"ids": ["test"]}, of_id) is None
    assert finder.take_selection(None, of_id) is None


def test_marked_text_is_escaped() -> None:
    markup = pairs.changed_text("a <b>good</b> day", "a <i>good</i> day")
    assert "<b>" not in markup and "<i>" not in markup
    assert "<del>" in markup and "<ins>" in markup


def test_long_stretches_are_cut_only_where_nothing_changed() -> None:
    before = "word " * 200
    markup = pairs.changed_text(before, before + "end")
    assert len(markup) < 300
    assert "end" in markup


def test_drawn_values_in_words() -> None:
    drawn = {"seed": 1, "operator": "Affine", "scale": [1.02345, 0.98], "holes": [[1, 2, 3, 4]] * 9, "shift": None}
    assert pairs.drawn_words(drawn) == "scale 1.023, 0.98 · holes (9) · shift None"


def test_chips_have_the_classes_colours() -> None:
    style = chip_colours(["a", "b"], {"a": "#111111", "b": "#222222"}, "holder")
    assert style.index("#111111") < style.index("#222222")


def test_cells_that_stay_in_place_cover_what_scrolls_under_them() -> None:
    themes = tomllib.loads((Path(theme.__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
    light, dark = (themes[name]["backgroundColor"] for name in ("light", "dark"))
    assert f"--cw-back: light-dark({light}, {dark})" in theme._css()
    assert re.search(r"\.cw-family tbody th {[^}]*z-index: 1; background: var\(--cw-back\)", theme._css())


@pytest.mark.parametrize(
    ("train", "key", "target"),
    [(toy_regression(), "smogn", "label >= 20 (rare)"), (toy_multilabel(), "mlsmote", "rare")],
)
def test_a_label_that_is_made_with_the_row_stands_first(train: Dataset, key: str, target: str) -> None:
    pair = preview(train, key, {}, target).pairs[0]
    markup = pairs.markup(train, [pair])
    assert markup.index("label · label") < markup.index(">width<")
    values = [*(parent.values["label"] for parent in pair.parents), pair.values["label"]]
    shown = re.findall(r"<tr[^>]*><th>.*?</th><td[^>]*>(.*?)</td>", markup)
    plain = [value.item() if hasattr(value, "item") else value for value in values]
    assert shown == [re.sub("<.*?>", "", charts.cell(value)) for value in plain]


def test_parents_that_voted_are_shown() -> None:
    train = toy_table({"common": 60, "rare": 20})
    found = preview(train, "smotenc", {}, "rare").pairs
    assert len(found[0].parents) > 3
    markup = pairs.markup(train, found)
    assert markup.count('<tr class="cw-parent">') == sum(len(pair.parents) for pair in found)
    assert "more parents" not in markup
