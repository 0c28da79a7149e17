"""The words of passages in PostgreSQL: what `research.keywords` is beside SQLite.

Stems come from Python, which alone decides what a word is (`research.words`), and lie in a tsvector with a GIN index.
PostgreSQL ranks by no word's rarity, so the passages that are looked at are chosen by it here: those with one of the
rarest words that were asked for, then those with two of the next, until there are some thousands. They are ordered by
BM25 with every word counted once a passage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, delete, func, select, text

from research.keywords import Words
from research.store.database import writing
from research.store.dialects import among
from research.store.server_tables import asking, passage_words, stem
from research.words import IN_CONTEXT, stems

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCORED = 3_000  # passages that are looked at, more or less; against ten thousand no other 200 came out (docs/scale.md)
_MOST = 30_000  # and at most, where even the rarest word is frequent
_RAREST = 32  # stems of a query that count
_K1, _B = 1.2, 0.75  # of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)
_ASKED = "?"  # before a stem of what a passage answers
_TOLD = 5_000  # stems counted in one statement
_ALL, _LENGTH = "", "?"  # no stems: how many passages there are, and how many words they have

_PUT = text("INSERT INTO passage_words (row, words, length) VALUES (:r, array_to_tsvector(CAST(:w AS text[])), :n)")
_COUNT = text(
    "INSERT INTO stem (stem, passages) SELECT * FROM unnest(CAST(:stems AS text[]), CAST(:counts AS bigint[])) "
    "ON CONFLICT (stem) DO UPDATE SET passages = stem.passages + excluded.passages"
)


class WordTable:
    """The words of all passages, in the database; asked in a connection's transaction or in one of its own."""

    in_sql = True
    exists = True  # with the other tables

    def __init__(self, engine: Engine, connection: Connection | None = None) -> None:
        self._engine, self._connection = engine, connection

    def within(self, connection: Connection) -> WordTable:
        """The same, asked in a connection's transaction."""
        return WordTable(self._engine, connection)

    def put(self, passages: Iterable[Words], gone: Iterable[int] = ()) -> None:
        """Take passages in, replacing those of the same row, and others out."""
        new = [_lexemes(one) for one in passages]
        out = [*gone, *(row for row, _, _ in new)]
        with writing(self._engine).begin() as connection:
            change = _taken_out(connection, out)
            for _, lexemes, length in new:
                change.update(lexemes)
                change[_ALL] += 1
                change[_LENGTH] += length
            if new:
                values = [{"r": row, "w": list(lexemes), "n": length} for row, lexemes, length in new]
                connection.execute(_PUT, values)
            _count(connection, change)
            if out:  # a stem that nobody says any more may be somebody's word who was forgotten
                connection.execute(delete(stem).where(stem.c.passages <= 0))

    def clear(self) -> None:
        """Forget all words."""
        with writing(self._engine).begin() as connection:
            connection.execute(delete(passage_words))
            connection.execute(delete(stem))

    def search(
        self, wanted: Iterable[str], phrases: Sequence[str], count: int, *, notes: Sequence[str] | None = None
    ) -> NDArray[np.int64]:
        """Rows of the `count` best passages with any of the wanted stems and all of the phrases, best first; with
        `notes` only passages of these."""
        together = [word for phrase in phrases for word in stems(phrase)]
        wanted = [*dict.fromkeys((*wanted, *together))]
        with asking(self._engine, self._connection) as connection:
            held = self._held(connection, [*wanted, *(f"{_ASKED}{one}" for one in wanted)])
            there, length = held.pop(_ALL, 0), held.pop(_LENGTH, 0)
            if not held or not all(held.get(word) for word in together):
                return np.zeros(0, dtype=np.int64)
            rarest = dict(sorted(held.items(), key=lambda item: (item[1], item[0]))[:_RAREST])
            narrowed, values = _narrowed(phrases, notes)
            query = f"""
                SELECT row FROM (
                    SELECT row, words, length FROM passage_words
                    WHERE words @@ {_some(rarest, there, together, max(_SCORED, 2 * count))}{narrowed} LIMIT {_MOST}
                ) AS looked_at ORDER BY {_score(rarest, there, length / there)} DESC, row LIMIT {int(count)}
            """
            return np.array(connection.scalars(text(query), values).all(), dtype=np.int64)

    def holding(self, wanted: Iterable[str], notes: Sequence[str] | None = None) -> tuple[int, dict[str, int]]:
        """How many passages there are, of all or of some notes, and how many of them hold each stem in their own
        words."""
        wanted = list(wanted)
        with asking(self._engine, self._connection) as connection:
            if notes is None:
                held = self._held(connection, wanted)
                return held.get(_ALL, 0), {one: held.get(one, 0) for one in wanted}
            each = [f"count(*) FILTER (WHERE words @@ {_tsquery(_quoted(one))})" for one in wanted]
            narrowed, values = _narrowed((), notes)
            query = f"SELECT {', '.join(['count(*)', *each])} FROM passage_words WHERE true{narrowed}"
            total, *counts = connection.execute(text(query), values).one()
        return total, dict(zip(wanted, counts, strict=True))

    def rows(self) -> NDArray[np.int64]:
        """All rows whose words are known."""
        with asking(self._engine, self._connection) as connection:
            return np.array(connection.scalars(select(passage_words.c.row)).all(), dtype=np.int64)

    def check(self) -> None:
        """Nothing: the database looks after its files."""

    def reload(self) -> None:
        """Nothing: what others write is seen."""

    def release(self) -> None:
        """Nothing: nobody else is kept from writing."""

    def close(self) -> None:
        """Nothing: the database is the repository's."""

    def _held(self, connection: Connection, wanted: Sequence[str]) -> dict[str, int]:
        query = select(stem.c.stem, stem.c.passages).where(among(stem.c.stem, [*wanted, _ALL, _LENGTH]))
        return {one: count for one, count in connection.execute(query) if count > 0}


def _lexemes(one: Words) -> tuple[int, set[str], int]:
    """A passage's row, its lexemes and how many words it has."""
    said = stems(one.text)
    return one.row, {*said, *(f"{_ASKED}{word}" for word in stems(one.context))}, len(said)


def _taken_out(connection: Connection, rows: Sequence[int]) -> Counter[str]:
    """Take passages out; by how much fewer hold each stem."""
    change: Counter[str] = Counter()
    out = delete(passage_words).where(among(passage_words.c.row, rows))
    lexemes = func.tsvector_to_array(passage_words.c.words)
    for held, length in connection.execute(out.returning(lexemes, passage_words.c.length)):
        change.subtract([*held, _ALL])
        change[_LENGTH] -= length
    return change


def _count(connection: Connection, change: Mapping[str, int]) -> None:
    told = [(one, by) for one, by in change.items() if by]
    for start in range(0, len(told), _TOLD):
        part = told[start : start + _TOLD]
        connection.execute(_COUNT, {"stems": [one for one, _ in part], "counts": [by for _, by in part]})


def _some(held: Mapping[str, int], there: int, together: Sequence[str], enough: float) -> str:
    """The passages to look at, as a tsquery: about `enough`, with the rarest lexemes, given rarest first; where some go
    together those with all of them. The lexemes stand in the query itself, for PostgreSQL to plan by how rare they are.
    """
    if together:
        return _tsquery(" & ".join(map(_quoted, dict.fromkeys(together))))
    alone: list[str] = []
    for one, count in held.items():
        if alone and count > enough:
            break
        alone.append(one)
        enough -= count
    rest = [one for one in held if one not in alone]
    pairs = [(held[a] * held[b] / there, a, b) for a, b in combinations(rest, 2) if a.strip(_ASKED) != b.strip(_ASKED)]
    parts = [_quoted(one) for one in alone]
    for both, a, b in sorted(pairs):
        if both > enough:
            break
        parts.append(f"({_quoted(a)} & {_quoted(b)})")
        enough -= both
    return _tsquery(" | ".join(parts))


def _score(held: Mapping[str, int], there: int, usual: float) -> str:
    """BM25 of a passage with these lexemes, each counted once, as SQL; `usual` is the mean length."""
    parts = []
    for one, count in held.items():
        weight = log(1 + (there - count + 0.5) / (count + 0.5)) * (IN_CONTEXT if one.startswith(_ASKED) else 1)
        parts.append(f"CASE WHEN words @@ {_tsquery(_quoted(one))} THEN {max(weight, 1e-6):.6f} ELSE 0 END")
    return f"({' + '.join(parts)}) / ({1 + _K1 * (1 - _B):.3f} + {_K1 * _B / usual:.6f} * length)"


def _narrowed(phrases: Sequence[str], notes: Sequence[str] | None) -> tuple[str, dict[str, Any]]:
    """What else has to hold of a passage, as SQL with its values: phrases in any case, and the note it is of."""
    values: dict[str, Any] = {f"phrase{n}": f"%{_plain(phrase)}%" for n, phrase in enumerate(phrases)}
    where = [f"text ILIKE :{name}" for name in values]
    if notes is not None:
        where.append("note_id = ANY (CAST(:notes AS text[]))")
        values["notes"] = list(notes)
    return f" AND row IN (SELECT row FROM passage WHERE {' AND '.join(where)})" if where else "", values


def _plain(phrase: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", phrase)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _tsquery(said: str) -> str:
    return "CAST('" + said.replace("'", "''").replace(":", "\\:") + "' AS tsquery)"
