"""Looking a repository over: is what is stored whole, and can every passage be found through the index?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from research import folders
from research.backup import PART
from research.embedder import Embedder
from research.errors import DatabaseDamaged, IndexAway, IndexDamaged, KeywordsDamaged, ModelMismatch
from research.filters import Filter
from research.index_reader import IndexReader
from research.models import Finding, Status
from research.search_index import SearchIndex, embedded_text
from research.store import index_state, library, passages
from research.store.database import damage, name, size
from research.taxonomy import Taxonomy

_SAMPLE = 200  # passages whose vectors are looked up by their own vector
_MISSED = 0.05  # of these, how many may be missed: at a million one in a hundred is (docs/benchmarks.md)
_EMBEDDED = 20  # passages that are embedded again, to see whether their vectors are those of their words
_SAME = 0.98  # the least cosine of two vectors of the same words: however they were computed, they differ by less


def examine(home: Path, engine: Engine, index: SearchIndex, *, repair: bool) -> list[Finding]:
    """All checks in order, each mended where asked and possible. A finding that is not ok says what to do."""
    findings = [*_left(home, repair), *_database(engine)]
    if not all(finding.ok for finding in findings):
        return findings
    try:
        findings += _offsets(engine)
        findings += _files(index, repair)
        findings += _erased(index, repair)
        findings += _pending(index, repair)
        damaged = {finding.check for finding in findings if not finding.ok}
        findings += [] if "keywords" in damaged else _keywords(engine, index, repair)
        findings += [] if damaged & {"vectors", "index"} else _vectors(engine, index, repair)
    except ModelMismatch as error:
        findings.append(Finding("index", False, str(error)))
    except DatabaseDamaged as error:  # where only reading a text tells
        findings.append(Finding("database", False, str(error)))
    return findings


def status(engine: Engine, index: SearchIndex, taxonomy: Taxonomy, ranking: str) -> Status:
    """What is in a repository and whether its index is whole; `ranking` says how passages are ranked."""
    with engine.connect() as connection:
        counts = library.counts(connection)
    model, dimension = index.model()
    return Status(
        home=index.place(), model=model, dimension=dimension, taxonomy_version=taxonomy.version,
        ranking=ranking, database=name(engine), bytes_on_disk=size(engine), **counts,
    )  # fmt: skip


def _left(home: Path, repair: bool) -> Iterator[Finding]:
    """What a restore that was cut off left lying there, with all that customers said."""
    part = home / PART
    if not part.exists():
        return
    if repair:
        folders.remove(part)
        yield Finding("restore", True, "What a restore that was cut off had left was taken away.", True)
    else:
        said = f"A restore is at work, or was cut off and left {part}. Restore again, or run `heard doctor --repair`."
        yield Finding("restore", False, said)


def _database(engine: Engine) -> Iterator[Finding]:
    wrong = damage(engine)
    yield Finding("database", not wrong, wrong or "The database is whole.")


def _offsets(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        wrong = passages.misplaced(connection)
    yield Finding(
        "passages",
        wrong == 0,
        "Every passage stands in its note where it says."
        if not wrong
        else f"{wrong} passages do not stand in their note where they say. Ingest their sources again.",
    )


def _files(index: SearchIndex, repair: bool) -> Iterator[Finding]:
    """Index files that are damaged, before anything else is asked of them or written to them."""
    for part, said in (damaged := index.damage()).items():
        if not repair:
            yield Finding(part, False, said)
    if damaged and repair:
        with index.writer("heard doctor --repair"):
            index.rebuild_damaged(damaged)
        for part, said in damaged.items():
            yield Finding(part, True, f"Built anew: {said.partition(' The notes are safe')[0]}", True)


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
        index.reach()
        missing, extra = _difference(engine, index)
    except IndexDamaged as error:
        if not repair or isinstance(error, IndexAway):
            yield Finding("index", False, str(error))
            return
        with index.writer("heard doctor --repair"):
            index.sync()
        missing, extra = _difference(engine, index)
        problem = "Files were missing and were built anew."
    else:
        if not missing and not extra:
            yield Finding("index", True, "Every passage can be found through the index.")
            return
        problem = f"{len(missing)} passages cannot be found by meaning, {len(extra)} in the indexes are not stored."
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
        missing = (stored - reader.ids()) | (stored & reader.damaged())
        if not missing:
            missing = _of_other_words(reader, index.embedder, sorted(stored)) or _not_found_by_vector(
                reader, sorted(stored)
            )
        return missing, reader.strays()


def _of_other_words(reader: IndexReader, embedder: Embedder, stored: list[str]) -> set[str]:
    """Of an even sample of the passages, those whose vector is not that of their words; all, where one is not, since
    there is no telling which of the others are."""
    sample = stored[:: max(1, len(stored) // _EMBEDDED)]
    said = index_state.words_of(reader.connection, sample)
    texts = [embedded_text(*said[id_]) for id_ in sample]
    vectors = reader.vectors(sample)
    meant = zip(sample, embedder.embed(texts), strict=True)
    return set(stored) if any(float(vectors[id_] @ vector) < _SAME for id_, vector in meant) else set()


def _not_found_by_vector(reader: IndexReader, stored: list[str]) -> set[str]:
    """Of an even sample of the passages, those without a vector and those that a search for their own does not bring,
    unless they are as few as Chroma's search, which is approximate, misses in a whole index."""
    sample = stored[:: max(1, len(stored) // _SAMPLE)]
    vectors = reader.vectors(sample)
    missed = set()
    for id_, vector in vectors.items():
        (answers,) = reader.named(reader.nearest(vector[None, :], 20, Filter()))
        # Passages with the very same words share a vector: another of them in first place is as good.
        if not any(answer == id_ or similarity > 0.9999 for answer, similarity in answers):
            missed.add(id_)
    return set(sample) - set(vectors) | (missed if len(missed) > _MISSED * len(sample) else set())
