"""Every passage's vector in PostgreSQL, packed and scored as `research.matrix` packs and scores those of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, delete

from research.matrix import fit, packed, record, scored, unpacked
from research.store.database import writing
from research.store.dialects import among, upsert
from research.store.server_tables import asking, passage_vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]

_JOINED = (
    """SELECT array_agg("row"), string_agg(packed, ''::bytea) FROM passage_vector WHERE "row" = ANY (%s::bigint[])"""
)
_PAGE = 50_000  # vectors in one answer
_AT_ONCE = 1_024  # rows scored at once: they stay in the processor's cache


class VectorTable:
    """The vectors of all passages, in the database; asked in a connection's transaction or in one of its own."""

    exists = True  # with the other tables
    most = 20_000  # vectors that a search may score: they travel, a hundred milliseconds

    def __init__(self, engine: Engine, connection: Connection | None = None) -> None:
        self._engine, self._connection = engine, connection

    def within(self, connection: Connection) -> VectorTable:
        """The same, asked in a connection's transaction."""
        return VectorTable(self._engine, connection)

    def write(self, rows: Sequence[int], vectors: Floats) -> None:
        """Put vectors in place. `vectors`: shape (len(rows), dimension)."""
        if not len(rows):
            return
        records = packed(vectors)
        values = [{"row": int(row), "packed": records[n].tobytes()} for n, row in enumerate(rows)]
        with writing(self._engine).begin() as connection:
            statement = upsert(connection, passage_vector)
            new = {"packed": statement.excluded.packed}
            connection.execute(statement.on_conflict_do_update(index_elements=["row"], set_=new), values)

    def erase(self, rows: Sequence[int]) -> None:
        """Take vectors out."""
        with writing(self._engine).begin() as connection:
            connection.execute(delete(passage_vector).where(among(passage_vector.c.row, rows)))

    def clear(self) -> None:
        """Forget all vectors."""
        with writing(self._engine).begin() as connection:
            connection.execute(delete(passage_vector))

    def close(self) -> None:
        """Nothing: the database is the repository's."""

    def read(self, rows: Sequence[int] | Rows) -> Floats:
        """The vectors of rows, each of length 1, or zeros where there is none: shape (len(rows), dimension)."""
        return unpacked(self._of(rows))

    def cosines(self, rows: Rows, vectors: Floats) -> Floats:
        """The cosine of each row with each of `vectors`: shape (len(vectors), len(rows)); 0 where there is no row."""
        found = np.zeros((len(vectors), len(rows)), dtype=np.float32)
        records = self._of(rows, vectors.shape[1])
        for start in range(0, len(rows), _AT_ONCE):
            found[:, start : start + _AT_ONCE] = scored(records[start : start + _AT_ONCE], vectors)
        return found

    def holds(self, rows: Sequence[int] | Rows) -> NDArray[np.bool_]:
        """Whether there is a vector for each row."""
        return np.asarray(self._of(rows)["factor"] != 0)

    def damaged(self, rows: Sequence[int] | Rows) -> Rows:
        """Those of the rows whose bytes are not as they were written."""
        wanted = np.asarray(rows, dtype=np.int64)
        parts = [wanted[start : start + _PAGE] for start in range(0, len(wanted), _PAGE)]
        bad = [part[~fit(self._of(part))] for part in parts]
        return np.concatenate([np.zeros(0, dtype=np.int64), *bad])

    def check(self) -> None:
        """Nothing: the database looks after its files."""

    def _of(self, rows: Sequence[int] | Rows, dimension: int = 0) -> NDArray[Any]:
        """The records of rows, zeros where there is none."""
        wanted = np.asarray(rows, dtype=np.int64)
        with asking(self._engine, self._connection) as connection:
            pages = [_page(connection, wanted[start : start + _PAGE]) for start in range(0, len(wanted), _PAGE)]
        known = np.concatenate([ids for ids, _ in pages]) if pages else np.zeros(0, dtype=np.int64)
        if not len(known):
            return np.zeros(len(wanted), dtype=record(dimension))
        joined = b"".join(part for _, part in pages)
        packed_size = len(joined) // len(known)
        records = np.frombuffer(joined, dtype=record(packed_size - record(0).itemsize))
        order = np.argsort(known)
        places = np.searchsorted(known, wanted, sorter=order)
        at = order[np.minimum(places, len(known) - 1)]
        found = records[at]
        found[known[at] != wanted] = np.zeros((), dtype=records.dtype)
        return found


def _page(connection: Connection, rows: Rows) -> tuple[Rows, bytes]:
    """The vectors of rows behind each other, and whose they are: as one value, and in binary, a third of the time."""
    with connection.connection.driver_connection.cursor(binary=True) as cursor:  # type: ignore[union-attr]  # psycopg's
        ids, joined = cursor.execute(_JOINED, (rows.tolist(),)).fetchone()
    return np.array(ids or (), dtype=np.int64), joined or b""
