"""A run of a Word document that opens something: python-docx writes none, so its XML is written here."""

from __future__ import annotations

from typing import Any

from research.briefs.office import ACCENT


def bookmark_name(anchor: str) -> str:
    """A name that Word takes: it begins with a letter and has no hyphen."""
    return f"heard_{anchor.replace('-', '_')}"


def hyperlink(paragraph: Any, text: str, href: str, *, bold: bool | None = None) -> None:
    """Append a run to a paragraph that opens an address, or ("#…") a bookmark."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    link = OxmlElement("w:hyperlink")
    if href.startswith("#"):
        link.set(qn("w:anchor"), bookmark_name(href[1:]))
    else:
        link.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    told = paragraph.add_run(text)
    told.bold = bold
    told.font.color.rgb = RGBColor.from_string(ACCENT)
    link.append(told._r)
    paragraph._p.append(link)
