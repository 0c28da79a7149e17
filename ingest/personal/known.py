"""People whose names are known, found wherever they are called: in full, by one name, in lower case, misspelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.personal import lexicon
from ingest.personal.cues import PARTICLES, TITLES
from ingest.personal.edges import begins_as_verb
from ingest.personal.models import Span, touches
from ingest.personal.nicknames import NICKNAMES

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?![sS]\b))*")
BETWEEN = re.compile(r"[ \t]*[-.]?[ \t]*|,[ \t]")  # what may stand between two words of one name
_MISSPELLED_FROM = 5  # letters; a shorter name has too many words and other names one edit away
_MISSPELLED_CAPITAL_FROM = 4  # letters, where the word has a capital
# Before a word in lower case these say that somebody is meant.
_CALLED = re.compile(
    r"\b(?:ask|asked|tell|told|thanks|thank|hi|hey|hello|dear|called|named|name is|name[’']s|i[’']m|"
    r"met|cheers)\s+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody by their pseudonym (`who`), the names they are known by, and addresses and numbers that are theirs."""

    who: str
    names: tuple[str, ...]
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text: where it stands, folded, and whether it has a capital."""

    start: int
    end: int
    folded: str
    capital: bool


@dataclass(frozen=True, slots=True)
class _Match:
    """A word that is a part of somebody's name; `sure` or only beside another part."""

    word: int
    whos: frozenset[str]
    sure: bool
    score: float


class Known:
    """Finds the same people in many texts: what is looked for is worked out once."""

    def __init__(self, people: Sequence[KnownPerson]) -> None:
        self._people = tuple(people)
        self._parts = _parts(people)
        self._near = _Near(self._parts)
        self._initials = _initials(people)

    def find(self, text: str) -> tuple[Span, ...]:
        """Where these people are named, with their pseudonym; "" where two of them share what was said.

        Any part of a name counts: with a capital, or in lower case unless it is an ordinary word as well ("mark",
        "may"), which only counts beside another part of the name or after "ask", "hi" and the like. So does a word one
        edit away (a letter more, less or other, or two swapped) from a part of five letters or more (four, with a
        capital), unless that is an ordinary word. Whoever calls decides who is worth looking for: with a roster of
        thousands, somebody else of the same first name would be taken for one of them.
        """
        if not self._people:
            return ()
        contacts = list(_contacts(text, self._people))
        words = [word for word in words_of(text) if not any(touches(one, word.start, word.end) for one in contacts)]
        found = ((n, _match(text, n, word, self._parts, self._near)) for n, word in enumerate(words))
        matches = {n: match for n, match in found if match}
        return tuple(sorted([*contacts, *_runs(text, words, matches, self._initials)]))


def find_known(text: str, people: Sequence[KnownPerson]) -> tuple[Span, ...]:
    """The same in one text."""
    return Known(people).find(text)


def words_of(text: str) -> list[Word]:
    """The words of a text or of a name, folded, without possessives."""
    return [Word(m.start(), m.end(), _folded(m.group()), m.group()[0].isupper()) for m in _WORD.finditer(text)]


def _parts(people: Sequence[KnownPerson]) -> dict[str, frozenset[str]]:
    """Each word of each name, folded -> whose it is; short forms of given names too."""
    found: dict[str, set[str]] = {}
    for person in people:
        for name in person.names:
            words = [_folded(word.group()) for word in _WORD.finditer(name)]
            for n, word in enumerate(words):
                if word in TITLES or (len(word) < 2 and len(words) > 1):
                    continue
                for form in (word, *(NICKNAMES.get(word, ()) if n == 0 else ())):
                    found.setdefault(form, set()).add(person.who)
    return {part: frozenset(whos) for part, whos in found.items()}


def _initials(people: Sequence[KnownPerson]) -> dict[str, frozenset[str]]:
    """Pseudonym -> the first letters of the words of their names."""
    return {
        person.who: frozenset(_folded(word.group())[0] for name in person.names for word in _WORD.finditer(name))
        for person in people
    }


class _Near:
    """Finds the parts one edit away from a word, by what is left of either without a letter."""

    def __init__(self, parts: dict[str, frozenset[str]]) -> None:
        self._by_rest: dict[str, set[str]] = {}
        for part in parts:
            if len(part) >= _MISSPELLED_CAPITAL_FROM and part not in PARTICLES:
                for rest in _without_a_letter(part):
                    self._by_rest.setdefault(rest, set()).add(part)

    def __call__(self, word: str, capital: bool) -> list[str]:
        if len(word) < _MISSPELLED_CAPITAL_FROM - 1:
            return []
        enough = _MISSPELLED_CAPITAL_FROM if capital else _MISSPELLED_FROM
        candidates = {part for rest in _without_a_letter(word) for part in self._by_rest.get(rest, ())}
        return sorted(part for part in candidates if len(part) >= enough and one_edit(part, word))


def _match(text: str, n: int, word: Word, parts: dict[str, frozenset[str]], near: _Near) -> _Match | None:
    kind = lexicon.kind(word.folded)[0]
    ordinary = kind in "Wwb" or word.folded in PARTICLES
    if whos := parts.get(word.folded):
        return _Match(n, whos, not ordinary or _called(text, word), 1.0 if not ordinary else 0.8)
    if ordinary:
        return None
    whos = frozenset(who for part in near(word.folded, word.capital) for who in parts[part])
    return _Match(n, whos, True, 0.7) if whos else None


def _called(text: str, word: Word) -> bool:
    """Whether a name that is an ordinary word too is meant as a name here."""
    if word.folded in PARTICLES or begins_as_verb(text, word.start, word.end):
        return False
    called = bool(_CALLED.search(text[max(0, word.start - 24) : word.start]))
    return word.capital or (called and not begins_as_verb(text[word.start :], 0, word.end - word.start))


def _runs(
    text: str, words: Sequence[Word], matches: dict[int, _Match], initials: dict[str, frozenset[str]]
) -> Iterator[Span]:
    """Matches that stand together and may be one person made one span, if one of them is sure or all are a name."""
    run: list[_Match] = []
    for n in [*sorted(matches), -1]:
        match = matches.get(n)
        if run and (match is None or match.word != run[-1].word + 1 or not _together(text, words, run, match)):
            yield from _span(text, words, run, initials)
            run = []
        if match:
            run.append(match)


def _together(text: str, words: Sequence[Word], run: Sequence[_Match], match: _Match) -> bool:
    between = text[words[run[-1].word].end : words[match.word].start]
    repeated = any(words[one.word].folded == words[match.word].folded for one in run)
    return bool(BETWEEN.fullmatch(between)) and bool(_shared(run) & match.whos) and not repeated


def _shared(run: Sequence[_Match]) -> frozenset[str]:
    return frozenset.intersection(*(one.whos for one in run))


def _span(
    text: str, words: Sequence[Word], run: Sequence[_Match], initials: dict[str, frozenset[str]]
) -> Iterator[Span]:
    named = [one for one in run if words[one.word].folded not in PARTICLES]
    if not any(one.sure for one in run) and len(named) < 2:
        return
    if not any(one.sure for one in run) and all(not words[one.word].capital for one in run) and len(named) < len(run):
        return
    whos = _shared(run)
    start, end = words[run[0].word].start, words[run[-1].word].end
    if len(whos) == 1:
        letters = initials[next(iter(whos))]
        if (before := re.search(r"(?<!\w)(?:([^\W\d_])\.?[ \t]?){1,2}$", text[:start])) and _folded(
            before.group(1)
        ) in letters:
            start = before.start() if text[before.start()].isupper() else start
        if (after := re.match(r"[ \t]([^\W\d_])(?:\.|\b(?!['’]))", text[end:])) and _folded(after.group(1)) in letters:
            end += after.end() if after.group(1).isupper() else 0
    yield Span(start, end, "PERSON", max(one.score for one in run), next(iter(whos)) if len(whos) == 1 else "")


def _contacts(text: str, people: Sequence[KnownPerson]) -> Iterator[Span]:
    """Their addresses and numbers as they are; the numbers however they are grouped."""
    for person in people:
        for contact in person.contacts:
            digits = re.sub(r"\D", "", contact)
            if "@" not in contact and len(digits) >= 6:
                pattern = r"(?<!\d)\+?\(?" + r"[\s().\-/]{0,2}".join(digits) + r"(?!\d)"
            elif len(contact.strip()) >= 3:
                pattern = rf"(?<![\w.+-]){re.escape(contact.strip())}(?!\w)"
            else:
                continue
            for found in re.finditer(pattern, text, re.I):
                yield Span(*found.span(), "EMAIL" if "@" in contact else "PHONE", 1.0, person.who)


def one_edit(one: str, other: str) -> bool:
    """Whether a letter more, less or other, or two neighbours swapped, makes one word of the other (Damerau 1964).

    >>> one_edit("ngozi", "ngzoi"), one_edit("priya", "pria"), one_edit("priya", "prya"), one_edit("anna", "hannah")
    (True, True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        wrong = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return len(wrong) == 1 or (swapped and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]])
    return min(one, other, key=len) in _without_a_letter(max(one, other, key=len))


def _without_a_letter(word: str) -> set[str]:
    return {word[:n] + word[n + 1 :] for n in range(len(word))} | {word}


def _folded(word: str) -> str:
    """In lower case, without diacritics and apostrophes: as people type a name that is not theirs."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isalpha())


_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ə": "e", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
