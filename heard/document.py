"""A document of paragraphs, written as Markdown, as Word, or as a page that a mail program shows."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from heard.ui.html import esc
from research.briefs import text
from research.briefs.hyperlink import hyperlink

Style = Literal["title", "heading", "section", "line", "text", "item", "quote", "small"]

_LEAD: dict[Style, str] = {
    "title": "# ", "heading": "## ", "section": "### ", "line": "#### ", "text": "", "item": "- ", "quote": "> ",
    "small": "",
}  # fmt: skip
_WORD: dict[Style, str] = {
    "title": "Title", "heading": "Heading 1", "section": "Heading 2", "line": "Heading 3", "text": "Normal",
    "item": "List Bullet", "quote": "Quote", "small": "Normal",
}  # fmt: skip

# Mail programs read styles only where they stand on the element itself, and lay out tables best.
_SANS, _SERIF = "font-family:Helvetica,Arial,sans-serif", "font-family:Georgia,'Times New Roman',serif"
_HTML: dict[Style, tuple[str, str]] = {
    "title": ("h1", f"margin:0 0 8px;{_SERIF};font-size:26px;line-height:1.25"),
    "heading": ("h2", f"margin:28px 0 4px;{_SERIF};font-size:19px;line-height:1.35"),
    "section": ("h3", f"margin:20px 0 4px;{_SERIF};font-size:16px;line-height:1.4"),
    "line": ("h4", f"margin:16px 0 4px;{_SANS};font-size:15px;line-height:1.4"),
    "text": ("p", f"margin:0 0 12px;{_SANS};font-size:15px;line-height:1.5"),
    "item": ("p", f"margin:0 0 6px 16px;{_SANS};font-size:15px;line-height:1.5"),
    "quote": ("blockquote", f"margin:16px 0 4px;padding:0 0 0 12px;border-left:3px solid #0f5f5c;{_SERIF};"
              "font-size:17px;line-height:1.5"),
    "small": ("p", f"margin:0 0 4px;{_SANS};font-size:13px;line-height:1.5;color:#69635a"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, how it is set, and the address that it opens ("" for none)."""

    style: Style
    text: str
    opens: str = ""


def markdown(parts: Iterable[Part]) -> str:
    """The document as Markdown; what people wrote shows as they wrote it."""
    lines: list[str] = []
    before: Style = "title"
    for part in parts:
        if lines and not (part.style == before == "item"):
            lines.append(">" if part.style == before == "quote" else "")
        opens = f" [open](<{part.opens}>)" if part.opens else ""
        lines.append(_LEAD[part.style] + text.markdown(part.text) + opens)
        before = part.style
    return "\n".join(lines) + "\n"


def docx(parts: Iterable[Part]) -> bytes:
    """The document as a Word file."""
    from docx import Document

    document = Document()
    for part in parts:
        paragraph = document.add_paragraph(text.clean(part.text), style=_WORD[part.style])
        if part.opens:
            paragraph.add_run(" ")
            hyperlink(paragraph, "open", part.opens)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def html(parts: Iterable[Part], title: str) -> str:
    """The document as a page that needs nothing else, to mail or to paste into a mail."""
    body = "\n".join(_element(part) for part in parts)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{esc(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>\n'
        '<body style="margin:0;padding:24px 12px;background:#fbf9f5;color:#24211c">\n'
        '<table role="presentation" align="center" width="100%" style="max-width:640px;margin:0 auto"><tr><td>\n'
        f"{body}\n</td></tr></table></body></html>\n"
    )


def _element(part: Part) -> str:
    tag, style = _HTML[part.style]
    lead = "• " if part.style == "item" else ""
    opens = f' <a href="{esc(part.opens)}" style="color:#0f5f5c">open</a>' if part.opens else ""
    return f'<{tag} style="{style}">{lead}{esc(" ".join(part.text.split()))}{opens}</{tag}>'
