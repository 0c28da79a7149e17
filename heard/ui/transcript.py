"""A note as a conversation: the interviewer small and grey, the customer's words dark, tags in the margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heard.ui import links, words
from heard.ui.html import esc
from research.models import Note, Passage, Turn


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one turn; `passage` is None where it is nobody's evidence. `first` is False for a passage's rest."""

    text: str
    passage: Passage | None
    first: bool = True


def rendered(note: Note, chosen: str, *, tags: bool) -> tuple[str, str]:
    """The transcript as HTML up to and with the chosen passage, and what comes after it ("" when none is chosen).

    `tags` says whether a passage is chosen to change its tags, too.
    """
    rows = list(_rows(note, chosen, tags))
    cut = next((n for n, (_, last_of_chosen) in reversed(list(enumerate(rows))) if last_of_chosen), None)
    html = [row for row, _ in rows]
    if cut is None:
        return _wrapped(html), ""
    return _wrapped(html[: cut + 1]), _wrapped(html[cut + 1 :])


def pieces(note: Note, turn: Turn) -> Iterator[Piece]:
    """A turn cut at the edges of the passages that lie in it."""
    at = turn.start
    for passage in note.passages:
        start, end = max(passage.start, turn.start), min(passage.end, turn.end)
        if start >= end or start < at:
            continue
        if between := note.text[at:start].strip():
            yield Piece(between, None)
        yield Piece(note.text[start:end].strip(), passage, first=passage.start >= turn.start)
        at = end
    if rest := note.text[at : turn.end].strip():
        yield Piece(rest, None)


def _rows(note: Note, chosen: str, tags: bool) -> Iterator[tuple[str, bool]]:
    """Every row with whether it belongs to the chosen passage."""
    speaker, heading, asked = None, "", ""
    by_turn = _passages_by_turn(note)
    for turn in note.turns:
        if turn.heading and turn.heading != heading and turn.heading.strip() != asked:
            yield f'<h3 class="hd-guide">{esc(turn.heading)}</h3>', False
            speaker = None
        heading = turn.heading
        if turn.role == "interviewer":
            asked = turn.text.strip()
        inside = Note(note.summary, note.text, (), by_turn.get(turn.ordinal, ()))
        for number, piece in enumerate(pieces(inside, turn)):
            who = turn.speaker if number == 0 and turn.speaker != speaker else ""
            time = words.clock(turn.start_s) if number == 0 else ""
            yield _row(note, turn, piece, who, time, chosen, tags), bool(piece.passage and piece.passage.id == chosen)
        speaker = turn.speaker


def _passages_by_turn(note: Note) -> dict[int, tuple[Passage, ...]]:
    """The passages that touch each turn, so that a long note is gone through once."""
    found: dict[int, tuple[Passage, ...]] = {}
    passages = sorted(note.passages, key=lambda passage: passage.start)
    first = 0
    for turn in sorted(note.turns, key=lambda turn: turn.start):
        while first < len(passages) and passages[first].end <= turn.start:
            first += 1
        last = first
        while last < len(passages) and passages[last].start < turn.end:
            last += 1
        found[turn.ordinal] = tuple(passages[first:last])
    return found


def _row(note: Note, turn: Turn, piece: Piece, who: str, time: str, chosen: str, tags: bool) -> str:
    passage = piece.passage
    role = "hd-them" if turn.role == "participant" else "hd-us"
    mine = " hd-chosen" if passage and passage.id == chosen else ""
    label = f'<span class="hd-who">{esc(who)}</span>' if who else ""
    label += f'<span class="hd-time">{time}</span>' if time else ""
    margin = _margin(note, passage, tags) if passage and piece.first else ""
    anchor = f' id="{esc(links.anchor_of(passage.id))}"' if passage and piece.first else ""
    said = esc(piece.text).replace("\n", "<br>")
    return (
        f'<div class="hd-turn {role}{mine}"{anchor}><div class="hd-label">{label}</div>'
        f'<div class="hd-said">{said}</div><div class="hd-margin">{margin}</div></div>'
    )


def _margin(note: Note, passage: Passage, tags: bool) -> str:
    """The tags of a passage as the link that chooses it."""
    names = ", ".join(assignment.tag for assignment in passage.tags)
    return links.link(
        links.note(note.summary.id, passage.id),
        names or ("+ tag" if tags else "choose"),
        style="hd-pick" if names else "hd-pick hd-untagged",
        title=f"Choose this passage: {'change its tags, ' if tags else ''}see who else said it",
    )


def _wrapped(rows: list[str]) -> str:
    return f'<div class="hd-transcript">{"".join(rows)}</div>' if rows else ""
