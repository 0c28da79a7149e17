"""Somebody by pseudonym, and what is said about them: values that come from the store and go to pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from research.contact import Consent, Planned, Rules, Standing, standing
from research.store.participants import Known


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """Somebody by pseudonym: what is known of them, where they were heard (`notes`, `passages`, by which teams, on
    which days first and last), and whether they may be contacted. `contacts` counts those of the last 365 days;
    `often` says whether these are as many as the rules allow in a year (four where they set no limit),
    `identified` whether their name is known to those with the right to see it."""

    pseudonym: str
    segment: str
    account: str
    role: str
    standing: Standing
    first: date | None
    last: date | None
    notes: int
    passages: int
    teams: tuple[str, ...]
    contacts: int
    planned: tuple[Planned, ...]
    consents: tuple[Consent, ...]
    identified: bool
    often: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that was planned or noted by hand; `reason` where a rest was overridden."""

    number: int
    day: date
    team: str
    purpose: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two participants who have the same name; `alike` says whether they have the same account too."""

    one: PersonSummary
    other: PersonSummary
    alike: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A line of the audit; `about` is a participant's pseudonym, a study's number ("S-0007"), or ""."""

    at: datetime
    who: str
    what: str
    about: str
    detail: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask what is still open, least heard first, and whom to leave in peace, most contacted first."""

    whom: tuple[PersonSummary, ...] = ()
    leave: tuple[PersonSummary, ...] = ()


def summary(one: Known, rules: Rules, day: date, today: date) -> PersonSummary:
    """What is known of somebody, as it is on a day."""
    # What was planned and has been by now is a contact like any other.
    facts = replace(one.facts, planned=tuple(plan for plan in one.facts.planned if plan.day > today))
    contacts = sum(day - timedelta(days=365) < one_day <= day for one_day in one.facts.contacts)
    return PersonSummary(
        pseudonym=one.pseudonym, segment=one.segment, account=one.account, role=one.role,
        standing=standing(facts, rules, day), first=one.first, last=one.last, notes=one.notes,
        passages=one.passages, teams=one.teams,
        contacts=contacts, often=rules.too_often(contacts, one.account, one.segment),
        planned=tuple(plan for plan in one.facts.planned if plan.day >= day), consents=tuple(one.facts.consents),
        identified=one.identified,
    )  # fmt: skip


def least_heard(people: Sequence[PersonSummary], segments: Sequence[str] = ()) -> list[PersonSummary]:
    """Those of some people who are free, of these segments if any are given, least heard first."""
    wanted = {segment.casefold() for segment in segments}
    free = [one for one in people if one.standing.state == "free" and (not wanted or one.segment.casefold() in wanted)]
    return sorted(free, key=lambda one: (one.contacts, one.notes, one.last or date.min, one.pseudonym))
