"""A brief as one page of HTML that needs nothing else: no script, no request, charts within; it prints well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from research.brief import Brief
from research.briefs import charts, document
from research.briefs.parts import WITHIN, Contents, Figure, Heading, Paragraph, Part, Quote, Run, Source, Table, Title

_WIDE, _NARROW = 700, 340  # pixels of a chart on a screen and on a phone

_STYLE = """
:root { color-scheme: light; --ink: #24211c; --faint: #69635a; --accent: #0f5f5c; --rule: #ddd6c8; }
* { box-sizing: border-box; }
body { margin: 0; background: #fbf9f5; color: var(--ink); line-height: 1.55;
  font: 1rem/1.55 "Source Sans 3", "Source Sans Pro", "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1, h2, h3, blockquote p { font-family: "Source Serif 4", "Source Serif Pro", Georgia, "Times New Roman", serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3rem 0 .6rem; padding-top: 1rem;
  border-top: 1px solid var(--rule); }
h3 { font-size: 1.15rem; line-height: 1.35; margin: 2rem 0 .3rem; }
h2, h3 { break-after: avoid; }
p, ul { margin: .4rem 0 .8rem; }
ul { padding-left: 1.2rem; } li { margin: .35rem 0; } li::marker { color: var(--accent); }
a { color: var(--accent); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a.cite { text-decoration: none; font-size: .82em; white-space: nowrap; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.under, .small, figcaption, footer, nav { color: var(--faint); font-size: .9rem; }
.under { margin: .4rem 0 0; font-size: 1rem; }
nav { margin: 1.2rem 0 0; }
nav a { margin-right: .9rem; white-space: nowrap; display: inline-block; padding: .15rem 0; }
#short + ul { font-size: 1.08rem; }
blockquote { margin: .9rem 0 1.1rem; padding-left: 1rem; border-left: 3px solid var(--accent); break-inside: avoid; }
blockquote p { font-size: 1.08rem; line-height: 1.5; margin: 0; }
figure { margin: 1.2rem 0 1.6rem; } figcaption { margin-top: .4rem; }
figure svg { max-width: 100%; height: auto; display: block; } .narrow { display: none; }
details { margin-top: .5rem; font-size: .9rem; } summary { cursor: pointer; color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
th:first-child, td:first-child { text-align: left; padding-left: 0; } thead th { font-weight: 600; }
tbody th { font-weight: normal; } caption { text-align: left; color: var(--faint); }
.source { font-size: .92rem; margin: .8rem 0; padding-left: 2.6rem; text-indent: -2.6rem; break-inside: avoid; }
.source b { display: inline-block; min-width: 2.6rem; text-indent: 0; }
.source footer { display: block; text-indent: 0; }
.source:target { background: #efe7d3; }
@media (max-width: 640px) { main { padding-top: 1.5rem; } h1 { font-size: 1.6rem; }
  .wide { display: none; } .narrow { display: block; } }
@media print { @page { margin: 18mm 16mm; } body { background: #fff; font-size: 10.5pt; }
  main { max-width: none; padding: 0; } nav, details { display: none; } h2 { margin-top: 1.6rem; }
  figure, h3 + p { break-inside: avoid; } a { color: inherit; text-decoration: none; }
  .wide { display: block; } .narrow { display: none; } }
""".strip()


def html(brief: Brief, *, url: str = "") -> str:
    """A brief as a page. Raises BadInput for an address that is none."""
    parts = document.parts(brief, url=url)
    name = next(escape(part.text) for part in parts if isinstance(part, Title))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{name}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n{_body(parts)}\n</main>\n</body>\n"
        "</html>\n"
    )


def within(brief: Brief) -> str:
    """A brief as part of a page of the app, whose citations open there: no title, no passages at the end, and the look
    is the page's."""
    return _body([part for part in document.parts(brief, url=WITHIN) if not isinstance(part, Title)])


def _body(parts: Sequence[Part]) -> str:
    written: list[str] = []
    items: list[str] = []
    for part in parts:
        if isinstance(part, Paragraph) and part.style == "item":
            items.append(_runs(part.runs))
        elif items and isinstance(part, Quote):
            items[-1] += _written(part)
        else:
            written += [*_list(items), _written(part)]
            items = []
    return "\n".join([*written, *_list(items)])


def _written(part: Part) -> str:
    match part:
        case Title():
            return f'<h1>{escape(part.text)}</h1>\n<p class="under">{escape(part.under)}</p>'
        case Heading():
            anchor = f' id="{part.anchor}"' if part.anchor else ""
            return f"<h{part.level + 1}{anchor}>{_run(Run(part.text, href=part.href))}</h{part.level + 1}>"
        case Contents():
            return _contents(part)
        case Paragraph():
            return f"<p{' class=small' if part.style == 'small' else ''}>{_runs(part.runs)}</p>"
        case Quote():
            asked = f"<div class=small>{escape(part.asked)}</div>" if part.asked else ""
            return f"<blockquote>{asked}<p>“{escape(part.words)}”</p><footer>{_runs(part.by)}</footer></blockquote>"
        case Figure():
            return _figure(part)
        case Source():
            return _source(part)


def _figure(part: Figure) -> str:
    drawn = "\n".join(
        f'<div class="{size}">{charts.svg(part.chart, part.words, width=width)}</div>'
        for size, width in (("wide", _WIDE), ("narrow", _NARROW))
    )
    numbers = f"<details><summary>The numbers</summary>{_table(part.table)}</details>"
    return f"<figure>\n{drawn}\n<figcaption>{escape(part.words)}{numbers}</figcaption>\n</figure>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f'<div class="scroll"><table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table></div>'


def _source(part: Source) -> str:
    opens = f' · <a href="{escape(part.href)}">open</a>' if part.href else ""
    where = f"{escape(part.who)} · {escape(part.where)} · passage {escape(part.passage)}{opens}"
    said = f"<b>[{part.number}]</b>“{escape(part.words)}” <footer>{where}</footer>"
    return f'<div class="source" id="p{part.number}">{said}</div>'


def _contents(part: Contents) -> str:
    links = (f'<a href="#{anchor}">{escape(text)}</a>' for anchor, text in part.sections)
    return f"<nav>{' '.join(links)}</nav>"


def _list(items: Sequence[str]) -> list[str]:
    return ["<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>"] if items else []


def _runs(runs: Iterable[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    told = escape(run.text)
    if run.href:
        cite = ' class="cite"' if run.cites else ""
        told = f'<a{cite} href="{escape(run.href)}">{told}</a>'
    return f"<b>{told}</b>" if run.bold else told
