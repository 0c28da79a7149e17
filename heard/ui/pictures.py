"""What the pages' charts share: the colours that go with the theme the reader has chosen."""

from __future__ import annotations

import streamlit as st

from heard.charts import DARK, LIGHT, Ink


def ink() -> Ink:
    """The colours of a chart on this page."""
    return DARK if st.context.theme.type == "dark" else LIGHT
