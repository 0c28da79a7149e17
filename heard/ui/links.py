"""Addresses inside the app: real links that can be copied, and a plain click that follows them without a reload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from heard.ui.html import esc
from research.address import address as address
from research.address import note as note

# Links in st.html would load the whole app anew. This follows them the way the back button does: one entry in the
# browser's history, then the event that tells Streamlit to read the address. Without it they still work, slower.
# st.switch_page is no alternative: it leaves a second entry in the history, so that "back" lands on an empty page.
_SCRIPT = """
const plain = (e) => !(e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey);

function follow(event) {
  const link = event.target.closest && event.target.closest('a.hd-a, .hd-brief a[href^="./"]');
  if (!link || !plain(event)) return;
  event.preventDefault();
  const samePage = new URL(link.href).pathname === location.pathname;
  history.pushState({}, '', link.href);
  window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  const main = document.querySelector('[data-testid="stMain"]');
  if (main && !samePage) main.scrollTo(0, 0);
}

function show(anchor, triesLeft) {
  const target = document.getElementById(anchor);
  if (target) {
    target.scrollIntoView({ block: 'center' });
    setTimeout(() => document.getElementById(anchor)?.scrollIntoView({ block: 'center' }), 250);
  } else if (triesLeft > 0) {
    setTimeout(() => show(anchor, triesLeft - 1), 50);
  }
}

// Dialogs and popovers stand outside .stApp, which alone is told whether the theme is light or dark.
function scheme() {
  const app = document.querySelector('.stApp');
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme;
}

export default function ({ data }) {
  if (!window.heardFollows) {
    window.heardFollows = true;
    document.addEventListener('click', follow);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTimeout(scheme, 300));
  }
  scheme();
  const place = location.pathname + '#' + (data.anchor || '');
  if (data.anchor && window.heardPlace !== place) {
    const inView = () => {
      const box = document.getElementById(data.anchor)?.getBoundingClientRect();
      return box && box.top > 60 && box.bottom < innerHeight - 60;
    };
    if (!inView()) show(data.anchor, 100);
  }
  window.heardPlace = place;
  // Whoever has to sign in first comes back to the start page: the link that they followed waits here until then.
  const here = location.pathname + location.search;
  if (data.leaving) {
    sessionStorage.setItem('heardBack', here);
  } else {
    const back = sessionStorage.getItem('heardBack');
    sessionStorage.removeItem('heardBack');
    const atStart = location.pathname.endsWith('/') && !location.search; // who went on from there stays where they are
    if (back && atStart && back !== here && back.startsWith('/') && !back.startsWith('//')) {
      history.replaceState({}, '', back);
      window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
    }
  }
}
"""

_follow = st.components.v2.component("heard_links", js=_SCRIPT)


def follow(anchor: str = "", *, leaving: bool = False) -> None:
    """Make links work inside the page, and bring the element with the id `anchor` into view when it is a new one.

    `leaving` says that one goes to sign in from here: the address is kept in the browser's tab, to come back to.
    """
    with st.container(key="hd-behind"):
        _follow(key="hd-links", data={"anchor": anchor, "leaving": leaving})


def search(params: Mapping[str, str | Sequence[str]]) -> str:
    """The address of a search, from what `heard.ui.ask.Ask.params` gives."""
    return address("", params)


def library(**params: str | Sequence[str]) -> str:
    """The address of the library, of one team or of one study."""
    return address("library", params)


def people(params: Mapping[str, str | Sequence[str]]) -> str:
    """The address of the list of participants, narrowed."""
    return address("people", params)


def person(pseudonym: str) -> str:
    """The address of a participant's page."""
    return address("person", {"id": pseudonym})


def theme(code: str, params: Mapping[str, str] | None = None) -> str:
    """The address of a theme, as it is in a window."""
    return address("theme", {"id": code, **(params or {})})


def insights(**params: str) -> str:
    """The address of the list of insights, narrowed."""
    return address("insights", params)


def insight(code: str) -> str:
    """The address of an insight's page."""
    return address("insight", {"id": code})


def link(href: str, label: str, *, style: str = "", title: str = "") -> str:
    """A link as HTML; `label` is plain text and is escaped."""
    hint = f' title="{esc(title)}"' if title else ""
    return f'<a class="hd-a {style}" href="{esc(href)}"{hint}>{esc(label)}</a>'


def anchor_of(passage_id: str) -> str:
    """The id that a passage has in its transcript."""
    return f"passage-{passage_id}"
