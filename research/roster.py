"""A roster: customers whom one might ask, known before anybody has heard them; taken in as a whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection

from research.access import Sight
from research.contact import MARKS, Consent, Mark
from research.errors import BadInput
from research.identity import Identity, Sealer
from research.keys import label_hash
from research.store import audit, consents, contacts, erasure, identities, namesakes
from research.store import participants as store
from research.store.database import writing

if TYPE_CHECKING:
    from research.repository import Repository

RowStatus = Literal["added", "updated", "unchanged", "failed"]
ROSTER = "a roster"  # who noted a contact that a roster tells of
ROW_STATUSES: tuple[RowStatus, ...] = ("added", "updated", "unchanged", "failed")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What one row of a roster says of somebody; "" and None where it says nothing. `line` is its row in the file.

    `error` is a sentence where the row cannot be used as it is.
    """

    line: int
    identity: Identity = field(default_factory=Identity)
    segment: str = ""
    account: str = ""
    role: str = ""
    mark: Mark = ""
    consent: Consent | None = None
    contacted: date | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class RosterOutcome:
    """What became of one row: whom it is about (by pseudonym, "" for somebody new in a dry run), or a sentence."""

    line: int
    status: RowStatus
    participant: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a roster came to. `suggested` counts those on it who may be one person with another participant."""

    rows: tuple[RosterOutcome, ...]
    suggested: int = 0

    def of(self, status: RowStatus) -> list[RosterOutcome]:
        """The rows that came to this."""
        return [row for row in self.rows if row.status == status]


def take_in(repo: Repository, rows: Sequence[RosterRow], *, dry_run: bool = False) -> Imported:
    """Add and update participants from a roster, in one transaction: every row that can be used, or none at all.

    Somebody is known again by e-mail address or CRM id, else by name and account together; being called like somebody
    who was heard is a suggestion only (`People.suggestions`). A blank cell erases nothing, an opt-out is never taken
    back, and no consent comes back that was withdrawn since. A `dry_run` changes nothing.
    """
    repo.hold("govern")
    key, sealer = repo.key, repo.sealer()
    with writing(repo.engine).connect() as connection, connection.begin() as transaction:
        taking = _Taking(repo, connection, key, sealer, rows)
        outcomes = tuple(taking.outcome(row, dry_run) for row in rows)
        counted = Counter(outcome.status for outcome in outcomes)
        pairs = namesakes.pairs(connection)
        suggested = len({id_ for one, other, _ in pairs for id_ in (one, other)} & set(taking.seen))
        if counted["added"] or counted["updated"]:
            taking.write_down("roster imported", "", f"{counted['added']} added, {counted['updated']} updated")
        if dry_run:
            transaction.rollback()
    return Imported(outcomes, suggested)


class _Taking:
    """An import under way: who is known, how they are recognised, and which row was about whom."""

    def __init__(
        self, repo: Repository, connection: Connection, key: bytes, sealer: Sealer, rows: Sequence[RosterRow]
    ) -> None:
        self.repo, self.connection, self.key, self.sealer = repo, connection, key, sealer
        everybody = Sight(repo.now().date())  # who is on a roster may be met
        self.people = {one.id: one for one in store.known(connection, everybody)}
        self.sealed = identities.sealed(connection)
        self.by_hash = identities.identity_hashes(connection)
        self.by_label = store.all_labels(connection)
        self.forgotten = erasure.forgotten(connection, [label for row in rows for label in self._labels(row)])
        self.seen: dict[int, int] = {}  # participant -> the row about them

    def outcome(self, row: RosterRow, dry_run: bool) -> RosterOutcome:
        """What becomes of a row; one that cannot be used changes nothing."""
        try:
            id_ = self._recognised(row)
            if id_ is None:
                pseudonym = self._add(row)
                return RosterOutcome(row.line, "added", "" if dry_run else pseudonym)
            changed = self._update(id_, row)
        except BadInput as error:
            return RosterOutcome(row.line, "failed", error=str(error))
        return RosterOutcome(row.line, "updated" if changed else "unchanged", self.people[id_].pseudonym)

    def write_down(self, what: str, pseudonym: str, detail: str) -> None:
        """Add a line to the audit."""
        audit.write_down(self.connection, self.repo.now(), self.repo.member.who, what, pseudonym, detail)

    def _recognised(self, row: RosterRow) -> int | None:
        """Whom a row is about, None for somebody new. Raises BadInput where it is not usable."""
        if row.error:
            raise BadInput(row.error)
        if not (row.identity.name or row.identity.email or row.identity.crm):
            raise BadInput(f"Row {row.line} has no name, no e-mail address and no CRM id. Fill one in.")
        if row.contacted and row.contacted > self.repo.now().date():
            raise BadInput(
                f"Row {row.line}: the last contact lies in the future. Reserve such a day on the person's page."
            )
        if self.forgotten.intersection(self._labels(row)):
            raise BadInput(f"Row {row.line} is about somebody who was forgotten. Take them off the roster.")
        hashes = self.sealer.hashes(row.identity)
        by_email, by_crm = (self.by_hash[by].get(hashes[by]) for by in ("email", "crm"))
        if by_email and by_crm and by_email != by_crm:
            raise BadInput(
                f"Row {row.line}: the e-mail address is {self._name(by_email)}'s and the CRM id is "
                f"{self._name(by_crm)}'s. Correct the row, or say that they are one person."
            )
        if by_email and not by_crm and row.identity.crm and self._identity(by_email).crm:
            raise BadInput(
                f"Row {row.line}: the e-mail address is {self._name(by_email)}'s, who has another CRM id. Correct one."
            )
        id_ = by_crm or by_email or self._by_name(row)
        if id_ in self.seen:
            raise BadInput(f"Row {row.line} is about the same person as row {self.seen[id_]}. Leave one of them out.")
        return id_

    def _by_name(self, row: RosterRow) -> int | None:
        """Whom an earlier roster brought under this name and account, unless they have another address or id."""
        id_ = self.by_label.get(self._label(row)) if row.identity.name else None
        if id_ is None:
            return None
        known = self._identity(id_)
        theirs = ((row.identity.email, known.email), (row.identity.crm, known.crm))
        return None if any(told and there for told, there in theirs) else id_

    def _label(self, row: RosterRow, *also: str) -> str:
        return label_hash(self.key, "roster", row.identity.name, row.account, *also)

    def _labels(self, row: RosterRow) -> tuple[str, str]:
        """What a row's person is first kept under: with a name of their own, or with one that others have too."""
        return self._label(row), self._label(row, row.identity.email, row.identity.crm, "0")

    def _add(self, row: RosterRow) -> str:
        own = (self._label(row, row.identity.email, row.identity.crm, str(number)) for number in count())
        labels = chain([self._label(row)] if row.identity.name else [], own)
        label = next(label for label in labels if label not in self.by_label)
        id_ = store.add(self.connection, label, segment=row.segment, account=row.account, role=row.role)
        pseudonym = store.pseudonym(id_)
        self.by_label[label] = id_
        self._identify(id_, row.identity)
        self._also(id_, pseudonym, mark=row.mark, consent=row.consent, contacted=row.contacted)
        self.seen[id_] = row.line
        return pseudonym

    def _update(self, id_: int, row: RosterRow) -> bool:
        """Bring somebody up to date; True when anything was new."""
        self.seen[id_] = row.line
        known = self.people[id_]
        identity = self._identity(id_)
        told = identity.and_also(row.identity)
        if told != identity:
            self._identify(id_, told)
            self.write_down("identity changed", known.pseudonym, "by a roster")
        labels = store.describe(self.connection, id_, **{
            name: value
            for name in ("segment", "account", "role")
            if (value := getattr(row, name)) and value != getattr(known, name)
        })  # fmt: skip
        mark: Mark = row.mark if MARKS.index(row.mark) > MARKS.index(known.facts.mark) else ""
        consent = _newer(row.consent, known.facts.consents)
        contacted = row.contacted if row.contacted not in known.facts.contacts else None
        if consent:
            self.write_down("consent given", known.pseudonym, f"{consent.scope}, by a roster")
        self._also(id_, known.pseudonym, mark=mark, consent=consent, contacted=contacted)
        return told != identity or labels or bool(mark or consent or contacted)

    def _also(self, id_: int, pseudonym: str, *, mark: Mark, consent: Consent | None, contacted: date | None) -> None:
        """Write down what a row says of contact and consent and was not known."""
        if mark:
            contacts.put_mark(self.connection, id_, mark)
            self.write_down("marked", pseudonym, f"{mark}, by a roster")
        if consent:
            consents.put_consent(self.connection, id_, consent)
        if contacted:
            contacts.put_contact(self.connection, id_, contacted, "", "", ROSTER, "")

    def _identity(self, id_: int) -> Identity:
        token = self.sealed.get(id_)
        return self.sealer.open(token) if token else Identity()

    def _identify(self, id_: int, identity: Identity) -> None:
        hashes = self.sealer.hashes(identity)
        self.sealed[id_] = self.sealer.seal(identity)
        identities.put_identity(self.connection, id_, self.sealed[id_], hashes)
        for by in ("email", "crm"):
            if hashes[by]:
                self.by_hash[by][hashes[by]] = id_

    def _name(self, id_: int) -> str:
        return store.pseudonym(id_)


def _newer(told: Consent | None, known: Sequence[Consent]) -> Consent | None:
    """The consent that a roster tells of, where it is news: later than what is known of its kind, or with an end that
    was not known; None where it is not, or where somebody has withdrawn consent since it was given."""
    if told is None or any(one.withdrawn and one.withdrawn >= told.given for one in known):
        return None
    there = next((one for one in known if one.scope == told.scope), None)
    if there is None:
        return told
    ends = told.expires or (there.expires if there.expires and there.expires >= told.given else None)
    if told.given < there.given or (told.given, ends) == (there.given, there.expires):
        return None
    return Consent(told.scope, told.given, ends)
