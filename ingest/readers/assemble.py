"""Lines of any format to one document: what is header, what people said, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.models import Document, Metadata, ReadOptions
from ingest.readers import dialogue, metadata, sections
from ingest.readers.lines import BLANK, Line
from research.errors import BadInput


def document(
    lines: Sequence[Line],
    name: str,
    form: str,
    options: ReadOptions,
    front: Metadata | None = None,
    origin: str = "front matter",
) -> Document:
    """The one document of a file that is text; BadInput where nobody says anything in it."""
    if not any(line.text or line.rows for line in lines):
        raise BadInput(f"{name} is empty. Check that it is the right file and was saved with its text.")
    found = metadata.gathered(lines, name, front or Metadata(), origin)
    body = [BLANK if index in found.used else line for index, line in enumerate(lines)]
    spoken, left_out = sections.spoken(body)
    people = (*options.interviewers, *found.metadata.interviewers)
    known = (found.metadata.participant,) if found.metadata.participant else ()
    blocks, dropped = dialogue.blocks(spoken, people, known)
    left_out += dropped
    if not blocks and "notes that a machine wrote" in left_out:
        raise BadInput(
            f"{name} holds only what a machine wrote about a call, not what was said. Export the transcript and add "
            f"that."
        )
    if not blocks:
        raise BadInput(
            f"{name} holds questions or headings but nothing that anybody said. Fill it in, or leave it out."
        )
    return Document(tuple(blocks), found.metadata, form, origins=found.origins, left_out=tuple(left_out))
