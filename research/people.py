"""Participants: whom the repository holds, whom one may ask, who they are, and what was done with that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from research.access import needs
from research.check import Check
from research.contact import MARKS, Consent, Mark, Rules, State, parse_rules
from research.dates import coming
from research.dates import day as said
from research.errors import BadInput, Refused
from research.identity import Identity
from research.person import Asking, Contact, Done, PersonSummary, Suggestion, least_heard
from research.register import Register
from research.search_index import SearchIndex
from research.store import audit, consents, contacts, identities, mentions, named_values, namesakes
from research.store import participants as store
from research.store.database import Watch, writing

_SCOPE = "research"  # what a consent is for, where nobody says


class People:
    """The participants of a repository (`repo.people`)."""

    def __init__(self, register: Register, index: SearchIndex, watch: Watch) -> None:
        self._register, self._index = register, index
        self._reader = register.reader
        self._watch = watch
        self._held: tuple[object, tuple[PersonSummary, ...]] = (None, ())

    # -- looking ---------------------------------------------------------------------------------------------------

    def all(
        self, *, segment: str = "", account: str = "", team: str = "", state: State | str = "", day: date | None = None
    ) -> list[PersonSummary]:
        """Everybody whom the filters leave, in the order they came; `state` as it is on a day (today)."""
        people = self._everybody(day or self._register.today)
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
        with self._register.engine.connect() as connection:
            (found,) = self._register.summaries(connection, [self._register.id_of(connection, pseudonym)], day)
        return found

    def some(self, pseudonyms: Sequence[str]) -> dict[str, PersonSummary]:
        """Participants by pseudonym; those that are not there are left out."""
        with self._register.engine.connect() as connection:
            ids = store.ids_of(connection, pseudonyms)
            return {one.pseudonym: one for one in self._register.summaries(connection, ids)} if ids else {}

    def least_heard(
        self, *, segments: Sequence[str] = (), limit: int = 10, day: date | None = None
    ) -> list[PersonSummary]:
        """Whom to ask next: those who are free on a day, of these segments if any are given, least heard first."""
        return least_heard(self.all(day=day), segments)[:limit]

    def for_check(self, check: Check, *, limit: int = 5) -> Asking:
        """Whom to ask the lines that a check leaves open: who is free and of the segments that most of them lack, or
        where nobody of these is free, of any; and whom not, because they rest or may not be contacted."""
        if not check.to_ask:
            return Asking()
        missing = Counter(segment for one in check.to_ask for segment in one.missing_segments)
        lacking = [segment for segment, lines in missing.items() if lines == max(missing.values())]
        everybody = self.all()
        whom = least_heard(everybody, lacking) or least_heard(everybody)
        others = [one for one in everybody if one.standing.state != "free"]
        leave = sorted(others, key=lambda one: (-one.contacts, -one.notes, one.pseudonym))
        return Asking(tuple(whom[:limit]), tuple(leave[:limit]))

    def _everybody(self, day: date) -> tuple[PersonSummary, ...]:
        """All as they stand on a day, looked up anew only when something was written since they were asked for."""
        asked_for = (self._watch.version(), day, self._register.today)
        held_for, people = self._held
        if held_for != asked_for:
            with self._register.engine.connect() as connection:
                people = tuple(self._register.summaries(connection, day=day))
            self._held = (asked_for, people)
        return people

    # -- who they are ----------------------------------------------------------------------------------------------

    @needs("govern")
    def identity(self, pseudonym: str) -> Identity:
        """Who somebody is. That it was looked at is written down. Raises NotFound."""
        with writing(self._register.engine).begin() as connection:
            id_ = self._register.id_of(connection, pseudonym)
            found = identities.sealed(connection, [id_]).get(id_)
            self._register.write_down(connection, "identity seen", id_)
        return self._register.sealer().open(found) if found else Identity()

    @needs("research")
    def names(self) -> list[tuple[str, str, str]]:
        """Pseudonym, name and account of everybody whose name is kept, for an ingest to replace it; shown to nobody,
        stored and logged nowhere, and so not written down as looked at."""
        sealer = self._register.sealer()
        with self._register.engine.connect() as connection:
            sealed = identities.of_everybody(connection)
        opened = ((who, sealer.open(token).name, account) for who, account, token in sealed)
        return [(who, name, account) for who, name, account in opened if name]

    @needs("govern")
    def identify(self, pseudonym: str, identity: Identity) -> None:
        """Keep who somebody is. Raises BadInput when an e-mail address or CRM id is somebody else's."""
        with writing(self._register.engine).begin() as connection:
            id_ = self._register.id_of(connection, pseudonym)
            hashes = self._register.sealer().hashes(identity)
            others = [other for other in identities.by_hash(connection, hashes) if other != id_]
            if others:
                theirs = store.pseudonym(others[0])
                raise BadInput(f"This e-mail address or CRM id is {theirs}'s: say that they are the same person.")
            self._identify(connection, id_, identity)
            self._register.write_down(connection, "identity changed", id_)

    @needs("govern")
    def suggestions(self) -> list[Suggestion]:
        """Participants who may be one person, because they have the same name and no different account."""
        with self._register.engine.connect() as connection:
            pairs = namesakes.pairs(connection)
            known = self._by_id(connection, [id_ for one, other, _ in pairs for id_ in (one, other)])
        return [Suggestion(known[a], known[b], alike) for a, b, alike in pairs if a in known and b in known]

    @needs("govern")
    def merge(self, pseudonym: str, other: str) -> None:
        """Say that two participants are one person, who keeps the first pseudonym, in texts too. Raises NotFound."""
        with writing(self._register.engine).begin() as connection:
            kept, gone = self._register.id_of(connection, pseudonym), self._register.id_of(connection, other)
            if kept == gone:
                raise BadInput(f"{pseudonym} and {other} are one already.")
            sealed, sealer = identities.sealed(connection, [kept, gone]), self._register.sealer()
            both = [sealer.open(sealed[id_]) for id_ in (gone, kept) if id_ in sealed]
            namesakes.merge(connection, kept, gone)
            mentions.replace(connection, store.pseudonym(gone), store.pseudonym(kept), marked=True)
            if both:
                self._identify(connection, kept, both[0].and_also(both[-1]))
            self._register.write_down(connection, "merged", kept, f"with {store.pseudonym(gone)}")
        self._index.catch_up()

    @needs("govern")
    def not_same(self, pseudonym: str, other: str) -> None:
        """Say that two participants are not one person, so that nobody is asked about it again."""
        with writing(self._register.engine).begin() as connection:
            one, two = self._register.id_of(connection, pseudonym), self._register.id_of(connection, other)
            namesakes.say_different(connection, one, two)
            self._register.write_down(connection, "said to be two", one, f"not {store.pseudonym(two)}")

    # -- contact ---------------------------------------------------------------------------------------------------

    @property
    def rules(self) -> Rules:
        """How often people may be contacted."""
        return parse_rules(self.rules_source)

    @property
    def rules_source(self) -> str:
        """The rules as they are written."""
        with self._register.engine.connect() as connection:
            return self._register.rules_source(connection)

    @needs("govern")
    def set_rules(self, source: str) -> None:
        """Use other rules from now on. Raises BadInput."""
        parse_rules(source)
        with writing(self._register.engine).begin() as connection:
            named_values.set_setting(connection, "contact_rules", source)
            self._register.write_down(connection, "contact rules changed")

    @needs("research")
    def mark(self, pseudonym: str, mark: Mark) -> None:
        """Say that somebody must not be contacted, has opted out, or ("") that neither holds any more."""
        if mark not in MARKS:
            raise BadInput(
                f"“{mark}” is nothing that a participant can be marked as: {', '.join(filter(None, MARKS))}."
            )
        with writing(self._register.engine).begin() as connection:
            id_ = self._register.id_of(connection, pseudonym)
            contacts.put_mark(connection, id_, mark)
            self._register.write_down(connection, "marked", id_, mark or "no mark")

    @needs("research")
    def plan(self, pseudonym: str, day: date, *, team: str = "", purpose: str = "", reason: str = "") -> int:
        """Reserve a day on which to contact somebody, so that no other team does so too; returns its number.

        Who rests or has no consent can be contacted with a `reason`, which is written down with who gave it; who has
        opted out, withdrawn consent or is marked not to be contacted can't. Raises Refused.
        """
        with writing(self._register.engine).begin() as connection:
            id_ = self._register.id_of(connection, pseudonym)
            now = self._register.summaries(connection, [id_], day)[0].standing
            if now.final:
                raise Refused(f"{pseudonym} can't be contacted: {now.state} ({now.why}). No reason overrides that.")
            if now.state != "free" and not reason.strip():
                until = f" until {coming(now.until, self._register.today)}" if now.until else ""
                raise Refused(f"{pseudonym} is {now.state}{until} ({now.why}). Ask somebody else, or give a reason.")
            number = contacts.put_contact(connection, id_, day, team, purpose, self._reader.who, reason.strip())
            what = "rest overridden" if now.state != "free" else "contact planned"
            self._register.write_down(connection, what, id_, f"{day}{f': {reason.strip()}' if reason.strip() else ''}")
        return number

    @needs("research")
    def unplan(self, number: int) -> None:
        """Take a planned contact back. Raises NotFound."""
        with writing(self._register.engine).begin() as connection:
            id_ = contacts.drop_contact(connection, number)
            self._register.write_down(connection, "contact taken back", id_)

    def contacts(self, pseudonym: str) -> list[Contact]:
        """What was planned with somebody or noted by hand, newest first."""
        with self._register.engine.connect() as connection:
            rows = contacts.contacts(connection, self._register.id_of(connection, pseudonym))
        return [Contact(row.id, row.day, row.team, row.purpose, row.by, row.reason) for row in rows]

    # -- consent ---------------------------------------------------------------------------------------------------

    @needs("research")
    def consent(self, pseudonym: str, *, given: date, expires: date | None = None, scope: str = _SCOPE) -> None:
        """Write down what somebody agreed to; what they said is hidden from the day on which no consent holds."""
        if expires is not None and expires < given:
            told = f"given on {said(given)} can't have expired on {said(expires)}"
            raise BadInput(f"A consent {told}. Check the two dates.")
        with writing(self._register.engine).begin() as connection:
            id_ = self._register.id_of(connection, pseudonym)
            consents.put_consent(connection, id_, Consent(scope, given, expires))
            self._register.write_down(connection, "consent given", id_, scope)

    @needs("research")
    def withdraw(self, pseudonym: str, *, scope: str = "") -> None:
        """End somebody's consent today, of one scope or ("") of all."""
        with writing(self._register.engine).begin() as connection:
            id_, today = self._register.id_of(connection, pseudonym), self._register.today
            if not consents.withdraw(connection, id_, scope, today) and not scope:
                consents.put_consent(connection, id_, Consent(_SCOPE, today, withdrawn=today))
            self._register.write_down(connection, "consent withdrawn", id_, scope)

    @needs("research")
    def expiring(self, days: int = 30) -> list[tuple[PersonSummary, date]]:
        """Whose words will be hidden within some days because their last consent ends, with the day, soonest first."""
        ends = self._register.today + timedelta(days=days)
        with self._register.engine.connect() as connection:
            soon = consents.hidden_between(connection, self._register.today, ends)
            known = self._by_id(connection, [id_ for id_, _ in soon])
        return [(known[id_], day) for id_, day in soon if id_ in known]

    # -- what was done ---------------------------------------------------------------------------------------------

    @needs("govern")
    def audit(self, limit: int | None = None) -> list[Done]:
        """Who looked at identities, overrode, marked, merged, erased: newest first."""
        with self._register.engine.connect() as connection:
            rows = audit.written_down(connection, self._register.sight(connection), limit)
        return [Done(row.at, row.who, row.what, row.participant, row.detail) for row in rows]

    def _by_id(self, connection: Connection, ids: Sequence[int]) -> dict[int, PersonSummary]:
        """Those of some participants whom the reader may meet."""
        met = sorted(store.met(connection, sorted(set(ids)), self._register.sight(connection)))
        return dict(zip(met, self._register.summaries(connection, met), strict=True)) if met else {}

    def _identify(self, connection: Connection, id_: int, identity: Identity) -> None:
        sealer = self._register.sealer()
        identities.put_identity(connection, id_, sealer.seal(identity), sealer.hashes(identity))
