"""Participants: whom the repository holds, whom one may ask, who they are, and what was done with that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from research.check import Check
from research.contact import MARKS, Consent, Mark, Planned, Rules, Standing, State, parse_rules, standing
from research.errors import BadInput, Refused
from research.identity import Identity, Sealer
from research.store import erasure, named_values
from research.store import participants as store
from research.store.database import writing

DEFAULT_RULES = """# How often people are contacted. Every limit is rolling; leave a line out for no limit.
rest_days: 90                        # days of rest after a contact
# contacts_a_year: 4                 # contacts of one person in any 365 days
# account_contacts_a_quarter: 6      # contacts of all people of one account in any 91 days
# consent_required: true             # who never gave consent is not contacted
# accounts:
#   Northwind: {rest_days: 180}
# segments:
#   clinic manager: {contacts_a_year: 2}
"""
_SCOPE = "research"  # what a consent is for, where nobody says


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
    """A line of the audit."""

    at: datetime
    who: str
    what: str
    participant: str
    detail: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased of somebody, without saying whose or what: notes of theirs alone, notes that others spoke in too,
    passages, and places where somebody had said or written their name."""

    pseudonym: str
    at: datetime
    notes_deleted: int
    notes_cut: int
    passages: int
    names_replaced: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask what is still open, least heard first, and whom to leave in peace, most contacted first."""

    whom: tuple[PersonSummary, ...] = ()
    leave: tuple[PersonSummary, ...] = ()


class People:
    """The participants of a repository (`repo.people`). `who` is the person at work, whom the audit names."""

    def __init__(self, engine: Engine, sealer: Callable[[], Sealer], now: Callable[[], datetime], who: str) -> None:
        self._engine, self._sealer, self._now, self._who = engine, sealer, now, who

    # -- looking ---------------------------------------------------------------------------------------------------

    def all(
        self, *, segment: str = "", account: str = "", team: str = "", state: State | str = "", day: date | None = None
    ) -> list[PersonSummary]:
        """Everybody whom the filters leave, in the order they came; `state` as it is on a day (today)."""
        with self._engine.connect() as connection:
            people = self._summaries(connection, day)
        wanted = {"segment": segment, "account": account}
        return [
            one
            for one in people
            if all(not value or getattr(one, name).casefold() == value.casefold() for name, value in wanted.items())
            and (not team or team.casefold() in (name.casefold() for name in one.teams))
            and (not state or one.standing.state == state)
        ]

    def one(self, pseudonym: str, day: date | None = None) -> PersonSummary:
        """A participant. Raises NotFound."""
        with self._engine.connect() as connection:
            (found,) = self._summaries(connection, day, [store.id_of(connection, pseudonym)])
        return found

    def some(self, pseudonyms: Sequence[str]) -> dict[str, PersonSummary]:
        """Participants by pseudonym; those that are not there are left out."""
        with self._engine.connect() as connection:
            ids = store.ids_of(connection, pseudonyms)
            return {one.pseudonym: one for one in self._summaries(connection, None, ids)} if ids else {}

    def least_heard(
        self, *, segments: Sequence[str] = (), limit: int = 10, day: date | None = None
    ) -> list[PersonSummary]:
        """Whom to ask next: those who are free on a day, of these segments if any are given, least heard first."""
        return _least_heard(self.all(day=day), segments)[:limit]

    def for_check(self, check: Check, *, limit: int = 5) -> Asking:
        """Whom to ask the lines that a check leaves open: who is free and of the segments that most of them lack, or
        where nobody of these is free, of any; and whom not, because they rest or may not be contacted."""
        if not check.to_ask:
            return Asking()
        missing = Counter(segment for one in check.to_ask for segment in one.missing_segments)
        lacking = [segment for segment, lines in missing.items() if lines == max(missing.values())]
        everybody = self.all()
        whom = _least_heard(everybody, lacking) or _least_heard(everybody)
        others = [one for one in everybody if one.standing.state != "free"]
        leave = sorted(others, key=lambda one: (-one.contacts, -one.notes, one.pseudonym))
        return Asking(tuple(whom[:limit]), tuple(leave[:limit]))

    # -- who they are ----------------------------------------------------------------------------------------------

    def identity(self, pseudonym: str) -> Identity:
        """Who somebody is. That it was looked at is written down. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, pseudonym)
            found = store.sealed(connection, [id_]).get(id_)
            self._write_down(connection, "identity seen", pseudonym)
        return self._sealer().open(found) if found else Identity()

    def names(self) -> list[tuple[str, str, str]]:
        """Pseudonym, name and account of everybody whose name is kept, for an ingest to replace it; shown to nobody,
        stored and logged nowhere, and so not written down as looked at."""
        sealer = self._sealer()
        with self._engine.connect() as connection:
            sealed = store.sealed_people(connection)
        opened = ((who, sealer.open(token).name, account) for who, account, token in sealed)
        return [(who, name, account) for who, name, account in opened if name]

    def identify(self, pseudonym: str, identity: Identity) -> None:
        """Keep who somebody is. Raises BadInput when an e-mail address or CRM id is somebody else's."""
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, pseudonym)
            others = [other for other in store.by_hash(connection, self._sealer().hashes(identity)) if other != id_]
            if others:
                (theirs,) = self._summaries(connection, None, others[:1])
                raise BadInput(
                    f"This e-mail address or CRM id is {theirs.pseudonym}'s: say that they are the same person."
                )
            self._identify(connection, id_, identity)
            self._write_down(connection, "identity changed", pseudonym)

    def suggestions(self) -> list[Suggestion]:
        """Participants who may be one person, because they have the same name and no different account."""
        with self._engine.connect() as connection:
            pairs = store.namesakes(connection)
            ids = sorted({id_ for one, other, _ in pairs for id_ in (one, other)})
            known = dict(zip(ids, self._summaries(connection, None, ids), strict=True))
        return [Suggestion(known[one], known[other], alike) for one, other, alike in pairs]

    def merge(self, pseudonym: str, other: str) -> None:
        """Say that two participants are one person, who keeps the first pseudonym. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            kept, gone = store.id_of(connection, pseudonym), store.id_of(connection, other)
            if kept == gone:
                raise BadInput(f"{pseudonym} and {other} are one already.")
            self.merge_in(connection, kept, gone)

    def not_same(self, pseudonym: str, other: str) -> None:
        """Say that two participants are not one person, so that nobody is asked about it again."""
        with writing(self._engine).begin() as connection:
            store.say_different(connection, store.id_of(connection, pseudonym), store.id_of(connection, other))

    # -- contact ---------------------------------------------------------------------------------------------------

    @property
    def rules(self) -> Rules:
        """How often people may be contacted."""
        return parse_rules(self.rules_source)

    @property
    def rules_source(self) -> str:
        """The rules as they are written."""
        with self._engine.connect() as connection:
            return named_values.setting(connection, "contact_rules") or DEFAULT_RULES

    def set_rules(self, source: str) -> None:
        """Use other rules from now on. Raises BadInput."""
        parse_rules(source)
        with writing(self._engine).begin() as connection:
            named_values.set_setting(connection, "contact_rules", source)
            self._write_down(connection, "contact rules changed")

    def mark(self, pseudonym: str, mark: Mark) -> None:
        """Say that somebody must not be contacted, has opted out, or ("") that neither holds any more."""
        if mark not in MARKS:
            raise BadInput(
                f"“{mark}” is nothing that a participant can be marked as: {', '.join(filter(None, MARKS))}."
            )
        with writing(self._engine).begin() as connection:
            store.put_mark(connection, store.id_of(connection, pseudonym), mark)
            self._write_down(connection, "marked", pseudonym, mark or "no mark")

    def plan(self, pseudonym: str, day: date, *, team: str = "", purpose: str = "", reason: str = "") -> int:
        """Reserve a day on which to contact somebody, so that no other team does so too; returns its number.

        Who rests or has no consent can be contacted with a `reason`, which is written down with who gave it; who has
        opted out, withdrawn consent or is marked not to be contacted can't. Raises Refused.
        """
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, pseudonym)
            now = self._summaries(connection, day, [id_])[0].standing
            if now.final:
                raise Refused(f"{pseudonym} can't be contacted: {now.state} ({now.why}). No reason overrides that.")
            if now.state != "free" and not reason.strip():
                until = f" until {now.until}" if now.until else ""
                raise Refused(f"{pseudonym} is {now.state}{until} ({now.why}). Ask somebody else, or give a reason.")
            number = store.put_contact(connection, id_, day, team, purpose, self._who, reason.strip())
            what = "rest overridden" if now.state != "free" else "contact planned"
            self._write_down(connection, what, pseudonym, f"{day}{f': {reason.strip()}' if reason.strip() else ''}")
        return number

    def unplan(self, number: int) -> None:
        """Take a planned contact back. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            id_ = store.drop_contact(connection, number)
            (whose,) = self._summaries(connection, None, [id_])
            self._write_down(connection, "contact taken back", whose.pseudonym)

    def contacts(self, pseudonym: str) -> list[Contact]:
        """What was planned with somebody or noted by hand, newest first."""
        with self._engine.connect() as connection:
            rows = store.contacts(connection, store.id_of(connection, pseudonym))
        return [Contact(row.id, row.day, row.team, row.purpose, row.by, row.reason) for row in rows]

    # -- consent ---------------------------------------------------------------------------------------------------

    def consent(self, pseudonym: str, *, given: date, expires: date | None = None, scope: str = _SCOPE) -> None:
        """Write down what somebody agreed to; what they said is hidden from the day on which no consent holds."""
        if expires is not None and expires < given:
            raise BadInput(f"A consent given on {given} can't have expired on {expires}. Check the two dates.")
        with writing(self._engine).begin() as connection:
            store.put_consent(connection, store.id_of(connection, pseudonym), Consent(scope, given, expires))
            self._write_down(connection, "consent given", pseudonym, scope)

    def withdraw(self, pseudonym: str, *, scope: str = "") -> None:
        """End somebody's consent today, of one scope or ("") of all."""
        with writing(self._engine).begin() as connection:
            id_, today = store.id_of(connection, pseudonym), self._today()
            if not store.withdraw(connection, id_, scope, today) and not scope:
                store.put_consent(connection, id_, Consent(_SCOPE, today, withdrawn=today))
            self._write_down(connection, "consent withdrawn", pseudonym, scope)

    def expiring(self, days: int = 30) -> list[tuple[PersonSummary, date]]:
        """Whose words will be hidden within some days because their last consent ends, with the day, soonest first."""
        ends = self._today() + timedelta(days=days)
        with self._engine.connect() as connection:
            soon = store.hidden_between(connection, self._today(), ends)
            people = self._summaries(connection, None, [id_ for id_, _ in soon]) if soon else []
        by_id = dict(zip(sorted(id_ for id_, _ in soon), people, strict=True))
        return [(by_id[id_], day) for id_, day in soon]

    # -- erasure ---------------------------------------------------------------------------------------------------

    def erase(self, pseudonym: str) -> Receipt:
        """Take somebody out of SQL; `Repository.forget` does so everywhere. Raises NotFound."""
        with writing(self._engine).begin() as connection:
            id_ = store.id_of(connection, pseudonym)
            (whose,) = self._summaries(connection, None, [id_])
            sealed = store.sealed(connection, [id_]).get(id_)
            names = [self._sealer().open(sealed).name] if sealed else []
            done = erasure.erase(connection, id_, names, whose.pseudonym)
            receipt = Receipt(
                whose.pseudonym, self._now(), done.notes_deleted, done.notes_cut, done.passages, done.names_replaced
            )
            self._write_down(connection, "forgotten", whose.pseudonym, _told(receipt))
        return receipt

    def erase_notes(self, note_ids: Sequence[str]) -> int:
        """Take notes out of SQL because they are kept no longer; `Repository.erase_overdue` does so everywhere."""
        with writing(self._engine).begin() as connection:
            for id_ in note_ids:
                erasure.erase_note(connection, id_)
            if note_ids:
                many = f"{len(note_ids)} note{'s' if len(note_ids) > 1 else ''}"
                self._write_down(connection, "kept no longer", "", f"{many} of studies that keep them no longer")
        return len(note_ids)

    # -- what was done ---------------------------------------------------------------------------------------------

    def audit(self, limit: int | None = None) -> list[Done]:
        """Who looked at identities, overrode, marked, merged, erased: newest first."""
        with self._engine.connect() as connection:
            return [
                Done(row.at, row.who, row.what, row.participant, row.detail) for row in store.audit(connection, limit)
            ]

    # -- inside a transaction --------------------------------------------------------------------------------------

    def merge_in(self, connection: Connection, kept: int, gone: int) -> None:
        """Merge two participants, and what is known of who they are."""
        names = self._summaries(connection, None, sorted((kept, gone)))
        sealed, sealer = store.sealed(connection, [kept, gone]), self._sealer()
        both = [sealer.open(sealed[id_]) for id_ in (gone, kept) if id_ in sealed]
        store.merge(connection, kept, gone)
        if both:
            self._identify(connection, kept, both[0].and_also(both[-1]))
        first, second = names if kept < gone else names[::-1]
        self._write_down(connection, "merged", first.pseudonym, f"with {second.pseudonym}")

    def _identify(self, connection: Connection, id_: int, identity: Identity) -> None:
        sealer = self._sealer()
        store.put_identity(connection, id_, sealer.seal(identity), sealer.hashes(identity))

    def _summaries(
        self, connection: Connection, day: date | None, only: Sequence[int] | None = None
    ) -> list[PersonSummary]:
        rules = parse_rules(named_values.setting(connection, "contact_rules") or DEFAULT_RULES)
        today = self._today()
        return [_summary(one, rules, day or today, today) for one in store.known(connection, only)]

    def _today(self) -> date:
        return self._now().date()

    def _write_down(self, connection: Connection, what: str, pseudonym: str = "", detail: str = "") -> None:
        store.write_down(connection, self._now(), self._who, what, pseudonym, detail)


def _summary(one: store.Known, rules: Rules, day: date, today: date) -> PersonSummary:
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


def _least_heard(people: Sequence[PersonSummary], segments: Sequence[str] = ()) -> list[PersonSummary]:
    """Those of some people who are free, of these segments if any are given, least heard first."""
    wanted = {segment.casefold() for segment in segments}
    free = [one for one in people if one.standing.state == "free" and (not wanted or one.segment.casefold() in wanted)]
    return sorted(free, key=lambda one: (one.contacts, one.notes, one.last or date.min, one.pseudonym))


def _told(receipt: Receipt) -> str:
    return (
        f"{receipt.notes_deleted} notes deleted, {receipt.notes_cut} cut, {receipt.passages} passages, "
        f"{receipt.names_replaced} mentions replaced"
    )
