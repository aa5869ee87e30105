"""Counterweight in the browser: `streamlit run app.py`."""

from pages.ui import frame

frame.run()
