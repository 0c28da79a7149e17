"""Looking a repository over: is what is stored whole, and can every passage be found through the index?"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from research.errors import IndexDamaged, ModelMismatch
from research.filters import Filter
from research.models import Finding
from research.search_index import SearchIndex
from research.store import index_state, passages
from research.store.database import writing

_SAMPLE = 200  # passages whose vectors are looked up by their own vector


def examine(engine: Engine, index: SearchIndex, *, repair: bool) -> list[Finding]:
    """All checks in order, each mended where asked and possible. A finding that is not ok says what to do."""
    findings = list(_database(engine, repair))
    if all(finding.ok for finding in findings):
        findings += _offsets(engine)
        findings += _index(engine, index, repair)
    return findings


def _database(engine: Engine, repair: bool) -> Iterator[Finding]:
    try:
        with engine.connect() as connection:
            said = connection.scalar(text("PRAGMA quick_check(1)"))
            orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
            words = _full_text_agrees(connection)
    except DatabaseError as error:
        said, orphans, words = str(error.orig), None, False
    if said != "ok":
        yield Finding("database", False, f"The database is damaged ({said}). Put back a backup of heard.db.")
        return
    yield Finding(
        "database",
        orphans is None,
        "The database is whole." if orphans is None else f"Rows of {orphans[0]} refer to rows that are gone.",
    )
    if words:
        yield Finding("keywords", True, "The keyword index agrees with the passages.")
    elif repair:
        with writing(engine).begin() as connection:
            passages.rebuild_keywords(connection)
        yield Finding("keywords", True, "The keyword index did not agree with the passages and was built anew.", True)
    else:
        said = "The keyword index does not agree with the passages. Run `heard doctor --repair`."
        yield Finding("keywords", False, said)


def _full_text_agrees(connection: Connection) -> bool:
    """FTS5's own comparison of its index with the passages it was made from."""
    try:
        connection.execute(text("INSERT INTO passage_fts(passage_fts, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
        return False
    finally:
        connection.rollback()
    return True


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


def _index(engine: Engine, index: SearchIndex, repair: bool) -> Iterator[Finding]:
    try:
        problem = _index_problem(engine, index)
    except ModelMismatch as error:
        yield Finding("index", False, str(error))
        return
    except IndexDamaged as error:
        problem = str(error)
        if repair:
            count = index.rebuild()
            yield Finding("index", True, f"The search index was damaged and was built anew: {count} passages.", True)
            return
    if problem and repair:
        with index.writer("heard doctor --repair"):
            missing, extra = _difference(engine, index)
            index.mend(missing, extra)
        left = _index_problem(engine, index)
        yield Finding("index", not left, left or f"Mended: {problem}", fixed=not left)
        return
    hint = " Run `heard doctor --repair`." if problem and "doctor" not in problem else ""
    yield Finding("index", not problem, (problem + hint) or "Every passage can be found through the index.")


def _difference(engine: Engine, index: SearchIndex) -> tuple[list[str], list[str]]:
    """Passages that the index lacks, and ids in the index that are no passage."""
    with engine.connect() as connection:
        stored = passages.passage_ids(connection)
    indexed = index.ids()
    known = set(stored)
    missing = [id_ for id_ in stored if id_ not in indexed]
    if not missing:
        missing = _not_found_by_vector(index, stored)
    return missing, sorted(indexed - known)


def _index_problem(engine: Engine, index: SearchIndex) -> str:
    """What is wrong between SQL and the index, as a sentence; "" when nothing is."""
    with engine.connect() as connection:
        pending, gone = index_state.waiting(connection)
    if pending or gone:
        return f"{pending} passages are stored but not searchable by meaning yet, {gone} deleted ones still indexed."
    missing, extra = _difference(engine, index)
    if missing or extra:
        return f"{len(missing)} passages cannot be found through the index, {len(extra)} in it are not stored."
    return ""


def _not_found_by_vector(index: SearchIndex, stored: list[str]) -> list[str]:
    """Of an even sample of the passages, those that a search for their own vector does not bring."""
    sample = stored[:: max(1, len(stored) // _SAMPLE)]
    vectors = index.vectors(sample)
    lost = [id_ for id_ in sample if id_ not in vectors]
    for id_, vector in vectors.items():
        answers = index.nearest(vector[None, :], 20, Filter())[0]
        # Passages with the very same words share a vector: another of them in first place is as good.
        if not any(answer == id_ or similarity > 0.9999 for answer, similarity in answers):
            lost.append(id_)
    return lost
