"""A passage in a list of answers: the customer's words first, everything about them small around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from heard.ui import links, readers, words
from heard.ui.ask import PAGE, Ask
from heard.ui.html import esc, excerpt, joined, marked
from research import dates
from research.models import Hit


def listed(
    found: Iterable[Hit], ask: Ask, alike: Mapping[str, Hit], asking: Mapping[str, str], *, cite: bool = True
) -> str:
    """Hits of a search as HTML, with what one can do with each; `alike` holds those that are folded into others, and
    `asking` says of participants, as HTML, whether they may be asked; `cite` offers each as evidence."""
    return f'<div class="hd-hits">{"".join(_hit(hit, ask, alike, asking, cite) for hit in found)}</div>'


def aside(found: Iterable[Hit], length: int = 220) -> str:
    """Hits as short quotes for a side column; each opens."""
    return '<div class="hd-asides">' + "".join(quote(hit, length) for hit in found) + "</div>"


def quote(hit: Hit, length: int = 220, *, who: bool = True, in_a_line: bool = False) -> str:
    """One short quote with who said it (unless the page is about them), to whom and when, each on a line of its own or
    all in one, where there is room for what was asked too."""
    begin, end = excerpt(hit.text, (), length)
    dots = " …" if end < len(hit.text) else ""
    name = joined(map(esc, words.about(hit.speaker or hit.participant, hit))) if who else ""
    where = _where(hit)
    when = f'<span class="hd-together">{esc(dates.day(hit.date))} · {_open(hit)}</span>'
    asked = _asked(hit) if in_a_line else ""
    return (
        f'<figure class="hd-aside">{asked}<blockquote>“{marked(hit.text, (), begin, end).rstrip()}{dots}”</blockquote>'
        f"<figcaption>{joined((name, where, when), ' · ' if in_a_line else '<br>')}</figcaption></figure>"
    )


def _hit(hit: Hit, ask: Ask, alike: Mapping[str, Hit], asking: Mapping[str, str], cite: bool) -> str:
    same = _same([alike[id_] for id_ in hit.alike if id_ in alike])
    meta = _meta(hit, ask, asking.get(hit.participant, ""), cite)
    return f'<article class="hd-hit">{_words(hit)}{_asked(hit)}<div class="hd-meta">{meta}</div>{same}</article>'


def _asked(hit: Hit) -> str:
    return f'<p class="hd-asked">{esc(words.answering(hit.context))}</p>' if hit.context else ""


def _same(others: Sequence[Hit]) -> str:
    """Who else said the same in the same words."""
    if not others:
        return ""
    lines = "".join(
        f"<li>{joined((esc(hit.speaker), _where(hit), esc(dates.day(hit.date)), _open(hit)))}</li>" for hit in others
    )
    said = f"{words.count(len(others), 'passage')} more in the same words"
    return f'<details class="hd-why"><summary>{said}</summary><ul>{lines}</ul></details>'


def _why(hit: Hit) -> str:
    lines = "".join(f"<li>{esc(line)}</li>" for line in words.why(hit.why))
    return f'<details class="hd-why"><summary>why this</summary><ul>{lines}</ul></details>' if hit.why.cosine else ""


def _words(hit: Hit) -> str:
    begin, end = excerpt(hit.text, hit.marks)
    shown = marked(hit.text, hit.marks, begin, end).strip()
    if (begin, end) == (0, len(hit.text)):
        return f'<blockquote class="hd-words">{shown}</blockquote>'
    shown = ("… " if begin else "") + shown + (" …" if end < len(hit.text.rstrip()) else "")
    return (
        f'<div class="hd-long"><blockquote class="hd-words hd-part">{shown}</blockquote>'
        f"<details><summary>Whole passage</summary>"
        f'<blockquote class="hd-words">{marked(hit.text, hit.marks)}</blockquote></details></div>'
    )


def _meta(hit: Hit, ask: Ask, may_be_asked: str, cite: bool) -> str:
    who = joined(map(esc, words.about(hit.speaker or hit.participant, hit)))
    where = links.link(links.library(team=hit.team, study=hit.study), f"{hit.team} / {hit.study}", style="hd-quiet")
    tags = ", ".join(
        links.link(_with(ask, tag=(*(t for t in ask.tag if t != tag), tag)), tag, style="hd-quiet") for tag in hit.tags
    )
    actions = _open(hit)
    if cite:
        evidence = links.search({**ask.params(), "cite": hit.id})
        actions += f" {links.link(evidence, 'as evidence', style='hd-act', title='For or against an insight')}"
    if hit.participant and hit.participant not in ask.participant:
        label = f"more from {hit.speaker or hit.participant}"
        actions += " " + links.link(_with(ask, participant=(hit.participant,)), label, style="hd-act")
    when = f'<span class="hd-together">{esc(dates.day(hit.date))}</span>'
    about = joined((f"<b>{who}</b>" if who else "", may_be_asked, where, readers.mark(hit), when, tags))
    return f'<span>{about}</span><span class="hd-acts">{actions}{_why(hit)}</span>'


def _where(hit: Hit) -> str:
    """Where something was heard, and who alone may read it."""
    return f"{esc(f'{hit.team} / {hit.study}')} {readers.mark(hit)}".rstrip()


def _open(hit: Hit) -> str:
    title = f"Open “{hit.note_title}” at this passage"
    return links.link(links.note(hit.note_id, hit.id), "open", style="hd-act", title=title)


def _with(ask: Ask, **changes: Any) -> str:
    return links.search(replace(ask, **changes, limit=PAGE).params())
