"""Lines to blocks: who says each line, and which heading or written question it stands under."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.models import Block
from ingest.readers import grids
from ingest.readers.clean import has_words, shortened, without_sounds
from ingest.readers.dates import is_date
from ingest.readers.guides import Ask, asks, is_script, split_probe
from ingest.readers.layout import State, is_lead, is_subheading, leaves, next_roles, sessions, timed
from ingest.readers.lines import Line
from ingest.readers.speakers import Label, accepted, believed, is_participant_word, label_of, role_of
from ingest.readers.times import ARROW, bare_time, seconds, stamps_taken
from research.models import Role

_ATTRIBUTION = re.compile(r"(?:--+|[–—]|-(?=\s*(?:P|Participant |User )\d))\s*(.{1,160})$", re.S)
_END_ATTRIBUTION = re.compile(
    r"(.*[\"”’.!?])\s*(?:[-–—]+\s*|\()((?:P|Participant |User |Respondent )\d{1,3})\)?\s*$", re.S | re.I
)
_LONGEST = 20_000  # a paragraph wrapped over more than this is cut, so that joining stays linear


def blocks(
    lines: Sequence[Line], interviewers: Collection[str], known: Collection[str] = ()
) -> tuple[list[Block], list[str]]:
    """The blocks of a document in order, and what was left out on purpose.

    Where labels make it a dialogue, every line belongs to the last label; where they do not, it is notes, and written
    questions become the headings of what stands beneath them.
    """
    if not lines:
        return [], []
    following = [*lines[1:], None]
    before = [None, *lines[:-1]]
    labels = [label_of(line, after, prior) for line, after, prior in zip(lines, following, before, strict=True)]
    filled = sum(1 for line in lines if line.kind not in ("blank", "table", "heading")) + sum(
        1 for line, label in zip(lines, labels, strict=True) if label and line.kind == "heading"
    )
    people = accepted(labels, filled, {*known, *interviewers})
    reader = _Reader(lines, [believed(label, people) for label in labels], people, interviewers)
    return reader.read()


class _Reader:
    """Walks the lines once, holding the state and the blocks so far."""

    def __init__(
        self,
        lines: Sequence[Line],
        labels: Sequence[Label | None],
        people: Collection[str],
        interviewers: Collection[str],
    ) -> None:
        self.lines = lines
        self.labels = labels
        self.people = people
        self.interviewers = interviewers
        self.state = State()
        self.found: list[Block] = []
        self.asks = {
            index: ask for index, ask in asks(lines).items() if not people or lines[index].kind in ("bullet", "number")
        }
        self.guide = len(self.asks) >= 4
        self.ticks = any(line.ticked for line in lines)
        self.sessions = sessions(lines)
        names = {label.name.casefold(): label.name for label in labels if label}
        answering = [name for name in names.values() if self._role(name) != "interviewer"]
        self.sole = answering[0] if len(answering) == 1 else ""
        self.answered_by = next_roles(lines, [self._role(label.name) if label else None for label in labels], labels)
        self.long_turns = self._interviewers_go_on()

    def read(self) -> tuple[list[Block], list[str]]:
        for index, line in enumerate(self.lines):
            if line.kind == "blank":
                self.state.fresh = True
                continue
            self._line(index, line)
            self.state.fresh = False
        self._close_ask()
        left_out = [f"{self.state.unanswered} questions without an answer"] if self.state.unanswered else []
        return timed(self.found), left_out

    def _line(self, index: int, line: Line) -> None:
        state = self.state
        if line.kind != "quote" and line.kind != "text":
            state.quote_from = None
        if line.kind == "table":
            self.found += [self._mine(block) for block in grids.blocks(line.rows, state.heading(), self.interviewers)]
            return
        arrow = ARROW.match(line.text)
        time = seconds(arrow.group(1)) if arrow and not arrow.group(3) else bare_time(line.text)
        if time is not None and line.kind in ("text", "heading") and not state.ask:
            state.time = time
            return
        opens, state.opens = state.opens, line.kind == "heading"
        if label := self.labels[index]:
            self._turn(label, line)
        elif (
            opens and line.kind == "text" and len(line.text) < 60 and is_date(line.text) and "?" not in state.heading()
        ):
            return  # when a session took place
        elif line.kind == "heading":
            self._heading(line)
        elif index in self.asks and not state.talking:
            self._ask(self.asks[index], line)
        elif line.all_bold and is_subheading(line.text):
            self._subheading(line.text)
        elif self.people and line.italic and state.fresh:
            self._emit(line.text, "", None)
        elif state.talking:
            self._goes_on(index, line)
        else:
            self._note(line)

    def _turn(self, label: Label, line: Line) -> None:
        state = self.state
        state.voice, state.role, state.talking = label.name, self._role(label.name), True
        if (
            state.person
            and state.role == "participant"
            and is_participant_word(label.name)
            and not re.search(r"\d", label.name)
        ):
            state.voice = state.person
        if label.start_s is not None:
            state.time = label.start_s
        if label.rest:
            self._emit(label.rest, state.voice, state.role, line.wrapped)
        if label.form == "heading":
            state.quiet()
            if self.sole:
                state.voice, state.role = self.sole, self._role(self.sole)

    def _goes_on(self, index: int, line: Line) -> None:
        """A line without a label: the rest of the turn, or an answer that nobody wrote a name before.

        After an interviewer's question it is the answer unless a named person answers next; so it is after any other
        turn of an interviewer, where interviewers never speak in several paragraphs.
        """
        state = self.state
        if state.role == "interviewer" and not line.wrapped and self.answered_by[index] != "other":
            asked = bool(self.found) and self.found[-1].text.endswith(("?", "？"))
            if asked or (state.fresh and not self.long_turns):
                state.quiet()
                self._note(line)
                return
        self._emit(line.text, state.voice, state.role, line.wrapped and not state.fresh)

    def _interviewers_go_on(self) -> bool:
        """Whether somewhere an interviewer's turn has a second paragraph before the other person answers."""
        asking = fresh = False
        for index, line in enumerate(self.lines):
            if line.kind == "blank":
                fresh = True
                continue
            if label := self.labels[index]:
                asking = self._role(label.name) == "interviewer"
            elif line.kind == "heading":
                asking = False
            elif asking and fresh and self.answered_by[index] == "other":
                return True
            fresh = False
        return False

    def _heading(self, line: Line) -> None:
        state = self.state
        self._close_ask()
        if state.person and line.level <= state.person_level:
            state.person = ""
        if session := self.sessions.get((line.level, line.text)):
            state.person, state.person_level = session, line.level
        while state.headings and state.headings[-1][0] >= line.level:
            state.headings.pop()
        state.headings.append((line.level, shortened(line.text)))
        state.bold = state.ask = ""
        state.quiet()

    def _subheading(self, text: str) -> None:
        self._close_ask()
        self.state.bold, self.state.ask = shortened(text.rstrip(" :")), ""
        if session := self.sessions.get((9, text)):
            self.state.person, self.state.person_level = session, 9

    def _ask(self, ask: Ask, line: Line) -> None:
        self._close_ask()
        state = self.state
        state.ask, state.ask_kind, state.ask_level = shortened(ask.question), line.kind, line.level
        self._answered = False
        if ask.answer:
            self._emit(ask.answer, state.person, self._person_role())

    _answered = True

    def _close_ask(self) -> None:
        if not self._answered:
            self.state.unanswered += 1
        self._answered = True

    def _note(self, line: Line) -> None:
        state = self.state
        if line.ticked is False and self.ticks:
            return
        if state.ask and leaves(line, state):
            self._close_ask()
            state.ask = ""
        attributed = (
            _ATTRIBUTION.match(line.text) if state.quote_from is not None and line.kind in ("quote", "text") else None
        )
        if attributed and not state.fresh:
            self._attribute(attributed.group(1))
            return
        text, heading = line.text, state.heading()
        if is_lead(line):
            state.bold = shortened(text.rstrip(" :"))
            return
        probe, text = split_probe(text)
        if probe:
            heading = shortened(f"{state.ask} {probe}" if state.ask and len(state.ask) + len(probe) < 299 else probe)
        role = self._person_role()
        if self.guide and is_script(text) and (line.kind == "text" or "recording" in text):
            role = "interviewer"
        if line.kind == "quote" or text[:1] in '“"':
            if state.quote_from is None or line.kind != "quote":
                state.quote_from = len(self.found)
        elif not line.wrapped:
            state.quote_from = None
        speaker = state.voice or state.person
        if state.voice:
            role = state.role
        if named := _END_ATTRIBUTION.match(text) if len(text) < 2000 else None:
            text, speaker, role = named.group(1).rstrip(" (-–—"), named.group(2), "participant"
        self._emit(text, speaker, role, line.wrapped and not state.fresh, heading)

    def _attribute(self, words: str) -> None:
        """The line under a quote that says whose it is."""
        name = shortened(
            re.split(r"[,;(]|\s(?:about|on|when|talking|describing)\s|\s[-–—]\s", words, maxsplit=1)[0].strip(), 60
        )
        person = re.match(r"(?:P|Participant |User )\d{1,3}\b", name, re.I)
        name = person.group() if person else name
        start = self.state.quote_from
        for index in range(start if start is not None else len(self.found), len(self.found)):
            self.found[index] = replace(
                self.found[index], speaker=name, role=role_of(name, self.people, self.interviewers)
            )
        self.state.quote_from = None

    def _emit(
        self, text: str, speaker: str, role: Role | None, joined: bool = False, heading: str | None = None
    ) -> None:
        text, first, last = stamps_taken(text)
        start = first if first is not None else self.state.time
        self.state.time = last if last is not None else self.state.time
        text = without_sounds(text)
        if not has_words(text):
            return
        if role != "interviewer":
            self._answered = True
        heading = self.state.heading() if heading is None else heading
        if joined and self.found:
            previous = self.found[-1]
            if previous.speaker == speaker and previous.role == role and len(previous.text) < _LONGEST:
                self.found[-1] = replace(previous, text=f"{previous.text} {text}")
                return
        self.found.append(Block(text, speaker, role, heading, start))

    def _mine(self, block: Block) -> Block:
        return (
            block
            if block.speaker or not self.state.person
            else replace(block, speaker=self.state.person, role=self._person_role())
        )

    def _person_role(self) -> Role | None:
        return role_of(self.state.person, (), ()) if self.state.person else None

    def _role(self, name: str) -> Role | None:
        return role_of(name, self.people, self.interviewers)
