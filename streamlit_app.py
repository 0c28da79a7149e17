"""Heard in the browser: sign-in and navigation, nothing else. Start it with `heard serve`."""

from pathlib import Path

import streamlit as st

import heard.ui
from heard.ui import session, signing_in
from research.access import Right

UI = Path(heard.ui.__file__).parent
PAGES = UI / "pages"

st.set_page_config(page_title="Heard", page_icon=str(UI / "mark.svg"), layout="wide")
st.logo(str(UI / "logo.svg"), size="large")

who, why_not = session.visitor()


def page(name: str, title: str, icon: str = "", needs: Right | None = None) -> st.Page:
    """A page of the app; without an icon, or the right that it needs, it is opened from others only."""
    listed = bool(icon) and (needs is None or (who is not None and who.may(needs)))
    return st.Page(
        PAGES / f"{name}.py", title=title, icon=f":material/{icon}:" if icon else None, default=name == "search",
        url_path=None if name == "search" else name, visibility="visible" if listed else "hidden",
    )  # fmt: skip


chosen = st.navigation(
    {
        "Find": [
            page("search", "Search", "search"),
            page("library", "Library", "menu_book"),
            page("voices", "Voices", "graphic_eq"),
            page("note", "Note"),
        ],
        "Research": [
            page("upload", "Upload", "upload_file", "research"),
            page("tags", "Tags", "sell"),
        ],
        "Plan": [
            page("brief", "Brief", "summarize"),
            page("themes", "Themes", "bubble_chart"),
            page("theme", "Theme"),
            page("insights", "Insights", "lightbulb"),
            page("insight", "Insight"),
            page("check", "Before you ask", "fact_check"),
            page("silos", "Silos", "hub"),
            page("people", "People", "group"),
            page("person", "Person"),
        ],
        "Admin": [
            page("rules", "Rules and audit", "policy", "govern"),
            page("members", "Members", "badge", "administer"),
            page("status", "Status", "monitor_heart", "administer"),
        ],
    },
    position="sidebar" if who else "hidden",
    expanded=True,
)
if who is None:
    signing_in.show(why_not)
else:
    signing_in.signed_in(who)
    chosen.run()
