"""QDA projects for tests, written out as other tools write them; all in them is invented."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from uuid import UUID

ORIGIN = "Made by hand"


def guid(number: int) -> str:
    """A GUID for a test, as upper-case letters."""
    return str(UUID(int=number)).upper()


def coding(number: int) -> str:
    return f'<Coding guid="{guid(90_000 + number)}"><CodeRef targetGUID="{guid(number)}"/></Coding>'


def selection(number: int, start: int, end: int, *codes: int, name: str = "", inside: str = "") -> str:
    named = f' name="{escape(name)}"' if name else ""
    return (
        f'<PlainTextSelection guid="{guid(number)}" startPosition="{start}" endPosition="{end}"{named}>{inside}'
        f"{''.join(coding(code) for code in codes)}</PlainTextSelection>"
    )


def text_source(number: int, name: str, *selections: str, after: str = "") -> str:
    return (
        f'<TextSource guid="{guid(number)}" name="{escape(name)}" plainTextPath="internal://{guid(number)}.txt">'
        f"{''.join(selections)}{after}</TextSource>"
    )


def code(number: int, name: str, description: str = "", *children: str, codable: bool = True) -> str:
    said = f"<Description>{escape(description)}</Description>" if description else ""
    is_codable = "true" if codable else "false"
    return (
        f'<Code guid="{guid(number)}" name="{escape(name)}" isCodable="{is_codable}">{said}{"".join(children)}</Code>'
    )


def qde(
    *, codes: Sequence[str] = (), variables: Sequence[str] = (), cases: Sequence[str] = (), sources: Sequence[str] = (),
    rest: str = "", origin: str = ORIGIN,
) -> str:  # fmt: skip
    def part(name: str, inside: Sequence[str]) -> str:
        return f"<{name}>{''.join(inside)}</{name}>" if inside else ""

    book = f"<CodeBook>{part('Codes', codes)}</CodeBook>" if codes else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="Test" '
        f'origin="{escape(origin)}">{book}{part("Variables", variables)}{part("Cases", cases)}'
        f"{part('Sources', sources)}{rest}</Project>"
    )


def qdpx(project: str, texts: Mapping[int, str | bytes] = {}) -> bytes:  # never changed
    """A project file with its internal texts by the number of their source."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", project)
        for number, text in texts.items():
            archive.writestr(f"sources/{guid(number)}.txt", text if isinstance(text, bytes) else text.encode())
    return stream.getvalue()
