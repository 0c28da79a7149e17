"""The first half page of a brief and its last: the message in short, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from research.brief import Brief, Made
from research.briefs.text import shortened
from research.briefs.wording import (
    apart,
    chance,
    changes,
    count,
    day,
    days,
    evidence,
    listed,
    moved,
    nobody_of,
    spelled,
)
from research.insight import Insight

_FEW = 2  # names that a sentence holds
_CLAIM = 140  # characters of a claim in it


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of “In short”: what it is about in a word, the rest, and the part of the brief that says more."""

    lead: str
    text: str
    section: str


def in_short(brief: Brief) -> tuple[Line, ...]:
    """The message, in three to five sentences: who was heard, what was decided, what most spoke of, what changed, and
    what one team should tell another or nobody has asked."""
    window = brief.window
    if not brief.made.interviews:
        looked = f"between {day(window.since)} and {day(window.until)}"
        return (Line("Heard", f"nobody {looked}. Choose other days, or add the notes of these.", "made"),)
    unread = any(not one.read for one in brief.apart)
    told_first = brief.themes[0].theme.id if brief.themes else ""
    lines = (
        Line("Heard", held(brief), "made"),
        Line("Decided", decided(brief.learned), "learned"),
        Line("Most spoken of", most_spoken(brief), "themes"),
        Line("Changed", changes(brief, told=told_first), "surprises"),
        Line("Gaps", _gaps(brief), "apart" if unread else "unheard"),
    )
    return tuple(one for one in lines if one.text)


def held(brief: Brief) -> str:
    """ "27 interviews with 21 people from 14 accounts, by 4 teams (in the 90 days before: 31 interviews)."."""
    made = brief.made
    accounts = f" from {count(made.accounts, 'account')}" if made.accounts > 1 else ""
    teams = f", by {count(len(made.teams), 'team')}" if made.teams else ""
    people = count(made.people, "person", "people")
    return f"{count(made.interviews, 'interview')} with {people}{accounts}{teams} ({before(brief)})."


def before(brief: Brief) -> str:
    """ "in the 90 days before: 31 interviews"."""
    days_ = (brief.window.before_until - brief.window.before_since).days + 1
    return f"in the {count(days_, 'day')} before: {count(brief.made.interviews_before, 'interview')}"


def decided(learned: Sequence[Insight]) -> str:
    """What was learned, in a sentence: each claim, what it is now, and on what evidence; "" where nothing was."""
    claims = ((shortened(one.statement.rstrip("."), _CLAIM), one) for one in learned[:_FEW])
    told = [f"“{claim}” is {one.decided}, on {evidence(one.strength)}" for claim, one in claims]
    more = len(learned) - len(told)
    rest = f"; and {spelled(more, 'more insight was', 'more insights were')} decided" if more else ""
    return f"{'; '.join(told)}{rest}." if told else ""


def most_spoken(brief: Brief) -> str:
    """What most interviews spoke of, with its change, and what came next."""
    if not brief.themes:
        return "nothing alike: what people said was too little, or too different, to be put together."
    first, *others = (told.theme for told in brief.themes[:3])
    then = [f"“{one.label}” ({one.change.interviews} of {one.change.held})" for one in others]
    rest = f"; then {listed(then)}" if then else ""
    return f"“{first.label}” ({moved(first.change)}){rest}."


def how_made(brief: Brief) -> tuple[str, ...]:
    """How a brief was made: the days, the counts, the rules, and what was left out."""
    made, window = brief.made, brief.window
    compared = f"compared with {days(window.before_since, window.before_until)}"
    whose = f" Only what {listed(brief.team)} heard." if brief.team else ""
    looked = f"Looked at: {days(window.since, window.until)}, {compared}.{whose}"
    if not made.interviews:
        return (looked, f"Left out: {left_out(made)}.")
    held_by = f"{count(made.people, 'person', 'people')} from {count(made.accounts, 'account')}"
    return (
        looked,
        f"{count(made.notes, 'note')} with {count(made.passages, 'passage')} of {held_by}; "
        f"teams: {listed(made.teams) or 'none'}.",
        "An interview is one person in one note; a call, an answer to a survey and a ticket count as one too. Themes "
        "are compared by their share of the interviews, so that holding more of them is no trend.",
        f"{count(made.themes, 'theme')}: what several people said alike. {made.outside:.0%} of the passages belong to "
        "none.",
        "Rising and fading are said only where the 95% interval of the change (Newcombe’s, of two shares) leaves out "
        f"zero. {chance(made)}".strip(),
        "Strong evidence is six people or more of three accounts, heard by two teams; fair is three people of two "
        "accounts; who says otherwise is taken off.",
        "Words in quotation marks are the customers’ own; “…” stands where a quote was shortened. People go by "
        "pseudonyms.",
        f"Left out: {left_out(made)}.",
    )


def left_out(made: Made) -> str:
    """What no line of a brief rests on."""
    parts = []
    if made.undated:
        parts.append(f"{count(made.undated, 'passage')} without a date")
    if made.hidden:
        parts.append(f"{count(made.hidden, 'person', 'people')} whose consent has ended")
    return listed(parts) or "nothing that was heard in these days"


def _gaps(brief: Brief) -> str:
    told = []
    unread = [one for one in brief.apart if not one.read]
    if unread:
        told.append(f"{apart(unread[0])}.")
    nobody = [one for one in brief.unheard if not one.heard and one.known]
    if nobody:
        told.append(f"{nobody_of(nobody, _FEW)}.")
    return " ".join(told)
