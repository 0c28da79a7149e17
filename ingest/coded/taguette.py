"""Taguette's two tables: its codebook as tags, its highlights as documents of quotes that know where they are from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.coded.codes import Code, tags_of
from ingest.models import Block, Document, Metadata, Selection
from ingest.readers.clean import has_words, squeezed

_CODEBOOK = ("tag", "description", "number of highlights")
_HIGHLIGHTS = ("id", "document", "tag", "content")


def documents(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> list[Document] | None:
    """What Taguette wrote into a table as `tag,description,number of highlights,...` or `id,document,tag,content`; None
    for any other table."""
    named = tuple(column.casefold() for column in columns)
    if named[: len(_CODEBOOK)] == _CODEBOOK:
        codes = [Code(row[0], row[0], description=row[1]) for row in rows if row[0]]
        return [Document((), Metadata(title=title), "codebook", codes=tuple(tags_of(codes).values()))]
    if named != _HIGHLIGHTS:
        return None
    tags: dict[str, dict[str, None]] = {}  # of each highlight, which has a row for each
    first: dict[str, Sequence[str]] = {}
    for row in rows:
        tags.setdefault(row[0], {})[row[2]] = None
        if has_words(row[3]):
            first.setdefault(row[0], row)
    blocks: dict[str, list[Block]] = {}
    for number, (_, document, _, content) in first.items():
        said = squeezed(content)
        selection = Selection(number, 0, len(said), tuple(filter(None, tags[number])))
        blocks.setdefault(document, []).append(Block(said, role="participant", selections=(selection,)))
    return [
        Document(
            tuple(quotes), Metadata(title=PurePosixPath(document).stem or title), "taguette", row=document,
            about=document,
        )
        for document, quotes in blocks.items()
    ]  # fmt: skip
