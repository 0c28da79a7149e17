"""Which passages a filter keeps, out of a million in a few milliseconds: their labels as arrays in memory, by row."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, func, select

from research.filters import Filter
from research.store import schema
from research.store.dialects import among, ordinal, tuples
from research.store.passages import conditions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

_passage, _note, _tag = schema.passage.c, schema.note.c, schema.passage_tag.c
_KEPT_ANSWERS = 16  # filters whose answer is remembered until something changes: one search asks several times


class RowLabels:
    """The note and the person of every passage, and the study and day of every note.

    Loaded when a filter is first asked for, from then on only what was stamped since. Segments, accounts and all names
    stay in SQL: a filter turns them into the few numbers that are compared here. Deleted passages may still be among
    what is kept, and what is kept is checked again in SQL (`store.passages.hits`).
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """Load everything anew when next asked."""
        self._seen = -1
        self._numbers: dict[str, int] = {"": 0}  # note id -> number; 0 is no note
        self._study = np.zeros(1, dtype=np.int32)  # by note number
        self._day = np.zeros(1, dtype=np.int32)  # by note number; 0 is no date
        self._note = np.zeros(1, dtype=np.int32)  # by row
        self._person = np.zeros(1, dtype=np.int32)  # by row
        self._tags: dict[str, Mask] = {}  # by tag, by row
        self._answers: dict[Filter, Mask] = {}

    def keeps(self, connection: Connection, narrow: Filter, generation: int) -> Mask:
        """Whether a filter keeps each row, as things are in `generation`."""
        with self._lock:
            if generation != self._seen:
                self._catch_up(connection)
                self._seen = generation
                self._answers.clear()
            if narrow not in self._answers:
                if len(self._answers) == _KEPT_ANSWERS:
                    self._answers.clear()
                self._answers[narrow] = self._mask(connection, narrow)
            return self._answers[narrow]

    def notes(self, mask: Mask, most: int) -> list[str] | None:
        """The ids of the notes whose passages a mask keeps; None when they are more than `most`."""
        with self._lock:
            kept = np.zeros(len(self._study), dtype=bool)
            kept[self._note[: len(mask)][mask]] = True
            numbers = np.flatnonzero(kept)
            if len(numbers) > most:
                return None
            ids = list(self._numbers)
            return [ids[number] for number in numbers]

    def _mask(self, connection: Connection, narrow: Filter) -> Mask:
        notes = np.ones(len(self._study), dtype=bool)
        notes[0] = False
        of_study = replace(Filter(), team=narrow.team, study=narrow.study, not_team=narrow.not_team)
        if of_study:
            query = select(schema.study.c.id).select_from(schema.study.join(schema.team)).where(*conditions(of_study))
            notes &= np.isin(self._study, connection.scalars(query).all())
        if narrow.not_study:
            notes &= ~np.isin(self._study, narrow.not_study)
        if narrow.since:
            notes &= self._day >= narrow.since.toordinal()
        if narrow.until:
            notes &= (self._day <= narrow.until.toordinal()) & (self._day > 0)
        if narrow.note:
            notes &= self._are(narrow.note)
        if narrow.not_note:
            notes &= ~self._are(narrow.not_note)
        mask = notes[self._note]
        of_person = replace(
            Filter(), participant=narrow.participant, segment=narrow.segment, account=narrow.account,
            consented_on=narrow.consented_on,
        )  # fmt: skip
        if of_person:
            chosen = connection.scalars(select(schema.participant.c.id).where(*conditions(of_person))).all()
            people = np.zeros(max(int(self._person.max()), max(chosen, default=0)) + 1, dtype=bool)
            people[list(chosen)] = True
            mask &= people[self._person]
        if narrow.tag:
            mask &= np.logical_or.reduce([self._tagged(connection, tag) for tag in narrow.tag])
        return mask

    def _are(self, ids: Sequence[str]) -> Mask:
        found = np.zeros(len(self._study), dtype=bool)
        found[[self._numbers[id_] for id_ in ids if id_ in self._numbers]] = True
        return found

    def _tagged(self, connection: Connection, tag: str) -> Mask:
        if tag not in self._tags:
            query = select(_tag.passage_row).where(_tag.tag == tag, _tag.removed.is_(False))
            rows = [row for page in tuples(connection, query) for (row,) in page]
            self._tags[tag] = np.zeros(len(self._note), dtype=bool)
            self._tags[tag][rows] = True
        return self._tags[tag]

    def _catch_up(self, connection: Connection) -> None:
        """Learn the labels of passages that were stamped since; of all at first."""
        first = self._seen < 0
        highest = connection.scalar(select(func.max(_passage.row))) or 0
        self._note, self._person = _long_enough(self._note, highest), _long_enough(self._person, highest)
        self._tags = {tag: _long_enough(mask, highest) for tag, mask in self._tags.items()}
        stamped = select(_passage.row, _passage.note_id, _passage.participant_id)
        changed: list[int] = []
        for page in tuples(connection, stamped if first else stamped.where(_passage.stamp > self._seen)):
            rows = [row for row, _, _ in page]
            self._note[rows] = [self._numbers.setdefault(note, len(self._numbers)) for _, note, _ in page]
            self._person[rows] = [person for _, _, person in page]
            changed += () if first else rows
        notes = select(_note.id, _note.study_id, ordinal(_note.date))
        if first:
            self._learn_notes(list(chain.from_iterable(tuples(connection, notes))))
        elif changed:
            theirs = notes.where(_note.id.in_(select(_passage.note_id).where(among(_passage.row, changed))))
            self._learn_notes(list(chain.from_iterable(tuples(connection, theirs))))
            for mask in self._tags.values():
                mask[changed] = False
            tags = select(_tag.tag, _tag.passage_row).where(_tag.removed.is_(False), among(_tag.passage_row, changed))
            for tag, row in chain.from_iterable(tuples(connection, tags)) if self._tags else ():
                if tag in self._tags:
                    self._tags[tag][row] = True

    def _learn_notes(self, notes: Sequence[tuple[Any, ...]]) -> None:
        numbers = [self._numbers.setdefault(id_, len(self._numbers)) for id_, _, _ in notes]
        self._study = _long_enough(self._study, len(self._numbers) - 1)[: len(self._numbers)]
        self._day = _long_enough(self._day, len(self._numbers) - 1)[: len(self._numbers)]
        self._study[numbers] = [study for _, study, _ in notes]
        self._day[numbers] = [day or 0 for _, _, day in notes]


def _long_enough(array: NDArray[Any], highest: int) -> NDArray[Any]:
    """The array itself, or a copy with room for `highest` and some more."""
    if highest < len(array):
        return array
    longer = np.zeros(highest + 1 + highest // 50, dtype=array.dtype)
    longer[: len(array)] = array
    return longer
