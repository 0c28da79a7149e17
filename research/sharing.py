"""Who reads a study: everybody, its team, or its team until a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from research.dates import day as said
from research.errors import BadInput
from research.register import Register
from research.store import audit, passages, retention, themes
from research.store.database import writing


def keep_to_team(register: Register, team: str, title: str, until: date | None) -> None:
    """Let only a study's team read it, until a day where one is given. What themes are called, which may be its words,
    is forgotten until they are looked at again. Raises NotFound, BadInput."""
    if until is not None and until <= register.today:
        raise BadInput(f"A study is kept to its team until a day to come, and {said(until)} is none.")
    _share(register, team, title, closed=True, opens=until)


def open_to_all(register: Register, team: str, title: str) -> None:
    """Let every member read a study. Raises NotFound."""
    _share(register, team, title, closed=False, opens=None)


def _share(register: Register, team: str, title: str, *, closed: bool, opens: date | None) -> None:
    register.reader.hold_team(team)
    with writing(register.engine).begin() as connection:
        was = retention.said(connection, team, title, register.sight(connection))
        now = replace(was, closed=closed, opens=opens)
        if now == was:
            return
        retention.say(connection, now)
        if closed:
            themes.forget_labels(connection, passages.of_study(now.id))
        told = f"kept to {was.team}{f' until {said(opens)}' if opens else ''}" if closed else "open to all"
        register.write_down(connection, "study shared", audit.study_code(was.id), told)
