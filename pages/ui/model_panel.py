"""What Export shows of the advised model: a button that trains and packs it, then its download."""

from pathlib import Path

import streamlit as st

from augmentors.background import read_comparison
from pages.ui import errors, export_panel, jobs_watch, theme
from pages.ui.frame import Data

MODEL_JOB = "augmentors.model_job:model_job"


def show(data: Data, version_id: str) -> None:
    """Draw the export of the model; before a comparison, what chooses it."""
    st.subheader("The model", anchor=False)
    if data.facts.get("task", "classification") != "classification":
        st.caption(
            "Only models that tell classes apart can be taken along. Train the learner that the verdict advises on the "
            "train folder of the export."
        )
        return
    if read_comparison(data.workspace, version_id) is None:
        st.caption("Compare first: its verdict chooses the model that can be taken along.")
        return
    st.caption(
        "The model that the verdict advises, trained on the whole training part, with its temperature and thresholds: "
        "a scikit-learn pipeline (skops, ONNX where possible) and a short script that loads it without this project."
    )
    job = export_panel.job_of(data, "model", version_id)
    if job is not None and job.active:
        jobs_watch.watch(job.id)
        return
    packed = data.workspace.version_dir(version_id) / f"model-{version_id}.zip"
    if job is not None and job.status == "done" and packed.is_file():
        _done(job.result or {}, packed)
    elif job is not None:
        jobs_watch.failure(job, "Compare again with other models.")
    again = packed.is_file()
    if st.button("Train it again" if again else "Train and pack the model", key="export.model"):
        with errors.box():
            export_panel.submit(
                data, MODEL_JOB, {"dataset_id": data.id, "version_id": version_id}, "Exporting the model", "model"
            )
            st.rerun()


def _done(told: dict[str, object], packed: Path) -> None:
    onnx = told["onnx"]
    assert isinstance(onnx, dict)
    said = "ONNX beside it" if onnx["file"] else f"no ONNX: {onnx['why_not']}"
    st.markdown(theme.escape(f"{told['arm_title']}, {told['learner_title']}; {said}."))
    st.download_button(
        "Download the model",
        export_panel.reader(packed),
        file_name="model.zip",
        mime="application/zip",
        on_click="ignore",
        key="export.model.download",
    )
