"""Export: the balanced dataset to take along, and everything needed to make it again."""

import streamlit as st

from pages.ui import code_panel, export_panel, finished, frame, model_panel, snippets, theme

action = frame.open_page("export")
data = frame.need_split()
version = finished.chosen_version(data, "Run the plan first; then there is something to take along.")
version_id = str(version["id"])
export_panel.download(action, data, version_id)

left, right = theme.columns("export", (3, 2), gap="large")
with left:
    st.subheader("What you get", anchor=False)
    theme.draw(export_panel.tree(data, version_id))
    export_panel.small_downloads(data, version_id)
with right:
    st.subheader("Check it", anchor=False)
    st.caption("Anyone can check that nothing was changed and that no test sample is a parent of a new one.")
    st.code("python -m augmentors verify balanced", language="bash")
    export_panel.check(data, version_id)
    export_panel.write_to_folder(data, version_id)
    model_panel.show(data, version_id)
st.subheader("Make it again", anchor=False)
st.caption("The same recipe and data give the same bytes, here, in Python and on the command line.")
recipe = (data.workspace.version_path(version_id) / "recipe.yaml").read_text(encoding="utf-8")
code_panel.show(
    python=snippets.balance_python(data), shell=snippets.balance_shell(data), recipe=recipe, key="export", expanded=True
)
