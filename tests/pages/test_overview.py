from collections.abc import Callable
from typing import Any

import pytest


def bodies(app: Any) -> str:
    return "\n".join(str(html.proto.body) for html in app.get("html"))


def test_without_a_dataset_it_says_what_to_do(open_step: Callable[[str], Any]) -> None:
    app = open_step("overview")
    assert "No dataset yet" in bodies(app)
    assert app.button(key="empty-start").label == "Go to Start"


def test_without_a_split_it_says_what_to_do(open_step: Callable[[str], Any], loaded: Callable[..., str]) -> None:
    loaded("tiny", split=False)
    app = open_step("overview")
    assert "The split is not fixed yet" in bodies(app)


@pytest.mark.parametrize(
    ("key", "tabs"),
    [
        ("tiny", ["Samples", "Features by class", "Health"]),
        ("spam", ["Samples", "Health"]),
        ("fashion", ["Samples", "Health"]),
    ],
)
def test_every_tab_is_drawn(
    open_step: Callable[[str], Any], loaded: Callable[..., str], key: str, tabs: list[str]
) -> None:
    loaded(key)
    app = open_step("overview")
    assert "cw-bars" in bodies(app)
    assert app.segmented_control(key="overview-tab").options == tabs
    for name in tabs:
        app.segmented_control(key="overview-tab").set_value(name).run()
        assert not app.exception
        assert not app.error
    assert "cw-table" in bodies(app)


def test_show_me_filters_the_samples(open_step: Callable[[str], Any], loaded: Callable[..., str]) -> None:
    loaded("tiny")
    app = open_step("overview")
    show = [button for button in app.button if str(button.key).startswith("show-")]
    assert show
    show[0].click().run()
    assert app.button(key="show-all")
    assert bodies(app).count("<tr><td>") == 10
    app.button(key="show-all").click().run()
    assert bodies(app).count("<tr><td>") == 24


def test_log_scale_and_class_are_kept_across_pages(open_step: Callable[[str], Any], loaded: Callable[..., str]) -> None:
    loaded("tiny")
    app = open_step("overview")
    assert not app.toggle, "7 : 1 needs no log scale"
    loaded("page_blocks")
    app = open_step("overview")
    assert app.toggle(key="overview-log").value is False
    app.toggle(key="overview-log").set_value(True).run()
    app.switch_page("pages/start.py").run()
    app.switch_page("pages/overview.py").run()
    assert app.toggle(key="overview-log").value is True


def test_the_badge_is_on_every_screen(open_step: Callable[[str], Any], loaded: Callable[..., str]) -> None:
    loaded("tiny")
    for step in ("start", "overview", "map"):
        assert "split fixed: 113 train / 27 test" in bodies(open_step(step))
