"""Silos: who reads whom, what two teams heard apart, and what others heard for one's own team."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from shlex import quote

import streamlit as st

from heard import charts, digest_document
from heard.ui import hits, kept, links, pictures, reading, rights, session, span, words
from heard.ui.downloads import Document, downloads
from heard.ui.frame import frame, heading, title
from heard.ui.html import esc
from research.digest import Digest, Entry, digest
from research.models import Hit
from research.repository import Repository
from research.reuse import Used
from research.themes.heard import LOOKED_BACK

_YEAR = timedelta(days=365)
_NOTES = 200  # of the recent ones, whose passages are held against other teams'
_PAIRS = 6
_THEMES = 15  # on the map
_DAYS = {7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days"}


def page() -> None:
    """From the whole to one's own team: reading, echoes, digest."""
    with frame("narrow"):
        repo = session.repository()
        title("Silos", "Who reads whom, and what one team heard that another should know.")
        teams = repo.choices().teams
        if len(teams) < 2:
            _one_team(repo, teams)
            return
        mine = reading.chooser(repo, "hd_team")
        today = session.today()
        _map(repo, teams, today)
        _reading(repo.reuse.used(today - _YEAR, today), teams, mine)
        _echoes(repo, today)
        _digest(repo, mine, today)


def _one_team(repo: Repository, teams: tuple[str, ...]) -> None:
    said = f"All notes are of {teams[0]} so far." if teams else "Nothing was heard yet: this repository is empty."
    st.html(
        f'<p class="hd-voices">{esc(said)}</p><p class="hd-small">Silos show once two teams have put in what they '
        f"heard.</p>{rights.bring_in(repo)}"
    )


def _map(repo: Repository, teams: tuple[str, ...], today: date) -> None:
    heading(
        "Who heard what", "People who told each team of a theme in the last 90 days; those first that several heard."
    )
    now = span.last(today, LOOKED_BACK)
    found = span.themes(repo, now)
    several = sorted((one for one in found if one.people > 1 and not one.hidden), key=lambda one: -len(one.teams))
    shown = several[:_THEMES]
    if not shown:
        st.html('<p class="hd-small">No theme was heard by more than one person in these days.</p>')
        return
    ink = pictures.ink()
    apart = sum(len(one.teams) > 1 for one in several)
    said = f"{words.count(apart, 'theme')} of {len(several)} were heard by more than one team."
    st.html(f'<p class="hd-voices">{esc(said)}</p>')
    st.altair_chart(charts.who_heard_what(shown, teams, ink), theme=None, alt=said)
    window = {"since": str(now.since), "until": str(now.until)}
    rows = "".join(
        f"<tr><td>{links.link(links.theme(one.id, window), one.label)}</td>"
        f"<td>{esc(', '.join(f'{team} {people}' for team, people in one.by_team))}</td></tr>"
        for one in shown
    )
    st.html(f'<table class="hd-table"><thead><tr><th>Theme</th><th>People by team</th></tr></thead>{rows}</table>')


def _reading(used: Used, teams: tuple[str, ...], mine: str) -> None:
    heading("Who reads whom", "Notes opened, quoted in a document, or made evidence of an insight, in the last year.")
    if not used.months:
        how = "Open a note, and it counts." if mine else "Say above for which team you read; then what you open counts."
        st.html(f'<p class="hd-voices" role="status">Nothing was counted yet. {how}</p>')
        return
    said = reading.trend(used)
    st.html(f'<p class="hd-voices" role="status">{esc(said)}</p>')
    ink = pictures.ink()
    pairs = "; ".join(f"{one.team} read {one.of_team} {words.often(one.uses)}" for one in used.readings)
    if used.readings:
        st.altair_chart(charts.who_reads_whom(used.readings, teams, ink), theme=None, alt=f"Who reads whom: {pairs}.")
        rows = ((one.team, one.of_team, str(one.uses), str(one.linked)) for one in used.readings)
        st.html(_table(("Read by", "Heard by", "Uses", "of these as evidence"), rows))
    if len(used.months) > 1:
        heading(
            "Is this breaking silos?", "Share of the uses that were of another team’s notes, with its 95% interval."
        )
        st.altair_chart(charts.crossing(used.months, ink), theme=None, alt=said)
        rows = (
            (
                f"{one.month:%b %Y}",
                f"{one.across} of {one.uses}",
                f"{one.share:.0%}",
                f"{one.low:.0%} to {one.high:.0%}",
            )
            for one in used.months
        )
        st.html(_table(("Month", "Of another team’s notes", "Share", "95% interval"), rows))


def _echoes(repo: Repository, today: date) -> None:
    heading("Heard apart", "What two teams heard alike, one of them in the last 90 days.")
    pairs = _found_apart(repo, today)
    if not pairs:
        st.html('<p class="hd-small">No two teams heard alike of late, or nothing was dated in the last 90 days.</p>')
    for left, right in pairs:
        st.html(
            f'<h3 class="hd-guide">{esc(_same(left, right))}</h3>'
            f'<div class="hd-pair">{hits.quote(left)}{hits.quote(right)}</div>'
        )


def _same(left: Hit, right: Hit) -> str:
    if left.participant == right.participant:
        return f"{left.speaker} told {left.team} and {right.team} the same"
    return f"{left.team} and {right.team} heard the same"


def _found_apart(repo: Repository, today: date) -> list[tuple[Hit, Hit]]:
    lately = span.last(today, LOOKED_BACK)

    def found() -> list[tuple[Hit, Hit]]:
        recent = repo.notes(since=lately.since, until=lately.until, limit=_NOTES)
        return repo.echoes([note.id for note in recent], limit=_PAIRS)

    return session.once("hd_apart", (), found)


def _digest(repo: Repository, mine: str, today: date) -> None:
    heading(f"For {mine}" if mine else "For your team", "What others heard that touches its work.")
    if not mine:
        st.html('<p class="hd-small">Say above for which team you read, to see what others heard for it.</p>')
        return
    days = st.segmented_control(
        "Heard in the", list(_DAYS), default=7, format_func=_DAYS.__getitem__, key="hd_digest_days", required=True
    )
    found = session.once(
        "hd_digest",
        (mine, days),
        lambda: digest(repo, mine, today - timedelta(days=days), today),
    )
    st.html(f'<p class="hd-voices" role="status">{esc(digest_document.summary(found))}</p>')
    for section in found.sections:
        quotes = "".join(map(_entry, section.entries))
        more = f'<p class="hd-small">{esc(digest_document.besides(section))}</p>'
        st.html(f'<h3 class="hd-guide">{esc(digest_document.heading(section))}</h3>{quotes}{more}')
    st.html(f'<p class="hd-small">{esc(digest_document.looked_for(found))}</p>')
    kept.followed(repo, mine, repo.kept.searches(mine))
    _export(found, days, repo.settings.url)


def _entry(entry: Entry) -> str:
    if not entry.beside:
        return hits.quote(entry.hit, in_a_line=True)
    return f'<div class="hd-pair">{hits.quote(entry.hit)}{hits.quote(entry.beside)}</div>'


def _export(found: Digest, days: int, url: str) -> None:
    documents = (
        Document("Markdown", "digest.md", digest_document.markdown(found, url)),
        Document("Page to mail", "digest.html", digest_document.html(found, url)),
    )
    downloads(documents, "hd-digest-export")
    command = f"heard digest --team {quote(found.team)} --since {days}d --html digest.html"
    st.html(f'<p class="hd-small hd-command">By command, to be mailed: <code>{esc(command)}</code></p>')


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """What a picture shows, as rows to read and to copy."""
    head = "".join(f"<th>{esc(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{esc(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        '<details class="hd-why"><summary>As a table</summary><table class="hd-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details>"
    )


page()
