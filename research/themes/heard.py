"""Themes as planners see them: who spoke of what in a window, how many more than before, and what to make of it.

Values and rules without a store; `research.theming` keeps them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, overload

from research import frames
from research.change import Change, change
from research.dates import day
from research.errors import BadInput
from research.filters import Narrowing
from research.models import Hit, Voices
from research.themes.models import KeptTheme
from research.voices import voices

if TYPE_CHECKING:
    import pandas

Mark = Literal["rising", "fading", "new", "several teams", "heard once", "leans on one account"]

LOOKED_BACK = 90  # days of a window where nobody says since when
_SHORT, _LONG = 60, 400  # characters between which a quote reads well by itself


@dataclass(frozen=True, slots=True)
class Member:
    """A passage of a theme, without its words: who said it where; `nearness` says how well it stands for the theme
    (`research.themes.life.nearness`) and `length` is its length in characters."""

    theme: str
    passage_id: str
    note_id: str
    participant: str
    team: str
    account: str
    segment: str
    date: date | None
    nearness: float
    length: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a theme is called where no person gave it a name, its key phrases, and by how many passages these were
    found."""

    label: str
    phrases: tuple[str, ...] = ()
    by: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are looked at and those that they are compared with, all inclusive."""

    since: date
    until: date
    before_since: date
    before_until: date


@dataclass(frozen=True, slots=True)
class Theme:
    """What several people spoke of alike, as it was heard in a window.

    `id` lasts ("T-0007"). `label` is a person's name for it, else its key phrases. `passage_ids` are those of the
    window, the most telling first, and `quote` is the first of them that reads well by itself. `people`, `teams` and
    `accounts` count who said them; `first` and `last` are the days on which it was ever heard. `area` is the label of
    the larger theme that it is part of ("" where there are few), `by_team` each team with how many people told it.
    """

    id: str
    label: str
    phrases: tuple[str, ...]
    area: str
    passage_ids: tuple[str, ...]
    quote: Hit | None
    voices: Voices
    teams: tuple[str, ...]
    segments: tuple[str, ...]
    first: date | None
    last: date | None
    change: Change
    marks: tuple[Mark, ...]
    hidden: bool
    founded: date
    by_team: tuple[tuple[str, int], ...] = ()

    @property
    def people(self) -> int:
        """How many people spoke of it in the window."""
        return self.voices.people

    @property
    def accounts(self) -> int:
        """How many accounts spoke of it in the window."""
        return self.voices.accounts


@dataclass(frozen=True, slots=True)
class Themes(Sequence[Theme]):
    """The themes of a window, those that most interviews speak of first.

    `interviews` were held in the window (one person in one note) and `interviews_before` in the one before. Of the
    window's `passages` so many as `placed` says belong to a theme; what nobody else said alike, or
    what has no name, stays outside. `undated`
    passages are in no window; without one (None: all that was ever said) they count, and nothing is compared.
    """

    items: tuple[Theme, ...]
    window: Window | None
    interviews: int
    interviews_before: int
    passages: int
    placed: int
    undated: int

    @property
    def outside(self) -> float:
        """The share of the window's passages that belong to no theme, 0 to 1."""
        return 1 - self.placed / self.passages if self.passages else 0.0

    @overload
    def __getitem__(self, index: int) -> Theme: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Theme, ...]: ...
    def __getitem__(self, index: int | slice) -> Theme | tuple[Theme, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Theme]:
        return iter(self.items)

    def to_frame(self) -> pandas.DataFrame:
        """The themes as a pandas table, a row each, in their order; the same columns and types where there are none.

        Texts (str): `id`, `label`, `area`, `direction`, `quote` (a customer's words) and `quote_id` (its passage).
        Tuples of texts: `phrases`, `teams`, `segments`, `marks`, `passage_ids`. Counts in the window (int64):
        `passages`, `people`, `accounts`, `interviews` that spoke of it of all `held`; `interviews_before` of
        `held_before` in the window before. `share` and `share_before` (float64, 0 to 1) are those of the interviews,
        `low` to `high` the 95% interval of their difference. Days (datetime64): `first` and `last` heard ever,
        `founded`. `hidden` (bool): somebody put it away.
        """
        return frames.of_themes(self)


@dataclass(frozen=True, slots=True)
class Dot:
    """A passage on the map of themes: `x` and `y` are places without a unit."""

    passage_id: str
    note_id: str
    theme: str
    label: str
    team: str
    x: float
    y: float


def window(since: date | None, until: date | None, today: date) -> Window:
    """The window from `since` to `until` (today), by default the last 90 days, and as many days before it. Raises
    BadInput where the first day is after the last."""
    end = until or max(today, since or today)
    begin = since or _on(end.toordinal() - LOOKED_BACK + 1)
    if begin > end:
        raise BadInput(f"Nothing lies between {day(begin)} and {day(end)}: the first day is after the last. Swap them.")
    length = end.toordinal() - begin.toordinal() + 1
    return Window(begin, end, _on(begin.toordinal() - length), _on(begin.toordinal() - 1))


def lately(narrow: Narrowing, today: date) -> Narrowing:
    """The same filters, with the last 90 days where they say nothing of days."""
    if narrow.get("since") or narrow.get("until"):
        return narrow
    return {**narrow, "since": window(None, None, today).since}


def _on(number: int) -> date:
    """The day of a number; there is none before the first of the calendar."""
    return date.fromordinal(max(1, number))


def counted(
    themes: Sequence[KeptTheme],
    labels: Mapping[str, Labelled],
    members: Sequence[Member],
    before: Sequence[Member],
    ever: Mapping[str, tuple[date, date]],
    held: tuple[int, int],
    look: Window | None,
    hits: Callable[[Sequence[str]], Mapping[str, Hit]],
) -> list[Theme]:
    """Themes that were heard in the window (None: ever) or the one before, those that most interviews speak of first.
    What has no name, since nothing that its passages share tells it from the rest, is no theme to anybody yet.

    `members` are of the window, `before` of the one before; `ever` says on which days a theme was first and last
    heard, `held` how many interviews each window had. `hits` brings passages by id, for the quotes.
    """
    called = {one.id: one.name or labels.get(one.id, Labelled("")).label for one in themes}
    now = {id_: in_order(mine) for id_, mine in by_theme(members).items()}
    then = by_theme(before)
    best = {id_: best_quote(now[id_]) for id_ in called if called[id_] and id_ in now}
    quotes = hits(list(best.values()))
    found = []
    for one in themes:
        mine = now.get(one.id, [])
        if not called[one.id] or (not mine and one.id not in then):
            continue
        first, last = ever.get(one.id, (None, None))
        of_now, of_then = _interviews(mine), _interviews(then.get(one.id, []))
        moved = change(
            of_now, held[0], of_then, held[1], known_before=look is None or (first is not None and first < look.since)
        )
        behind = voices(mine)
        teams = _most(m.team for m in mine)
        found.append(
            Theme(
                id=one.id, label=called[one.id], phrases=labels.get(one.id, Labelled("")).phrases,
                area=called.get(one.parent, ""), passage_ids=tuple(m.passage_id for m in mine),
                quote=quotes.get(best.get(one.id, "")), voices=behind, teams=teams,
                segments=_most(m.segment for m in mine), first=first, last=last, change=moved,
                marks=marks(moved, behind), hidden=one.hidden, founded=one.founded,
                by_team=tuple((team, len({m.participant for m in mine if m.team == team})) for team in teams),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.change.interviews, -one.voices.passages, one.id))


def marks(moved: Change, behind: Voices) -> tuple[Mark, ...]:
    """What is worth saying about a theme at a glance.

    *Heard once*: by one person. *New* needs two, since what one person said first is no theme yet.
    """
    found: list[Mark] = []
    if moved.direction in ("rising", "fading"):
        found.append(moved.direction)
    if moved.direction == "new" and behind.people > 1:
        found.append("new")
    if behind.teams > 1:
        found.append("several teams")
    if behind.people == 1:
        found.append("heard once")
    if behind.leans_on_account:
        found.append("leans on one account")
    return tuple(found)


def in_order(members: Sequence[Member]) -> list[Member]:
    """Members, the most telling first: nearest to the middle, one of each person before anybody's second."""
    nearest = sorted(members, key=lambda one: (-one.nearness, one.passage_id))
    heard: Counter[str] = Counter()
    turn = {}
    for one in nearest:
        turn[one.passage_id] = heard[one.participant]
        heard[one.participant] += 1
    return sorted(nearest, key=lambda one: turn[one.passage_id])


def best_quote(members: Sequence[Member]) -> str:
    """Of members `in_order` the id of the first passage that reads well by itself, not too short and not too long, else
    of the first; "" of none."""
    well = (one for one in members if _SHORT <= one.length <= _LONG)
    return next(well, members[0]).passage_id if members else ""


def by_theme(members: Sequence[Member]) -> dict[str, list[Member]]:
    """Members by the theme they belong to, in their order."""
    found: dict[str, list[Member]] = {}
    for one in members:
        found.setdefault(one.theme, []).append(one)
    return found


def _interviews(members: Sequence[Member]) -> int:
    return len({(one.participant, one.note_id) for one in members})


def _most(names: Iterator[str]) -> tuple[str, ...]:
    """Names, the most frequent first, without ""."""
    counts = Counter(name for name in names if name)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
