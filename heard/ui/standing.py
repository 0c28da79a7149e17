"""Whether somebody may be asked, wherever they are shown: a few small words that lead to their page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from heard.ui import links, words
from heard.ui.html import esc
from research.person import PersonSummary
from research.repository import Repository


def badges(repo: Repository, pseudonyms: Iterable[str], today: date) -> dict[str, str]:
    """Participant -> "free to ask" or "resting until 12 Jan" as a link to their page; asked for once a page."""
    known = repo.people.some(sorted({name for name in pseudonyms if name}))
    return {name: _badge(someone, today) for name, someone in known.items()}


def line(someone: PersonSummary, today: date) -> str:
    """The standing with its reason, for a list."""
    why = f'<span class="hd-why-not">{esc(someone.standing.why)}</span>' if someone.standing.why else ""
    said = esc(words.standing(someone.standing, today))
    return f'<span class="hd-ask {_tone(someone)}">{said}</span>{why}'


def _badge(someone: PersonSummary, today: date) -> str:
    said = words.standing(someone.standing, today)
    hint = f"{someone.pseudonym}: {words.standing_why(someone.standing, today)}"
    return links.link(links.person(someone.pseudonym), said, style=f"hd-ask {_tone(someone)}", title=hint)


def _tone(someone: PersonSummary) -> str:
    return "hd-free" if someone.standing.state == "free" else "hd-never" if someone.standing.final else "hd-rests"
