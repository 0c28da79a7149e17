"""Insights in words: what a claim is by now, why, and how strong the evidence is, always with its people."""

from __future__ import annotations

from datetime import date

from heard.ui import words
from heard.ui.html import esc
from research.dates import day
from research.insight import Event, Insight, Outcome, Strength
from research.models import Voices
from research.phrases import first_up

STATE = {"supported": "Supported", "refuted": "Refuted", "hypothesis": "Hypothesis", "stale": "Stale"}
KATA = {
    "now": "Where we are",
    "obstacle": "The obstacle",
    "experiment": "The next experiment",
    "learned": "What we learned",
}
_LEAD = {"one voice": "One voice", "thin": "Thin evidence", "fair": "Fair evidence", "strong": "Strong evidence"}


def state(one: Insight) -> str:
    """ "Supported", "Stale, was supported", "Stale hypothesis"."""
    if one.standing.state != "stale":
        return STATE[one.standing.state]
    return "Stale hypothesis" if one.decided == "hypothesis" else f"Stale, was {one.decided}"


def badge(one: Insight) -> str:
    """The state as a small pill of HTML."""
    return f'<span class="hd-verdict hd-is-{one.standing.state}">{esc(state(one))}</span>'


def why(one: Insight) -> str:
    """Why it is what it is: the reasons for which it is stale, else what was said when it was decided."""
    if one.standing.reasons:
        return f"{first_up('; '.join(one.standing.reasons))}."
    return f"{one.why} ({one.decided_by}, {day(one.decided_on)})" if one.why else ""


def strength(found: Strength, today: date) -> str:
    """ "Fair evidence for it: 4 people from 3 accounts told one team, latest 12 days ago; one says otherwise."."""
    pro, contra = found.in_favour, found.opposed
    if found.word == "none":
        return "Nobody speaks for or against it yet."
    if found.word == "contested":
        both = f" {first_up(_some(len(found.both), 'person says', 'people say'))} both." if found.both else ""
        says = "speaks" if pro.people == 1 else "speak"
        against = "one" if contra.people == 1 else f"{contra.people:,}"
        return f"Contested: {_some(pro.people, 'person', 'people')} {says} for it, {against} against.{both}"
    leading, others = (pro, contra) if found.side == "for" else (contra, pro)
    dissent = f"; {_some(others.people, 'person says', 'people say')} otherwise" if others.people else ""
    leans = f" Most of it comes from {leading.leans_on_account}." if leading.leans_on_account else ""
    return f"{_LEAD[found.word]} {found.side} it: {who(leading, today)}{dissent}.{leans}"


def strength_in_short(found: Strength) -> str:
    """ "strong: 6 people for, 1 against", for a line in a list."""
    pro, contra = found.in_favour.people, found.opposed.people
    if not pro and not contra:
        return "no evidence yet"
    if not pro:
        return f"{found.word}: {words.count(contra, 'person', 'people')} against"
    return f"{found.word}: {words.count(pro, 'person', 'people')} for" + (f", {contra:,} against" if contra else "")


def who(voices: Voices, today: date) -> str:
    """ "6 people from 4 accounts told 3 teams, latest 12 days ago"."""
    accounts = f" from {words.count(voices.accounts, 'account')}" if voices.accounts > 1 else ""
    latest = f", latest {words.ago(voices.latest, today)}" if voices.latest else ""
    return f"{_some(voices.people, 'person', 'people')}{accounts} told {_some(voices.teams, 'team')}{latest}"


def withdrawn(count: int) -> str:
    """What is said of evidence that is no more; no word of it is kept."""
    if count == 1:
        return "One passage was withdrawn: its note or its speaker is gone, or their consent has ended."
    return f"{count:,} passages were withdrawn: their notes or speakers are gone, or their consent has ended."


def outcome(said: Outcome) -> str:
    """ "Imports done in a day: from 41% to 60% by 31 Dec 2026"."""
    span = f"from {said.before} to {said.target}" if said.before and said.target else ""
    span = span or (f"to {said.target}" if said.target else f"from {said.before}" if said.before else "")
    by = f"by {day(said.by)}" if said.by else ""
    rest = " ".join(filter(None, (span, by)))
    return first_up(f"{said.metric}{f': {rest}' if rest else ''}")


def happened(said: Outcome, today: date) -> str:
    """ "31 Dec 2026: 52%", or that it is due; "" where nothing is to be said yet."""
    if said.happened:
        return f"{day(said.happened_on)}: {said.happened}"
    return f"Due since {day(said.by)}; nobody has said what happened." if said.due(today) else ""


def event(done: Event) -> str:
    """ "22 Nov 2026 · nadia · evidence linked: for"."""
    return " · ".join(filter(None, (day(done.at.date()), done.who, done.what))) + (
        f": {done.detail}" if done.detail else ""
    )


def _some(number: int, one: str, many: str = "") -> str:
    """ "one person", "2 people"."""
    return words.spelled(1, one) if number == 1 else words.count(number, one, many)
