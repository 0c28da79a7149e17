"""What people made of notes as tables in the field's own words: out of SQL, and into it where it is not there yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    Table,
    func,
    select,
    update,
)

from research.access import Sight
from research.contact import MARKS, parse_rules
from research.errors import BadInput
from research.insight import DECIDED, KINDS, SIGNS
from research.store import consents, contacts, insights, library, participants, schema
from research.store.access import may_be_met, may_be_read
from research.store.database import given_numbers, go_on_from
from research.store.dialects import upsert
from research.store.index_state import rows_of
from research.themes.models import code as theme_code

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under the name that it goes by, but for the columns that mean nothing elsewhere."""

    name: str
    table: Table
    without: tuple[str, ...] = ()

    @property
    def columns(self) -> list[Column[Any]]:
        """The columns, in their order."""
        return [column for column in self.table.c if column.name not in self.without]

    @property
    def headings(self) -> tuple[str, ...]:
        """What the columns are called."""
        return tuple(map(_heading, self.columns))


STUDIES = Sheet("studies", schema.study, ("id",))
PEOPLE = Sheet("participants", schema.participant, ("id", "label_hash", "hidden_from"))
CONSENTS = Sheet("consents", schema.consent, ("id",))
# Each after what it points at; a group is about what its first sheet holds.
GROUPS = (
    (Sheet("contacts", schema.contact, ("id",)),),
    (Sheet("different", schema.different),),
    (
        Sheet("insights", schema.insight),
        Sheet("evidence", schema.evidence, ("id",)),
        Sheet("beside", schema.beside),
        Sheet("insight history", schema.insight_event, ("id",)),
    ),
    (Sheet("questions", schema.question, ("id",)),),
    (Sheet("searches", schema.saved_search),),
    (
        Sheet("themes", schema.theme),
        Sheet("theme passages", schema.theme_member),
        Sheet("theme refusals", schema.theme_refusal),
        Sheet("themes apart", schema.theme_apart),
        Sheet("theme history", schema.theme_event, ("id",)),
    ),
    (Sheet("mappings", schema.mapping),),
    (Sheet("settings", schema.setting),),
)
ALL = (STUDIES, PEOPLE, CONSENTS, *(sheet for group in GROUPS for sheet in group))

# What people settled, with what reads it; the taxonomy is a file of its own, and no other means anything elsewhere.
_SETTINGS: Mapping[str, Callable[[str], object]] = {
    "contact_rules": parse_rules,
    "nobodys_names": str,
    "themes_settled": int,
}
_CALLED = {schema.participant.c.pseudonym: "participant", schema.study.c.title: "study"}  # as other sheets call them
_ONE_OF: Mapping[Column[Any], Sequence[str]] = {
    schema.participant.c.mark: MARKS,
    schema.insight.c.kind: KINDS,
    schema.insight.c.decided: DECIDED,
    schema.evidence.c.sign: SIGNS,
    schema.setting.c.key: tuple(_SETTINGS),
}
_NEVER_EMPTY = (
    schema.insight.c.statement, schema.question.c.line, schema.saved_search.c.query, schema.mapping.c.name,
    schema.consent.c.scope,
)  # fmt: skip
_CODES = {"insight": insights.code, "theme": theme_code}  # what is known by a number, and how that is written


def out_of(
    connection: Connection, sight: Sight, passages: Mapping[int, str], only: Sequence[Sheet] = ALL
) -> dict[str, list[tuple[str, ...]]]:
    """The rows of sheets by name, as far as one may see what they speak of. `passages` are those that are known
    outside, row -> id; a line about another is left out, or has a blank in its place where its words are hidden."""
    people = select(schema.participant.c.id, schema.participant.c.pseudonym).where(may_be_met(sight))
    teams = select(schema.team.c.id, schema.team.c.name)
    closed = select(schema.passage.c.row).select_from(schema.passage.join(schema.note)).where(~may_be_read(sight))
    named: dict[str, Mapping[int, str]] = {
        "participant": dict(map(tuple, connection.execute(people))),
        "passage": passages,
        "team": dict(map(tuple, connection.execute(teams))),
        **{name: _codes(connection, schema.metadata.tables[name]) for name in _CODES},
    }
    unseen = frozenset(connection.scalars(closed)) if sight.closed else frozenset()
    which = {
        STUDIES.name: schema.study.c.id.not_in(sight.closed),
        PEOPLE.name: may_be_met(sight),
        "settings": schema.setting.c.key.in_(_SETTINGS),
    }
    found: dict[str, list[tuple[str, ...]]] = {}
    for sheet in only:
        query = select(*sheet.columns)
        if sheet.name in which:
            query = query.where(which[sheet.name])
        in_order = "id" in sheet.table.c and sheet is not STUDIES
        rows = connection.execute(query.order_by(sheet.table.c.id) if in_order else query).all()
        told = [said for row in rows if (said := _told(sheet, row, named, unseen))]
        found[sheet.name] = told if in_order else sorted(told)
    return found


@dataclass(frozen=True, slots=True)
class Put:
    """How many rows were put in, by sheet, and of the groups that were left out, since there is something of that kind
    already, how many rows their first sheet had."""

    rows: Mapping[str, int]
    left_out: Mapping[str, int]


def checked(sheets: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """Tables as they are, if each of their cells can stand where it stands. Raises BadInput, which says where not."""
    for sheet in ALL:
        for line, row in enumerate(sheets.get(sheet.name, ()), start=2):
            _meant(sheet, line, row)
            if sheet.table.name in _CODES:
                _number(sheet, row.get(sheet.table.name, ""))
    return sheets


def put_first(connection: Connection, sheets: Mapping[str, Rows], labels: Mapping[str, str]) -> Put:
    """Put in what has to be known before notes are there: who reads a study, and until when somebody may be shown.

    The rows were `checked`; `labels` are the label hashes of participants, who are there, by the pseudonyms that the
    rows have for them.
    """
    people = _people(connection, labels)
    for number, row in enumerate(sheets.get(PEOPLE.name, ()), start=2):
        if id_ := people.get(row.get("participant", "")):
            _describe(connection, id_, _meant(PEOPLE, number, row))
    done = {
        STUDIES.name: _studies(connection, sheets.get(STUDIES.name, ())),
        CONSENTS.name: _put(connection, CONSENTS, sheets.get(CONSENTS.name, ()), {"participant": people}),
    }
    for name in {row.get("participant", "") for row in sheets.get(CONSENTS.name, ())} & people.keys():
        consents.hide(connection, people[name])
    return Put(done, {})


def put_rest(connection: Connection, sheets: Mapping[str, Rows], labels: Mapping[str, str]) -> Put:
    """Put in the rest, once the notes are there. Insights and themes, which have numbers, come into a repository that
    has none; of all others what is not there yet."""
    cited = {row.get("passage", "") for rows in sheets.values() for row in rows} - {""}
    named = {"participant": _people(connection, labels), "passage": rows_of(connection, sorted(cited))}
    done: dict[str, int] = {}
    left_out: dict[str, int] = {}
    for group in GROUPS:
        lead, kind = group[0], group[0].table.name
        if kind in _CODES and connection.scalar(select(lead.table.c.id).limit(1)) is not None:
            left_out[lead.name] = len(sheets.get(lead.name, ()))
            continue
        if kind in _CODES:
            codes = (row.get(kind, "") for row in sheets.get(lead.name, ()))
            named[kind] = {code: _number(lead, code) for code in codes}
        for sheet in group:
            done[sheet.name] = _put(connection, sheet, sheets.get(sheet.name, ()), named)
    go_on_from(connection, given_numbers(connection))
    return Put(done, left_out)


def _heading(column: Column[Any]) -> str:
    target = _target(column)
    named = target if target and column.name in ("id", f"{target}_id", f"{target}_row") else column.name
    return _CALLED.get(column, named)


def _target(column: Column[Any]) -> str:
    """The table of what a column names, "" where it says what it says."""
    if column.name == "id":
        return column.table.name
    return next((key.column.table.name for key in column.foreign_keys), "")


def _codes(connection: Connection, table: Table) -> dict[int, str]:
    return {id_: _CODES[table.name](id_) for id_ in connection.scalars(select(table.c.id))}


def _number(sheet: Sheet, code: str) -> int:
    digits = code.partition("-")[2]
    if not digits.isdecimal() or len(digits) > 9:
        raise BadInput(f"“{code[:40]}” in the table of {sheet.name} is no code. Nothing was put in.")
    return int(digits)


def _told(
    sheet: Sheet, row: Sequence[Any], named: Mapping[str, Mapping[int, str]], unseen: frozenset[int]
) -> tuple[str, ...] | None:
    """A row in words; None where it is about something that is not told of."""
    cells: list[str] = []
    for column, value in zip(sheet.columns, row, strict=True):
        target = _target(column)
        said = named[target].get(value) if target else _said(value)
        if (target == "passage" and value in unseen) or (said is None and not column.nullable):
            return None
        cells.append(said or "")
    return tuple(cells)


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _meant(sheet: Sheet, line: int, row: Mapping[str, str]) -> dict[str, Any]:
    """A row's values by column; what names something stays a word."""
    found: dict[str, Any] = {}
    for column in sheet.columns:
        said = row.get(_heading(column), "")
        try:
            found[column.name] = said if _target(column) else _value(column, said)
            if column is schema.setting.c.value and said:
                _SETTINGS[found["key"]](said)
        except (KeyError, ValueError, RecursionError):
            where = f"line {line} of the table of {sheet.name}"
            raise BadInput(
                f"“{said[:40]}” is nothing that can stand under “{_heading(column)}” ({where}). Nothing was put in."
            ) from None
    return found


def _value(column: Column[Any], said: str) -> Any:
    """A cell's value. Raises ValueError or KeyError where it is none of the column's."""
    kind = column.type
    if said == "" and column.nullable:
        return None
    if isinstance(kind, Boolean):
        return {"yes": True, "no": False}[said]
    if isinstance(kind, JSON):
        return _checked(json.loads(said), dict if column is schema.mapping.c.columns else list)
    if isinstance(kind, Integer):
        return _checked(int(said), range(-(2**31), 2**31))
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(said).replace(tzinfo=None)
    if isinstance(kind, Date):
        return date.fromisoformat(said)
    if isinstance(kind, Float):
        return float(said)
    if column in _NEVER_EMPTY:
        _checked(bool(said.strip()), (True,))
    return _checked(said, _ONE_OF.get(column, (said,)))


def _checked(value: Any, wanted: type | Sequence[Any]) -> Any:
    if not (isinstance(value, wanted) if isinstance(wanted, type) else value in wanted):
        raise ValueError(value)
    return value


def _put(connection: Connection, sheet: Sheet, rows: Rows, named: Mapping[str, Mapping[str, int]]) -> int:
    """Insert rows that are not there, but for those about something that is not here; returns how many."""
    values = []
    for line, row in enumerate(rows, start=2):
        value = _meant(sheet, line, row)
        for column in sheet.columns:
            if target := _target(column):
                value[column.name] = named.get(target, {}).get(value[column.name])
        if all(value[column.name] is not None or column.nullable for column in sheet.columns):
            values.append(value)
    if not values:
        return 0
    compared = [column for column in sheet.columns if not isinstance(column.type, JSON)]
    there = {tuple(row) for row in connection.execute(select(*compared))}
    fresh = [value for value in values if tuple(value[column.name] for column in compared) not in there]
    before = _count(connection, sheet)
    if fresh:
        connection.execute(upsert(connection, sheet.table).on_conflict_do_nothing(), fresh)
    return _count(connection, sheet) - before


def _count(connection: Connection, sheet: Sheet) -> int:
    return connection.scalar(select(func.count()).select_from(sheet.table)) or 0


def _people(connection: Connection, labels: Mapping[str, str]) -> dict[str, int]:
    ids = participants.by_label(connection, labels.values())
    return {name: ids[label] for name, label in labels.items() if label in ids}


def _describe(connection: Connection, id_: int, said: Mapping[str, Any]) -> None:
    """Say of a participant what nobody has said yet."""
    person = schema.participant.c
    known = connection.execute(select(person.segment, person.account, person.role, person.mark).where(person.id == id_))
    there = known.one()._mapping
    facts = {name: said[name] for name in ("segment", "account", "role") if not there[name]}
    participants.describe(connection, id_, **facts)
    if not there["mark"] and said["mark"] in MARKS:
        contacts.put_mark(connection, id_, said["mark"])


def _studies(connection: Connection, rows: Rows) -> int:
    """Studies that are not there, read by whom they were read before."""
    done = 0
    for line, row in enumerate(rows, start=2):
        value = _meant(STUDIES, line, row)
        team, title = value.pop("team_id"), value.pop("title")
        if team and title and not library.is_study(connection, team, title):
            study = schema.study.c.id == library.study_id_of(connection, team, title)
            connection.execute(update(schema.study).where(study).values(**value))
            done += 1
    return done
