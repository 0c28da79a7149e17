"""Everybody whose name a repository knows, found by it in full: thousands of people, each word of a text looked up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.personal import lexicon
from ingest.personal.cues import TITLES
from ingest.personal.edges import begins_as_verb
from ingest.personal.known import BETWEEN, Known, KnownPerson, Word, one_edit, words_of
from ingest.personal.models import Span, touches

_MOST_WORDS = 4  # of a name
_MISSPELLED_FROM = 5  # letters of a word that may be one edit away
_FEW = 50  # people of an account up to which a part of a name says who is meant


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody by pseudonym, with their name and the account they belong to ("" for none)."""

    who: str
    name: str
    account: str = ""


class Directory:
    """Finds full names, exactly or with one letter more, less, other or swapped, in a time that does not grow with how
    many there are. A name of one word is nobody's here: every "Grace" would be one person."""

    def __init__(self, people: Iterable[Listed] = ()) -> None:
        self._names: dict[tuple[str, ...], set[str]] = {}
        self._open: dict[tuple[str, ...], set[str]] = {}  # a name with one word left open ("") -> what stands there
        self._parts: set[str] = set()
        self._by_who: dict[str, Listed] = {}
        self._of_account: dict[str, list[Listed]] = {}
        self._built: dict[tuple[str, ...], Known] = {}  # accounts -> their people, as they are looked for
        for one in people:
            self._add(one)

    def _add(self, one: Listed) -> None:
        self._by_who[one.who] = one
        if one.account:
            self._of_account.setdefault(one.account.casefold(), []).append(one)
        words = tuple(word.folded for word in words_of(one.name) if word.folded not in TITLES)
        if not 2 <= len(words) <= _MOST_WORDS or min(map(len, words)) < 2:
            return
        self._parts |= {*words}
        for order in {words, (words[-1], *words[:-1])}:  # "Adeyemi, Ngozi"
            self._names.setdefault(order, set()).add(one.who)
            for n, word in enumerate(order):
                if len(word) >= _MISSPELLED_FROM - 1:
                    self._open.setdefault(_without(order, n), set()).add(word)

    def person(self, who: str) -> Listed | None:
        """Who has this pseudonym, if their name is known."""
        return self._by_who.get(who)

    def colleagues(self, accounts: Collection[str]) -> list[KnownPerson]:
        """The people of some accounts, to be found by a part of their name too; nobody of an account of which so many
        are known that a first name says little."""
        found = [self._of_account.get(account.casefold(), []) for account in sorted({*accounts} - {""})]
        return [KnownPerson(one.who, (one.name,)) for people in found if len(people) <= _FEW for one in people]

    def find_colleagues(self, text: str, accounts: Collection[str]) -> tuple[Span, ...]:
        """Where the people of some accounts are named, with their pseudonym, as `Known.find` says."""
        key = tuple(sorted({account.casefold() for account in accounts} & self._of_account.keys()))
        if key not in self._built:
            self._built[key] = Known(self.colleagues(key))
        return self._built[key].find(text)

    def find(self, text: str) -> Iterator[Span]:
        """Where somebody is named in full, with their pseudonym; "" where two have the same name."""
        words = words_of(text)
        known = [word.folded in self._parts for word in words]
        at = 0
        while at < len(words):
            length = 1
            for many in range(min(_MOST_WORDS, len(words) - at), 1, -1):
                if sum(known[at : at + many]) < many - 1:
                    continue
                run = words[at : at + many]
                if (found := self._named(text, run)) is not None:
                    whos, score = found
                    yield Span(run[0].start, run[-1].end, "PERSON", score, next(iter(whos)) if len(whos) == 1 else "")
                    length = many
                    break
            at += length

    def _named(self, text: str, run: Sequence[Word]) -> tuple[Collection[str], float] | None:
        """Whose name these words are, and how sure that is."""
        between = (text[one.end : other.start] for one, other in pairwise(run))
        if not all(BETWEEN.fullmatch(space) for space in between) or not _meant(text, run):
            return None
        said = tuple(word.folded for word in run)
        if whos := self._names.get(said):
            return whos, 1.0
        near = {
            (*said[:n], other, *said[n + 1 :])
            for n, word in enumerate(said)
            if len(word) >= _MISSPELLED_FROM - 1 and not lexicon.is_word(word)
            for other in self._open.get(_without(said, n), ())
            if len(other) >= _MISSPELLED_FROM and one_edit(word, other)
        }
        return ({who for name in near for who in self._names[name]}, 0.8) if near else None


def _without(name: tuple[str, ...], n: int) -> tuple[str, ...]:
    return (*name[:n], "", *name[n + 1 :])


def _meant(text: str, run: Sequence[Word]) -> bool:
    """Whether words that are a name are meant as one: not "will power" or "Grant access"."""
    if any(lexicon.kind(word.folded)[0] not in "Wwb" for word in run):
        return True
    return all(word.capital for word in run) and not begins_as_verb(text, run[0].start, run[-1].end)


def strongest(*found: Sequence[Span]) -> list[Span]:
    """Spans of known people of which no two overlap: what says more, and of equals what was given first."""
    ranked = [(span.start - span.end, rank, span) for rank, spans in enumerate(found) for span in spans]
    kept: list[Span] = []
    for _, _, span in sorted(ranked):
        if not any(touches(other, span.start, span.end) for other in kept):
            kept.append(span)
    return sorted(kept)
