"""A brief of an invented company that makes software for clinics, with something in every part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from research.brief import Apart, Asked, Brief, Made, Surprise, Told
from research.change import change
from research.check import Answer, Verdict
from research.insight import Evidence, Insight, Standing
from research.kept import Question
from research.models import Hit, SegmentHeard
from research.themes.heard import Theme, Window, marks
from research.voices import voices

WINDOW = Window(date(2026, 8, 25), date(2026, 11, 22), date(2026, 5, 27), date(2026, 8, 24))
HELD, HELD_BEFORE = 27, 31

PEOPLE = {
    "P-0003": ("practice owner", "Small practice", "Northwind Clinic"),
    "P-0007": ("clinic manager", "Mid-size clinic", "Harbour Health"),
    "P-0011": ("front desk", "Small practice", "Elm Street Practice"),
    "P-0014": ("billing lead", "Mid-size clinic", "Harbour Health"),
    "P-0019": ("clinic manager", "Hospital group", "Saint Aurelia"),
    "P-0021": ("IT administrator", "Hospital group", "Saint Aurelia"),
    "P-0026": ("billing lead", "Mid-size clinic", "Lindgren Dental"),
    "P-0030": ("practice owner", "Small practice", "Dr Abara"),
    "P-0034": ("clinic manager", "Mid-size clinic", "Riverside Physio"),
    "P-0042": ("front desk", "Mid-size clinic", "Riverside Physio"),
}  # fmt: skip
STUDIES = {
    "Growth": "Onboarding Q3", "Billing": "Month-end diary", "Scheduling": "Reminder pilot", "Integrations": "Import tests",
}  # fmt: skip


def hit(person: str, team: str, day: date | None, text: str, *, id_: str = "") -> Hit:
    role, segment, account = PEOPLE[person]
    id_ = id_ or f"{sum(text.encode()) * 2654435761 % 16**10:010x}"
    return Hit(
        id=id_, text=text, context="How do you do that today?", note_id=f"n{id_}", note_title=f"{account}, {role}",
        participant=person, speaker=person, segment=segment, account=account, team=team, study=STUDIES[team], date=day,
        tags=("pain",), score=0.5, start=0, end=len(text), role=role,
    )  # fmt: skip


EXPORT = (
    hit("P-0014", "Billing", date(2026, 11, 12), "I export to a spreadsheet, fix the totals there, and then paste it back. Every month, the last two days, and nobody else may touch the file while I do."),
    hit("P-0007", "Growth", date(2026, 10, 14), "The report leaves out who referred the patient, so Ines types it in by hand from the old system before I can show it to the board."),
    hit("P-0026", "Billing", date(2026, 11, 4), "If the numbers don't match the bank I don't look for the mistake in your tool, I look in my spreadsheet, because that is where I changed things."),
    hit("P-0030", "Growth", date(2026, 9, 30), "Honestly the export is fine for us, we are four people. I look at it once a quarter."),
)  # fmt: skip
REMIND = (
    hit("P-0042", "Scheduling", date(2026, 11, 18), "People answer the reminder and write that they can't come, and nobody reads it. The answer goes nowhere. We find out when the chair is empty."),
    hit("P-0011", "Scheduling", date(2026, 10, 2), "I call everybody over seventy myself. They don't trust a text message with a link in it."),
    hit("P-0003", "Growth", date(2026, 9, 9), "We switched reminders off after a week, a patient got three for one appointment."),
)  # fmt: skip
LOGIN = (
    hit("P-0021", "Integrations", date(2026, 11, 20), "There is one login at the front desk and everybody uses it. I know. If I make six, they write six passwords on the same note."),
    hit("P-0011", "Scheduling", date(2026, 10, 2), "Switching user takes longer than the patient stands at the desk, so we stay logged in as Maren."),
)  # fmt: skip
IMPORT = (
    hit("P-0019", "Integrations", date(2026, 11, 6), "The import said 4,112 rows read. It did not say that the other nine hundred were skipped. We found them in week three, one angry patient at a time."),
    hit("P-0034", "Growth", date(2026, 10, 21), "I would have paid for somebody to sit with us on the day of the move. The data was the easy part, the people were not."),
)  # fmt: skip
PRICE = (
    hit("P-0030", "Growth", date(2026, 9, 30), "I can't tell what a seat is. Is the doctor who comes on Tuesdays a seat?"),
    hit("P-0034", "Growth", date(2026, 10, 21), "The price went up with the second location and nobody told me before the invoice."),
)  # fmt: skip
OFFLINE = (
    hit(
        "P-0003",
        "Growth",
        date(2026, 9, 9),
        "When the line is down we write on paper, and the paper stays the truth until Friday.",
    ),
)
LETTER = (
    hit(
        "P-0003",
        "Growth",
        date(2026, 9, 9),
        "Half of our patients want the invoice as a letter, with a stamp, or they do not pay.",
    ),
)
BEFORE = hit(
    "P-0019",
    "Integrations",
    date(2025, 6, 3),
    "We would never let a nurse change an appointment, that is the front desk's.",
)


def theme(
    number: int, label: str, said: Sequence[Hit], now: int, before: int, *, known_before: bool = True, more: int = 0
) -> Theme:
    """A theme with `more` passages than those that are quoted, by other people too."""
    moved = change(now, HELD, before, HELD_BEFORE, known_before=known_before)
    others = [person for person in PEOPLE if person not in {one.participant for one in said}]
    heard = voices(
        [*said, *(hit(others[n % len(others)], said[0].team, said[0].date, "So it is.") for n in range(more))]
    )
    teams = tuple(sorted({one.team for one in said}))
    return Theme(
        id=f"T-{number:04}", label=label, phrases=tuple(label.lower().split(", ")), area="",
        passage_ids=(*(one.id for one in said), *(f"more{number:02}{n:02}" for n in range(more))),
        quote=said[0] if said else None, voices=heard, teams=teams,
        segments=tuple(dict.fromkeys(one.segment for one in said)), first=date(2026, 3, 1) if known_before else WINDOW.since,
        last=max((one.date for one in said if one.date), default=date(2026, 8, 1)), change=moved,
        marks=marks(moved, heard), hidden=False, founded=date(2026, 3, 1),
    )  # fmt: skip


def told(one: Theme, said: Sequence[Hit]) -> Told:
    heard = {team: len({hit.participant for hit in said if hit.team == team}) for team in one.teams}
    by_team = tuple(sorted(heard.items(), key=lambda item: (-item[1], item[0])))
    return Told(replace(one, by_team=by_team), tuple(said[:3]))


def insight(
    number: int,
    statement: str,
    decided: str,
    pro: Sequence[Hit],
    contra: Sequence[Hit] = (),
    *,
    gone: int = 0,
    **more: object,
) -> Insight:
    at = datetime(2026, 11, 3, 14, 0)
    lines = [("for", one) for one in pro] + [("against", one) for one in contra] + [("for", None)] * gone
    evidence = tuple(Evidence(n, sign, one, at, "nadia") for n, (sign, one) in enumerate(lines, 10 * number))  # type: ignore[arg-type]
    told = {
        "code": f"I-{number:04}", "statement": statement, "kind": "customer", "team": "Growth", "owner": "nadia",
        "decided": decided, "created": at - timedelta(days=90), "changed": at, "review": date(2027, 5, 1),
        "decided_on": at.date(), "decided_by": "nadia", "evidence": evidence, "standing": Standing(decided),  # type: ignore[arg-type]
    }  # fmt: skip
    return Insight(**(told | more))  # type: ignore[arg-type]


def brief() -> Brief:
    export = theme(7, "Exporting reports to fix them in a spreadsheet", EXPORT, 12, 4, more=11)
    remind = theme(12, "Reminders that nobody reads the answers to", REMIND, 8, 9, more=6)
    login = theme(3, "One shared login at the front desk", LOGIN, 6, 7, more=3)
    moving = theme(31, "Rows that an import leaves out", IMPORT, 5, 0, known_before=False, more=4)
    price = theme(18, "What counts as a seat", PRICE, 4, 3, more=1)
    paper = theme(22, "Paper when the line is down", OFFLINE, 2, 12, more=1)
    letters = theme(40, "Letters by post", LETTER, 1, 1)
    themes = (
        told(export, EXPORT), told(remind, REMIND), told(login, LOGIN), told(moving, IMPORT), told(price, PRICE),
        told(paper, OFFLINE),
    )  # fmt: skip
    statement = "Clinics re-type numbers in a spreadsheet because the export leaves out who referred the patient"
    return Brief(
        window=WINDOW,
        team=(),
        learned=(
            insight(
                1,
                statement,
                "supported",
                EXPORT[:3],
                EXPORT[3:],
                why="Three clinics showed us the file they keep",
                gone=1,
            ),
            insight(
                2, "Patients would rather get a text message than a call", "refuted", (), REMIND[1:2], team="Scheduling"
            ),
        ),
        themes=themes,
        surprises=(
            Surprise("new", theme=moving, quotes=IMPORT[:1]),
            Surprise("rising", theme=export, quotes=EXPORT[:1]),
            Surprise("fading", theme=paper, quotes=OFFLINE),
            Surprise(
                "reversed",
                insight=insight(5, "Small practices do not need reminders", "supported", REMIND[2:3], REMIND[:2]),
                quotes=REMIND[:2],
            ),
        ),
        apart=(
            Apart(export, (EXPORT[0], EXPORT[1]), read=False),
            Apart(login, LOGIN, read=True),
            Apart(moving, IMPORT, read=False),
        ),
        alone=(told(letters, LETTER),),
        unheard=(
            SegmentHeard("Payer", 0, 18),
            SegmentHeard("Hospital group", 2, 41),
            SegmentHeard("Small practice", 9, 160),
            SegmentHeard("Mid-size clinic", 10, 96),
        ),
        questions=(
            Asked(
                Question(
                    1,
                    "Would clinics let patients move an appointment themselves?",
                    "Scheduling",
                    "omar",
                    datetime(2026, 9, 14, 9),
                ),
                Verdict(
                    "Would clinics let patients move an appointment themselves?", "open", 0.21, nearest=(REMIND[0],)
                ),
            ),
            Asked(
                Question(2, "Who is logged in at the front desk?", "Integrations", "ida", datetime(2026, 8, 30, 9)),
                Verdict(
                    "Who is logged in at the front desk?",
                    "answered",
                    0.86,
                    2,
                    2,
                    2,
                    date(2026, 11, 20),
                    answers=(Answer(LOGIN[0], 2, ()),),
                ),
            ),
        ),
        stale=(
            insight(
                3,
                "Only the front desk moves appointments",
                "supported",
                (BEFORE,),
                decided_on=date(2025, 6, 20),
                standing=Standing(
                    "stale", ("the newest evidence that it rests on is of 3 Jun 2025, more than a year ago",)
                ),
            ),
        ),
        made=Made(
            notes=24,
            interviews=HELD,
            interviews_before=HELD_BEFORE,
            passages=418,
            people=21,
            teams=("Growth", "Billing", "Scheduling", "Integrations"),
            accounts=14,
            themes=24,
            outside=0.38,
            undated=12,
            hidden=2,
            compared=24,
        ),
    )


def empty() -> Brief:
    """A brief of days in which nobody was heard."""
    made = Made(0, 0, 0, 0, 0, (), 0, 0, 0.0, 0, 0, 0)
    return Brief(WINDOW, ("Growth",), (), (), (), (), (), (), (), (), made)
