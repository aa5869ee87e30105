import json
from collections.abc import Callable
from typing import Any

from augmentors import catalog, gallery
from augmentors.store import Workspace
from augmentors.suitability import Suitability
from pages.ui import examples, finder, finder_list

Open = Callable[[str], Any]


def sent(app: Any) -> dict[str, Any]:
    """Return what the finder sends to the browser."""
    data: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return data


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def test_lists_what_suits_first_and_shows_the_chosen_one(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    data = sent(app)
    assert data["items"][0]["key"] == data["chosen"] == "smote"
    assert sorted(item["key"] for item in data["items"]) == sorted(c.card.key for c in catalog.for_kind("table"))
    assert [item["state"] for item in data["items"]] == sorted(item["state"] for item in data["items"])
    app.session_state[f"cw:augment.key.{dataset_id}"] = "adasyn"
    app.run()
    card = catalog.get("adasyn").card
    shown = html_of(app)
    assert f"<h3>{card.title}</h3>" in shown and card.summary in shown
    assert "<b>Avoid</b>" in shown and "He, Bai, Garcia &amp; Li (2008)" in shown
    assert "No training" in shown
    assert sent(app)["chosen"] == "adasyn"


def test_what_was_chosen_falls_back_where_it_does_not_apply(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    app.session_state[f"cw:augment.key.{dataset_id}"] = "smotenc"
    app.run()
    assert not app.exception
    assert sent(app)["chosen"] == "smote"


def test_a_rerun_of_the_finder_is_one_element(open_step: Open, loaded: Callable[..., str]) -> None:
    loaded("fashion")
    app = open_step("augment")
    assert len(app.get("bidi_component")) == 1
    assert not app.radio and not app.text_input
    assert len(app.get("bidi_component")[0].proto.json) < 120_000


def test_favourites_are_kept_in_the_workspace(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace
) -> None:
    from pages.ui.frame import Data

    dataset_id = loaded("tiny")
    data = Data(workspace, dataset_id, workspace.facts(dataset_id))
    for key in ("adasyn", "smote", "adasyn"):
        finder.toggle_favourite(data, key)
    assert finder.favourites(data) == ["smote"]
    assert sent(open_step("augment"))["favourites"] == ["smote"]


def test_all_of_them_take_the_width_of_the_page(open_step: Open, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    app = open_step("augment")
    app.session_state[f"cw:augment.view.{dataset_id}"] = "pictures"
    app.run()
    assert not app.exception
    assert sent(app)["view"] == "pictures"
    assert not app.multiselect


def test_references_and_reasons_are_escaped() -> None:
    card = catalog.get("smote").card
    shown = finder.about(Suitability(card, 0, "<b>bold</b>"))
    assert "&lt;b&gt;bold" in shown
    assert card.references[0] in shown


def test_pictures_become_classes_of_one_style_sheet() -> None:
    found = gallery.shipped("image")
    style = examples.style({"af-p-flip": found["flip"].picture})
    assert style.startswith(".af-p-flip{background-image:url(data:image/webp;base64,")


def test_what_the_browser_needs_of_an_augmenter() -> None:
    item = finder_list.item(Suitability(catalog.get("flip").card, 1, "why"), finder_list.Look("af-p-flip"))
    assert item["line"] == "why" and item["picture"] == "af-p-flip"
    assert "Horizontal Flip" in item["names"] and "no training" in item["spares"]
