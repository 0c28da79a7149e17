"""Who is at the page: whoever works at this machine, or somebody whom an identity provider vouches for (`st.login`)."""

from __future__ import annotations

import streamlit as st

from heard.ui.frame import frame
from heard.ui.html import esc, md
from research.access import Member
from research.errors import Refused
from research.repository import Repository

_HERE = ("127.0.0.1", "localhost", "[::1]", "::1")
_BY_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")


def configured() -> bool:
    """Whether there is an identity provider: the section `[auth]` of Streamlit's secrets (docs/access.md)."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def member(repo: Repository) -> Member | None:
    """Who is at the page, None for nobody yet. `repo` is as the app opened it. Raises Refused for whom it does not let
    in, and where anybody could come in."""
    if configured():
        if not st.user.is_logged_in:
            return None
        return repo.as_member(repo.members.sign_in(st.user.to_dict(), repo.settings.sign_in)).member
    if not repo.settings.without_sign_in and not _at_this_machine():
        raise Refused(
            "This app can be reached from other machines, and nobody has to sign in to it. Whoever runs it can set up "
            "sign-in (docs/access.md), start it with `heard serve` for this machine alone, or set "
            "HEARD_WITHOUT_SIGN_IN=yes where everybody who can reach it may do everything."
        )
    return repo.member


def show(why: str) -> None:
    """What stands in place of every page until somebody is let in; `why` they are not ("": they have not signed in)."""
    with frame("narrow", leaving=True):
        st.html('<h1 class="hd-title">Heard</h1><p class="hd-lead">What customers said, to every team.</p>')
        if why:
            st.warning(md(why), icon=":material/info:")
        if not configured():
            return
        if st.user.is_logged_in:
            st.html(
                f'<p class="hd-small">Signed in as {esc(str(st.user.get("email") or st.user.get("name") or ""))}.</p>'
            )
            st.button("Sign in as somebody else", icon=":material/logout:", on_click=st.logout)
        for provider in _providers():
            label = f"Sign in with {provider.title()}" if provider else "Sign in"
            arguments = (provider,) if provider else ()
            st.button(label, key=f"hd_sign_in_{provider}", type="primary", on_click=st.login, args=arguments)


def signed_in(who: Member) -> None:
    """Who is signed in and as what, with the way out, at the foot of the navigation."""
    if configured():
        with st.sidebar, st.container(key="hd-signed-in"):
            teams = "every team" if who.teams is None else ", ".join(sorted(who.teams, key=str.casefold)) or "no team"
            st.html(f'<p class="hd-small"><b>{esc(who.name or who.who)}</b><br>{esc(who.role)}, {esc(teams)}</p>')
            st.button("Sign out", icon=":material/logout:", on_click=st.logout, type="tertiary")


def _at_this_machine() -> bool:
    """Whether the app listens to this machine alone, and is spoken to by a name of this machine: a page elsewhere that
    has its name point here, or a proxy in front, brings another."""
    headers = st.context.headers
    if any(headers.get(name) for name in _BY_PROXY):
        return False
    host = headers.get("Host") or "localhost"
    name = host if host.startswith("[") and host.endswith("]") else host.rsplit(":", 1)[0]
    return st.get_option("server.address") in _HERE and name in _HERE


def _providers() -> list[str]:
    """The names of the identity providers, "" for one that has none."""
    auth = st.secrets["auth"]
    named = [name for name in auth if hasattr(auth[name], "keys") and "client_id" in auth[name]]
    return ([""] if "client_id" in auth else []) + named
