"""The sentences of a brief, as a planner reads them. No sentence says more than the numbers behind it allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from research.brief import Apart, Asked, Brief, Made
from research.briefs.text import sentences, shortened
from research.change import Change
from research.dates import day as day
from research.insight import Insight, Strength
from research.models import Hit, SegmentHeard, Voices
from research.phrases import count as count
from research.phrases import first_up as first_up
from research.phrases import listed as listed
from research.phrases import number as number
from research.phrases import read_by as read_by
from research.phrases import spelled as spelled
from research.themes.heard import Theme

_FEW = 2  # names that a sentence of “In short” holds
_QUESTION = 140  # characters of what was asked
_HALF = 0.5  # share of the people that a segment's part of the customers would bring, below which it is said


# -- numbers, dates, names ---------------------------------------------------------------------------------------------


def days(since: date, until: date) -> str:
    """ "25 Aug – 22 Nov 2026"."""
    first = day(since) if since.year != until.year else f"{since.day} {since:%b}"
    return f"{first} – {day(until)}"


def few(names: Sequence[str], most: int, more: str = "others") -> str:
    """ "Billing, Growth and 3 others"."""
    left = len(names) - most
    return listed([*names[:most], f"{left} {more}"]) if left > 1 else listed(names)


def sentence(text: str) -> str:
    """What somebody wrote, ended like a sentence."""
    return text if text.endswith((".", "!", "?", "…", ".”")) else f"{text}."


# -- who ---------------------------------------------------------------------------------------------------------------


def speaker(hit: Hit) -> str:
    """ "P-0042, clinic manager, Northwind", nothing twice."""
    said = {one.casefold(): one for one in (hit.account, hit.segment, hit.role, hit.speaker or "somebody not named")}
    return ", ".join(one for one in reversed(said.values()) if one)


def place(hit: Hit) -> str:
    """Where something was said, in short: "Growth / Onboarding Q3, 14 Oct 2026"."""
    return f"{' / '.join(filter(None, (hit.team, hit.study)))}, {day(hit.date)}"


def whose(hit: Hit) -> str:
    """The same, with who alone may read it: "Growth / Onboarding Q3, 14 Oct 2026; only Growth reads this"."""
    return "; ".join(filter(None, (place(hit), read_by(hit))))


def asked(hit: Hit) -> str:
    """ "Asked: You get four? Who reads them?", the last questions before somebody spoke; "" if they were asked none."""
    told = ""
    for question in reversed(sentences(hit.context)):
        if question.endswith("?"):
            if told and len(question) + len(told) >= _QUESTION:
                break
            told = f"{shortened(question, _QUESTION)} {told}".strip()
    return f"Asked: {told}" if told else ""


def people(voices: Voices, of: str = "") -> str:
    """ "9 people from 7 accounts told 3 teams"; `of` says more of the people."""
    return f"{_people(voices)}{of} told {count(voices.teams, 'team')}"


def _people(voices: Voices) -> str:
    accounts = f" from {count(voices.accounts, 'account')}" if voices.accounts > 1 else ""
    return f"{count(voices.people, 'person', 'people')}{accounts}"


def who(theme: Theme) -> str:
    """Who spoke of a theme, in a line: people, accounts, teams, segments, and whether it leans on few of them."""
    if not theme.people:
        return f"Nobody spoke of it in this window; last heard {day(theme.last)}."
    segments = f" ({few(theme.segments, 3, 'other segments')})" if theme.segments else ""
    return f"{_told(theme, segments)}. Last heard {day(theme.last)}.{leaning(theme.voices)}"


def behind(theme: Theme) -> str:
    """Who spoke of a theme, shorter."""
    return f"{_told(theme)}.{leaning(theme.voices)}" if theme.people else ""


def _told(theme: Theme, segments: str = "") -> str:
    if len(theme.teams) == 1:
        return f"{_people(theme.voices)}{segments} told {theme.teams[0]} alone"
    teams = f": {few(theme.teams, 3, 'more')}" if theme.teams else ""
    return f"{people(theme.voices, segments)}{teams}"


def leaning(voices: Voices) -> str:
    """A warning where what many seem to say rests on few, "" where it does not."""
    if voices.leans_on_two:
        return " Two of them said most of it."
    return f" Most of it comes from {voices.leans_on_account}." if voices.leans_on_account else ""


def apart(one: Apart) -> str:
    """ "“Approvals” was heard by Growth and Billing, and neither read a note of the other"."""
    teams = one.theme.teams
    if one.read:
        read = "at least one of them read notes of another"
    else:
        read = "neither read a note of the other" if len(teams) == 2 else "none read a note of another"
    return f"“{one.theme.label}” was heard by {few(teams, 4, 'more')}, and {read}"


# -- change ------------------------------------------------------------------------------------------------------------


def moved(found: Change) -> str:
    """ "9 of 27 interviews, before 3 of 31: rising"."""
    now = f"{found.interviews or 'none'} of {count(found.held, 'interview')}"
    before = f"before {found.interviews_before or 'none'} of {found.held_before:,}"
    if found.direction == "new":
        return f"{now}; never heard before"
    if not found.held_before:
        return f"{now}; none were held in the window before"
    said = {"rising": "rising", "fading": "fading", "quiet": "not heard in this window"}
    return f"{now}, {before}: {said.get(found.direction, 'no clear change')}"


def points(found: Change) -> str:
    """By how much a share moved, as an interval: "up by 5 to 43 percentage points"; "" where no change is claimed."""
    low, high = round(100 * found.low), round(100 * found.high)
    if found.direction == "rising":
        return f"up by {low} to {high} percentage points"
    return f"down by {-high} to {-low} percentage points" if found.direction == "fading" else ""


def change(found: Change) -> str:
    """How a theme moved, with the interval where it did: what its heading is followed by."""
    by = points(found)
    return f"{first_up(moved(found))}{f' ({by})' if by else ''}"


def came(found: Change) -> str:
    """What changed, where it is said already how: "from 4 of 31 interviews to 12 of 27 (up by 8 to 51 percentage
    points)", "5 of 27 interviews"."""
    if found.direction not in ("rising", "fading"):
        return f"{found.interviews} of {count(found.held, 'interview')}"
    before = f"{found.interviews_before} of {count(found.held_before, 'interview')}"
    return f"from {before} to {found.interviews} of {found.held:,} ({points(found)})"


def changes(brief: Brief, *, told: str = "") -> str:
    """What changed, in a sentence or two; not again the theme whose id was `told`."""
    if not brief.made.interviews_before:
        return "No interviews were held in the window before, so nothing can be said of change."
    by: dict[str, list[str]] = {}
    for one in brief.surprises:
        if one.theme:
            by.setdefault(one.what, []).extend([f"“{one.theme.label}”"] * (one.theme.id != told))
    parts = [
        f"{few(by[what], _FEW)} {'are' if len(by[what]) > 1 else 'is'} {what}"
        for what in ("rising", "new", "fading")
        if by.get(what)
    ]
    said = f"{'; '.join(parts)}." if parts else ""
    rose = {"rising", "fading"} & by.keys()
    if rose and not said:
        said = "No other theme rose or fell by more than chance allows."
    return f"{said} {chance(brief.made) if rose else 'No theme rose or fell by more than chance allows.'}".strip()


def chance(made: Made) -> str:
    """How many themes would look as if they had changed where nothing did; "" where it is next to none."""
    many = round(made.chance)
    rises = "rise or fall that far by chance alone"
    return f"Of {made.compared} themes compared, about {number(many)} would {rises}." if many else ""


# -- segments ----------------------------------------------------------------------------------------------------------


def known(segments: Sequence[SegmentHeard], most: int) -> str:
    """ "front desk (14 known) and payer (9 known)"."""
    return few([f"{one.segment} ({one.known:,} known)" for one in segments], most, "other segments")


def nobody_of(segments: Sequence[SegmentHeard], most: int) -> str:
    """ "Nobody was heard from the segment payer (18 known)"."""
    return f"Nobody was heard from the segment{'s' if len(segments) > 1 else ''} {known(segments, most)}"


def base_is_known(segments: Sequence[SegmentHeard]) -> bool:
    """Whether more customers are known than were heard, so that it can be said who was not."""
    return any(one.known > one.heard for one in segments)


def heard_too_little(segments: Sequence[SegmentHeard]) -> list[SegmentHeard]:
    """Segments that were heard, but of which more than twice as many would be heard if all were heard alike."""
    heard, base = sum(one.heard for one in segments), sum(one.known for one in segments)
    return [one for one in segments if one.heard and one.heard < _HALF * heard * one.known / base]


def not_heard(segments: Sequence[SegmentHeard]) -> str:
    """Who was not heard, of those who are known, in a sentence or two."""
    if not segments:
        return "No customer has a segment, so nobody can say who was not heard. A roster brings them (`heard people`)."
    if not base_is_known(segments):
        return (
            "Everybody who is known here was heard, which only says that nobody else is known. "
            "A roster of the customers would show who is missing."
        )
    nobody = [one for one in segments if not one.heard]
    little = heard_too_little(segments)
    told = [f"{nobody_of(nobody, 4)}."] if nobody else ["Somebody was heard from every segment."]
    if little:
        several = few([f"{one.segment} ({one.heard} of {one.known:,} known)" for one in little], 4, "other segments")
        told.append(f"Heard less than half as often as their share of the customers: {several}.")
    return " ".join(told)


# -- insights and questions --------------------------------------------------------------------------------------------


def evidence(found: Strength) -> str:
    """ "strong evidence", "one voice"."""
    return {"none": "no evidence", "one voice": "one voice"}.get(found.word, f"{found.word} evidence")


def verdict(one: Insight) -> str:
    """ "Supported on 3 Nov 2026 by Growth, on strong evidence: 8 people from 5 accounts told 3 teams."."""
    mine, others = sides(one)
    but = f"; {otherwise(others)}" if others.people else ""
    behind = f": {people(mine)}{but}" if mine.people > 1 or (mine.people and but) else ""
    return f"{decision(one).removesuffix('.')}, on {evidence(one.strength)}{behind}."


def sides(one: Insight) -> tuple[Voices, Voices]:
    """Who speaks for the decision on an insight, and who against it."""
    strength = one.strength
    pro, contra = strength.in_favour, strength.opposed
    return (contra, pro) if one.decided == "refuted" else (pro, contra)


def otherwise(others: Voices) -> str:
    """ "2 people say otherwise"."""
    return f"{count(others.people, 'person says', 'people say')} otherwise"


def decision(one: Insight) -> str:
    """ "Supported on 3 Nov 2026 by Growth."."""
    whose = f" by {one.team or one.decided_by}" if one.team or one.decided_by else ""
    return f"{first_up(one.decided)} on {day(one.decided_on)}{whose}."


def withdrawn(number: int) -> str:
    """What is said of evidence that is no more; no word of it is kept."""
    if not number:
        return ""
    return f"{first_up(spelled(number, 'more passage is', 'more passages are'))} gone: deleted, or consent has ended."


def reversed_(one: Insight) -> str:
    """Why a decided insight surprises: by how many it is spoken against."""
    pro, contra = one.strength.in_favour.people, one.strength.opposed.people
    against = f"{count(contra, 'person speaks', 'people speak')} against it"
    return f"{first_up(one.decided)} on {day(one.decided_on)}, but {against} and {pro} for it"


def stale(one: Insight) -> str:
    """Why an insight should not be relied on any more."""
    was = "A hypothesis" if one.decided == "hypothesis" else f"{first_up(one.decided)} on {day(one.decided_on)}"
    return f"{was}; {'; '.join(one.standing.reasons) or 'to be looked at again'}."


def answer(one: Asked) -> str:
    """What is known of an open question today."""
    found = one.verdict
    kept = f"Asked by {one.question.team or one.question.by or 'somebody'} on {day(one.question.at.date())}."
    if found.verdict == "open":
        near = " Nothing comes near." if not found.nearest else " Still open; what comes nearest:"
        return f"{kept}{near}"
    lead = "Answered by now" if found.verdict == "answered" else "Partly answered by now"
    teams = f" who told {count(found.teams, 'team')}" if found.teams else ""
    return f"{kept} {lead}, by {count(found.people, 'person', 'people')}{teams}:"
