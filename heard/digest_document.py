"""A digest as a document to mail or to paste: Markdown, or a page, from the same parts."""

from __future__ import annotations

from collections.abc import Iterator

from heard import document
from heard.document import Part
from heard.ui import address, words
from heard.ui.html import excerpt
from research import dates
from research.digest import Digest, Entry, Section
from research.errors import BadInput
from research.models import Hit

_QUOTE = 420  # characters of a quote, at whole sentences


def markdown(digest: Digest, url: str = "") -> str:
    """The digest as Markdown; `url` is where the app is found ("": quotes name their note). Raises BadInput."""
    return document.markdown(_parts(digest, _base(url)))


def html(digest: Digest, url: str = "") -> str:
    """The digest as a page that needs nothing else, to mail. Raises BadInput."""
    return document.html(_parts(digest, _base(url)), title(digest))


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


def said(hit: Hit) -> str:
    """A quote, cut at whole sentences."""
    begin, end = excerpt(hit.text, (), _QUOTE)
    return f"“{' '.join(hit.text[begin:end].split())}{' …' if end < len(hit.text.rstrip()) else ''}”"


def _parts(digest: Digest, base: str) -> Iterator[Part]:
    yield Part("title", title(digest))
    yield Part("text", summary(digest))
    if digest.notice:
        yield Part("small", digest.notice)
    for section in digest.sections:
        yield Part("heading", heading(section))
        for entry in section.entries:
            yield from _entry(entry, base)
        if left := besides(section):
            yield Part("small", left)
    how = "" if base or not digest.hits else " To open a note, start `heard serve` and look for its title."
    yield Part("text", looked_for(digest) + how)


def _entry(entry: Entry, base: str) -> Iterator[Part]:
    yield Part("quote", said(entry.hit))
    if entry.hit.context:
        yield Part("small", words.answering(entry.hit.context))
    yield Part("small", words.source(entry.hit), _opens(entry.hit, base))
    if entry.beside:
        yield Part("small", f"You heard: {said(entry.beside)} {words.source(entry.beside)}", _opens(entry.beside, base))


def _opens(hit: Hit, base: str) -> str:
    return base + address.note(hit.note_id, hit.id) if base else ""


def _base(url: str) -> str:
    """Where the app is found, ready for an address behind it."""
    told = url.strip()
    if told and not told.lower().startswith(("http://", "https://")):
        raise BadInput(f"“{url}” is no address of the app. It begins with http:// or https://.")
    if any(char in told for char in "<>\"' \n\\"):
        raise BadInput(f"“{url}” is no address of the app: there is a character in it that no address has.")
    return told.rstrip("/") + "/" if told else ""
