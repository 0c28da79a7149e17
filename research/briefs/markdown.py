"""A brief as Markdown: charts as their tables, citations as links to the passages at the end or into the app."""

from __future__ import annotations

from collections.abc import Iterable

from research.brief import Brief
from research.briefs import document, text
from research.briefs.parts import Contents, Figure, Heading, Paragraph, Part, Quote, Run, Source, Table, Title


def markdown(brief: Brief, *, url: str = "") -> str:
    """A brief as Markdown that shows what people wrote as they wrote it. Raises BadInput for a bad address."""
    lines: list[str] = []
    before: Part | None = None
    in_item = False  # whether a quote belongs to an item of a list
    for part in document.parts(brief, url=url):
        if lines and not (_is_item(before) and _is_item(part)):
            lines.append("")
        in_item = _is_item(part) or (in_item and isinstance(part, Quote))
        indent = "  " if in_item and isinstance(part, Quote) else ""
        lines += [indent + line for line in _written(part)]
        before = part
    return "\n".join(lines) + "\n"


def _written(part: Part) -> list[str]:
    match part:
        case Title():
            return [f"# {text.markdown(part.text)}", "", f"*{text.markdown(part.under)}*"]
        case Heading():
            anchor = f'<a id="{part.anchor}"></a>' if part.anchor else ""
            return [f"{'#' * (part.level + 1)} {anchor}{_run(Run(part.text, href=part.href), opening=not anchor)}"]
        case Contents():
            return [" · ".join(f"[{text.markdown(name)}](#{anchor})" for anchor, name in part.sections)]
        case Paragraph():
            return [("- " if part.style == "item" else "") + _runs(part.runs)]
        case Quote():
            asked = [f"> *{text.markdown(part.asked, opening=False)}*  "] if part.asked else []
            return [*asked, f"> “{text.markdown(part.words, opening=False)}”  ", f"> — {_runs(part.by, opening=False)}"]
        case Figure():
            return [*_table(part.table), "", f"*{text.markdown(part.words)}*"]
        case Source():
            return [_source(part)]


def _source(part: Source) -> str:
    opens = f" · [open]({part.href})" if part.href else ""
    said = f"“{text.markdown(part.words, opening=False)}” — {text.markdown(part.who, opening=False)}"
    where = f"{text.markdown(part.where, opening=False)} · passage {text.markdown(part.passage, opening=False)}"
    return f'<a id="p{part.number}"></a>**[{part.number}]** {said} · {where}{opens}'


def _table(table: Table) -> list[str]:
    rule = ("---", *("---:" for _ in table.head[1:]))
    cells = (tuple(text.markdown(cell, opening=False) for cell in row) for row in (table.head, *table.rows))
    head, *rows = (f"| {' | '.join(row)} |" for row in cells)
    return [head, f"| {' | '.join(rule)} |", *rows]


def _runs(runs: Iterable[Run], *, opening: bool = True) -> str:
    written = ""
    for run in runs:
        written += _run(run, opening=opening and not written)
    return written.strip()


def _run(run: Run, *, opening: bool = False) -> str:
    """A stretch as Markdown; spaces at its ends stay outside of what marks it."""
    told = text.markdown(run.text, opening=opening)
    if not told:
        return " " if run.text else ""
    if run.href:
        told = f"[{told}]({run.href})"
    if run.bold:
        told = f"**{told}**"
    left = " " if run.text[:1] == " " else ""
    return f"{left}{told}{' ' if run.text[-1:] == ' ' else ''}"


def _is_item(part: Part | None) -> bool:
    return isinstance(part, Paragraph) and part.style == "item"
