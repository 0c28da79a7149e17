"""Whether somebody may be asked, wherever they are shown: a few small words that lead to their page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from heard.ui import links, words
from heard.ui.html import esc
from research.people import PersonSummary


def badge(someone: PersonSummary | None, today: date) -> str:
    """ "free to ask" or "resting until 12 Jan" as a link to the person's page; "" for nobody that is known."""
    if someone is None:
        return ""
    said = words.standing(someone.standing, today)
    hint = f"{someone.pseudonym}: {words.standing_why(someone.standing, today)}"
    return links.link(links.person(someone.pseudonym), said, style=f"hd-ask {_tone(someone)}", title=hint)


def line(someone: PersonSummary, today: date) -> str:
    """The standing with its reason, for a list."""
    why = f'<span class="hd-why-not">{esc(someone.standing.why)}</span>' if someone.standing.why else ""
    said = esc(words.standing(someone.standing, today))
    return f'<span class="hd-ask {_tone(someone)}">{said}</span>{why}'


def named(pseudonyms: Iterable[str], known: Mapping[str, PersonSummary], today: date) -> str:
    """Several people's pseudonyms, each with its badge."""
    return ", ".join(f"{esc(name)} {badge(known.get(name), today)}".strip() for name in pseudonyms)


def _tone(someone: PersonSummary) -> str:
    return "hd-free" if someone.standing.state == "free" else "hd-never" if someone.standing.final else "hd-rests"
