"""A brief as slides to be shown: the message first, an insight or a theme a slide, passages in the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from research.brief import Brief, Told, title
from research.briefs import choice, document, fit, office, summary, wording
from research.briefs.bars import NOW, THEN, Bars, nice
from research.briefs.blocks import Block, block, columns, height, quoted, sized, sized_as
from research.briefs.office import ACCENT, FAINT, INK
from research.briefs.parts import Figure, Paragraph, Part, Quote, Run, Source, Sources, cited, sections
from research.briefs.slides import LEFT, RIGHT, Box, Look, Slides
from research.briefs.text import cleaned, shortened
from research.change import wilson
from research.insight import Insight
from research.models import Hit
from research.voices import by_different_people

_TOP, _BOTTOM = 1.65, 6.8  # inches between which a slide has its content
_WIDE = RIGHT - LEFT
_SIDE = 6.3  # inches from which quotes stand beside something
_INSIGHTS = 4  # that have a slide of their own
_ROWS = 9  # themes in one table
_TEAMS = 5  # beside a theme
_LABEL = 46  # characters of a theme's name beside a bar
_APART = 22  # points between the lines of the message
_WHO = 12  # points of who said it
_WITH_QUOTES = ("surprises", "alone", "questions", "stale")  # parts whose items have a passage's words under them


def pptx(brief: Brief, *, url: str = "") -> bytes:
    """A brief as a PowerPoint file. Raises BadInput for an address that is none."""
    parts = document.parts(brief, url=url)
    deck = _Deck(cleaned(brief), parts, Sources(url, brief.window))
    deck.make()
    office.describe(deck.slides.made.core_properties, title(brief.team), brief.window.until)
    return office.settled(deck.slides.file(), brief.window.until)


class _Deck:
    """Lays the parts of a brief out on slides; passages have the numbers that they have in the document."""

    def __init__(self, brief: Brief, parts: Sequence[Part], addresses: Sources) -> None:
        self._brief, self._addresses = brief, addresses
        self._sections = sections(parts)
        self._source = {part.number: part for part in parts if isinstance(part, Source)}
        self._number = {part.passage: part.number for part in self._source.values()}
        self._first: dict[str, Any] = {}  # the slide on which each part of the brief begins
        window = wording.days(brief.window.since, brief.window.until)
        self.slides = Slides(f"{title(brief.team)} · {window}")

    def make(self) -> None:
        self._opening()
        leads = self._short() if self._brief.made.interviews else []
        self._learned()
        self._overview()
        for told in choice.leading(self._brief) if self._brief.made.interviews else ():
            self._theme(told)
        self._list("surprises")
        self._apart()
        self._list("alone")
        self._unheard()
        self._list("questions")
        self._list("stale")
        self._list("made", "Numbers in brackets are passages. The notes of each slide have its own in full.")
        for shape, section in leads:
            if section in self._first:
                self.slides.lead(shape, self._first[section])

    # -- the slides ----------------------------------------------------------------------------------------------------

    def _opening(self) -> None:
        brief, window, made = self._brief, self._brief.window, self._brief.made
        slide = self.slides.add(title(brief.team), size=44, box=Box(LEFT, 0.9, _WIDE, 1.9))
        days = wording.days(window.since, window.until)
        under = f"{days}, compared with {wording.days(window.before_since, window.before_until)}"
        self.slides.text(slide, Box(LEFT, 3.0, _WIDE, 0.45), [((Run(under),), Look(20, FAINT), 0)])
        if not made.interviews:
            items = [block(part.runs) for part in self._sections["short"] if isinstance(part, Paragraph)]
            self._filled(slide, Box(LEFT, 4.0, _WIDE, 2.5), items, (24, 20, 16))
            return
        counts = ((made.interviews, "interview", ""), (made.people, "person", "people"), (made.accounts, "account", ""),
                  (len(made.teams), "team", ""))  # fmt: skip
        shown = [wording.count(*one).split() for one in counts if one[0]]
        for place, figure in enumerate(shown):
            self._figure(slide, Box(LEFT + 2.9 * place, 4.1, 2.7, 1.4), *figure)
        before = block((Run(f"{wording.first_up(summary.before(brief))}."),))
        self._filled(slide, Box(LEFT, 6.0, _WIDE, 0.4), [before], (16, 14), colour=FAINT)

    def _figure(self, slide: Any, box: Box, number: str, of: str) -> None:
        """A number to be seen from afar, and what it counts."""
        said: Block = [((Run(number),), Look(54, ACCENT, serif=True, bold=True), 2), ((Run(of),), Look(18), 0)]
        self.slides.text(slide, box, said)

    def _short(self) -> list[tuple[Any, str]]:
        """The message, a line a row. Gives the words that lead on, with the part of the brief each leads to."""
        slide = self._add("short", "In short")
        lines = [line for line in summary.in_short(self._brief) if line.section != "made"]
        left, room = 2.4, (_WIDE - 2.4) * 72
        told = [block((Run(wording.first_up(line.text)),)) for line in lines]
        space = (_BOTTOM - _TOP) * 72
        size = sized(told, (22, 20, 18, 16, 14, 12), room, space, _APART)
        fits = height(sized_as(told, size, _APART), room) <= space
        most = int(space / max(1, len(lines)) / (size * fit.LINE))
        leads, top = [], _TOP
        for line, ((said, _, _),) in zip(lines, told, strict=True):
            lead = [((Run(line.lead),), Look(16, ACCENT, bold=True), 0.0)]
            leads.append((self.slides.text(slide, Box(LEFT, top, left - 0.2, 0.5), lead), line.section))
            words = said if fits else fit.fitted_runs(said, size, room, most)
            high = height([[(words, Look(size), 0.0)]], room) / 72
            self.slides.text(slide, Box(LEFT + left, top, _WIDE - left, high), [(words, Look(size), 0)])
            top += high + (_APART / 72 if words is said else 0)
        return leads

    def _learned(self) -> None:
        learned, _ = choice.first(self._brief.learned, choice.LEARNED)
        if not learned:
            self._list("learned")
        alone = learned if len(learned) <= _INSIGHTS + 1 else learned[:_INSIGHTS]
        for one in alone:
            self._insight(one)
        rest = learned[len(alone) :]
        if rest:
            slide = self._add("learned", "Also decided")
            items = [
                block((Run(wording.sentence(one.statement), bold=True), Run(f" {wording.verdict(one)}")))
                for one in rest
            ]
            self._filled(slide, Box(LEFT, _TOP, _WIDE, _BOTTOM - _TOP), items, (20, 18, 16, 14))
            self._note(slide, (n for one in rest for n in self._rests_on(one)))

    def _insight(self, one: Insight) -> None:
        """An insight: its claim, on what it stands, and quotes, one of them of who says otherwise."""
        pro, contra = choice.evidence(one)
        mine, others = wording.sides(one)
        slide = self._add("learned", one.statement.removesuffix("."))
        self._under(
            slide,
            f"{wording.first_up(one.decided)}, on {wording.evidence(one.strength)}",
            self._addresses.insight(one.code),
        )
        counts = [wording.count(mine.people, "person", "people"), wording.count(mine.accounts, "account"),
                  wording.count(mine.teams, "team")]  # fmt: skip
        for place, figure in enumerate(counts if mine.people else ()):
            self._figure(slide, Box(LEFT + 1.75 * place, 2.25, 1.7, 1.4), *figure.split())
        but = f"{wording.otherwise(others)}." if others.people else ""
        said = [but, wording.sentence(one.why) if one.why else "", wording.decision(one)]
        items = [block((Run(words),)) for words in said if words]
        self._filled(slide, Box(LEFT, 3.95, _SIDE - LEFT - 0.6, _BOTTOM - 3.95), items, (18, 16, 14, 12))
        hits = [*by_different_people(pro, choice.EVIDENCE), *contra[:1]]
        self._quotes(slide, [(hit, "Says otherwise: " if hit in contra else "") for hit in hits])
        self._note(slide, self._rests_on(one))

    def _rests_on(self, one: Insight) -> list[int]:
        return [self._number[hit.id] for side in choice.evidence(one) for hit in side]

    def _overview(self) -> None:
        told = choice.themes(self._brief)
        figure = self._drawn("themes")
        if figure is None:
            return
        changes = [one.theme.change for one in told]
        slide = self._add("themes", "What came up most, and what changed")
        names = tuple(
            f"{shortened(one.theme.label, _LABEL)}: {one.theme.change.interviews} of {one.theme.change.held}, "
            f"before {one.theme.change.interviews_before} of {one.theme.change.held_before}"
            for one in told
        )
        now = tuple(wilson(one.interviews, one.held) for one in changes)
        before = tuple(wilson(one.interviews_before, one.held_before) for one in changes if one.held_before)
        series = (
            ("This window", tuple(one.share for one in changes), now),
            ("The window before", tuple(one.share_before for one in changes), before),
        )
        top = nice(max(high for _, high in (*now, *before)))
        bars = Bars(names, series[: 2 if before else 1], (NOW, THEN), top=top)
        self.slides.chart(slide, Box(LEFT, 1.5, _WIDE, 4.75), bars, figure.words)
        words = f"{figure.words} Bars: share of the interviews; lines: 95% intervals."
        self._filled(slide, Box(LEFT, 6.3, _WIDE, 0.55), [block((Run(words),))], (14, 13, 12, 11))
        self._note(slide, [self._number[hit.id] for one in told for hit in one.quotes if hit.id in self._number])

    def _theme(self, told: Told) -> None:
        """A theme: how it moved, who told whom, and two quotes."""
        theme = told.theme
        found = theme.change
        slide = self._add("themes", theme.label)
        moved = wording.change(found)
        self._under(slide, moved, self._addresses.theme(theme.id))
        pairs = [(f"Now: {found.interviews} of {found.held}", found.interviews, found.held)]
        if found.held_before:
            said = f"Before: {found.interviews_before} of {found.held_before}"
            pairs.append((said, found.interviews_before, found.held_before))
        intervals = tuple(wilson(count, of) for _, count, of in pairs)
        shares = tuple(count / of if of else 0.0 for _, count, of in pairs)
        bars = Bars(
            tuple(name for name, _, _ in pairs), (("Share of the interviews", shares, intervals),),
            (NOW, THEN)[: len(pairs)], by_point=True, top=nice(max(high for _, high in intervals)),
        )  # fmt: skip
        by_team = sorted(theme.by_team, key=lambda one: -one[1])[:_TEAMS] if len(theme.by_team) > 1 else []
        wide = _SIDE - LEFT - 0.5
        high = 1.7 if by_team else 2.9
        self._caption(slide, 2.15, "Share of the interviews (lines: 95% intervals)")
        self.slides.chart(slide, Box(LEFT, 2.4, wide, high), bars, f"Share of the interviews: {moved}.")
        at = 2.4 + high + 0.1
        if by_team:
            names, counts = zip(*by_team, strict=True)
            people = (("People", tuple(map(float, counts)), ()),)
            top = 1.15 * max(counts)
            rows = Bars(tuple(shortened(one, 30) for one in names), people, (NOW,), labels=True, top=top, counts=True)
            self._caption(slide, at, "People who told each team")
            tall = 0.3 + 0.26 * len(by_team)
            words = f"People who told each team: {', '.join(f'{name} {count}' for name, count in by_team)}."
            self.slides.chart(slide, Box(LEFT, at + 0.25, wide, tall), rows, words)
            at += 0.35 + tall
        who = [block((Run(wording.who(theme)),))]
        self._filled(slide, Box(LEFT, at, wide, _BOTTOM - at), who, (14, 12, 11), colour=FAINT)
        self._quotes(slide, [(hit, "") for hit in told.quotes[: choice.QUOTES]])
        self._note(slide, [self._number[hit.id] for hit in told.quotes if hit.id in self._number])

    def _apart(self) -> None:
        section = self._sections.get("apart", [])
        figure = self._drawn("apart")
        if figure is None:
            self._list("apart")
            return
        slide = self._add("apart")
        cells = figure.chart.cells[:_ROWS]
        most = max(1, *(people for _, row in cells for people in row))
        rows = [(label, *(str(people or "–") for people in row)) for label, row in cells]
        shares = [[people / most for people in row] for _, row in cells]
        box = Box(LEFT, _TOP + 0.3, 7.2, min(4.8, 0.5 * (len(rows) + 1)))
        self._caption(slide, _TOP, "People who told each team")
        self.slides.table(slide, box, figure.table.head, rows, shares)
        items = [block(part.runs) for part in section if isinstance(part, Paragraph)]
        self._filled(slide, Box(8.2, _TOP + 0.3, RIGHT - 8.2, _BOTTOM - _TOP - 0.3), items, (18, 16, 14, 12, 11))
        self._note(slide, [number for part in section for number in cited(part)])

    def _unheard(self) -> None:
        section = self._sections.get("unheard", [])
        figure = self._drawn("unheard")
        if figure is None:
            self._list("unheard")
            return
        slide = self._add("unheard")
        rows = figure.chart.compared
        names = tuple(shortened(row.label, _LABEL) for row in rows)
        series = (
            ("of those heard", tuple(row.now.share for row in rows), ()),
            ("of the customers known", tuple(row.then.share for row in rows), ()),
        )
        top = nice(1.1 * max(max(row.now.share, row.then.share) for row in rows))
        self.slides.chart(
            slide, Box(LEFT, _TOP, 7.6, 5.1), Bars(names, series, (NOW, THEN), labels=True, top=top), figure.words
        )
        said = [block(part.runs) for part in section if isinstance(part, Paragraph)]
        self._filled(
            slide, Box(8.6, _TOP, RIGHT - 8.6, 5.1), [*said, block((Run(figure.words),))], (20, 18, 16, 14, 12), gap=12
        )

    def _list(self, name: str, last: str = "") -> None:
        """The sentences of a part on one slide, items in two columns where there are many; what is cut is counted."""
        found = self._sections.get(name, [])
        if not found:
            return
        slide = self._add(name)
        items, numbers = self._items(found, quoting=name in _WITH_QUOTES)
        opens = [block(part.runs) for part in found if isinstance(part, Paragraph) and part.style == "text"]
        ends = [*(part.runs for part in found if isinstance(part, Paragraph) and part.style == "small")]
        ends += [(Run(last),)] if last else []
        top = _TOP
        if opens:
            self._filled(slide, Box(LEFT, top, _WIDE, 0.75 if items else 5.0), opens, (20, 18, 16, 14, 12))
            top += 0.85
        low = _BOTTOM - 0.5
        shown, blocks = columns(items, _WIDE * 72, (low - top) * 72, one=name == "made")
        for place, told in enumerate(blocks):
            wide = (_WIDE - 0.5 * (len(blocks) - 1)) / len(blocks)
            self.slides.text(slide, Box(LEFT + (wide + 0.5) * place, top, wide, low - top), told)
        if left := len(items) - shown:
            more = f"{wording.first_up(wording.spelled(left, 'more stands', 'more stand'))} in the document."
            ends.insert(0, (Run(more),))
        if ends:
            joined = [run for runs in ends for run in (*runs, Run(" "))][:-1]
            self._filled(slide, Box(LEFT, low, _WIDE, 0.5), [block(joined)], (13, 12, 11), colour=FAINT)
        self._note(slide, [number for one in numbers[:shown] for number in one])

    def _items(
        self, found: Sequence[Part], *, quoting: bool
    ) -> tuple[list[tuple[Sequence[Run], str]], list[list[int]]]:
        """The items of a part, each with a quote that it cites or that follows it, and the passages it rests on."""
        items: list[tuple[Sequence[Run], str]] = []
        numbers: list[list[int]] = []
        for part in found:
            if isinstance(part, Paragraph) and part.style == "item":
                numbers.append(cited(part))
                words = self._source[numbers[-1][0]].words if quoting and numbers[-1] else ""
                items.append((part.runs, words))
            elif isinstance(part, Quote) and items:
                runs, words = items[-1]
                cites = tuple(run for run in part.by if run.cites)
                items[-1] = (runs if words else (*runs, Run(" "), *cites), words or part.words)
                numbers[-1] += cited(part)
        return items, numbers

    # -- what is on them -----------------------------------------------------------------------------------------------

    def _drawn(self, section: str) -> Figure | None:
        """The figure of a part of the brief, if it has one."""
        return next((part for part in self._sections.get(section, ()) if isinstance(part, Figure)), None)

    def _add(self, section: str, name: str = "") -> Any:
        slide = self.slides.add(name or document.section(section))
        self._first.setdefault(section, slide)
        return slide

    def _under(self, slide: Any, words: str, href: str) -> None:
        """The line under a slide's title, which opens what it is about."""
        runs = (Run(words, bold=True), *_open(href))
        self._filled(slide, Box(LEFT, 1.5, _WIDE, 0.4), [block(runs)], (18, 16, 14, 12), colour=ACCENT)

    def _caption(self, slide: Any, top: float, words: str) -> None:
        self.slides.text(slide, Box(LEFT, top, 5.5, 0.25), [((Run(words),), Look(12, FAINT), 0)])

    def _quotes(self, slide: Any, told: Sequence[tuple[Hit, str]]) -> None:
        """Quotes below each other beside something, as large as there is room for; each with who said it."""
        room, top = (RIGHT - _SIDE - 0.25) * 72, 2.2
        space = (_BOTTOM - top + 0.2) / max(1, len(told))
        size, lines = (20, 2) if len(told) < 3 else (16, 1)
        for hit, lead in told:
            number = self._number[hit.id]
            cite = Run(f"[{number}]", href=self._addresses.note(hit), cites=number)
            said_by = Run(f"{wording.speaker(hit)} · {wording.place(hit)} ")
            only = [Run(f"{wording.first_up(said)}. ", bold=True)] if (said := wording.read_by(hit)) else []
            who = fit.fitted_runs((*only, said_by, cite), _WHO, room, lines)
            asked = fit.fitted_runs((Run(wording.asked(hit)),), _WHO, room, 1)
            beside = [runs for runs in (asked, who) if runs[0].text]
            around = 4 + sum(fit.height("".join(run.text for run in runs), _WHO, room) for runs in beside)
            most = max(1, int(((space - 0.25) * 72 - around) / (size * fit.LINE)))
            said = quoted(lead, hit.text, size, room, most)
            high = (fit.height(said, size, room, serif=True) + around) / 72
            self.slides.bar(slide, Box(_SIDE, top, 0.04, high))
            paragraphs = [((Run(said),), Look(size, INK, serif=True), 4), (who, Look(_WHO, FAINT), 0)]
            if asked[0].text:
                paragraphs.insert(0, (asked, Look(_WHO, FAINT), 0))
            self.slides.text(slide, Box(_SIDE + 0.2, top, RIGHT - _SIDE - 0.2, high), paragraphs)
            top += space

    def _filled(
        self, slide: Any, box: Box, items: Sequence[Block], sizes: Sequence[float], *, colour: str = INK,
        gap: float = 8,
    ) -> None:  # fmt: skip
        """Sentences in a box, in the largest of the sizes in which they fit; in the smallest they give way."""
        room, space = box.width * 72, box.height * 72
        size = sized(items, sizes, room, space, gap)
        told = [[(runs, Look(size, colour), gap) for runs, _, _ in one] for one in items]
        if height(told, room) > space:
            most = max(1, int(space / max(1, len(items)) / (size * fit.LINE + gap / 2)))
            told = [[(fit.fitted_runs(runs, size, room, most), look, gap) for runs, look, gap in one] for one in told]
        while len(told) > 1 and height(told, room) > space:
            told = told[:-1]
        self.slides.text(slide, box, [one for found in told for one in found])

    def _note(self, slide: Any, numbers: Iterable[int]) -> None:
        """The passages that a slide rests on, in full, in its speaker's notes."""
        told = [self._source[number] for number in sorted(set(numbers))]
        if told:
            lines = [f"[{one.number}] “{one.words}” {_where(one)}{f' {one.href}' if one.href else ''}" for one in told]
            self.slides.notes(slide, ["Passages:", *lines])


def _open(href: str) -> tuple[Run, ...]:
    """A link of its own: one that is a whole title would be broken within words by some programs."""
    return (Run("  "), Run("open", href=href)) if href else ()


def _where(source: Source) -> str:
    return f"{source.who} · {source.where} · passage {source.passage}"
