"""What `heard serve` runs: the app, with an address that says whether it is well, its log and its numbers."""

from pathlib import Path

import streamlit as st

from heard.ui import watching

app = st.App(
    Path(__file__).parent / "streamlit_app.py",
    routes=[watching.healthz],
    lifespan=watching.begun,
    on_script_error=watching.failed,
)
