"""What the reader tests share: a source from a name and text, and a sample with what must and must not come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

from ingest.models import Document, ReadOptions, Source
from ingest.readers import read
from research.models import Role

NO_OPTIONS = ReadOptions()


def read_all(name: str, data: str | bytes, options: ReadOptions = NO_OPTIONS) -> list[Document]:
    """All documents of a file with this name and content."""
    return read(Source(name, "key", data.encode() if isinstance(data, str) else data), options)


def read_one(name: str, data: str | bytes, options: ReadOptions = NO_OPTIONS) -> Document:
    """The only document of a file."""
    documents = read_all(name, data, options)
    assert len(documents) == 1
    return documents[0]


@dataclass(frozen=True)
class Sample:
    """A file of one layout. `says` maps a piece of text to (speaker, role, heading it stands under)."""

    id: str
    text: str
    name: str = "note.md"
    says: dict[str, tuple[str, Role | None, str]] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    starts: dict[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    metadata: dict[str, object] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    interviewers: tuple[str, ...] = ()


def check(sample: Sample) -> None:
    """Assert all that a sample promises."""
    options = ReadOptions(interviewers=sample.interviewers)
    document = read_one(sample.name, dedent(sample.text).lstrip("\n"), options)
    everything = "\n".join(block.text for block in document.blocks)
    for text, (speaker, role, heading) in sample.says.items():
        block = next((block for block in document.blocks if text in block.text), None)
        assert block is not None, f"{text!r} is missing from:\n{everything}"
        assert (block.speaker, block.role) == (speaker, role), text
        assert heading in block.heading if heading else block.heading == "", f"{text!r} stands under {block.heading!r}"
    for text in sample.never:
        assert text not in everything
    for text, start in sample.starts.items():
        assert next(block.start_s for block in document.blocks if text in block.text) == start, text
    for phrase in sample.left_out:
        assert any(phrase in item for item in document.left_out), document.left_out
    for name, value in sample.metadata.items():
        assert getattr(document.metadata, name) == value, name
    for name, origin in sample.origins.items():
        assert document.origins.get(name) == origin, name
    assert all(block.text.strip() == block.text != "" and len(block.heading) <= 300 for block in document.blocks)
