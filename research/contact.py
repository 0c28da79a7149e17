"""Whom one may ask: limits on how often people are contacted, and what they mean for one person today. Pure functions.

Every limit is rolling, counted back from the day in question: nobody is asked again because a quarter has begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any, Literal

from research import plain_yaml
from research.dates import day as said
from research.errors import BadInput

Mark = Literal["", "do not contact", "opted out"]
State = Literal["free", "resting", "no consent", "do not contact", "opted out"]
MARKS: tuple[Mark, ...] = ("", "do not contact", "opted out")
STATES: tuple[State, ...] = ("free", "resting", "no consent", "do not contact", "opted out")

_YEAR, _QUARTER = 365, 91  # days
_OFTEN = 4  # contacts in a year from which somebody is asked too often, where the rules set no limit


@dataclass(frozen=True, slots=True)
class Limits:
    """How often somebody may be contacted: days of rest after a contact, contacts of one person in any 365 days, and
    contacts of all people of one account in any 91 days (None for no limit)."""

    rest_days: int = 90
    contacts_a_year: int | None = None
    account_contacts_a_quarter: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits for everybody and those of some accounts and segments, which take their place.

    With `consent_required`, who never gave consent may not be contacted either.
    """

    limits: Limits = Limits()
    accounts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    segments: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    consent_required: bool = False

    def limits_of(self, account: str, segment: str) -> Limits:
        """What holds for somebody: the account's own limits before the segment's before everybody's."""
        own = {**_named(self.segments, segment), **_named(self.accounts, account)}
        return replace(self.limits, **own)

    def too_often(self, contacts: int, account: str, segment: str) -> bool:
        """Whether so many contacts in a year are as many as the rules allow (four where they set no limit)."""
        return contacts >= (self.limits_of(account, segment).contacts_a_year or _OFTEN)


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to, from a day on, until one that counts in full (None for no end)."""

    scope: str
    given: date
    expires: date | None = None
    withdrawn: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.given <= day and not self.ended(day)

    def ended(self, day: date) -> bool:
        """Whether it has expired or was withdrawn."""
        return (self.expires is not None and self.expires < day) or (
            self.withdrawn is not None and self.withdrawn <= day
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A day on which a team means to contact somebody."""

    day: date
    team: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at: the days on which somebody and their account were contacted, what is planned, what
    they agreed to, and what a person has marked them as."""

    mark: Mark = ""
    segment: str = ""
    account: str = ""
    contacts: Sequence[date] = ()
    account_contacts: Sequence[date] = ()
    planned: Sequence[Planned] = ()
    consents: Sequence[Consent] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody may be contacted on a day, until when not (None: no end is known), and why, as a phrase."""

    state: State
    until: date | None = None
    why: str = ""

    @property
    def final(self) -> bool:
        """Whether no reason overrides it: somebody said so, and did not merely rest."""
        return self.state in MARKS or (self.state == "no consent" and "withdrawn" in self.why)


def standing(facts: Facts, rules: Rules, day: date) -> Standing:
    """Whether somebody may be contacted on a day. What people have said themselves comes before any count."""
    if facts.mark:
        return Standing(facts.mark, None, "asked not to be contacted" if facts.mark == "opted out" else "marked so")
    if not any(consent.holds(day) for consent in facts.consents):
        if facts.consents and all(consent.ended(day) for consent in facts.consents):
            withdrawn = any(consent.withdrawn for consent in facts.consents)
            return Standing("no consent", None, "consent was withdrawn" if withdrawn else "consent has expired")
        if rules.consent_required:
            return Standing("no consent", None, "nobody has asked for consent")
    limits = rules.limits_of(facts.account, facts.segment)
    resting = [found for found in _rests(facts, limits, day) if found.until and found.until > day]
    return max(resting, key=lambda found: found.until or day, default=Standing("free"))


def _rests(facts: Facts, limits: Limits, day: date) -> list[Standing]:
    """Every limit that may keep somebody at rest, with its last day; some lie in the past."""
    found = [
        _resting(plan.day, limits.rest_days, f"{plan.team or 'somebody'} planned {said(plan.day)}")
        for plan in facts.planned
        if abs((plan.day - day).days) < limits.rest_days
    ]
    past = sorted(one for one in facts.contacts if one <= day)
    if past:
        found.append(_resting(past[-1], limits.rest_days, f"contacted on {said(past[-1])}"))
    of_year, most = _within(past, day, _YEAR), limits.contacts_a_year
    if most is not None and most <= len(of_year):
        found.append(_resting(of_year[-most], _YEAR, f"contacted {len(of_year)} times in a year"))
    of_account, most = _within(sorted(facts.account_contacts), day, _QUARTER), limits.account_contacts_a_quarter
    if most is not None and most <= len(of_account):
        why = f"{facts.account} was contacted {len(of_account)} times in {_QUARTER} days"
        found.append(_resting(of_account[-most], _QUARTER, why))
    return found


def _resting(since: date, days: int, why: str) -> Standing:
    return Standing("resting", since + timedelta(days=days), why)


def _within(days: Sequence[date], until: date, length: int) -> list[date]:
    """Those in the `length` days that end with `until`."""
    return [one for one in days if until - timedelta(days=length) < one <= until]


def _named(own: Mapping[str, Mapping[str, int]], name: str) -> Mapping[str, int]:
    return next((limits for one, limits in own.items() if name and one.casefold() == name.casefold()), {})


# -- the file ----------------------------------------------------------------------------------------------------------

_LIMITS = tuple(one.name for one in fields(Limits))


def parse_rules(source: str) -> Rules:
    """Rules from YAML. Raises BadInput with the line's name where something in it is not understood."""
    try:
        told = plain_yaml.load(source) or {}
    except plain_yaml.NotPlain as error:
        raise BadInput(
            f"The contact rules are not valid YAML{error.where}: {error.problem}. Compare them with docs/people.md."
        ) from error
    if not isinstance(told, dict):
        raise BadInput("The contact rules have to be lines such as “rest_days: 90”. Compare them with docs/people.md.")
    unknown = set(told) - {*_LIMITS, "accounts", "segments", "consent_required"}
    if unknown:
        raise BadInput(f"The contact rules say “{min(map(str, unknown))}”, which is none. Known are: {_known()}.")
    required = told.get("consent_required", False)
    if not isinstance(required, bool):
        raise BadInput("In the contact rules consent_required is true or false.")
    own = {name: _own(told.get(name) or {}, name) for name in ("accounts", "segments")}
    return Rules(replace(Limits(), **_limits(told, "")), own["accounts"], own["segments"], required)


def _own(told: Any, what: str) -> dict[str, dict[str, int]]:
    if not isinstance(told, dict) or not all(isinstance(limits, dict) for limits in told.values()):
        raise BadInput(
            f"In the contact rules {what} has a line for each name, such as “Northwind: {{rest_days: 180}}”."
        )
    for name, limits in told.items():
        if unknown := set(limits) - set(_LIMITS):
            raise BadInput(f"The contact rules of {name} say “{min(map(str, unknown))}”, which is none of {_known()}.")
    return {str(name): _limits(limits, f" of {name}") for name, limits in told.items()}


def _limits(told: Mapping[str, Any], whose: str) -> dict[str, int]:
    found = {name: told[name] for name in _LIMITS if told.get(name) is not None}
    for name, value in found.items():
        least = 0 if name == "rest_days" else 1
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 100_000:
            raise BadInput(f"The contact rules{whose} need a whole number from {least} on for {name}, not “{value}”.")
    return found


def _known() -> str:
    return ", ".join(_LIMITS)
