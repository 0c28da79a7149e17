"""Heard in the browser: navigation, nothing else. Start it with `heard serve` or `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

import heard.ui

UI = Path(heard.ui.__file__).parent
PAGES = UI / "pages"

st.set_page_config(page_title="Heard", page_icon=str(UI / "mark.svg"), layout="wide")
st.logo(str(UI / "logo.svg"), size="large")
st.navigation(
    {
        "Find": [
            st.Page(PAGES / "search.py", title="Search", icon=":material/search:", default=True),
            st.Page(PAGES / "library.py", title="Library", icon=":material/menu_book:", url_path="library"),
            st.Page(PAGES / "voices.py", title="Voices", icon=":material/graphic_eq:", url_path="voices"),
            st.Page(PAGES / "note.py", title="Note", url_path="note", visibility="hidden"),
        ],
        "Research": [
            st.Page(PAGES / "upload.py", title="Upload", icon=":material/upload_file:", url_path="upload"),
            st.Page(PAGES / "tags.py", title="Tags", icon=":material/sell:", url_path="tags"),
        ],
        "Plan": [
            st.Page(PAGES / "brief.py", title="Brief", icon=":material/summarize:", url_path="brief"),
            st.Page(PAGES / "themes.py", title="Themes", icon=":material/bubble_chart:", url_path="themes"),
            st.Page(PAGES / "theme.py", title="Theme", url_path="theme", visibility="hidden"),
            st.Page(PAGES / "insights.py", title="Insights", icon=":material/lightbulb:", url_path="insights"),
            st.Page(PAGES / "insight.py", title="Insight", url_path="insight", visibility="hidden"),
            st.Page(PAGES / "check.py", title="Before you ask", icon=":material/fact_check:", url_path="check"),
            st.Page(PAGES / "silos.py", title="Silos", icon=":material/hub:", url_path="silos"),
            st.Page(PAGES / "people.py", title="People", icon=":material/group:", url_path="people"),
            st.Page(PAGES / "person.py", title="Person", url_path="person", visibility="hidden"),
        ],
        "Admin": [
            st.Page(PAGES / "rules.py", title="Rules and audit", icon=":material/policy:", url_path="rules"),
            st.Page(PAGES / "status.py", title="Status", icon=":material/monitor_heart:", url_path="status"),
        ],
    }
).run()
