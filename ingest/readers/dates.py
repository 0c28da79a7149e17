"""Dates as people write them in notes, headers and file names."""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})([-/._])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([-/._])(\d{1,2})\2(\d{4}|\d{2})(?![\d])")
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\.?[ \-_]{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?[ \-_]{{1,3}}((?:19|20)\d{{2}})(?!\d)", re.I
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[ \-_.]{{1,2}}(?:of )?{_MONTH}\.?,?[ \-_]{{1,2}}((?:19|20)\d{{2}})(?!\d)", re.I
)


def date_in(text: str, day_first: bool | None = None) -> date | None:
    """The first date in a text, or None.

    Year first is always read as such. Of two numbers before a year, one over 12 is the day, whatever the order. Where
    both could be the month: with slashes the month comes first (3/4/2024 is 4 March), with dots or hyphens the day
    does (3.4.2024 is 3 April); `day_first` overrides that where a whole column tells.
    """
    text = text[:400]
    if found := _ISO.search(text):
        return _date(int(found.group(1)), int(found.group(3)), int(found.group(4)))
    if found := _MONTH_FIRST.search(text):
        return _date(int(found.group(3)), _MONTHS[found.group(1).lower()], int(found.group(2)))
    if found := _DAY_FIRST.search(text):
        return _date(int(found.group(3)), _MONTHS[found.group(2).lower()], int(found.group(1)))
    if found := _NUMERIC.search(text):
        return _numeric(found, day_first)
    for found in _COMPACT.finditer(text):
        if day := _date(int(found.group(1)), int(found.group(2)), int(found.group(3))):
            return day
    return None


_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"


def is_date(text: str) -> bool:
    """Whether a short line is a date with its weekday and time of day and little else."""
    if len(text) > 80:
        return False
    if re.fullmatch(
        rf"(?:{_WEEKDAY},? )?{_MONTH}\.? (?:\d{{1,2}}(?:st|nd|rd|th)?|"
        rf"\d{{4}})(?:,? (?:at )?\d{{1,2}}(?::\d{{2}})? ?(?:am|pm)?\b.{{0,12}})?",
        text,
        re.I,
    ):
        return True
    if date_in(text) is None:
        return False
    left = re.sub(rf"\b{_WEEKDAY}\b|\b{_MONTH}\b|\b(?:am|pm|at|on|et|est|pst|utc|gmt|date)\b", " ", text, flags=re.I)
    left = re.sub(r"\d+(?:st|nd|rd|th|am|pm)?|\bP\d+\b|[tTzZ](?=\d|\b)", " ", left)
    return len(re.findall(r"[^\W\d_]{2,}", left)) <= 2


def days_first(values: list[str]) -> bool | None:
    """What a column of dates tells about its order: True when some first number is over 12, False when a second is."""
    firsts = [(int(m.group(1)), int(m.group(3))) for value in values if (m := _NUMERIC.search(value[:60]))]
    if any(first > 12 for first, _ in firsts):
        return True
    return False if any(second > 12 for _, second in firsts) else None


def as_date(value: object, day_first: bool | None = None) -> date | None:
    """A date from whatever a spreadsheet or YAML holds: a date, a time, or text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date_in(str(value), day_first) if value is not None else None


def _numeric(found: re.Match[str], day_first: bool | None) -> date | None:
    first, mark, second, year = int(found.group(1)), found.group(2), int(found.group(3)), int(found.group(4))
    if len(found.group(4)) == 2:
        if mark == "." and max(first, second) > 31:
            return None
        year += 2000
    if day_first is None:
        day_first = mark != "/"
    day, month = (first, second) if day_first else (second, first)
    if month > 12:
        day, month = month, day
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1950 <= year <= 2100 else None
    except ValueError:
        return None
