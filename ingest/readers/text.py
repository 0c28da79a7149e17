"""Markdown and plain text, and the transcripts that people save under these names."""

from __future__ import annotations

from ingest.models import Document, ReadOptions, Source
from ingest.readers import assemble, cues, frontmatter
from ingest.readers.decode import decode
from ingest.readers.lines import from_markdown


def read_text(source: Source, options: ReadOptions) -> list[Document]:
    """One document of a .md or .txt file, by whatever layout it has; captions pasted into it keep their seconds."""
    text = decode(source.data, source.name)
    if cues.looks_like_cues(text):
        return [cues.from_text(text, source.name, options)]
    front, body = frontmatter.split(text)
    form = "md" if source.name.lower().endswith((".md", ".markdown")) else "txt"
    return [assemble.document(from_markdown(body), source.name, form, options, frontmatter.metadata(front))]
