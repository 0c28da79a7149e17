"""An insight: one claim with a life, the evidence for and against it, and what follows from both. Values and rules.

A claim begins as a hypothesis, is decided by a person (supported, refuted), and goes stale when nobody looks at it
again in time or what it rests on is old or gone. How strong its evidence is follows from who spoke; nobody types it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from research import dates
from research.models import Hit, Voices
from research.voices import voices

Kind = Literal["customer", "product", "market", "competitor", "pricing", "revenue", "usability"]
Decided = Literal["hypothesis", "supported", "refuted"]
State = Literal["hypothesis", "supported", "refuted", "stale"]
Sign = Literal["for", "against"]
Word = Literal["none", "one voice", "thin", "fair", "strong", "contested"]

KINDS: tuple[Kind, ...] = ("customer", "product", "market", "competitor", "pricing", "revenue", "usability")
DECIDED: tuple[Decided, ...] = ("hypothesis", "supported", "refuted")
STATES: tuple[State, ...] = ("supported", "refuted", "hypothesis", "stale")
SIGNS: tuple[Sign, ...] = ("for", "against")

OLD = timedelta(days=365)  # age of the newest evidence from which a decision rests on the past
REVIEW = timedelta(days=182)  # until an insight is looked at again, where nobody says when

# From how many people beyond those who say otherwise evidence is fair or strong, of how many accounts, and how many
# teams must have heard it. These are conventions, not measurements: docs/insights.md says why these.
_FAIR_PEOPLE, _FAIR_ACCOUNTS = 3, 2
_STRONG_PEOPLE, _STRONG_ACCOUNTS, _STRONG_TEAMS = 6, 3, 2
_RANK: dict[Word, int] = {"none": 0, "contested": 0, "one voice": 1, "thin": 2, "fair": 3, "strong": 4}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that speaks for or against a claim, and who said that it does.

    `hit` is None when it is withdrawn: its note was deleted, its speaker forgotten, or their consent has ended. No word
    of it is kept then. `number` addresses the line within the repository.
    """

    number: int
    sign: Sign
    hit: Hit | None
    at: datetime
    who: str

    @property
    def day(self) -> date:
        """When it was said; where its note has no date, when it was linked."""
        return (self.hit.date if self.hit else None) or self.at.date()


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong the evidence is, in a word, and for which side ("" where it is for none, or contested).

    `in_favour` and `opposed` are the voices of both sides, `both` the people who stand on both, who count on each.
    """

    word: Word
    side: Sign | Literal[""]
    in_favour: Voices
    opposed: Voices
    both: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """From -4 (strong, against) over 0 (none, contested) to 4 (strong, for)."""
        return -_RANK[self.word] if self.side == "against" else _RANK[self.word]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a claim is on a day. `reasons` say in words what makes it stale, or would, were it decided."""

    state: State = "hypothesis"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What should move if the claim is right: a metric, from where to where, by when; and what happened to it."""

    metric: str = ""
    before: str = ""
    target: str = ""
    by: date | None = None
    happened: str = ""
    happened_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.metric)

    def due(self, day: date) -> bool:
        """Whether the day by which it should have moved has come, and nobody has said what happened."""
        return bool(self.by and self.by <= day and not self.happened)


@dataclass(frozen=True, slots=True)
class Kata:
    """The next step in the terms of the Product Kata: where we are, the obstacle in the way, the next experiment, and
    what we learned from the last one."""

    now: str = ""
    obstacle: str = ""
    experiment: str = ""
    learned: str = ""

    def __bool__(self) -> bool:
        return any((self.now, self.obstacle, self.experiment, self.learned))


@dataclass(frozen=True, slots=True)
class Request:
    """What a stakeholder who asks for something has to say: which problem it solves, and how we will know."""

    by: str
    problem: str
    proof: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to an insight; `detail` is never a word of a customer's."""

    at: datetime
    who: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Insight:
    """One claim with all that belongs to it.

    `decided` is what a person last said it is, with `why`, `decided_on` and `decided_by`; `standing` is what it is
    today. `contrary` is what somebody would say who disagrees, to look for them by. `changed` is when anything was last
    done to it.
    """

    code: str
    statement: str
    kind: Kind
    team: str
    owner: str
    decided: Decided
    created: datetime
    changed: datetime
    review: date
    why: str = ""
    decided_on: date | None = None
    decided_by: str = ""
    contrary: str = ""
    request: Request | None = None
    outcome: Outcome = Outcome()
    kata: Kata = Kata()
    evidence: tuple[Evidence, ...] = ()
    standing: Standing = field(default_factory=Standing)

    @property
    def strength(self) -> Strength:
        """How strong its evidence is today."""
        return strength(self.evidence)

    @property
    def withdrawn(self) -> int:
        """How many of its evidence's lines have no words any more."""
        return sum(one.hit is None for one in self.evidence)

    def of(self, sign: Sign) -> tuple[Evidence, ...]:
        """The evidence of one sign, in the order it was linked."""
        return tuple(one for one in self.evidence if one.sign == sign)


def strength(evidence: Sequence[Evidence]) -> Strength:
    """How strong evidence is: in how many people, from how many accounts, heard by how many teams, against how many.

    People count, not passages; withdrawn evidence does not. *Contested* is where at least half as many people speak on
    one side as on the other. Else the larger side is named and its people count beyond those of the other:
    one is *one voice*; six of three accounts that two teams heard are *strong*; three of two accounts are *fair*; all
    else is *thin*. Who has no known account counts as an account. Whoever joins a side never weakens it.
    """
    pro, contra = (
        [one.hit for one in evidence if one.hit is not None and one.sign == sign] for sign in ("for", "against")
    )
    people, others = ({hit.participant for hit in side} for side in (pro, contra))
    side: Sign | Literal[""] = ""
    word: Word = "none"
    if people or others:
        more, fewer = max(len(people), len(others)), min(len(people), len(others))
        if 2 * fewer >= more:
            word = "contested"
        else:
            side = "for" if len(people) > len(others) else "against"
            word = _word(more - fewer, pro if side == "for" else contra)
    return Strength(word, side, voices(pro), voices(contra), tuple(sorted(people & others)))


def _word(people: int, said: Sequence[Hit]) -> Word:
    accounts = len({hit.account or hit.participant for hit in said})
    teams = len({hit.team for hit in said})
    if people >= _STRONG_PEOPLE and accounts >= _STRONG_ACCOUNTS and teams >= _STRONG_TEAMS:
        return "strong"
    if people >= _FAIR_PEOPLE and accounts >= _FAIR_ACCOUNTS:
        return "fair"
    return "thin" if people > 1 else "one voice"


def state_on(insight: Insight, day: date) -> Standing:
    """What an insight is on a day, with the reasons.

    A decision rests on the evidence that speaks for it (a refutation on what speaks against). It is stale once its
    review date has passed, the newest of that evidence is older than a year, or none of it is left (withdrawn, or no
    longer linked). A hypothesis goes stale by its review date alone; that its evidence is old or withdrawn is said all
    the same.
    """
    late = (f"it was to be looked at again by {dates.day(insight.review)}",) if insight.review < day else ()
    rests = {"supported": insight.of("for"), "refuted": insight.of("against")}.get(insight.decided, insight.evidence)
    decided = insight.decided != "hypothesis"
    weak = _weakness(rests, day) if rests or decided else ()
    stale = late or (weak and decided)
    return Standing("stale" if stale else insight.decided, (*late, *weak))


def _weakness(evidence: Sequence[Evidence], day: date) -> tuple[str, ...]:
    """What is wrong with the evidence that something rests on, by a day."""
    left = [one for one in evidence if one.hit is not None]
    if not left:
        return ("all the evidence that it rests on is withdrawn" if evidence else "no evidence for that is left",)
    newest = max(one.day for one in left)
    if newest < day - OLD:
        return (f"the newest evidence that it rests on is of {dates.day(newest)}, more than a year ago",)
    return ()
