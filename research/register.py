"""The register of participants: who is at work, what is known of somebody today, and the audit of what is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from research.access import Reader, Sight
from research.contact import parse_rules
from research.identity import Sealer
from research.person import PersonSummary, summary
from research.store import access, audit, named_values, participants

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


@dataclass(frozen=True, slots=True)
class Register:
    """What everything that is done with participants stands on. The audit names the reader."""

    engine: Engine
    sealer: Callable[[], Sealer]
    reader: Reader

    @property
    def today(self) -> date:
        """The day it is."""
        return self.reader.today

    def sight(self, connection: Connection) -> Sight:
        """What the reader may see."""
        return access.sight(connection, self.reader)

    def id_of(self, connection: Connection, pseudonym: str) -> int:
        """The number of a participant whom the reader may meet. Raises NotFound."""
        return participants.id_of(connection, pseudonym, self.sight(connection))

    def rules_source(self, connection: Connection) -> str:
        """The rules on how often people are contacted, as they are written."""
        return named_values.setting(connection, "contact_rules") or DEFAULT_RULES

    def summaries(
        self, connection: Connection, only: Sequence[int] | None = None, day: date | None = None
    ) -> list[PersonSummary]:
        """Participants whom the reader may meet in the order they came, all or some, as they stand on a day (today)."""
        rules, sight = parse_rules(self.rules_source(connection)), self.sight(connection)
        return [
            summary(one, rules, day or self.today, self.today) for one in participants.known(connection, sight, only)
        ]

    def write_down(self, connection: Connection, what: str, about: int | str = "", detail: str = "") -> None:
        """Add a line to the audit, about a participant (by number), a study (`audit.study_code`) or nothing, in the
        transaction that does it."""
        about = participants.pseudonym(about) if isinstance(about, int) else about
        audit.write_down(connection, self.reader.now(), self.reader.who, what, about, detail)
