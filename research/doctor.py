"""Looking a repository over: is what is stored whole, and can every passage be found through the index?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from research.errors import IndexDamaged, KeywordsDamaged, ModelMismatch
from research.filters import Filter
from research.index_reader import IndexReader
from research.models import Finding, Status
from research.search_index import SearchIndex
from research.store import index_state, library, passages
from research.taxonomy import Taxonomy

_SAMPLE = 200  # passages whose vectors are looked up by their own vector


def examine(engine: Engine, index: SearchIndex, *, repair: bool) -> list[Finding]:
    """All checks in order, each mended where asked and possible. A finding that is not ok says what to do."""
    findings = list(_database(engine))
    if not all(finding.ok for finding in findings):
        return findings
    findings += _offsets(engine)
    try:
        findings += _erased(index, repair)
        findings += _pending(index, repair)
        findings += _keywords(engine, index, repair)
        findings += _vectors(engine, index, repair)
    except ModelMismatch as error:
        findings.append(Finding("index", False, str(error)))
    return findings


def status(home: Path, engine: Engine, index: SearchIndex, taxonomy: Taxonomy) -> Status:
    """What is in a repository and whether its index is whole."""
    with engine.connect() as connection:
        counts = library.counts(connection)
    model, dimension = index.model()
    return Status(
        home=str(home), model=model, dimension=dimension, taxonomy_version=taxonomy.version,
        database="SQLite", bytes_on_disk=sum(f.stat().st_size for f in home.rglob("*") if f.is_file()), **counts,
    )  # fmt: skip


def _database(engine: Engine) -> Iterator[Finding]:
    try:
        with engine.connect() as connection:
            said = connection.scalar(text("PRAGMA quick_check(1)"))
            orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
    except DatabaseError as error:
        said, orphans = str(error.orig), None
    if said != "ok":
        yield Finding("database", False, f"The database is damaged ({said}). Put back a backup of heard.db.")
        return
    yield Finding(
        "database",
        orphans is None,
        "The database is whole." if orphans is None else f"Rows of {orphans[0]} refer to rows that are gone.",
    )


def _offsets(engine: Engine) -> Iterator[Finding]:
    query = (
        "SELECT count(*) FROM passage JOIN note ON note.id = passage.note_id "
        "WHERE substr(note.text, passage.start + 1, passage.end - passage.start) != passage.text"
    )
    with engine.connect() as connection:
        wrong = connection.scalar(text(query)) or 0
    yield Finding(
        "passages",
        wrong == 0,
        "Every passage stands in its note where it says."
        if not wrong
        else f"{wrong} passages do not stand in their note where they say. Ingest their sources again.",
    )


def _erased(index: SearchIndex, repair: bool) -> Iterator[Finding]:
    """An erasure that was cut off: nothing finds what was erased, but files still hold it."""
    if not index.to_purge:
        return
    if not repair:
        said = "Somebody was erased, and the files still hold some of it. Run `heard doctor --repair`."
        yield Finding("erasure", False, said)
        return
    with index.writer("heard doctor --repair"):
        index.purge()
    yield Finding("erasure", True, "An erasure that was cut off was finished.", True)


def _pending(index: SearchIndex, repair: bool) -> Iterator[Finding]:
    """Work that is waiting would make everything that follows look worse than it is."""
    count = index.pending()
    if not count:
        return
    said = f"{count} passages are stored but cannot be found yet, or are deleted and still in an index."
    if not repair:
        yield Finding("pending", False, f"{said} Run `heard doctor --repair`.")
        return
    with suppress(IndexDamaged, KeywordsDamaged), index.writer("heard doctor --repair"):
        index.sync()
    left = index.pending()
    yield Finding("pending", True, f"Done: {said}", True) if not left else Finding("pending", False, said)


def _keywords(engine: Engine, index: SearchIndex, repair: bool) -> Iterator[Finding]:
    try:
        with index.reading() as reader:
            unworded = _stored(engine) - reader.worded_ids()
    except KeywordsDamaged as error:
        if repair:
            with index.writer("heard doctor --repair"):
                index.rebuild_keywords()
            yield Finding("keywords", True, "The keyword index was damaged and was built anew.", True)
        else:
            yield Finding("keywords", False, str(error))
        return
    if not unworded:
        yield Finding("keywords", True, "Every passage can be found by its words.")
    elif repair:
        with index.writer("heard doctor --repair"):
            index.mend((), (), sorted(unworded))
        yield Finding("keywords", True, f"{len(unworded)} passages were put back into the keyword index.", True)
    else:
        said = f"{len(unworded)} passages cannot be found by their words. Run `heard doctor --repair`."
        yield Finding("keywords", False, said)


def _vectors(engine: Engine, index: SearchIndex, repair: bool) -> Iterator[Finding]:
    try:
        missing, extra = _difference(engine, index)
    except IndexDamaged as error:
        if not repair:
            yield Finding("index", False, str(error))
            return
        with index.writer("heard doctor --repair"):
            index.rebuild_chroma()
        missing, extra = _difference(engine, index)
        problem = "It was damaged and was built anew."
    else:
        if not missing and not extra:
            yield Finding("index", True, "Every passage can be found through the index.")
            return
        problem = f"{len(missing)} passages cannot be found through the index, {len(extra)} in it are not stored."
        if not repair:
            yield Finding("index", False, f"{problem} Run `heard doctor --repair`.")
            return
    if missing or extra:
        with index.writer("heard doctor --repair"):
            index.mend(sorted(missing), extra)
        missing, extra = _difference(engine, index)
    left = bool(missing or extra)
    yield Finding(
        "index", not left, f"The search index is not whole: {problem}" if left else f"Mended: {problem}", not left
    )


def _stored(engine: Engine) -> set[str]:
    """Passages that the indexes should hold: all but those whose turn has not come."""
    with engine.connect() as connection:
        return set(passages.passage_ids(connection)) - {row.id for row in index_state.pending(connection, None)}


def _difference(engine: Engine, index: SearchIndex) -> tuple[set[str], list[int]]:
    """Passages that cannot be found by their vector, and rows in the indexes that are no passage."""
    stored = _stored(engine)
    with index.reading() as reader:
        missing = stored - reader.ids()
        return missing or _not_found_by_vector(reader, sorted(stored)), reader.strays()


def _not_found_by_vector(reader: IndexReader, stored: list[str]) -> set[str]:
    """Of an even sample of the passages, those that a search for their own vector does not bring."""
    sample = stored[:: max(1, len(stored) // _SAMPLE)]
    vectors = reader.vectors(sample)
    lost = {id_ for id_ in sample if id_ not in vectors}
    for id_, vector in vectors.items():
        (answers,) = reader.named(reader.nearest(vector[None, :], 20, Filter()))
        # Passages with the very same words share a vector: another of them in first place is as good.
        if not any(answer == id_ or similarity > 0.9999 for answer, similarity in answers):
            lost.add(id_)
    return lost
