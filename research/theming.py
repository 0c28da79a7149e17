"""Themes of the repository: found anew as notes come in, kept as people decided, told for a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection, Engine

from research.access import Reader, needs
from research.errors import BadInput, NotFound
from research.filters import Filter
from research.search_index import SearchIndex
from research.store import access, index_state, named_values, passages
from research.store import themes as store
from research.store.database import writing
from research.taxonomy import Taxonomy
from research.themes import labels as labelling
from research.themes import life
from research.themes.heard import Dot, Labelled, Themes, counted, window
from research.themes.map import places
from research.themes.models import (
    Change,
    Decision,
    Happening,
    Hidden,
    Kept,
    KeptTheme,
    Merged,
    NotHere,
    Passages,
    Renamed,
    Split,
    code,
    number,
)

_NAMED = 3  # key phrases that stand for a theme which nobody named


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was done to a theme, by the rules (`who` is "") or by a person."""

    at: datetime
    who: str
    what: Happening
    others: tuple[str, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class _Heard:
    """All passages that may be read today and have a vector, the rows of passages by id, and what each one answers."""

    said: Passages
    rows: Mapping[str, int]
    asked: tuple[str, ...]


class Theming:
    """The themes of a repository (`repo.theming`). A theme's history names the reader; `taxonomy` says by which tags
    the team sorts what it hears, and `meaning` what a phrase means, as passages do.

    Themes are the same for all, so they are found in what anybody may read and count nothing else: what a study that is
    kept to a team holds could be told from a theme's words, or from its numbers.
    """

    def __init__(
        self,
        engine: Engine,
        index: SearchIndex,
        taxonomy: Callable[[], Taxonomy],
        meaning: labelling.Meaning,
        reader: Reader,
    ) -> None:
        self._engine, self._index, self._taxonomy, self._meaning = engine, index, taxonomy, meaning
        self._reader = reader

    def told(self, narrow: Filter) -> Themes:
        """The themes of the filter's window, as `research.themes.heard` counts them, or without one of all that was
        ever said."""
        self.refresh()
        today = self._reader.today
        look = window(narrow.since, narrow.until, today) if narrow.since or narrow.until else None
        with self._engine.connect() as connection:
            ever = self._open(connection, replace(narrow, since=None, until=None))
            now = replace(ever, since=look.since, until=look.until) if look else ever
            before = replace(ever, since=look.before_since, until=look.before_until) if look else None
            members, held = store.members(connection, now), store.held(connection, now)
            held_before = store.held(connection, before)[0] if before else 0
            items = counted(
                [one for one in store.themes(connection).values() if one.ended is None],
                store.labels(connection),
                members,
                store.members(connection, before) if before else [],
                store.ever(connection, ever),
                (held[0], held_before),
                look,
                lambda ids: passages.hits(connection, ids, ever, today),
            )
            undated = store.undated(connection, ever)
        placed = sum(len(one.passage_ids) for one in items)
        return Themes(tuple(items), look, held[0], held_before, held[1], placed, undated)

    def code(self, wanted: str) -> str:
        """The code under which a theme is kept today: of one that was merged, that of where it went. Raises
        NotFound."""
        with self._engine.connect() as connection:
            return _living(store.themes(connection), wanted)

    def heard(self, narrow: Filter) -> set[str]:
        """The codes of the themes that were heard in what a filter leaves, without counting who said them."""
        self.refresh()
        with self._engine.connect() as connection:
            return store.heard(connection, self._open(connection, narrow))

    def map(self, found: Themes, most: int = 1_500) -> list[Dot]:
        """The passages of themes as dots, those of the first themes first, at most so many; near is alike."""
        wanted = [(theme, id_) for theme in found if not theme.hidden for id_ in theme.passage_ids][:most]
        with self._index.reading() as reader:
            vectors = reader.vectors([id_ for _, id_ in wanted])
            hits = passages.hits(reader.connection, list(vectors), self._open(reader.connection), self._reader.today)
        there = [(theme, id_) for theme, id_ in wanted if id_ in vectors and id_ in hits]
        if not there:
            return []
        at = places(np.stack([vectors[id_] for _, id_ in there]), [theme.id for theme, _ in there])
        return [
            Dot(id_, hits[id_].note_id, theme.id, theme.label, hits[id_].team, float(x), float(y))
            for (theme, id_), (x, y) in zip(there, at.round(4).tolist(), strict=True)
        ]

    def by_month(self, wanted: str, narrow: Filter) -> list[tuple[date, int, int]]:
        """Each month in which anybody was heard, whatever the filter's window: its first day, the interviews in which a
        theme came up, and all that were held."""
        with self._engine.connect() as connection:
            ever = self._open(connection, replace(narrow, since=None, until=None))
            return store.by_month(connection, wanted, ever)

    def history(self, wanted: str) -> list[Happened]:
        """What was done to a theme, newest first."""
        with self._engine.connect() as connection:
            rows = store.history(connection, wanted)
        return [Happened(row.at, row.who, row.what, tuple(row.others), row.passages) for row in rows]

    # -- what people decide ----------------------------------------------------------------------------------------

    @needs("research")
    def rename(self, theme: str, name: str) -> None:
        """Give a theme a name, which stays whatever joins it; "" brings its key phrases back."""
        said = " ".join(name.split())
        if len(said) > 200:
            raise BadInput("A theme's name has at most 200 characters.")
        self._decide(theme, lambda id_: Renamed(id_, said))

    @needs("research")
    def merge(self, theme: str, into: str) -> None:
        """Make one theme of two, which keeps the code and the name of the second. Raises BadInput, NotFound."""
        target = self.code(into)
        if self.code(theme) == target:
            raise BadInput(f"{theme} and {into} are one theme already.")
        self._decide(theme, lambda id_: Merged(id_, target))

    @needs("research")
    def split(self, theme: str, passage_ids: Sequence[str], name: str = "") -> str:
        """Make a theme of its own of some passages of a theme; returns its code. Raises BadInput."""
        if not passage_ids:
            raise BadInput("Choose the passages that are to be a theme of their own.")
        change = self._decide(theme, lambda id_: Split(id_, tuple(passage_ids)))
        (new,) = (one.others[0] for one in change.events if one.kind == "split")
        if name.strip():
            self.rename(new, name)
        return new

    @needs("research")
    def hide(self, theme: str, hidden: bool = True) -> None:
        """Leave a theme out of lists and briefs, or show it again; it goes on growing."""
        self._decide(theme, lambda id_: Hidden(id_, hidden))

    @needs("research")
    def not_here(self, theme: str, passage_id: str) -> None:
        """Say that a passage does not belong to a theme; it never comes back to it."""
        self._decide(theme, lambda id_: NotHere(passage_id, id_))

    def _decide(self, theme: str, decision: Callable[[str], Decision]) -> Change:
        self.refresh()
        with writing(self._engine).begin() as connection:
            before = store.kept(connection)
            change = life.decided(before, decision(_living(before.themes, theme)), self._reader.today)
            store.write(connection, before, change.state)
            store.keep_events(connection, change.events, self._reader.now(), self._reader.who)
        if change.state.placed != before.placed:
            self._label()
        return change

    # -- finding them ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Let new passages join themes or found new ones, and take out those that are gone; does nothing when nothing
        has changed since. Where two processes do so at once, the first is kept."""
        with self._engine.connect() as connection:
            standing, looked = index_state.standing(connection), named_values.setting(connection, store.LOOKED_AT)
            visible = self._open(connection)
            now = " ".join(map(str, (standing.generation, *visible.not_study)))
            if looked == now:
                return
            before = store.kept(connection)
            whole = looked and standing.cleared <= int(looked.split()[0])
            same = whole and life.as_it_is(before, store.ids(connection, visible))
            if not same:
                labels, heard = store.labels(connection), self._spoken(connection, visible)
        if same:  # somebody tagged a passage, or wrote down a date: nothing that themes are found in
            with writing(self._engine).begin() as connection:
                if named_values.setting(connection, store.LOOKED_AT) == looked:
                    named_values.set_setting(connection, store.LOOKED_AT, now)
            return
        change = life.joined(before, heard.said, self._reader.today)
        found = self._labels(change.state, heard, labels)
        with writing(self._engine).begin() as connection:
            if store.kept(connection) != before:
                return  # another process was faster
            store.write(connection, before, change.state)
            store.keep_events(connection, change.events, self._reader.now(), "")
            _write_labels(connection, change.state, heard, labels, found)
            named_values.set_setting(connection, store.LOOKED_AT, now)

    def _open(self, connection: Connection, narrow: Filter = Filter()) -> Filter:  # noqa: B008  # frozen
        """The filter, and what anybody may read."""
        return passages.visible(connection, narrow, access.sight_of_anybody(connection, self._reader.today))

    def _spoken(self, connection: Connection, visible: Filter) -> _Heard:
        spoken = store.spoken(connection, visible)
        vectors = np.zeros((len(spoken.rows), 1), dtype=np.float32)
        with self._index.reading(connection) as reader:
            if spoken.rows and reader.indexes.matrix.exists:  # else nothing was embedded yet
                vectors = reader.indexes.matrix.within(connection).read(spoken.rows)
        there = np.flatnonzero(np.any(vectors != 0, axis=1)).tolist()
        return _Heard(
            Passages(tuple(spoken.ids[n] for n in there), tuple(spoken.texts[n] for n in there), vectors[there]),
            dict(zip(spoken.ids, spoken.rows, strict=True)),
            tuple(spoken.contexts[n] for n in there),
        )

    def _label(self) -> None:
        """Find labels anew after a person moved passages."""
        with self._engine.connect() as connection:
            visible = self._open(connection)
            kept, labels, heard = store.kept(connection), store.labels(connection), self._spoken(connection, visible)
        found = self._labels(kept, heard, labels)
        with writing(self._engine).begin() as connection:
            _write_labels(connection, kept, heard, labels, found)

    def _labels(self, kept: Kept, heard: _Heard, old: Mapping[str, Labelled]) -> dict[str, Labelled]:
        """The labels of themes that have none yet or have grown."""
        tags = [words for tag in self._taxonomy().tags for words in (tag.name, *tag.phrases)]
        worded = replace(heard.said, texts=tuple(map("\n".join, zip(heard.asked, heard.said.texts, strict=True))))
        found = labelling.labels(
            kept, worded, [*tags, *heard.asked], meaning=self._meaning, known={id_: one.by for id_, one in old.items()}
        )
        return {
            id_: Labelled(", ".join(label.phrases[:_NAMED]), label.phrases, label.passages)
            for id_, label in found.items()
        }


def _write_labels(
    connection: Connection, kept: Kept, heard: _Heard, old: Mapping[str, Labelled], new: Mapping[str, Labelled]
) -> None:
    """Keep labels, and how well passages stand for their theme."""
    store.write_labels(connection, new)
    phrases = {id_: one.phrases[:_NAMED] for id_, one in {**old, **new}.items()}
    near = life.nearness(kept, heard.said, phrases)
    store.set_nearness(connection, {heard.rows[id_]: one for id_, one in near.items()})


def _living(themes: Mapping[str, KeptTheme], wanted: str) -> str:
    """The code of a theme that has not ended: of one that was merged, that of where it went."""
    id_ = code(number(wanted))
    while id_ in themes and themes[id_].ended and len(themes[id_].into) == 1:
        (id_,) = themes[id_].into
    if id_ not in themes or themes[id_].ended:
        raise NotFound(f"There is no theme {wanted} in this repository. `heard themes` lists those there are.")
    return id_
