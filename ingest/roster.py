"""Rosters: a table of customers, from a CRM or a research panel, read into rows; nothing is stored here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ingest.models import ReadOptions, Source
from ingest.readers import extension
from ingest.readers.dates import as_date, days_first
from ingest.readers.table import NeedsMapping
from ingest.readers.workbook import Rows, header_and_body, rows_of
from research.contact import Consent, Mark
from research.errors import BadInput, HeardError
from research.identity import Identity
from research.roster import RosterRow

# What a column can mean -> the headers that say so by themselves; case, spaces and hyphens do not matter. A mere "ID"
# is none of them: where it only counts the rows of this file, it would take one person for another.
MEANINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("name", "full name", "contact", "contact name", "person", "participant"),
        "first_name": ("first name", "given name", "forename"),
        "last_name": ("last name", "surname", "family name"),
        "email": ("email", "e-mail", "mail", "email address", "e-mail address", "work email"),
        "crm": ("crm", "crm id", "crm contact id", "contact id", "record id", "salesforce id", "hubspot id"),
        "segment": ("segment", "customer segment", "persona"),
        "account": ("account", "account name", "company", "company name", "organisation", "organization", "employer"),
        "role": ("role", "job title", "title", "position", "job"),
        "status": ("status", "contact status", "research status"),
        "no_contact": ("do not contact", "dnc", "no contact"),
        "opted_out": ("opted out", "opt out", "opt-out", "unsubscribed"),
        "consent": ("consent", "consent scope", "consent for", "scope"),
        "given": ("consent given", "consent given on", "consent date", "consented on", "given"),
        "expires": (
            "consent expires",
            "consent expires on",
            "consent expiry",
            "consent until",
            "expires",
            "valid until",
        ),
        "contacted": ("last contacted", "last contacted on", "last contact", "last contact date", "contacted"),
        "note": ("note", "notes", "comment", "comments", "remark", "remarks"),
    }
)
_IDENTIFYING = ("name", "first_name", "last_name", "email", "crm")
_DATES = ("given", "expires", "contacted")
_KINDS = (".csv", ".tsv", ".xlsx")
_LONGEST = 200

_NOTHING = frozenset(("", "-", "–", "n/a", "na", "none", "null", "unknown", "?", "#n/a"))
_YES = frozenset(("yes", "y", "true", "1", "x", "✓", "✔"))
_NO = frozenset(("no", "n", "false", "0"))
_MARKED: Mapping[str, Mark] = MappingProxyType(
    {
        "do not contact": "do not contact", "dnc": "do not contact", "no contact": "do not contact",
        "opted out": "opted out", "opt out": "opted out", "unsubscribed": "opted out",
    }
)  # fmt: skip
_FREE = frozenset(
    ("active", "ok", "okay", "free", "current", "customer", "contactable", "may be contacted", "opted in")
)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as it was read: the columns of the file, which of them mean what, those left aside, and the rows."""

    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    unused: tuple[str, ...]
    rows: tuple[RosterRow, ...]


def read_roster(source: Source, columns: Mapping[str, str] | None = None) -> Roster:
    """The rows of a .csv, .tsv or .xlsx file with a person each.

    `columns` says which column means what, beside those whose header says it (see MEANINGS); "" leaves one out. A row
    that cannot be used carries a sentence, which quotes nobody's name. Raises BadInput for a file that is no roster
    (NeedsMapping, which is one, where no column says who somebody is), and nothing else, whatever the bytes.
    """
    options = ReadOptions()
    if extension(source.name) not in _KINDS:
        raise BadInput(f"{source.name} is no table. A roster is a .csv, .tsv or .xlsx file with a person in each row.")
    if len(source.data) > options.max_bytes:
        raise BadInput(f"{source.name} is larger than {options.max_bytes >> 20} MB. Split it and try again.")
    try:
        return _read(source.name, rows_of(source, options), columns or {})
    except HeardError:
        raise
    except Exception as error:  # libraries fail in ways they do not document
        raise BadInput(f"{source.name} could not be read ({type(error).__name__}). Save it again and retry.") from error


def recognised(columns: Sequence[str]) -> dict[str, str]:
    """Which columns mean what by their headers alone; of two that say the same, the first."""
    by_header = {_folded(header): meaning for meaning, headers in MEANINGS.items() for header in headers}
    found: dict[str, str] = {}
    for column in columns:
        if meaning := by_header.get(_folded(column)):
            found.setdefault(meaning, column)
    return found


def _read(name: str, rows: Rows, told: Mapping[str, str]) -> Roster:
    columns, body = header_and_body(rows)
    if not body:
        raise BadInput(f"{name} has no rows below its header. Check that it is the right file.")
    mapping = _mapping(name, columns, told)
    at = {meaning: columns.index(column) for meaning, column in mapping.items()}
    cells = [{meaning: _cell(row[place]) for meaning, place in at.items()} for row in body]
    order = {meaning: days_first([cell.get(meaning, "") for cell in cells]) for meaning in _DATES}
    unused = tuple(column for column in columns if column not in mapping.values())
    return Roster(columns, mapping, unused, tuple(_row(line, cell, order) for line, cell in enumerate(cells, start=2)))


def _mapping(name: str, columns: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    if unknown := set(told) - set(MEANINGS):
        raise BadInput(f"“{min(unknown)}” is nothing that a column can mean. Known are: {', '.join(MEANINGS)}.")
    spelled = {" ".join(column.split()).casefold(): column for column in columns}
    missing = [column for column in told.values() if column and " ".join(column.split()).casefold() not in spelled]
    if missing:
        raise BadInput(f"{name} has no column “{missing[0]}”. It has: {', '.join(columns)}.")
    chosen = {meaning: spelled.get(" ".join(column.split()).casefold(), "") for meaning, column in told.items()}
    found = {meaning: column for meaning, column in recognised(columns).items() if column not in chosen.values()}
    mapping = {meaning: column for meaning, column in {**found, **chosen}.items() if column}
    if not any(meaning in mapping for meaning in _IDENTIFYING):
        raise NeedsMapping(
            f"No column of {name} says who somebody is: a name, an e-mail address or a CRM id. It has: "
            f"{', '.join(columns)}. Say which, such as name={columns[0]}.",
            tuple(columns),
        )
    return mapping


def _row(line: int, cell: Mapping[str, str], order: Mapping[str, bool | None]) -> RosterRow:
    def text(meaning: str) -> str:
        return " ".join(cell.get(meaning, "").split())

    name = text("name") or " ".join(filter(None, (text("first_name"), text("last_name"))))
    try:
        for meaning in ("segment", "account", "role", "consent"):
            if len(text(meaning)) > _LONGEST:
                raise BadInput(f"the {meaning} has more than {_LONGEST} characters. Is it the right column?")
        days = {meaning: _day(meaning, cell.get(meaning, ""), order[meaning]) for meaning in _DATES}
        return RosterRow(
            line, Identity(name, _email(text("email")), text("crm"), cell.get("note", "")), text("segment"),
            text("account"), text("role"), _mark(cell), _consent(text("consent"), days), days["contacted"],
        )  # fmt: skip
    except BadInput as error:
        return RosterRow(line, error=f"Row {line}: {error}")


def _day(meaning: str, value: str, day_first: bool | None) -> date | None:
    found = as_date(value, day_first) if value else None
    if value and found is None:
        what = {"given": "day of consent", "expires": "end of the consent", "contacted": "last contact"}[meaning]
        raise BadInput(f"the {what} is not a date. Write it as year-month-day, such as 2026-08-01.")
    return found


def _email(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise BadInput("the e-mail address is none. Correct it, or leave the cell empty.")
    return value


def _mark(cell: Mapping[str, str]) -> Mark:
    """What the row says about contacting somebody: an opt-out before anything else."""
    flags: tuple[tuple[str, Mark], ...] = (("opted_out", "opted out"), ("no_contact", "do not contact"))
    found = [mark for meaning, mark in flags if _says_yes(meaning.replace("_", " "), cell.get(meaning, ""))]
    status = " ".join(re.split(r"[\s_-]+", cell.get("status", "").casefold())).strip()
    if status in _MARKED:
        found.append(_MARKED[status])
    elif status and status not in _FREE:
        raise BadInput(
            "the status is none that Heard knows: “opted out” and “do not contact”, or “active”. Correct it, or leave "
            "the column out."
        )
    return "opted out" if "opted out" in found else found[0] if found else ""


def _says_yes(meaning: str, value: str) -> bool:
    said = value.casefold()
    if said in _YES or as_date(value):  # the day on which they did
        return True
    if said and said not in _NO:
        raise BadInput(f"“{meaning}” is neither yes nor no.")
    return False


def _consent(scope: str, days: Mapping[str, date | None]) -> Consent | None:
    """The consent that a row tells of. A plain yes is one to research; "no" says that nobody has given any."""
    said = scope.casefold()
    given, expires = days["given"], days["expires"]
    if said in _NO:
        return None
    if scope and given is None and (on := as_date(scope)):
        scope, given = "", on
    if given is None:
        if scope or expires:
            raise BadInput("a consent needs the day on which it was given. Fill it in, or leave the consent out.")
        return None
    if expires and expires < given:
        raise BadInput(f"a consent given on {given} can't have expired on {expires}. Check the two dates.")
    return Consent("research" if said in _YES or not scope else scope, given, expires)


def _cell(value: str) -> str:
    stripped = value.strip()
    return "" if stripped.casefold() in _NOTHING else stripped


def _folded(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", header.casefold())
