"""Numbers and dates as people say them."""

from __future__ import annotations

from datetime import date

from research.models import Coverage, Hit, Participant, Voices, Why
from research.people import PersonSummary

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def answering(context: str) -> str:
    """ "asked: How do you export?" for a question, "about: Exports" for a heading or a remark, "" for nothing."""
    return f"{'asked' if '?' in context else 'about'}: {context}" if context else ""


def why(found: Why) -> list[str]:
    """Why a passage was found, a line for each part of its score: "words 62%: export, report"."""
    total = (found.by_words + found.by_meaning + found.nearby) or 1.0
    asked = f"in the question: {', '.join(found.context_words)}" if found.context_words else ""
    parts = (
        ("words", found.by_words, "; ".join(filter(None, (", ".join(found.words), asked)))),
        ("meaning", found.by_meaning, f"similarity {found.cosine:.2f}" if found.cosine is not None else ""),
        ("said nearby", found.nearby, ""),
    )
    voice = [f"said by whom you asked for: {found.voice}"] if found.voice else []
    return [
        f"{name} {share / total:.0%}{f': {told}' if told else ''}"
        for name, share, told in parts
        if share >= total / 200
    ] + voice


def count(number: int, one: str, many: str = "") -> str:
    """ "1 note", "1,204 notes"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def spelled(number: int, one: str, many: str = "") -> str:
    """ "one team", "12 teams"."""
    said = _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"
    return f"{said} {one if number == 1 else many or one + 's'}"


def day(value: date | None) -> str:
    """ "14 Oct 2026"; "undated" where there is none."""
    return f"{value.day} {value:%b %Y}" if value else "undated"


def span(first: date | None, last: date | None) -> str:
    """ "Jul – Sep 2026", "14 Oct 2026" when both are one day."""
    if not first or not last:
        return "undated"
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {day(last)}"
    return f"{first:%b}{'' if first.year == last.year else f' {first.year}'} – {last:%b %Y}"


def ago(value: date, today: date) -> str:
    """How long since, as one would say it: "yesterday", "12 days ago", "5 months ago"."""
    days = (today - value).days
    if days <= 0:
        return "today" if days == 0 else f"on {day(value)}"
    if days == 1:
        return "yesterday"
    if days < 60:
        return f"{days} days ago"
    if days < 730:
        return f"{round(days / 30.4)} months ago"
    return f"{round(days / 365.25)} years ago"


def who_said(voices: Voices, today: date) -> str:
    """The sentence above the hits: who stands behind them and how recent that is."""
    latest = f" Latest {ago(voices.latest, today)}." if voices.latest else ""
    # One known account among many people says nothing about the others', so it is not said.
    accounts = f" from {count(voices.accounts, 'account')}" if voices.accounts > 1 else ""
    teams = "one team" if voices.teams == 1 else count(voices.teams, "team")
    if not voices.passages:
        return ""
    if not voices.people:
        return f"{count(voices.passages, 'passage')}, by speakers whom nobody named.{latest}"
    if voices.people == 1:
        return f"Only one person said this.{latest}"
    if voices.people == 2:
        return f"Only two people said this, to {spelled(voices.teams, 'team')}.{latest}"
    return f"{voices.people:,} people{accounts} told {teams}.{latest}{leaning(voices)}"


def evenly(voices: Voices, coverage: Coverage) -> str:
    """How evenly people speak, in words: what the bars below show."""
    parts = [f"They speak as evenly as {voices.effective:.1f} people would who all say as much"]
    if voices.people > 5:
        parts.append(f"the five who say most hold {voices.top_five:.0%} of the passages")
    if coverage.first_time is not None:
        parts.append(f"{coverage.first_time:.0%} of them were heard for the first time")
    unheard = [one.segment for one in coverage.segments if not one.heard]
    missing = f" Not heard: {', '.join(unheard[:4])}{' and others' if len(unheard) > 4 else ''}." if unheard else ""
    return f"{'; '.join(parts)}.{missing}"


def leaning(voices: Voices) -> str:
    """A warning where what many seem to say rests on few, "" where it does not."""
    if voices.leans_on_two:
        return " But two of them said most of it."
    return f" But most of it comes from {voices.leans_on_account}." if voices.leans_on_account else ""


def person(someone: Participant) -> str:
    """ "P-0042, clinic manager, Northwind"."""
    return ", ".join(about(someone.pseudonym, someone))


def about(name: str, someone: Participant | PersonSummary | Hit) -> list[str]:
    """Somebody's name with what is known of them, nothing twice."""
    return list(dict.fromkeys(filter(None, (name, someone.role, someone.segment, someone.account))))


def clock(seconds: float | None) -> str:
    """ "12:05", "1:02:05"; "" where the source has no times."""
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def size(number: int) -> str:
    """ "3.4 MB"."""
    amount = float(number)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def lasting(seconds: float) -> str:
    """ "a few seconds", "40 seconds", "3 minutes"."""
    if seconds < 5:
        return "a few seconds"
    if seconds < 90:
        return f"{round(seconds / 5) * 5} seconds"
    return f"{round(seconds / 60)} minutes"
