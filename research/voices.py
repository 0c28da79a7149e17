"""Whose voices a finding rests on: how many people really speak in it, and who does not. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from research.models import Coverage, SegmentHeard, Voices

_MOST = 2 / 3  # share of the passages from which a finding leans on two people, or on one account
_ENOUGH = 3  # people from which it is worth saying: of fewer the number alone says it


class Spoken(Protocol):
    """A passage as far as it matters who said it."""

    @property
    def participant(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def segment(self) -> str: ...
    @property
    def date(self) -> date | None: ...


_Said = TypeVar("_Said", bound=Spoken)


def by_different_people(found: Iterable[_Said], most: int) -> tuple[_Said, ...]:
    """The first passage of each person, at most so many, those of a team that is not among them yet before others."""
    chosen: list[_Said] = []
    left = list(found)
    while left and len(chosen) < most:
        teams = {one.team for one in chosen}
        best = next((one for one in left if one.team not in teams), left[0])
        chosen.append(best)
        left = [one for one in left if one.participant != best.participant]
    return tuple(chosen)


def voices(found: Iterable[Spoken]) -> Voices:
    """Count the people, teams and accounts behind passages, and how evenly the people speak."""
    all_ = list(found)
    by_person = Counter(one.participant for one in all_)
    by_account = Counter(one.account for one in all_ if one.account)
    account, most = max(by_account.items(), key=lambda item: item[1], default=("", 0))
    return Voices(
        passages=len(all_),
        people=len(by_person),
        teams=len({one.team for one in all_}),
        accounts=len(by_account),
        latest=max((one.date for one in all_ if one.date), default=None),
        effective=effective(list(by_person.values())),
        top_five=share_of_top(list(by_person.values()), 5),
        leans_on_two=len(by_person) >= _ENOUGH and share_of_top(list(by_person.values()), 2) >= _MOST,
        leans_on_account=account if len(by_person) >= _ENOUGH and most >= _MOST * len(all_) else "",
        by_person=tuple(by_person.most_common()),
    )


def effective(counts: Sequence[int]) -> float:
    """The effective number of voices: as many people, all speaking as much, would be as diverse as these.

    1/Σp², p being each one's share: the inverse of Simpson's concentration (Nature 163, 1949), the number of order 2 of
    Hill (Ecology 54, 1973). It lies between 1 and the number of people; 0 for nobody.
    """
    total = sum(counts)
    return total**2 / sum(count**2 for count in counts) if total else 0.0


def share_of_top(counts: Sequence[int], most: int) -> float:
    """The share of what was said by those who said most, 0 to 1; 0 for nobody."""
    return sum(sorted(counts, reverse=True)[:most]) / sum(counts) if sum(counts) else 0.0


def coverage(
    found: Iterable[Spoken], first_heard: Mapping[str, date], known: Mapping[str, int], since: date | None
) -> Coverage:
    """Whom a selection reaches: of each segment how many of those who are `known` (by segment), and how many of its
    people were heard for the first time ever on or after `since` (None where no beginning was given)."""
    segment_of = {one.participant: one.segment for one in found}
    heard = Counter(segment_of.values())
    new = [person for person in segment_of if since and (day := first_heard.get(person)) and day >= since]
    segments = sorted({*known, *heard} - {""}, key=lambda name: (-heard[name] / max(1, known.get(name, 0)), name))
    return Coverage(
        first_time=len(new) / len(segment_of) if since and segment_of else None,
        segments=tuple(SegmentHeard(name, heard[name], max(known.get(name, 0), heard[name])) for name in segments),
    )
