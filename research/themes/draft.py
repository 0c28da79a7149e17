"""Themes while they are being changed, and what happened to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from research.themes.areas import Area
from research.themes.models import Change, Event, Happening, Kept, KeptTheme, code, number


class Draft:
    """A state that decisions and new passages are put into; `change` gives what became of it."""

    def __init__(self, before: Kept, today: date) -> None:
        self.themes, self.placed = dict(before.themes), dict(before.placed)
        self.not_here, self.apart, self.together = set(before.not_here), set(before.apart), set(before.together)
        self.settled, self._today = before.settled, today
        self._founded: dict[str, tuple[str, ...]] = {}
        self._events: list[Event] = []

    def say(self, kind: Happening, theme: str, others: tuple[str, ...] = (), passages: int = 0) -> None:
        self._events.append(Event(kind, theme, others, passages))

    def living(self) -> tuple[str, ...]:
        return Kept(self.themes).living

    def above(self) -> frozenset[str]:
        return Kept(self.themes).above

    def parents(self) -> dict[str, str]:
        return {id_: self.themes[id_].parent for id_ in self.living()}

    def found(self, *, out_of: tuple[str, ...] = (), parent: str = "", hidden: bool = False) -> str:
        """A new theme; its passages are counted when all are placed."""
        id_ = code(max(map(number, self.themes), default=0) + 1)
        self.themes[id_] = KeptTheme(id_, self._today, parent, hidden=hidden)
        self._founded[id_] = out_of
        return id_

    def leave(self, gone: Iterable[str]) -> None:
        left = Counter(theme for id_ in gone if (theme := self.placed.pop(id_)))
        for theme, count in sorted(left.items()):
            self.say("left", theme, passages=count)

    def place(self, found: Mapping[str, str]) -> None:
        """Put passages where their texts belong, unless a person said that they do not or they are in a theme."""
        came: Counter[str] = Counter()
        for id_, theme in sorted(found.items()):
            if not self.placed.get(id_):
                self.placed[id_] = "" if (id_, theme) in self.not_here else theme
                came[self.placed[id_]] += 1
        for theme, count in sorted(came.items()):
            if theme and theme not in self._founded:
                self.say("joined", theme, passages=count)

    def split(self, theme: str, passages: Iterable[str]) -> str:
        whole = self.themes[theme]
        id_ = self.found(out_of=(theme,), parent=whole.parent, hidden=whole.hidden)
        moved = set(passages)
        self.placed |= dict.fromkeys(moved, id_)
        self.say("split", theme, (id_,), len(moved))
        return id_

    def merge(self, theme: str, into: str) -> None:
        moved = [id_ for id_, other in self.placed.items() if other == theme]
        self.placed |= dict.fromkeys(moved, into)
        for id_, one in list(self.themes.items()):
            if one.parent == theme and one.ended is None:
                self.themes[id_] = replace(one, parent=into)
        name = self.themes[into].name or self.themes[theme].name
        self.themes[into] = replace(self.themes[into], name=name)
        self.themes[theme] = replace(self.themes[theme], ended=self._today, into=(into,))
        self.not_here |= {(id_, into) for id_, other in self.not_here if other == theme}
        self.apart = {
            (swapped[0], swapped[1])
            for pair in self.apart
            if (swapped := tuple(into if one == theme else one for one in pair))[0] != swapped[1]
        }
        if theme in self.together:
            self.together.add(into)
        self.say("merged", theme, (into,), len(moved))
        self.say("joined", into, (theme,), len(moved))

    def arrange(self, found: Iterable[Area]) -> None:
        """Make themes parts of larger ones."""
        for area in found:
            id_ = area.id or self.found()
            for theme in area.themes:
                self.themes[theme] = replace(self.themes[theme], parent=id_)

    def end_empty(self) -> None:
        """End themes that nothing is left of, and then those that they were parts of."""
        held = set(self.placed.values())
        for _ in ("themes", "larger ones"):
            for id_ in self.living():
                if id_ not in held:
                    self.themes[id_] = replace(self.themes[id_], ended=self._today)
                    self.say("ended", id_)

    def change(self) -> Change:
        counts = Counter(self.placed.values())
        for theme in self.placed.values():
            if theme and (above := self.themes[theme].parent):
                counts[above] += 1
        for id_, out_of in self._founded.items():
            self.say("founded", id_, out_of, counts[id_])
        state = Kept(
            self.themes, self.placed, frozenset(self.not_here), frozenset(self.apart), frozenset(self.together),
            self.settled,
        )  # fmt: skip
        return Change(state, tuple(self._events))
