"""A person's page, as the address names them."""

from __future__ import annotations

import streamlit as st

from heard.ui import links, person, session
from heard.ui.frame import frame, title


def page() -> None:
    """The participant whom the address names."""
    with frame("wide"):
        if wanted := session.param("id"):
            person.page(session.repository(), wanted)
        else:
            _which()


def _which() -> None:
    title("Who?", "A person's page opens wherever they are shown.")
    st.html(f"<p>{links.link(links.people({}), 'Everybody', style='hd-pill')}</p>")


page()
