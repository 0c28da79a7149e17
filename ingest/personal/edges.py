"""Where a name begins and ends: without titles, punctuation and possessives, with its rest, and never a mere word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.personal import lexicon
from ingest.personal.cues import BRANDS, DAYS, FILLERS, OFFICES, PARTICLES, PEOPLES, TIMES, TITLES
from ingest.personal.lexicon import word_set
from ingest.personal.models import Span
from ingest.personal.numbers import is_label

WORD = re.compile(r"[^\W\d_][\w’'-]*[^\W_]|[^\W\d_]")
_EDGES = " \t\n\r.,;:!?\"“”„«»()[]{}<>*_|/\\-–—•~@#+=&…'’‘`"
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$", re.I)
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$|\b[JS]r\.$")
_NOBODY = re.compile(
    r"(?:participant|respondent|interviewee|interviewer|moderator|facilitator|researcher|observer|speaker|user|customer|"
    r"client|caller|agent|host|guest|tester|person|the|no|id)(?:[ _#.-]{0,2}\d{1,4}[a-z]?|[ _#.-]{1,2}[a-z])?|"
    r"[a-z][ _#.-]{0,2}\d{1,4}[a-z]?|p-\d+|\W*|.",
    re.I,
)
_SLUG = re.compile(r"(?<=\w)[./_](?=\w)|(?<=[a-z])-(?=[a-z])")
_END = re.compile(r"\n|(?<=\s)[-–—|](?=\s)|[^\s(\"“<]{0,64}[\d@/][^\s]*")
_FORMS = word_set("ltd limited llc inc corp plc gmbh ag kg bv nv sa sarl sas ab as oy spa sl pty")
_INTRODUCED = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|name is|name['’]s|named|called)\.?\s+$", re.I)
_START = re.compile(r"(?:^|[.!?:\n“\"‘(\[•*-]|\b(?:then|and|or|please|just|to|now))\s*$", re.I)
_OBJECT = re.compile(
    r"\s+(?:a|an|the|this|that|these|those|it|its|be|been|have|not|i|you|he|she|we|they|there|my|your|our|his|her|their|"
    r"all|any|some|every|each|as|up|down|off|out|over|us|me|them|him)\b",
    re.I,
)


def begins_as_verb(text: str, start: int, end: int) -> bool:
    """Whether a name that is an ordinary word too is that word here: "Mark the row", "Will it work?", "Bill them".

    >>> begins_as_verb("Mark the row.", 0, 4), begins_as_verb("Mark said so.", 0, 4)
    (True, False)
    """
    return bool(_START.search(text[max(0, start - 8) : start]) and _OBJECT.match(text, end))


def persons(text: str, span: Span) -> Iterator[Span]:
    """The names in what was taken for one: a name ends with its line, and before anything with a digit or a slash."""
    start = span.start
    for end in [*_END.finditer(text, span.start, span.end), None]:
        yield from _person(text, start, end.start() if end else span.end, span.score)
        start = end.end() if end else span.end


def without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without punctuation and spaces around it; the full stop of an initial stays."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES and not _INITIAL.search(text[start:end]):
        end -= 1
    return start, end


def _person(text: str, start: int, end: int, score: float) -> Iterator[Span]:
    start, end = without_edges(text, start, end)
    if text[start : start + 2] in ("s ", "S ") and text[max(0, start - 1) : start] in ("'", "’"):
        start += 2  # the end of "it's" before a name
    while found := re.match(r"([^\W\d_]+)\.?\s+(?=\S)", text[start:end]):
        if found.group(1).lower() not in TITLES:
            break
        start += found.end()
    end -= len(found.group()) if (found := _POSSESSIVE.search(text[start:end])) else 0
    start, end = without_edges(text, start, end)
    if not _is_nobody(text, start, end):
        yield Span(start, _widened(text, start, end), "PERSON", score)


def _is_nobody(text: str, start: int, end: int) -> bool:
    said = text[start:end]
    words = WORD.findall(said)
    if not words or _NOBODY.fullmatch(said) or _is_joined_on(text, start):
        return True
    if all(map(is_no_name, words)) and not _INTRODUCED.search(text[max(0, start - 16) : start]):
        return True
    if all(is_contraction(word) or word.lower() in TITLES for word in words):
        return True
    if len(words) > 1 and " " in said:
        return is_label(said)
    if _SLUG.search(said) and not any({*lexicon.kind(part)} & {*"gf"} for part in _SLUG.split(said)):
        return True  # a file's name, a host or a part of an address
    kind = lexicon.kind(said)
    named = lexicon.GIVEN in kind or lexicon.FAMILY in kind
    abbreviation = said.isupper() and 1 < len(said) < 5 and any(letter.islower() for letter in text)
    if not named and (abbreviation or said.lower() in BRANDS):
        return True
    if is_label(said) and (said.isupper() or not named):
        return True
    return kind[0] in "Wwb" and begins_as_verb(text, start, end)


def _is_joined_on(text: str, start: int) -> bool:
    """Whether a word in lower case hangs on an ordinary one by a hyphen, as in "in-toto"."""
    before = re.search(r"([^\W\d_]+)-$", text[max(0, start - 24) : start])
    return before is not None and text[start].islower() and lexicon.is_word(before.group(1))


def is_no_name(word: str) -> bool:
    """Whether a word is a day, a filler, a people, an office, or a place that nobody is called after."""
    bare = word.lower().removesuffix("'s").removesuffix("’s")
    kind = lexicon.kind(bare)
    place = lexicon.PLACE in kind and lexicon.GIVEN not in kind and lexicon.FAMILY not in kind
    one = bare.removesuffix("s")
    return bare in DAYS or bare in FILLERS or one in PEOPLES or bare in PEOPLES or one in OFFICES or place


def is_contraction(word: str) -> bool:
    """Whether a verb is in a word: "I'm", "we've"."""
    return bool(re.search(r"['’](?:m|re|ve|ll|d|t)$", word, re.I))


def _widened(text: str, start: int, end: int) -> int:
    """The end of a name with the words behind it that are most likely its rest."""
    capital, first = text[start].isupper(), end
    for _ in range(3):
        found = re.match(r"(?:[ \t]|-)((?:[^\W\d_]+[ \t]){0,2}?)([^\W\d_](?:[\w’'-]*[^\W\d_])?)(?=\W|$)", text[end:])
        if not found or text[end - 1] in ".,":
            break
        particles, word = found.group(1).lower().split(), _POSSESSIVE.sub("", found.group(2))
        kind, low = lexicon.kind(word), word.lower()
        if low in _FORMS:
            return first  # a firm's name, of which the person's is a part
        if not set(particles) <= PARTICLES or low in TIMES or low in BRANDS or len(word) < 3 or is_contraction(word):
            break
        if capital and (not word[0].isupper() or word.isupper() or kind[0] == lexicon.COMMON):
            break
        if not capital and (particles or not (kind == "u" or (lexicon.FAMILY in kind and kind[0] not in "Ww"))):
            break
        end += found.end(2) - len(found.group(2)) + len(word)
    return end
