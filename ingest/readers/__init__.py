"""Readers: the bytes of a file become documents, whatever the format; anything wrong becomes one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ingest.models import Document, ReadOptions, Source
from ingest.readers.cues import read_cues
from ingest.readers.docx import read_docx
from ingest.readers.folder import read_folder
from ingest.readers.html import read_html
from ingest.readers.pdf import read_pdf
from ingest.readers.qdpx import read_codebook, read_project
from ingest.readers.table import NeedsMapping, read_table
from ingest.readers.text import read_text
from research.errors import BadInput, HeardError

__all__ = ["FORMATS", "NeedsMapping", "extension", "read"]

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        ".md": "Markdown notes or transcript",
        ".markdown": "Markdown notes or transcript",
        ".txt": "plain text notes or transcript",
        ".text": "plain text notes or transcript",
        ".vtt": "WebVTT captions (Zoom, Teams, Meet)",
        ".srt": "SRT captions",
        ".docx": "Word document",
        ".pdf": "PDF with text in it",
        ".html": "web page",
        ".htm": "web page",
        ".csv": "spreadsheet, comma- or semicolon-separated",
        ".tsv": "spreadsheet, tab-separated",
        ".xlsx": "Excel workbook",
        ".qdpx": "QDA project (ATLAS.ti, MAXQDA, NVivo, ...)",
        ".qdc": "QDA codebook, whose codes become tags",
        ".heard": "folder that Heard wrote, with all that lies beside",
    }
)
_READERS: Mapping[str, Callable[[Source, ReadOptions], list[Document]]] = {
    ".md": read_text,
    ".markdown": read_text,
    ".txt": read_text,
    ".text": read_text,
    ".vtt": read_cues,
    ".srt": read_cues,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".html": read_html,
    ".htm": read_html,
    ".csv": read_table,
    ".tsv": read_table,
    ".xlsx": read_table,
    ".qdpx": read_project,
    ".qdc": read_codebook,
    ".heard": read_folder,
}


def extension(name: str) -> str:
    """The ending of a file's name in lower case, with its dot; "" where it has none."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "." + last.rsplit(".", 1)[1].lower() if "." in last else ""


def read(source: Source, options: ReadOptions) -> list[Document]:
    """The documents of one file: one for most formats, one a row or participant for spreadsheets.

    Raises BadInput, with what is wrong, where and what to do, for anything that cannot be read; NeedsMapping, which
    is one, where a person has to say what a spreadsheet's columns mean. Nothing else escapes, whatever the bytes.
    """
    reader = _READERS.get(extension(source.name))
    if reader is None:
        raise BadInput(f"{source.name} is of a kind that cannot be read. These can: {', '.join(FORMATS)}.")
    most = options.max_unzipped_bytes if extension(source.name) == ".heard" else options.max_bytes
    if len(source.data) > most:
        sizes = f"{_size(len(source.data))}, more than the {_size(most)} allowed"
        raise BadInput(f"{source.name} has {sizes}. Split it and try again.")
    if not source.data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise BadInput(f"{source.name} is empty. Check that it is the right file and was saved with its text.")
    try:
        documents = reader(source, options)
    except HeardError:
        raise
    except Exception as error:  # libraries fail in ways they do not document; one bad file must not stop the rest
        raise BadInput(
            f"{source.name} could not be read: it seems to be damaged ({type(error).__name__}). Open it, save it "
            f"again and retry."
        ) from error
    if not documents:
        raise BadInput(f"{source.name} holds nothing that anybody said. Check that it is the right file.")
    return documents


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.0f} MB" if count >= 1024 * 1024 else f"{count / 1024:.0f} KB"
