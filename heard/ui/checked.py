"""A check on the page: each line with its verdict, who stands behind it and what they said; then what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from heard.check_document import reading
from heard.ui import hits, links, verdicts, words
from heard.ui.html import esc
from ingest.guide import Guide
from research.check import Answer, Check, Verdict
from research.person import Asking


def listed(guide: Guide, check: Check, today: date) -> str:
    """The list as it was given, as HTML, with what was heard beneath each line."""
    verdict = {one.line: one for one in check}
    return "".join(_entries(guide, verdict, check, today))


def conclusions(check: Check, asking: Asking, today: date) -> str:
    """Which lines to ask and whom, which to drop, and what to read first, as HTML."""
    parts = []
    if check.to_ask:
        items = "".join(
            f"<li>{esc(one.line)}{_small(verdicts.because(one) or 'Nobody was heard on it.')}</li>"
            for one in check.to_ask
        )
        parts.append(_part("hd-ask", f"Ask {verdicts.these(len(check.to_ask))}", items))
    for anchor, lead, people in (
        ("hd-whom", "Whom to ask", asking.whom),
        ("hd-leave", "Whom to leave in peace", asking.leave),
    ):
        if people:
            items = "".join(
                f"<li>{links.link(links.person(one.pseudonym), ', '.join(words.about(one.pseudonym, one)))}"
                f"{_small(words.whether(one, today))}</li>"
                for one in people
            )
            parts.append(_part(anchor, lead, items))
    if check.to_drop:
        items = "".join(f"<li>{esc(one.line)}{_small(verdicts.who(one, today))}</li>" for one in check.to_drop)
        parts.append(_part("hd-let", f"Drop {verdicts.these(len(check.to_drop))}", items))
    if check.reading:
        items = "".join(
            f"<li>{links.link(links.note(note.note_id), note.title, style='hd-study')}{_small(reading(note))}</li>"
            for note in check.reading
        )
        parts.append(_part("hd-read", f"Read {verdicts.these(len(check.reading))} first", items))
    return "".join(parts)


def _entries(guide: Guide, verdict: dict[str, Verdict], check: Check, today: date) -> Iterator[str]:
    for entry in guide.entries:
        if entry.kind == "heading":
            yield f'<h3 class="hd-guide">{esc(entry.text)}</h3>'
        elif entry.kind == "aside":
            yield f'<p class="hd-small hd-besides">{esc(entry.text)}</p>'
        elif entry.text in verdict:
            yield _checked(verdict[entry.text], check, today)


def _checked(one: Verdict, check: Check, today: date) -> str:
    word = f'<span class="hd-verdict hd-{one.verdict}">{verdicts.WORDS[one.verdict]}</span>'
    told = filter(None, (verdicts.who(one, today), verdicts.because(one)))
    first = _answer(one.answers[0]) if one.answers else ""
    return (
        f'<article class="hd-checked">{word}<div><p class="hd-question">{esc(one.line)}</p>'
        f'<p class="hd-small">{esc(" ".join(told))}</p>{first}{_opened(one, check)}</div></article>'
    )


def _opened(one: Verdict, check: Check) -> str:
    """What shows when a line is opened: the other answers, what is missing, and how certain all this is."""
    others = "".join(map(_answer, one.answers[1:]))
    label = f"{words.count(len(one.answers) - 1, 'more answer')}" if len(one.answers) > 1 else "More"
    if one.nearest:
        label = "What comes nearest"
        others = "".join(hits.quote(hit, in_a_line=True) for hit in one.nearest)
    told = (verdicts.missing(one, check.segments), f"{verdicts.chance(one).capitalize()}.")
    search = links.link(links.search({"q": one.line}), "Search for this line", style="hd-act")
    if any(answer.otherwise for answer in one.answers[1:]):
        label += ", somebody says otherwise"
    return (
        f'<details class="hd-why"><summary>{esc(label)}</summary>{others}'
        f'<p class="hd-small">{esc(" ".join(filter(None, told)))} {search}</p></details>'
    )


def _answer(answer: Answer) -> str:
    lead = '<p class="hd-otherwise">Says otherwise?</p>' if answer.otherwise else ""
    people = _small(f"{verdicts.says(answer.people).capitalize()} say so.") if answer.people > 1 else ""
    return f"{lead}{hits.quote(answer.quote, in_a_line=True)}{people}"


def _part(anchor: str, lead: str, items: str) -> str:
    return f'<h2 class="hd-heading" id="{anchor}">{esc(lead)}</h2><ul class="hd-list">{items}</ul>'


def _small(text: str) -> str:
    return f'<p class="hd-small">{esc(text)}</p>'
