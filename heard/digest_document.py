"""A digest as a document to mail or to paste: Markdown, or a page, from the same parts."""

from __future__ import annotations

from collections.abc import Iterator

from heard import document
from heard.document import Part
from heard.ui import words
from research import address, dates
from research.address import base
from research.digest import Digest, Entry, Section
from research.models import Hit


def markdown(digest: Digest, url: str = "") -> str:
    """The digest as Markdown; `url` is where the app is found ("": quotes name their note). Raises BadInput."""
    return document.markdown(_parts(digest, base(url)))


def html(digest: Digest, url: str = "") -> str:
    """The digest as a page that needs nothing else, to mail. Raises BadInput."""
    return document.html(_parts(digest, base(url)), title(digest))


def title(digest: Digest) -> str:
    """ "What others heard, for Growth"."""
    return f"What others heard, for {digest.team}"


def summary(digest: Digest) -> str:
    """Who told it, and when: "6 people told Billing and Support what touches your work, 15 Nov 2026 to …"."""
    when = f"{dates.day(digest.since)} to {dates.day(digest.until)}"
    if not digest.hits:
        return f"Nothing that others heard, {when}, touches what {digest.team} follows, asks or heard itself."
    people = words.count(len({hit.participant for hit in digest.hits}), "person", "people")
    teams = words.listed(sorted({hit.team for hit in digest.hits}))
    return f"{people} told {teams} what touches the work of {digest.team}, {when}."


def looked_for(digest: Digest) -> str:
    """What the digest rests on, and how to have more in it."""
    parts = (
        (digest.searches, "followed search", "followed searches"),
        (digest.questions, "kept question", "kept questions"),
        (digest.asked, "question of its studies", "questions of its studies"),
    )
    said = words.listed([*(words.count(*part) for part in parts if part[0]), f"what {digest.team} heard itself"])
    more = "" if digest.searches else " Follow a search, and what others hear on it will be here too."
    return f"Looked for: {said}.{more}"


def heading(section: Section) -> str:
    """Why these passages are here."""
    return {
        "search": f"You follow: {section.about}",
        "question": f"You want to know: {section.about}",
        "insight": f"For or against {section.code}: {section.about}",
        "study": f"{section.study} asks: {section.about}",
        "theme": f"A theme that you heard too: {section.about}",
        "alike": "Others heard what you heard",
    }[section.reason]


def besides(section: Section) -> str:
    """How many people are not quoted, "" where all are."""
    left = section.people - len(section.entries)
    if left <= 0:
        return ""
    return f"{words.spelled(left, 'more person is', 'more people are').capitalize()} not quoted."


def _parts(digest: Digest, app: str) -> Iterator[Part]:
    yield Part("title", title(digest))
    yield Part("text", summary(digest))
    if digest.notice:
        yield Part("small", digest.notice)
    for section in digest.sections:
        yield Part("heading", heading(section))
        for entry in section.entries:
            yield from _entry(entry, app)
        if left := besides(section):
            yield Part("small", left)
    how = "" if app or not digest.hits else " To open a note, start `heard serve` and look for its title."
    yield Part("text", looked_for(digest) + how)


def _entry(entry: Entry, app: str) -> Iterator[Part]:
    yield Part("quote", words.said(entry.hit))
    if entry.hit.context:
        yield Part("small", words.answering(entry.hit.context))
    yield Part("small", words.source(entry.hit), _opens(entry.hit, app))
    if entry.beside:
        yield Part(
            "small", f"You heard: {words.said(entry.beside)} {words.source(entry.beside)}", _opens(entry.beside, app)
        )


def _opens(hit: Hit, app: str) -> str:
    return app + address.note(hit.note_id, hit.id) if app else ""
