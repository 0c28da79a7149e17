"""An insight's page, as the address names it."""

from __future__ import annotations

import streamlit as st

from heard.ui import insight, links, session
from heard.ui.frame import frame, title


def page() -> None:
    """The insight that the address names."""
    with frame("wide"):
        if wanted := session.param("id"):
            insight.page(session.repository(), wanted)
        else:
            title("Which insight?", "An insight's page opens from the list.")
            st.html(f"<p>{links.link(links.insights(), 'All insights', style='hd-pill')}</p>")


page()
