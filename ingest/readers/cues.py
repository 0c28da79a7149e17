"""WebVTT, SRT and cues pasted anywhere: times and voices of captions, merged into turns."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.models import Block, Document, Metadata, ReadOptions, Source
from ingest.readers import metadata
from ingest.readers.clean import has_words, plain, squeezed, without_sounds
from ingest.readers.decode import decode
from ingest.readers.lines import Line
from ingest.readers.speakers import Label, accepted, believed, label_of, role_of
from ingest.readers.times import ARROW, seconds
from research.errors import BadInput

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)*(?:\s+([^<>]*))?>", re.I)
_TAGS = re.compile(r"</?[a-zA-Z0-9.:_][^<>]*>")
_SETTINGS = re.compile(r"(?:\s*(?:align|line|position|size|vertical|region|X1|X2|Y1|Y2):\S+)+\s*$", re.I)
_SKIPPED = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_STYLES = re.compile(r"\{\\[^{}]*\}")
_CHANGE = re.compile(r"\s*(?:>>+|[-–—](?=\s))\s*")
_LITTER = re.compile(
    r"(?:thank(?:s| you)(?: so much| very much)? for (?:watching|listening|viewing).{0,30}|"
    r"(?:please )?(?:like and )?subscribe(?: (?:to|for) (?:my|our|the|this|more) ?.{0,20})?|"
    r"(?:sub(?:title)?s|captions?|transcript(?:ion)?) (?:by|provided by|created by).{0,60}|www\.\S+|you)\W*$",
    re.I,
)
_GAP_S, _LONG_GAP_S = 2.0, 15.0
_ENOUGH, _MOST = 70, 160


@dataclass(frozen=True, slots=True)
class Cue:
    """One voice in one caption. `turn` is set where the caption marks a change of speaker without a name."""

    start_s: float | None
    end_s: float | None
    speaker: str
    text: str
    turn: bool = False


def read_cues(source: Source, options: ReadOptions) -> list[Document]:
    """One document of a .vtt or .srt file; BadInput where it holds no cues or nobody says anything."""
    return [from_text(decode(source.data, source.name), source.name, options)]


def looks_like_cues(text: str) -> bool:
    """Whether a text of another name is a caption file: it says WEBVTT, or a good part of its lines are cue times."""
    head = text[:200_000]
    if head.lstrip().startswith("WEBVTT") and "-->" in head:
        return True
    if "-->" not in head:
        return False
    filled = [line for line in head.split("\n") if line.strip()]
    arrows = sum(1 for line in filled if ARROW.match(line))
    return arrows >= 3 and arrows >= 0.25 * len(filled)


def from_text(text: str, name: str, options: ReadOptions) -> Document:
    """The document of a caption file's text."""
    cues, intro = parse(text)
    if not cues:
        raise BadInput(
            f"{name} has no cues (lines such as 00:00:05.000 --> 00:00:09.000). Export the transcript again, as .vtt "
            f"or .txt."
        )
    said = metadata.gathered(intro, name, Metadata())
    form = "srt" if name.lower().endswith(".srt") and not text.lstrip().startswith("WEBVTT") else "vtt"
    if not name.lower().endswith((".vtt", ".srt")):
        form = "md" if name.lower().endswith((".md", ".markdown")) else "txt"
    people = {*options.interviewers, *said.metadata.interviewers}
    blocks, left_out = turns(cues, people)
    if not blocks:
        raise BadInput(
            f"{name} has cues, but nothing is said in them. Check that the transcript was exported with its text."
        )
    return Document(tuple(blocks), said.metadata, form, origins=said.origins, left_out=tuple(left_out))


def parse(text: str) -> tuple[list[Cue], list[Line]]:
    """The cues of a caption file in order, and the lines that stand before the first."""
    intro: list[Line] = []
    cues: list[Cue] = []
    times: tuple[float | None, float | None] | None = None
    body: list[str] = []
    pending = ""
    skipping = False
    for raw in text.split("\n"):
        arrow = ARROW.match(raw) if "-->" in raw or "–>" in raw or "→" in raw else None
        if arrow:
            if times is not None:
                cues.extend(_voices(times, body))
            times, body, pending, skipping = (seconds(arrow.group(1)), seconds(arrow.group(2))), [], "", False
            rest = _SETTINGS.sub("", arrow.group(3)).strip()
            if rest:
                body.append(rest)
        elif not raw.strip():
            skipping = False
            if pending:
                body.append(pending)
            pending = ""
            if times is not None and body:
                body.append("")
        elif skipping or (_SKIPPED.match(raw) and (not body or body[-1] == "")):
            skipping = True
        elif times is None:
            if not raw.startswith("WEBVTT"):
                words = plain(raw.lstrip("# "))
                intro.append(Line("heading" if raw.startswith("#") else "text", words, 1))
        elif body and body[-1] == "" and not pending and _is_id(raw):
            pending = raw  # an id, unless no time follows
        else:
            if pending:
                body.append(pending)
                pending = ""
            body.append(raw)
    if times is not None:
        cues.extend(_voices(times, [*body, pending] if pending else body))
    return sound_times(cues), [line for line in intro if line.text]


def _is_id(raw: str) -> bool:
    """Cue ids are whole numbers or GUIDs such as Teams writes."""
    word = raw.strip()
    return word.isdigit() or bool(re.fullmatch(r"[0-9a-fA-F]{8}-[0-9a-fA-F\-]{20,40}(?:/[\d\-]+)?", word))


def _voices(times: tuple[float | None, float | None], body: Sequence[str]) -> Iterator[Cue]:
    """The voices of one caption: by <v> tags where it has them, else one."""
    lines = [line for line in body if line.strip()]
    joined = "\n".join(lines)
    pieces = _VOICE.split(joined) if "<v" in joined.lower() else [joined]
    for at in range(0, len(pieces), 2):
        speaker = _words(pieces[at - 1] or "") if at else ""
        turn = False
        texts = []
        for line in pieces[at].split("\n"):
            bare = _TAGS.sub("", _STYLES.sub("", line))
            bare = html.unescape(bare)
            change = _CHANGE.match(bare)
            turn = turn or bool(change and ">>" in change.group())
            texts.append(bare[change.end() :] if change else bare)
        text = squeezed(" ".join(texts))
        if text:
            yield Cue(*times, speaker, text, turn)


def _words(text: str) -> str:
    return squeezed(html.unescape(_TAGS.sub("", text)))


def sound_times(cues: list[Cue]) -> list[Cue]:
    """Cues without times that run backwards; a file that mostly does has no times at all."""
    latest = 0.0
    sound: list[Cue] = []
    broken = 0
    for cue in cues:
        start, end = cue.start_s, cue.end_s
        if start is None or start < latest:
            broken += 1
            sound.append(replace(cue, start_s=None, end_s=None))
            continue
        latest = start
        sound.append(replace(cue, end_s=end if end is not None and end >= start else None))
    if broken > 0.3 * len(cues):
        return [replace(cue, start_s=None, end_s=None) for cue in cues]
    return sound


def turns(cues: Sequence[Cue], interviewers: Collection[str]) -> tuple[list[Block], list[str]]:
    """Cues as turns: litter out, inline names read, and cues of one voice that are close together merged.

    Names such as "Thank you for watching" that speech recognition invents in silence, sounds in brackets and lines that
    repeat the one before are dropped. A turn ends at a sentence once it has 70 words, and at 160 words in any case.
    """
    kept, left_out = _without_litter(_named(cues))
    people = {cue.speaker.casefold() for cue in kept if cue.speaker}
    merged: list[list[Cue]] = []
    words = 0
    for cue in kept:
        size = len(cue.text.split())
        if merged and _belongs(merged[-1][-1], cue, words):
            merged[-1].append(cue)
            words += size
        else:
            merged.append([cue])
            words = size
    found: list[Block] = []
    for group in merged:
        speaker = group[0].speaker
        role = role_of(speaker, people, interviewers) if speaker else None
        starts = [cue.start_s for cue in group if cue.start_s is not None]
        ends = [cue.end_s for cue in group if cue.end_s is not None]
        start = starts[0] if starts else None
        text = squeezed(" ".join(cue.text for cue in group))
        found.append(Block(text, speaker, role, "", start, max(ends) if ends and start is not None else None))
    return found, left_out


def _belongs(before: Cue, cue: Cue, words: int) -> bool:
    if cue.speaker != before.speaker or cue.turn or words >= _MOST:
        return False
    ended = before.text.rstrip("\"'”’)")[-1:] in ".!?。！？…"
    gap = 0.0 if cue.start_s is None or before.end_s is None else cue.start_s - before.end_s
    if gap > _LONG_GAP_S or (words >= _ENOUGH and ended):
        return False
    return gap <= _GAP_S or not ended or (words < 12 and gap <= 2 * _GAP_S)


def _named(cues: Sequence[Cue]) -> list[Cue]:
    """Cues with "Name: " taken from the text where the file is written that way, and handed on to cues without one."""
    if any(cue.speaker for cue in cues):
        return _handed_on(cues)
    labels: list[Label | None] = []
    for cue in cues:
        label = label_of(Line("text", cue.text))
        labels.append(label if label and label.form == "colon" and label.rest else None)
    people = accepted(labels, max(1, len(cues)))
    if not people:
        return list(cues)
    named = []
    for cue, label in zip(cues, labels, strict=True):
        if found := believed(label, people):
            named.append(replace(cue, speaker=found.name, text=found.rest))
        else:
            named.append(cue)
    return _handed_on(named)


def _handed_on(cues: Sequence[Cue]) -> list[Cue]:
    """A cue without a name belongs to the voice before it where names are only given at a change.

    Where nearly every cue is named, one without stays nameless after an interviewer: it may be the answer.
    """
    dense = sum(1 for cue in cues if cue.speaker) >= 0.6 * len(cues)
    people = {cue.speaker.casefold() for cue in cues if cue.speaker}
    current = ""
    handed: list[Cue] = []
    for cue in cues:
        if not cue.speaker and current and not (dense and role_of(current, people, ()) == "interviewer"):
            cue = replace(cue, speaker=current)
        current = cue.speaker or current
        handed.append(cue)
    return handed


def _without_litter(cues: Sequence[Cue]) -> tuple[list[Cue], list[str]]:
    kept: list[Cue] = []
    dropped: Counter[str] = Counter()
    for cue in cues:
        text = without_sounds(cue.text)
        if not has_words(text):
            dropped["sounds in brackets"] += 1
            continue
        if _LITTER.match(text) and (len(text.split()) > 1 or text.lower().strip(" .") != "you"):
            dropped["captions nobody spoke"] += 1
            continue
        text = _not_rolled(kept[-1], text, cue) if kept else text
        if not text:
            dropped["lines that repeat the one before"] += 1
            continue
        kept.append(replace(cue, text=text))
    return kept, list(dropped)


def _not_rolled(before: Cue, text: str, cue: Cue) -> str:
    """Text without what rolling captions or a stuck recogniser repeat from the cue before; "" where nothing is new."""
    if before.speaker != cue.speaker or len(text.split()) < 3:
        return text
    if text == before.text:
        return ""
    if len(before.text) > 12 and text.startswith(before.text + " "):
        return text[len(before.text) + 1 :]
    return text
