"""Bytes to text: whatever encoding a note was saved in, and a plain refusal for what is not text at all."""

from __future__ import annotations

import re

from research.errors import BadInput
from research.litter import normalise

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MAGIC = (
    (b"PK\x03\x04", "a zip or Office file"),
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"RIFF", "a recording"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text (.rtf) file"),
    (b"SQLite format 3\x00", "a database"),
)
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_SAMPLE = 64 * 1024


def decode(data: bytes, name: str) -> str:
    """The text of a file with "\\n" line ends and no control characters; BadInput where the bytes are no text."""
    for magic, what in _MAGIC:
        if data.startswith(magic) or data[:1024].lstrip().startswith(magic):
            raise BadInput(
                f"{name} is not text: it looks like {what}. Give it its real file ending, or export it as text."
            )
    if data[4:8] == b"ftyp":
        raise BadInput(f"{name} is not text: it looks like a recording. Transcribe it and add the transcript instead.")
    text = _decoded(data, name)
    length = len(text) or 1
    sample = text if length < 1_000_000 else text[:500_000] + text[-500_000:]
    controls = len(_CONTROLS.findall(sample))
    if (controls > 2 and controls > 0.03 * len(sample)) or sample.count("\x00") > 0.5 * len(sample):
        raise BadInput(f"{name} does not look like text. Export it as .txt, .docx or .pdf and try again.")
    return normalise(text)


def _decoded(data: bytes, name: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    guess = _without_bom(data)
    if guess:
        return data.decode(guess, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data, name)


def _without_bom(data: bytes) -> str:
    """UTF-16 without its mark: in Western text nearly every second byte is NUL."""
    sample = data[:4096]
    if len(sample) < 8 or sample.count(0) < len(sample) * 0.3:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 10 * even and odd > 0.3 * len(sample) / 2:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd and even > 0.3 * len(sample) / 2 else ""


def _legacy(data: bytes, name: str) -> str:
    """Text that is not UTF-8: mostly-UTF-8 with broken bytes, Western Windows text, or what charset-normalizer says."""
    loose = data.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    whole = sum(1 for char in loose[: 4 * _SAMPLE] if char > "\x7f" and char != "\ufffd")
    if whole > 5 * broken or (broken <= 3 and whole >= broken and len(data) > 1000):
        return loose
    head = data[:_SAMPLE]
    if sum(byte > 0x7F for byte in head) < 0.12 * len(head):
        return data.decode("cp1252", errors="replace")
    from charset_normalizer import from_bytes

    best = from_bytes(head).best()
    return data.decode(best.encoding if best else "cp1252", errors="replace")
