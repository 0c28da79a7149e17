"""The repository: one object that notebooks, the command and the pages all go through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from research import doctor as doctoring
from research.config import Settings
from research.embedder import Embedder, SentenceTransformerEmbedder
from research.errors import HeardError, IndexDamaged, KeywordsDamaged, NotFound
from research.filters import Filter, day, values
from research.models import Choices, Finding, Hit, Hits, Note, NoteSummary, Status, StudySummary
from research.query import Query, parse
from research.search import fuse, relevant, spread, voices
from research.search_index import SearchIndex, embedded_text
from research.store import assignments, library, named_values, passages, save
from research.store.database import open_database, writing
from research.taxonomy import Taxonomy, default_taxonomy, dump_taxonomy, parse_taxonomy
from research.words import marked, stems

_CANDIDATES = 200  # passages that each half of the search brings
_FLOOR = 0.28  # cosine below which MiniLM's neighbours have nothing to do with a question (docs/search.md)
_REACH = 0.6  # share of the best cosine that a passage must reach to count as an answer too
_ALIKE = 0.5  # cosine from which two passages may say alike: of 40 sample pairs read, half of those just above did
_ECHO = 0.55  # and from which they surely do, to be shown without being asked for: all of those above did


class Repository:
    """Notes, their passages, and an index over them, in one folder. Made by `research.open`.

    Reading is safe beside a writer in this or another process. Text never leaves the machine.
    """

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.home: Path = settings.home
        self.home.mkdir(parents=True, exist_ok=True)
        self.embedder: Embedder = embedder or SentenceTransformerEmbedder(settings.model)
        self.now = now
        self.engine = open_database(self.home / "heard.db")
        self.index = SearchIndex(self.home, self.engine, self.embedder, now, settings.lock_timeout)

    def close(self) -> None:
        """Let go of the files; the object is of no use afterwards."""
        self.index.close()
        self.engine.dispose()

    def warm_up(self) -> None:
        """Load the model and open the index, so that the first question is answered as fast as the others."""
        self.embedder.embed(["warm"])
        with suppress(HeardError):
            self.index.warm_up()

    # -- finding ---------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        team: str | Sequence[str] | None = None,
        study: str | Sequence[str] | None = None,
        note: str | Sequence[str] | None = None,
        participant: str | Sequence[str] | None = None,
        segment: str | Sequence[str] | None = None,
        account: str | Sequence[str] | None = None,
        tag: str | Sequence[str] | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        per_person: int | None = 2,
    ) -> Hits:
        """What customers said about something, best first, by words and by meaning.

        `query` may hold "exact phrases" and filters (team:growth after:2026-08-01) that narrow like the arguments do;
        a note is an id or a title. With no words at all, the latest passages that the filters leave. `per_person` is
        the most passages of one person, None for no limit. Raises BadInput for a date that is none.
        """
        asked = parse(query)
        narrow = Filter(
            team=values(team), study=values(study), note=values(note), participant=values(participant),
            segment=values(segment), account=values(account), tag=values(tag),
            since=day(since, "since"), until=day(until, "until"),
        )  # fmt: skip
        notice = self.index.behind()
        with self.engine.connect() as connection:
            narrow = passages.resolve(connection, asked.narrow).and_also(passages.resolve(connection, narrow))
            try:
                ids = self._candidates(connection, asked, narrow)
            except IndexDamaged as error:
                notice = f"Only exact words were searched. {error}"
                ids = self._by_words(connection, asked, narrow)
            except KeywordsDamaged as error:
                notice = f"Only meaning was searched. {error}"
                ids = self._by_meaning(asked, narrow)
            known = passages.hits(connection, list(ids), narrow)
            found = [known[id_] for id_ in ids if id_ in known]
            shown = spread(found, per_person, lambda hit: hit.participant)[:limit]
        wanted = set(stems(" ".join(asked.words)))
        return Hits(
            items=tuple(replace(hit, score=ids[hit.id], marks=marked(hit.text, wanted)) for hit in shown),
            voices=voices(found),
            more=len(found) - len(shown),
            notice=notice,
        )

    def _candidates(self, connection: Connection, asked: Query, narrow: Filter) -> dict[str, float]:
        """Scores of the relevant passages by id, best first."""
        by_words = self._by_words(connection, asked, narrow)
        if asked.phrases or not asked.words:
            return by_words
        near = self.index.nearest(self.embedder.embed([asked.text]), _CANDIDATES, narrow)[0]
        by_meaning = relevant(near, _FLOOR, _REACH)
        if not by_meaning:
            return by_words
        scores = fuse(list(by_words), by_meaning)
        # A word in common is not yet an answer: what only shares words must share most of them or be near as well.
        close = {id_ for id_, similarity in near if similarity >= _FLOOR}
        full = {id_ for id_, _ in self.index.by_words(asked.words, _CANDIDATES, narrow, every=True)}
        return {id_: score for id_, score in scores.items() if id_ in close or id_ in full}

    def _by_words(self, connection: Connection, asked: Query, narrow: Filter) -> dict[str, float]:
        if asked.words or asked.phrases:
            found = self.index.by_words(asked.words, _CANDIDATES, narrow, phrases=asked.phrases)
            return fuse([id_ for id_, _ in found])
        if asked.text.strip() or not narrow:
            return {}
        return fuse(passages.latest_ids(connection, narrow, _CANDIDATES))

    def _by_meaning(self, asked: Query, narrow: Filter) -> dict[str, float]:
        if asked.phrases or not asked.words:
            return {}
        near = self.index.nearest(self.embedder.embed([asked.text]), _CANDIDATES, narrow)[0]
        return fuse(relevant(near, _FLOOR, _REACH))

    def passages(self, ids: Sequence[str]) -> Hits:
        """Known passages by id, in that order; ids that are not there any more are left out."""
        with self.engine.connect() as connection:
            known = passages.hits(connection, ids)
        found = tuple(known[id_] for id_ in ids if id_ in known)
        return Hits(items=found, voices=voices(found))

    def like(self, passage_id: str, *, limit: int = 5, other_teams: bool = False) -> Hits:
        """Passages of other notes that say alike, nearest first; with `other_teams` only what other teams heard."""
        (mine,) = self.passages([passage_id]) or (None,)
        if mine is None:
            raise NotFound(f"There is no passage {passage_id} in this repository; its note may have been updated.")
        narrow = Filter(not_note=(mine.note_id,), not_team=(mine.team,) if other_teams else ())
        vectors = self.index.vectors([passage_id])
        vector = vectors.get(passage_id)
        if vector is None:
            vector = self.embedder.embed([embedded_text(mine.text, mine.context)])[0]
        near = self.index.nearest(vector[None, :], limit * 4, narrow)[0]
        return self._hits([(id_, score) for id_, score in near if score >= _ALIKE], narrow, limit)

    def echoes(self, note_ids: Sequence[str], *, limit: int = 5) -> list[tuple[Hit, Hit]]:
        """For notes just added: pairs of (a passage of theirs, the closest that another team heard), closest first.

        No passage stands in two pairs, and no two pairs show the same two people.
        """
        with self.engine.connect() as connection:
            ids = passages.passage_ids(connection, note_ids)
            mine = passages.hits(connection, ids)
        long_enough = sorted((id_ for id_ in ids if id_ in mine), key=lambda id_: -len(mine[id_].text))[:400]
        vectors = self.index.vectors(long_enough)
        pairs: list[tuple[float, str, str]] = []
        for team in sorted({mine[id_].team for id_ in vectors}):
            own = [id_ for id_ in vectors if mine[id_].team == team]
            near = self.index.nearest(np.stack([vectors[id_] for id_ in own]), 3, Filter(not_team=(team,)))
            pairs += [
                (similarity, id_, other)
                for id_, answers in zip(own, near, strict=True)
                for other, similarity in answers
                if similarity >= _ECHO
            ]
        theirs = {hit.id: hit for hit in self.passages([other for _, _, other in pairs])}
        chosen: list[tuple[Hit, Hit]] = []
        used: set[object] = set()
        for similarity, id_, other in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            if len(chosen) == limit or other not in theirs:
                continue
            left, right = mine[id_], replace(theirs[other], score=similarity)
            marks = {left.id, right.id, (left.participant, right.participant)}
            if not marks & used:
                used |= marks
                chosen.append((left, right))
        return chosen

    # -- reading ---------------------------------------------------------------------------------------------------

    def note(self, note: str) -> Note:
        """A whole note by id or title, with its turns and passages. Raises NotFound."""
        with self.engine.connect() as connection:
            return library.note(connection, note)

    def notes(
        self,
        *,
        team: str | Sequence[str] | None = None,
        study: str | Sequence[str] | None = None,
        participant: str | Sequence[str] | None = None,
        title: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> list[NoteSummary]:
        """Notes, newest first; `title` keeps those whose title holds it."""
        narrow = Filter(team=values(team), study=values(study), participant=values(participant))
        with self.engine.connect() as connection:
            narrow = passages.resolve(connection, narrow)
            return library.notes(connection, narrow, title=title, limit=limit, offset=offset)

    def studies(self) -> list[StudySummary]:
        """All studies by team and title, with what they hold."""
        with self.engine.connect() as connection:
            return library.studies(connection)

    def choices(self) -> Choices:
        """Everything that a search can be narrowed by."""
        with self.engine.connect() as connection:
            return library.choices(connection)

    def example_questions(self, limit: int = 4) -> list[str]:
        """Questions that researchers really asked in this repository, to start a search from."""
        with self.engine.connect() as connection:
            asked = library.questions(connection)
        telling = [(question, study) for question, study in asked if _stands_alone(question)]
        first_of_study = {study: question for question, study in reversed(telling)}
        chosen = [question for question, study in telling if first_of_study[study] == question]
        return [*chosen, *(question for question, _ in telling if question not in chosen)][:limit]

    # -- tags and taxonomy -----------------------------------------------------------------------------------------

    def tag(self, passage_id: str, tag: str) -> None:
        """A person puts a tag on a passage; no tagger takes it off again."""
        assignments.decide_tag(self.engine, passage_id, tag, keep=True, now=self.now())

    def untag(self, passage_id: str, tag: str) -> None:
        """A person takes a tag off a passage; no tagger puts it there again."""
        assignments.decide_tag(self.engine, passage_id, tag, keep=False, now=self.now())

    def rename_tag(self, old: str, new: str) -> None:
        """Give a tag another name in the taxonomy and on every passage that has it, whoever put it there.

        Raises BadInput when the taxonomy would name the new one twice.
        """
        tags = tuple(replace(tag, name=new) if tag.name == old else tag for tag in self.taxonomy.tags)
        self.set_taxonomy(dump_taxonomy(tags))
        assignments.rename_tag(self.engine, old, new)

    def tag_counts(self) -> dict[str, tuple[int, int]]:
        """Tag -> (passages, people)."""
        with self.engine.connect() as connection:
            return assignments.tag_counts(connection)

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy in use: the team's own, or the one that comes with Heard."""
        with self.engine.connect() as connection:
            own = named_values.setting(connection, "taxonomy")
        return parse_taxonomy(own) if own else default_taxonomy()

    def set_taxonomy(self, taxonomy: Taxonomy) -> None:
        """Use another taxonomy from now on; what is stored is tagged anew by `ingest.retag`."""
        with writing(self.engine).begin() as connection:
            named_values.set_setting(connection, "taxonomy", taxonomy.source)

    # -- studies, notes, mappings ----------------------------------------------------------------------------------

    def describe_study(self, team: str, title: str, *, owner: str = "", method: str = "", questions: str = "") -> None:
        """Say what a study is about; it is created if it is new."""
        library.describe_study(self.engine, team, title, owner=owner, method=method, questions=questions)

    def delete_note(self, note_id: str) -> None:
        """Take a note out of the repository. Raises NotFound."""
        save.delete_note(self.engine, note_id)
        self.index.catch_up()

    def mappings(self) -> dict[str, dict[str, Any]]:
        """How the columns of known kinds of spreadsheet are read, by the name people gave."""
        with self.engine.connect() as connection:
            return named_values.mappings(connection)

    def save_mapping(self, name: str, columns: Mapping[str, Any]) -> None:
        """Remember a spreadsheet's columns under a name."""
        named_values.save_mapping(self.engine, name, columns)

    # -- the index -------------------------------------------------------------------------------------------------

    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Build the index anew from SQL, with the model that is set. Returns the number of passages."""
        return self.index.rebuild(on_progress)

    def status(self) -> Status:
        """What is in the repository and whether its index is whole."""
        with self.engine.connect() as connection:
            counts = library.counts(connection)
        model, dimension = self.index.model()
        try:
            indexed = self.index.count()
        except IndexDamaged:
            indexed = 0
        return Status(
            home=str(self.home), indexed=indexed, model=model, dimension=dimension,
            taxonomy_version=self.taxonomy.version, database="SQLite",
            bytes_on_disk=sum(f.stat().st_size for f in self.home.rglob("*") if f.is_file()), **counts,
        )  # fmt: skip

    def doctor(self, *, repair: bool = False) -> list[Finding]:
        """Check that what is stored is whole and that the index finds every passage; mend it if asked."""
        return doctoring.examine(self.engine, self.index, repair=repair)

    def _hits(self, scored: Sequence[tuple[str, float]], narrow: Filter, limit: int) -> Hits:
        """Scored ids as hits, one passage a person."""
        with self.engine.connect() as connection:
            known = passages.hits(connection, [id_ for id_, _ in scored], narrow)
        found = [replace(known[id_], score=score) for id_, score in scored if id_ in known]
        shown = spread(found, 1, lambda hit: hit.participant)[:limit]
        return Hits(items=tuple(shown), voices=voices(found), more=len(found) - len(shown))


def _stands_alone(question: str) -> bool:
    """Whether a stranger could have asked it: one sentence, a question word first, three telling words."""
    first = question.split(" ", 1)[0].lower()
    asks = first in {"what", "how", "why", "when", "which", "who", "where"}
    return asks and "." not in question and len(parse(question).words) > 2
