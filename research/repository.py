"""The repository: one object that notebooks, the command and the pages all go through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from copy import copy
from datetime import date, datetime
from pathlib import Path
from types import EllipsisType
from typing import Any, Unpack

from sqlalchemy import Connection

from research import backup as backing_up
from research import doctor as doctoring
from research import erasing, exporting, finding, gathering, retention, sharing, vocabulary
from research import intakes as runs
from research.access import Member, Reader, Right, Sight, local, needs
from research.backup import About
from research.brief import Brief
from research.check import Check
from research.config import Settings
from research.embedder import Embedder, embedder_for
from research.erasing import Receipt
from research.errors import HeardError, NotFound, Refused
from research.events import timed
from research.filters import Choosing, Filter, Narrowing, filtered, values
from research.health import Checkup, Health
from research.identity import Sealer
from research.insights import Insights
from research.kept import Kept
from research.keys import repository_key
from research.learning import Learning
from research.members import Members
from research.models import Choices, Coverage, Finding, Hit, Hits, Note, NoteSummary, Status, StudySummary, Voices
from research.people import People
from research.places import open_indexes, open_store
from research.query import examples, parse
from research.register import Register
from research.reuse import Reuse
from research.search_index import SearchIndex
from research.store import access, assignments, key_check, library, named_values, passages, save
from research.store.database import Watch
from research.taxonomy import Taxonomy
from research.themes.heard import Themes
from research.theming import Theming
from research.tokens import Tokens
from research.tuned import Tuned
from research.voices import voices


class Repository:
    """Notes, their passages, and an index over them, in one folder. Made by `research.open`.

    Reading is safe beside a writer in this or another process. Text never leaves the machine. What is read, counted and
    done is what its `member` may: by default whoever works at this machine, who may everything; `as_member` gives it to
    somebody else. Raises Refused for the rest.
    """

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.home: Path = settings.home
        self.embedder: Embedder = embedder or embedder_for(settings.model)
        self.now = now
        self.engine = open_store(settings)
        self._watch = Watch(self.engine)
        self.index = SearchIndex(
            open_indexes(settings, self.engine), self.engine, self.embedder, now, settings.lock_timeout
        )
        self._tuned = Tuned(self.engine, self.index, self._watch)
        self._checkup = Checkup(settings, self.engine, self.index)
        self._work_for(local(settings.user))

    def as_member(self, member: Member) -> Repository:
        """The same repository, the same open files, for somebody else. Raises Refused for whoever is no member."""
        if not member.role:
            raise Refused("You are signed in, and not a member yet. Ask somebody who looks after Heard to let you in.")
        other = copy(self)
        other._work_for(member)
        return other

    def _work_for(self, member: Member) -> None:
        self._reader = Reader(member, self.now)
        self._register = Register(self.engine, self.sealer, self._reader)
        self.people = People(self._register, self.index, self._watch)
        self.members = Members(self._register)
        self.tokens = Tokens(self._register)
        self.theming = Theming(self.engine, self.index, lambda: self.taxonomy, self.embedder.embed, self._reader)
        self.kept = Kept(self.engine, self._reader)
        self.reuse = Reuse(self.engine, self._reader)
        self.insights = Insights(self.engine, self.index, self.embedder, self.reuse, self._reader, self._tuned)
        self.learning = Learning(self.engine, self.index, self.embedder, lambda: self.taxonomy, self._reader)

    @property
    def member(self) -> Member:
        """Who is at work."""
        return self._reader.member

    def hold(self, right: Right) -> None:
        """Raises Refused where whoever is at work does not have a right."""
        self._reader.hold(right)

    def hold_team(self, team: str) -> None:
        """Raises Refused where whoever is at work does not belong to a team, whose studies they want to change."""
        self._reader.hold_team(team)

    def sight(self, connection: Connection) -> Sight:
        """What whoever is at work may see, for those who ask the store themselves."""
        return access.sight(connection, self._reader)

    def close(self) -> None:
        """Let go of the files; the object is of no use afterwards."""
        self.index.close()
        self._watch.close()
        self.engine.dispose()

    def version(self) -> str:
        """What differs after every write, by whichever process: what was looked up under it still holds."""
        return self._watch.version()

    @property
    def key(self) -> bytes:
        """The repository's secret. Raises HeardError when it is lost, or not the one that the repository was begun
        with."""
        key = repository_key(
            self.home,
            self.settings.key,
            shared=bool(self.settings.servers.database),
            begun=bool(key_check.begun_with(self.engine)),
        )
        key_check.hold(self.engine, key)
        return key

    def sealer(self) -> Sealer:
        """What seals and opens identities."""
        return Sealer(self.key)

    def warm_up(self) -> None:
        """Load the model and open the index, so that the first question is answered as fast as the others."""
        self.embedder.embed(["warm"])
        with suppress(HeardError):
            self.index.warm_up()

    # -- finding ---------------------------------------------------------------------------------------------------

    @timed("search", lambda found: {"hits": len(found.items), "more": found.more})
    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        per_person: int | None = 2,
        **narrow: Unpack[Narrowing],
    ) -> Hits:
        """What customers said about something, best first, by words and by meaning.

        `query` may hold "exact phrases" and filters (team:growth after:2026-08-01) that narrow like the arguments do;
        a note is an id or a title. With no words at all, the latest passages that the filters leave. `per_person` is
        the most passages of one person, None for no limit. Raises BadInput for a date that is none.
        """
        asked = parse(query)
        with self.engine.connect() as connection:
            narrowed, said = self._narrowed(connection, asked.narrow, filtered(narrow))
            return finding.search(
                connection, self.index, self.embedder, asked, narrowed, self._reader.today, listing=said, limit=limit,
                per_person=per_person, tuning=self._tuned.now(self._reader.today).search,
            )  # fmt: skip

    def voices(self, query: str = "", **narrow: Unpack[Narrowing]) -> tuple[Voices, Coverage]:
        """Whose voices a question's answers, or all that the filters leave, rest on.

        For a question the sure answers count, of which a search looks at the best 400.
        """
        asked = parse(query)
        asked_for = filtered(narrow)
        with self.engine.connect() as connection:
            narrowed, _ = self._narrowed(connection, asked.narrow, asked_for)
            since = asked.narrow.since or asked_for.since
            return finding.heard(connection, self.index, self.embedder, asked, narrowed, since, self.sight(connection))

    def passages(self, ids: Sequence[str]) -> Hits:
        """Known passages by id, in that order; ids that are not there any more are left out."""
        with self.engine.connect() as connection:
            known = passages.hits(connection, ids, self._visible(connection), self._reader.today)
        found = tuple(known[id_] for id_ in ids if id_ in known)
        return Hits(items=found, voices=voices(found))

    def like(self, passage_id: str, *, limit: int = 5, other_teams: bool = False) -> Hits:
        """Passages of other notes that say alike, nearest first; with `other_teams` only what other teams heard."""
        mine = self._there(passage_id)
        others = Filter(not_note=(mine.note_id,), not_team=(mine.team,) if other_teams else ())
        with self.engine.connect() as connection:
            narrow = self._visible(connection, others)
            return finding.like(connection, self.index, self.embedder, mine, narrow, self._reader.today, limit)

    def echoes(self, note_ids: Sequence[str], *, limit: int = 5, **narrow: Unpack[Narrowing]) -> list[tuple[Hit, Hit]]:
        """For some notes: pairs of (a passage of theirs, the closest that another team heard), closest first.

        No passage stands in two pairs, and no two pairs show the same two people. The arguments narrow what the others
        heard.
        """
        with self.engine.connect() as connection:
            among = passages.resolve(connection, filtered(narrow))
            visible, today = self._visible(connection), self._reader.today
            return finding.echoes(connection, self.index, note_ids, visible, today, limit, among)

    @timed("check", lambda check: {"lines": len(list(check))})
    def check(self, lines: Sequence[str], **narrow: Unpack[Narrowing]) -> Check:
        """Whether customers have said something to each line: an interview guide's questions, hypotheses, requests.

        A verdict for each line that is not blank, in their order: answered, partly or open, with the chance that it was
        heard and who stands behind it; then what to drop, to ask and to read. The arguments narrow what counts as
        heard. docs/check.md tells the rules. Raises BadInput for a date that is none.
        """
        with self.engine.connect() as connection:
            narrowed, said = self._narrowed(connection, filtered(narrow))
            return finding.checked(
                connection, self.index, self.embedder, lines, narrowed, self.sight(connection), listing=said
            )

    # -- planning --------------------------------------------------------------------------------------------------

    @timed("themes")
    def themes(self, **narrow: Unpack[Narrowing]) -> Themes:
        """What customers speak of: passages that say alike, as themes that last, those of most interviews first.

        With `since` or `until` as they were heard between these days and against as many days before (`since` alone:
        until today; `until` alone: the 90 days up to it); without, in all that was ever said. Raises BadInput.
        """
        with self.engine.connect() as connection:
            narrowed, _ = self._narrowed(connection, filtered(narrow))
        return self.theming.told(narrowed)

    @timed("brief")
    def brief(self, **narrow: Unpack[Narrowing]) -> Brief:
        """What was learned about customers between `since` and `until`, or in the last 90 days, to begin planning with.

        docs/brief.md tells what each part holds and by which rules. Raises BadInput.
        """
        return gathering.brief(self, filtered(narrow))

    # -- reading ---------------------------------------------------------------------------------------------------

    def note(self, note: str) -> Note:
        """A whole note by id or title, with its turns and passages. Raises NotFound."""
        with self.engine.connect() as connection:
            return library.note(connection, note, self.sight(connection))

    def notes(
        self,
        *,
        team: str | Sequence[str] | None = None,
        study: str | Sequence[str] | None = None,
        participant: str | Sequence[str] | None = None,
        title: str = "",
        since: date | None = None,
        until: date | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[NoteSummary]:
        """Notes, newest first; `title` keeps those whose title holds it, `since` and `until` those of sessions from and
        up to these days."""
        narrow = Filter(values(team), values(study), participant=values(participant), since=since, until=until)
        with self.engine.connect() as connection:
            narrow, sight = self._visible(connection, passages.resolve(connection, narrow)), self.sight(connection)
            return library.notes(connection, narrow, sight, title=title, limit=limit, offset=offset)

    def qda_project(self, **chosen: Unpack[Choosing]) -> bytes:
        """Notes with their passages, tags and participants as a REFI-QDA project (.qdpx), which other tools open and
        Heard reads back. Raises NotFound where there are none."""
        return exporting.qda_project(self, self._chosen(chosen))

    def as_files(self, **chosen: Unpack[Choosing]) -> dict[str, bytes]:
        """The same notes as Markdown with front matter and CSV, name -> content; Heard reads the folder back. Raises
        NotFound where there are none."""
        return exporting.as_files(self, self._chosen(chosen), whole=False)

    @needs("administer")
    def all_as_files(self) -> dict[str, bytes]:
        """All that is known here as Markdown and CSV, name -> content, but who works here, who is behind a pseudonym,
        and what may not be shown today; an empty repository that reads it is the same. Raises NotFound where there is
        no note."""
        return exporting.as_files(self, self.notes(), whole=True)

    def studies(self) -> list[StudySummary]:
        """All studies by team and title, with what they hold."""
        with self.engine.connect() as connection:
            return library.studies(connection, self.sight(connection))

    def choices(self) -> Choices:
        """Everything that a search can be narrowed by."""
        with self.engine.connect() as connection:
            return library.choices(connection, self.sight(connection))

    def example_questions(self, limit: int = 4) -> list[str]:
        """Questions that researchers really asked in this repository, to start a search from."""
        with self.engine.connect() as connection:
            asked = library.questions(connection, self.sight(connection))
        return examples(asked, limit)

    # -- tags and taxonomy -----------------------------------------------------------------------------------------

    @needs("research")
    def tag(self, passage_id: str, tag: str) -> None:
        """A person puts a tag on a passage; no tagger takes it off again."""
        self._there(passage_id)
        assignments.decide_tag(self.engine, passage_id, tag, keep=True, now=self.now())

    @needs("research")
    def untag(self, passage_id: str, tag: str) -> None:
        """A person takes a tag off a passage; no tagger puts it there again."""
        self._there(passage_id)
        assignments.decide_tag(self.engine, passage_id, tag, keep=False, now=self.now())

    @needs("govern")
    def rename_tag(self, old: str, new: str) -> None:
        """Give a tag another name in the taxonomy and on every passage that has it, whoever put it there.

        Raises BadInput when the taxonomy would name the new one twice.
        """
        vocabulary.rename_tag(self.engine, old, new)

    def tag_counts(self) -> dict[str, tuple[int, int]]:
        """Tag -> (passages, people)."""
        with self.engine.connect() as connection:
            return assignments.tag_counts(connection, self.sight(connection))

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy in use: the team's own, or the one that comes with Heard."""
        return vocabulary.taxonomy(self.engine)

    @needs("govern")
    def set_taxonomy(self, taxonomy: Taxonomy) -> None:
        """Use another taxonomy from now on; what is stored is tagged anew by `ingest.retag`."""
        vocabulary.set_taxonomy(self.engine, taxonomy)

    @property
    def nobodys_names(self) -> tuple[str, ...]:
        """Words that look like people's names and are a product's or a bot's; alone, redaction leaves them."""
        return vocabulary.nobodys_names(self.engine)

    @needs("research")
    def set_nobodys_names(self, words: Sequence[str]) -> None:
        """Use other such words from now on; what is stored stays as it is until it is ingested again."""
        vocabulary.set_nobodys_names(self.engine, words)

    # -- studies, notes, mappings ----------------------------------------------------------------------------------

    @needs("research")
    def describe_study(self, team: str, title: str, *, owner: str = "", method: str = "", questions: str = "") -> None:
        """Say what a study is about; it is created if it is new."""
        self._reader.hold_team(team)
        library.describe_study(self.engine, team, title, owner=owner, method=method, questions=questions)

    @needs("govern")
    def keep_study(
        self, team: str, title: str, *, asked: bool | EllipsisType = ..., keep_days: int | EllipsisType | None = ...
    ) -> None:
        """Say whether people were contacted for a study (not so for tickets that they wrote themselves), and for how
        many days its notes are kept (None: always); what is not given stays as it is. Raises NotFound, BadInput."""
        self._reader.hold_team(team)
        retention.keep_study(self._register, team, title, asked, keep_days)

    @needs("research")
    def keep_to_team(self, team: str, title: str, *, until: date | None = None) -> None:
        """Let only a study's team read it, until a day where one is given; on that day it opens to all by itself.

        Nobody else can tell from then on that it is there, but for how often its participants were contacted. Raises
        NotFound, BadInput for a day that is not to come.
        """
        sharing.keep_to_team(self._register, team, title, until)

    @needs("research")
    def open_to_all(self, team: str, title: str) -> None:
        """Let every member read a study. Raises NotFound."""
        sharing.open_to_all(self._register, team, title)

    @needs("govern")
    def retention(self) -> list[retention.Kept]:
        """All studies with how long their notes are kept, how many are overdue, and how many will be when."""
        return retention.retention(self._register)

    @needs("research")
    def delete_note(self, note_id: str) -> None:
        """Take a note out of the repository. Raises NotFound."""
        self._reader.hold_team(self.note(note_id).summary.team)
        save.delete_note(self.engine, note_id)
        self.index.catch_up()

    @needs("govern")
    @timed("erasure")
    def forget(self, pseudonym: str) -> Receipt:
        """Erase a participant: their notes, words, vectors, name and everything that is known of them.

        Notes of several people keep what the others said. Afterwards no file of the repository holds a byte of their
        words or of their name; both indexes are written anew for that, which takes minutes at a million passages. A
        receipt without personal data is written down. Raises NotFound.
        """
        return erasing.forget(self._register, self.index, pseudonym)

    @needs("govern")
    def overdue(self) -> list[NoteSummary]:
        """Notes that their studies keep no longer, oldest first."""
        with self.engine.connect() as connection:
            return library.overdue(connection, self.sight(connection))

    @needs("govern")
    @timed("erasure of what is overdue", lambda erased: {"notes": erased})
    def erase_overdue(self, only: Collection[str] | None = None) -> int:
        """Erase the notes that their studies keep no longer, as thoroughly as a person; returns how many. With `only`
        no others than these, by id: those that somebody has looked at."""
        return erasing.erase_overdue(self._register, self.index, only)

    def intakes(self, limit: int = 20) -> list[runs.Intake]:
        """The last runs of ingest of which notes are left, newest first."""
        return runs.latest(self._register, limit)

    @needs("research")
    def undo_intake(self, id_: str) -> int:
        """Take out the notes that a run of ingest added and no later one changed; returns how many. Raises NotFound."""
        return runs.undo(self._register, self.index, id_)

    def mappings(self) -> dict[str, dict[str, Any]]:
        """How the columns of known kinds of spreadsheet are read, by the name people gave."""
        with self.engine.connect() as connection:
            return named_values.mappings(connection)

    @needs("research")
    def save_mapping(self, name: str, columns: Mapping[str, Any]) -> None:
        """Remember a spreadsheet's columns under a name."""
        named_values.save_mapping(self.engine, name, columns)

    # -- the index -------------------------------------------------------------------------------------------------

    @needs("administer")
    @timed("reindex", lambda passages: {"passages": passages})
    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Build the index anew from SQL, with the model that is set. Returns the number of passages."""
        return self.index.rebuild(on_progress)

    @needs("administer")
    def health(self) -> Health:
        """Whether people can work with the repository just now: in milliseconds, and where a server does not answer in
        three seconds."""
        return self._checkup.now()

    @needs("administer")
    def status(self) -> Status:
        """What is in the repository and whether its index is whole."""
        ranking = self._tuned.now(self._reader.today).told
        return doctoring.status(self.engine, self.index, self.taxonomy, ranking)

    @needs("administer")
    @timed("check-up", lambda findings: {"wrong": sum(not finding.ok for finding in findings)})
    def doctor(self, *, repair: bool = False) -> list[Finding]:
        """Check that what is stored is whole and that the index finds every passage; mend it if asked."""
        return doctoring.examine(self.home, self.engine, self.index, repair=repair)

    @needs("administer")
    @timed("backup", lambda about: {"notes": about.notes, "passages": about.passages})
    def backup(self, path: Path, *, with_key: bool = False) -> About:
        """Write all that cannot be made again to a new file, while others go on working; `research.restore` puts it
        back. Without the key nobody's name can be opened from it. Raises BadInput (on PostgreSQL too), Unwritable,
        DatabaseDamaged."""
        return backing_up.backup(self.settings, self.engine, path, self.now(), self.key if with_key else None)

    def _chosen(self, chosen: Choosing) -> list[NoteSummary]:
        if ids := values(chosen.get("note")):
            return [self.note(one).summary for one in ids]
        team, study = chosen.get("team"), chosen.get("study")
        return self.notes(team=team, study=study, since=chosen.get("since"), until=chosen.get("until"))

    def _narrowed(self, connection: Connection, *said: Filter) -> tuple[Filter, bool]:
        """Filters together, in the names as they are stored and without whom nobody may read, and whether they said
        anything."""
        together = Filter()
        for one in said:
            together = together.and_also(passages.resolve(connection, one))
        return self._visible(connection, together), bool(together)

    def _visible(self, connection: Connection, narrow: Filter = Filter()) -> Filter:  # noqa: B008  # frozen
        return passages.visible(connection, narrow, self.sight(connection))

    def _there(self, passage_id: str) -> Hit:
        """A passage that may be read. Raises NotFound."""
        (found,) = self.passages([passage_id]) or (None,)
        if found is None:
            raise NotFound(f"There is no passage {passage_id} in this repository; its note may have been updated.")
        return found
