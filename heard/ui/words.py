"""Numbers and dates as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from heard.ui.html import excerpt
from research.contact import Consent, Limits, Rules, Standing
from research.dates import coming, day
from research.intakes import Intake
from research.models import Coverage, Hit, Participant, StudySummary, Voices, Why
from research.person import PersonSummary
from research.phrases import count as count
from research.phrases import listed as listed
from research.phrases import read_by as read_by
from research.phrases import spelled as spelled
from research.retention import Kept
from research.tokens import Token


def answering(context: str) -> str:
    """ "asked: How do you export?" for a question, "about: Exports" for a heading or a remark, "" for nothing."""
    return f"{'asked' if '?' in context else 'about'}: {context}" if context else ""


def why(found: Why) -> list[str]:
    """Why a passage was found, a line for each part of its score: "words 62%: export, report"."""
    total = (found.by_words + found.by_meaning + found.nearby) or 1.0
    asked = f"in the question: {', '.join(found.context_words)}" if found.context_words else ""
    parts = (
        ("words", found.by_words, "; ".join(filter(None, (", ".join(found.words), asked)))),
        ("meaning", found.by_meaning, f"similarity {found.cosine:.2f}" if found.cosine is not None else ""),
        ("said nearby", found.nearby, ""),
    )
    voice = [f"said by whom you asked for: {found.voice}"] if found.voice else []
    return [
        f"{name} {share / total:.0%}{f': {told}' if told else ''}"
        for name, share, told in parts
        if share >= total / 200
    ] + voice


def span(first: date | None, last: date | None) -> str:
    """ "Jul – Sep 2026", "14 Oct 2026" when both are one day."""
    if not first or not last:
        return "undated"
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day(last)}"
    return f"{first:%b}{'' if first.year == last.year else f' {first.year}'} – {last:%b %Y}"


def ago(value: date, today: date) -> str:
    """How long since, as one would say it: "yesterday", "12 days ago", "5 months ago"."""
    days = (today - value).days
    if days <= 0:
        return "today" if days == 0 else f"on {day(value)}"
    if days == 1:
        return "yesterday"
    if days < 60:
        return f"{days} days ago"
    if days < 730:
        return f"{round(days / 30.4)} months ago"
    return f"{round(days / 365.25)} years ago"


def who_said(voices: Voices, today: date) -> str:
    """The sentence above the hits: who stands behind them and how recent that is."""
    latest = f" Latest {ago(voices.latest, today)}." if voices.latest else ""
    # One known account among many people says nothing about the others', so it is not said.
    accounts = f" from {count(voices.accounts, 'account')}" if voices.accounts > 1 else ""
    teams = "one team" if voices.teams == 1 else count(voices.teams, "team")
    if not voices.passages:
        return ""
    if not voices.people:
        return f"{count(voices.passages, 'passage')}, by speakers whom nobody named.{latest}"
    if voices.people == 1:
        return f"Only one person said this.{latest}"
    if voices.people == 2:
        return f"Only two people said this, to {spelled(voices.teams, 'team')}.{latest}"
    return f"{voices.people:,} people{accounts} told {teams}.{latest}{leaning(voices)}"


def evenly(voices: Voices, coverage: Coverage) -> str:
    """How evenly people speak, in words: what the bars below show."""
    parts = [f"They speak as evenly as {voices.effective:.1f} people would who all say as much"]
    if voices.people > 5:
        parts.append(f"the five who say most hold {voices.top_five:.0%} of the passages")
    if coverage.first_time is not None:
        parts.append(f"{coverage.first_time:.0%} of them were heard for the first time")
    unheard = [one.segment for one in coverage.segments if not one.heard]
    missing = f" Not heard: {', '.join(unheard[:4])}{' and others' if len(unheard) > 4 else ''}." if unheard else ""
    return f"{'; '.join(parts)}.{missing}"


def leaning(voices: Voices) -> str:
    """A warning where what many seem to say rests on few, "" where it does not."""
    if voices.leans_on_two:
        return " But two of them said most of it."
    return f" But most of it comes from {voices.leans_on_account}." if voices.leans_on_account else ""


def person(someone: Participant | PersonSummary) -> str:
    """ "P-0042, clinic manager, Northwind"."""
    return ", ".join(about(someone.pseudonym, someone))


def about(name: str, someone: Participant | PersonSummary | Hit) -> list[str]:
    """Somebody's name with what is known of them, nothing twice."""
    said = {one.casefold(): one for one in (someone.account, someone.segment, someone.role, name)}
    return [one for one in reversed(said.values()) if one]


def said(hit: Hit, length: int = 420) -> str:
    """A quote in its marks, in one line: whole sentences, of about so many characters."""
    begin, end = excerpt(hit.text, (), length)
    return f"“{' '.join(hit.text[begin:end].split())}{' …' if end < len(hit.text.rstrip()) else ''}”"


def source(hit: Hit) -> str:
    """What stands behind a quote, and who alone may read it: "— P-0042, clinic manager; Day nine, Growth / Onboarding
    Q3, 14 Oct 2026"."""
    who = ", ".join(about(hit.speaker, hit))
    said = f"— {who}; {hit.note_title}, {hit.team} / {hit.study}, {day(hit.date)}"
    return "; ".join(filter(None, (said, read_by(hit))))


def standing(now: Standing, today: date) -> str:
    """Whether somebody may be asked: "free to ask", "resting until 12 Jan", "opted out"."""
    if now.state == "free":
        return "free to ask"
    return f"{now.state} until {coming(now.until, today)}" if now.until else now.state


def standing_why(now: Standing, today: date) -> str:
    """The same with its reason: "resting until 12 Jan: contacted on 14 Oct 2026"."""
    said = standing(now, today)
    return f"{said}: {now.why}" if now.why and now.why != "marked so" else said


def whether(someone: PersonSummary, today: date) -> str:
    """Whether to ask somebody, and what speaks for or against it: "free to ask; heard by Growth, 14 Oct, 1 note"."""
    heard = heard_by(someone)
    parts = (standing_why(someone.standing, today), heard if heard == "never heard" else f"heard by {heard}")
    return "; ".join(filter(None, (*parts, contacted(someone))))


def barred(someone: PersonSummary) -> str:
    """ "P-0074 has opted out": said of who must not be contacted."""
    said = {"opted out": "has opted out", "do not contact": "must not be contacted"}
    return f"{someone.pseudonym} {said.get(someone.standing.state, 'has withdrawn consent')}"


def heard_by(someone: PersonSummary) -> str:
    """By whom and when somebody was heard: "Growth and Support, Jul – Sep 2026, 3 notes"."""
    if not someone.notes:
        return "never heard"
    return f"{listed(someone.teams)}, {span(someone.first, someone.last)}, {count(someone.notes, 'note')}"


def contacted(someone: PersonSummary) -> str:
    """ "contacted twice in a year"; "" where nobody was."""
    return f"contacted {often(someone.contacts)} in a year" if someone.contacts else ""


def consent(given: Consent) -> str:
    """ "research: from 1 Jan 2026 until 30 Nov 2026"."""
    if given.withdrawn:
        return f"{given.scope}: given {day(given.given)}, withdrawn {day(given.withdrawn)}"
    until = f" until {day(given.expires)}" if given.expires else ", no end"
    return f"{given.scope}: from {day(given.given)}{until}"


def rules(held: Rules) -> list[str]:
    """The contact rules as sentences."""
    lines = [f"Everybody {_limits(held.limits)}."]
    for own, what in ((held.accounts, "People of"), (held.segments, "Whoever is")):
        changed = ((name, _own_limits(limits)) for name, limits in own.items())
        lines += [f"{what} {name}: {limits} instead." for name, limits in changed if limits]
    if held.accounts and held.segments:
        lines.append("Where an account and a segment both have a limit of their own, the account’s holds.")
    if held.consent_required:
        lines.append("Who rests, never gave consent, or gave one that has expired is contacted only with a reason.")
    else:
        lines.append("Who never gave consent may be contacted all the same.")
        lines.append("Who rests, or gave a consent that has expired, is contacted only with a reason.")
    lines.append("Who opted out, withdrew consent or is marked “do not contact” is not contacted, for no reason.")
    return lines


def _limits(limits: Limits) -> str:
    rest = f"rests {count(limits.rest_days, 'day')} after a contact" if limits.rest_days else "needs no rest"
    year = f"is contacted at most {often(limits.contacts_a_year)} in any year" if limits.contacts_a_year else ""
    quarter = (
        f"shares {count(limits.account_contacts_a_quarter, 'contact')} in any 91 days with the rest of their account"
        if limits.account_contacts_a_quarter
        else ""
    )
    return listed(list(filter(None, (rest, year, quarter))))


def _own_limits(limits: Mapping[str, int]) -> str:
    said = {
        "rest_days": lambda n: f"{count(n, 'day')} of rest",
        "contacts_a_year": lambda n: f"at most {often(n)} in any year",
        "account_contacts_a_quarter": lambda n: f"at most {count(n, 'contact')} of the account in any 91 days",
    }
    return listed([said[name](value) for name, value in limits.items()])


def kept(study: StudySummary) -> str:
    """ "notes kept for 365 days, nobody was contacted for it"; people were, where nothing is said."""
    held = f"notes kept for {count(study.keep_days, 'day')}" if study.keep_days else "notes kept always"
    return held if study.asked else f"{held}, nobody was contacted for it"


def due(one: Kept, today: date) -> str:
    """ "3 notes are overdue, 2 more from 12 Jan on, 1 note without a date is kept"; "" where none ever is."""
    if one.study.keep_days is None:
        return ""
    late = f"{count(one.overdue, 'note')} {'is' if one.overdue == 1 else 'are'} overdue" if one.overdue else ""
    day, next_ = one.coming[0] if one.coming else (None, 0)
    then = f"{next_:,} more" if one.overdue else f"{count(next_, 'note')} {'is' if next_ == 1 else 'are'} due"
    undated = f"{count(one.undated, 'note')} without a date {'is' if one.undated == 1 else 'are'} never due"
    soon = f"{then} from {coming(day, today)} on" if day else ""
    return ", ".join(filter(None, (late, soon, undated if one.undated else ""))) or "no notes"


def token(one: Token, today: date) -> str:
    """ "good until 21 Feb 2027; last used 3 Nov 2026"."""
    over = one.expires is not None and one.expires < today
    good = f"{'ended' if over else 'good until'} {day(one.expires)}" if one.expires else "good until it is taken away"
    return f"{good}; {f'last used {day(one.used)}' if one.used else 'never used'}"


def run(intake: Intake) -> str:
    """ "23 Nov 2026, 09:30, Rae: 3 notes of Growth / Onboarding Q3; one of them changed since"."""
    studies = [f"{team} / {study}" for team, study in intake.studies]
    of = listed(studies if len(studies) < 4 else [*studies[:2], f"{len(studies) - 2} other studies"])
    when = f"{day(intake.at.date())}, {intake.at:%H:%M}"
    return f"{when}, {intake.who}: {count(intake.notes, 'note')} of {of}"


def hidden(turns: int) -> str:
    """What is left out of a note: "3 turns are not shown because their speakers' consent has ended."."""
    if turns == 1:
        return "One turn is not shown because its speaker’s consent has ended."
    return f"{turns:,} turns are not shown because their speakers’ consent has ended."


def often(number: int) -> str:
    """ "once", "twice", "4 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def clock(seconds: float | None) -> str:
    """ "12:05", "1:02:05"; "" where the source has no times."""
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def size(number: int) -> str:
    """ "3.4 MB"."""
    amount = float(number)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def lasting(seconds: float) -> str:
    """ "a few seconds", "40 seconds", "3 minutes"."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} seconds"
    return f"{round(seconds / 60)} minutes"
