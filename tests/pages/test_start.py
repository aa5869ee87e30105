import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from streamlit.elements.lib import policies

from augmentors import jobs
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB
from augmentors.ingest import sample
from augmentors.prepare import prepare_job
from augmentors.store import Workspace
from pages.ui import drafts
from pages.ui.drafts import Draft


def wait_for_jobs(workspace: Workspace, kinds: tuple[str, ...] = ("read", "prepare")) -> None:
    deadline = time.monotonic() + 60
    while any(job.active and job.kind in kinds for job in jobs.list_jobs(workspace.jobs_dir)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def cancel_all(workspace: Workspace) -> None:
    for job in jobs.list_jobs(workspace.jobs_dir):
        jobs.cancel(workspace.jobs_dir, job.id)


def test_empty_workspace_offers_three_ways_in(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    app = open_step("start")
    assert app.title[0].value == "Start"
    assert [s.value for s in app.subheader] == ["Your data", "Come back", "A sample"]
    assert [b.key for b in app.button if b.key.startswith("sample-")] == [
        f"sample-{key}" for key in ("tiny", "lending", "page_blocks", "spam", "fashion")
    ]
    assert any(workspace.token in code.value for code in app.code)
    assert list(app.get("file_uploader")[0].proto.type) == []  # a wrong file gets our sentence, not a tooltip


def test_sample_is_read_shown_and_split(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    app = open_step("start")
    app.button(key="sample-tiny").click().run()
    assert not app.exception
    assert "Here is what I understood" in app.subheader[0].value
    wait_for_jobs(workspace)
    app.run()
    app.button(key="fix").click().run()
    wait_for_jobs(workspace)
    app.run()
    assert not app.exception
    assert not app.error
    (dataset_id,) = workspace.dataset_ids()
    assert workspace.facts(dataset_id)["split"]["train"] == 113
    assert app.button(key="to-overview")
    cancel_all(workspace)


def test_wrong_label_ends_in_a_red_box_and_can_be_corrected(
    open_step: Callable[[str], Any], workspace: Workspace
) -> None:
    drafts.read(workspace, Draft("d1", "tiny.csv", {"sample": "tiny"}, {"label": "alcohol"}))
    wait_for_jobs(workspace)
    app = open_step("start")
    assert app.error or app.button(key="fix")
    app.selectbox(key="d1-label").select("cultivar").run()
    assert not app.exception
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["label"] == "cultivar"
    assert not draft.is_read_as_chosen


def test_a_misread_thousands_comma_is_said_and_corrected(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    folder = workspace.upload_dir()
    rows = "".join(f"{n % 90 + 10},{n * 7 % 900 + 100};{n % 11};{'ab'[n % 3 == 0]}\n" for n in range(60))
    (folder / "data.csv").write_text("x;z;label\n" + rows, encoding="utf-8")
    source = {"upload": str((folder / "data.csv").relative_to(workspace.path))}
    drafts.keep(workspace, Draft("d9", "data.csv", source))
    app = open_step("start")
    assert any("'10,100' was read as 10100" in text for text in app.markdown.values)
    app.radio(key="d9-decimal").set_value(",").run()
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["decimal"] == ","
    assert any("decimal commas" in text for text in app.markdown.values)
    app.radio(key="d9-decimal").set_value("").run()
    draft = drafts.current(workspace)
    assert draft is not None and "decimal" not in draft.choices


def test_a_column_beyond_the_first_200_is_found_by_its_name(
    open_step: Callable[[str], Any], workspace: Workspace
) -> None:
    folder = workspace.upload_dir()
    names = [f"c{i}" for i in range(205)]
    rows = "".join(",".join(str((row * i) % 13) for i in range(205)) + f",{'ab'[row % 3 == 0]}\n" for row in range(30))
    (folder / "wide.csv").write_text(",".join([*names, "label"]) + "\n" + rows, encoding="utf-8")
    drafts.keep(workspace, Draft("d8", "wide.csv", {"upload": str((folder / "wide.csv").relative_to(workspace.path))}))
    app = open_step("start")
    assert "c203" not in app.dataframe[0].value["column"].tolist()
    app.text_input(key="d8-find-column").set_value("C20").run()
    assert app.dataframe[0].value["column"].tolist() == ["c20", *(f"c20{i}" for i in range(5))]
    app.text_input(key="d8-find-column").set_value("zzz").run()
    assert not app.exception and "No column is called 'zzz'." in [caption.value for caption in app.caption]


def test_rows_of_one_subject_are_offered_to_be_kept_together(
    open_step: Callable[[str], Any], workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, 5)).repeat(5, axis=0) + 0.1 * rng.normal(size=(200, 5))
    frame = pd.DataFrame(points).add_prefix("x").assign(who=[f"p{i // 5}" for i in range(200)])
    folder = workspace.upload_dir()
    frame.assign(label=rng.choice(["a", "b"], 200)).to_csv(folder / "data.csv", index=False)
    source = {"upload": str((folder / "data.csv").relative_to(workspace.path))}
    drafts.read(workspace, Draft("d8", "data.csv", source, {"label": "label"}))
    wait_for_jobs(workspace)
    app = open_step("start")
    assert "'who' as the group column" in app.warning[0].value
    app.button(key="use-group").click().run()
    assert not app.exception
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["group"] == "who"
    assert app.selectbox(key="d8-group").value == "who"
    assert not policies._shown_default_value_warning, "a default and a value of the session for one widget"
    cancel_all(workspace)


def test_a_file_that_cannot_be_read_offers_separator_and_encoding(
    open_step: Callable[[str], Any], workspace: Workspace
) -> None:
    folder = workspace.upload_dir()
    rows = "".join(f"{n};größe {n % 3};{'ab'[n % 3 == 0]}\n" for n in range(40))
    (folder / "data.csv").write_bytes(("x;size;label\n" + rows).encode("latin-1"))
    source = {"upload": str((folder / "data.csv").relative_to(workspace.path))}
    drafts.keep(workspace, Draft("d7", "data.csv", source, {"encoding": "utf-8", "delimiter": "|"}))
    app = open_step("start")
    assert "not written in utf-8" in app.error[0].value
    app.selectbox(key="d7-ask-encoding").select("latin-1").run()
    assert "has one column" in app.error[0].value
    app.selectbox(key="d7-ask-delimiter").select(";").run()
    assert not app.exception and not app.error
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices == {"encoding": "latin-1", "delimiter": ";"}
    assert "Here is what I understood" in app.subheader[0].value


def test_another_group_column_asks_for_reading_again(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    drafts.read(workspace, Draft("d2", "lending.csv", {"sample": "lending"}, {"label": "outcome"}))
    wait_for_jobs(workspace)
    app = open_step("start")
    app.selectbox(key="d2-group").select("addr_state").run() if "addr_state" in app.selectbox(
        key="d2-group"
    ).options else app.selectbox(key="d2-group").select_index(1).run()
    draft = drafts.current(workspace)
    assert draft is not None and "group" in draft.choices
    assert any("read again" in caption.value for caption in app.caption)


def test_load_something_else_goes_back(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    drafts.keep(workspace, Draft("d3", "tiny.csv", {"sample": "tiny"}))
    app = open_step("start")
    app.button(key="other").click().run()
    assert drafts.current(workspace) is None
    assert "A sample" in [s.value for s in app.subheader]


def test_an_upload_that_is_gone_says_so(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    drafts.keep(workspace, Draft("d4", "gone.csv", {"upload": "uploads/none/gone.csv"}))
    app = open_step("start")
    assert "no longer here" in app.error[0].value


def test_an_upload_may_not_point_outside_the_workspace(workspace: Workspace) -> None:
    from augmentors.prepare import source_path

    with pytest.raises(UserError, match="no longer here"):
        source_path(workspace, {"upload": "../../../../etc/passwd"})


def test_fixed_dataset_is_summarised_and_listed(
    open_step: Callable[[str], Any], loaded: Callable[..., str], workspace: Workspace
) -> None:
    loaded("tiny")
    app = open_step("start")
    assert not app.error
    assert any("113" in str(html.proto.body) for html in app.get("html"))
    assert "tiny.csv" in app.markdown.values[-1] or any("tiny.csv" in m.value for m in app.markdown)
    assert any("RecipeSplit" in code.value for code in app.code)


def test_the_group_column_is_told_once_the_split_is_fixed(
    open_step: Callable[[str], Any], workspace: Workspace
) -> None:
    asked = {"workspace": workspace.token, "source": {"sample": "tiny"}, "name": "tiny.csv"}
    choices = {"label": "cultivar", "group": "ash"}
    made = prepare_job(asked | {"choices": choices, "split": {"test_size": 0.2}}, NO_JOB, workspace.upload_dir())
    workspace.write_note("open", {"dataset": made["dataset_id"]})
    app = open_step("start")
    assert "Samples of one 'ash' are all on one side." in app.caption.values


def test_a_dataset_without_a_split_goes_on_where_it_was_left(
    open_step: Callable[[str], Any], workspace: Workspace
) -> None:
    drafts.from_sample(workspace, sample("tiny"))
    wait_for_jobs(workspace)
    drafts.close(workspace)
    app = open_step("start")
    app.button(key="go-on").click().run()
    assert "Here is what I understood" in app.subheader[0].value


def test_a_malformed_link_offers_a_new_workspace() -> None:
    from streamlit.testing.v1 import AppTest

    from tests.pages.conftest import ROOT

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["w"] = "../etc"
    app.run()
    assert not app.exception
    assert "not valid" in app.error[0].value
    app.button[0].click().run()
    assert not app.error
    assert app.title[0].value == "Start"


def test_spellings_of_one_class_are_told_and_merged_with_one_click(
    open_step: Callable[[str], Any], workspace: Workspace
) -> None:
    folder = workspace.upload_dir()
    labels = ["legit"] * 60 + ["fraud"] * 12 + ["fraud "] * 8
    rows = "".join(f"{i % 13}.{i % 7},{i * 5 % 17},{label}\n" for i, label in enumerate(labels))
    (folder / "data.csv").write_text("x,z,label\n" + rows, encoding="utf-8")
    source = {"upload": str((folder / "data.csv").relative_to(workspace.path))}
    drafts.read(workspace, Draft("d6", "data.csv", source, {"label": "label"}))
    wait_for_jobs(workspace)
    app = open_step("start")
    assert "'fraud' (12) and 'fraud ' (8)" in app.warning[0].value.replace("\\", "")
    app.button(key="merge-spellings").click().run()
    assert not app.exception
    wait_for_jobs(workspace)
    app.run()
    assert any("rarest first" in text and "fraud (20), legit (60)" in text for text in app.caption.values)
    assert not app.warning
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["merge_spellings"] and draft.is_read_as_chosen
    cancel_all(workspace)


def test_one_file_is_listed_once_to_come_back_to() -> None:
    def facts(fingerprint: str, split: bool) -> dict[str, Any]:
        return {"fingerprint": fingerprint, "name": "data.csv", "split": {"test": 1} if split else None}

    known = {"e": facts("B", False), "d": facts("A", True), "c": facts("A", False), "b": facts("B", False)}
    assert drafts.worth_opening(known) == ["e", "d"]
    assert drafts.worth_opening({"y": facts("A", True), "x": facts("A", True)}) == ["y", "x"]


def test_the_preview_shows_values_as_they_are(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    folder = workspace.upload_dir()
    rows = "".join(f"2023-05-{i % 28 + 1:02d},{1652.77 + i},{i % 7},{'ab'[i % 3 == 0]}\n" for i in range(60))
    (folder / "data.csv").write_text("day,amount,z,label\n" + rows, encoding="utf-8")
    source = {"upload": str((folder / "data.csv").relative_to(workspace.path))}
    drafts.keep(workspace, Draft("d5", "data.csv", source, {"label": "label"}))
    drawn = "".join(str(element.proto.body) for element in open_step("start").get("html"))
    assert "1652.77" in drawn and ">2023-05-01<" in drawn and "00:00:00" not in drawn


def test_images_are_shown_as_pictures_of_each_class(open_step: Callable[[str], Any], workspace: Workspace) -> None:
    folder = workspace.upload_dir()
    with zipfile.ZipFile(folder / "data.zip", "w") as archive:
        for i, name in enumerate(["common"] * 9 + ["rare"] * 2):
            buffer = io.BytesIO()
            Image.new("RGB", (8, 8), (i * 20, 9, 9)).save(buffer, "PNG")
            archive.writestr(f"{name}/{i}.png", buffer.getvalue())
        archive.writestr("rare/broken.png", buffer.getvalue()[:20])
    source = {"upload": str((folder / "data.zip").relative_to(workspace.path))}
    drafts.read(workspace, Draft("d4", "data.zip", source))
    wait_for_jobs(workspace)
    app = open_step("start")
    said = [text.replace("\\", "") for text in app.caption.values]
    assert "Classes, rarest first: rare (2), common (9)" in said
    assert not app.get("arrow_data_frame") and "d4-group" not in [box.key for box in app.selectbox]
    drawn = "".join(str(element.proto.body) for element in app.get("html"))
    assert drawn.count("<figure") == 5 and drawn.index('alt="rare"') < drawn.index('alt="common"')
