"""A brief as slides: the message first, one theme a slide, what nobody heard, and every passage at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from research.brief import Brief, Told, title
from research.briefs import choice, document, figures, fit, office, wording
from research.briefs.bars import NOW, THEN, Bars, nice
from research.briefs.parts import (
    Figure,
    Paragraph,
    Part,
    Run,
    Source,
    Sources,
    cited,
    plain,
    sections,
)
from research.briefs.slides import ACCENT, FAINT, INK, LEFT, RIGHT, Box, Look, Slides
from research.briefs.text import cleaned, shortened
from research.change import wilson
from research.insight import Insight
from research.models import Hit

_TOP, _BOTTOM = 1.65, 6.85  # inches between which a slide has its content
_QUOTES = 2
_LABEL = 46  # characters of a theme's name beside a bar
_LINES = 5  # of one item in a list
_WHO = 12  # points of who said it
_WITH_QUOTES = ("surprises", "alone")  # lists whose items have their first passage's words under them


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
        window = wording.days(brief.window.since, brief.window.until)
        self.slides = Slides(f"{title(brief.team)} · {window}")

    def make(self) -> None:
        self._opening()
        self._learned()
        self._overview()
        for told in choice.themes(self._brief) if self._brief.made.interviews else ():
            self._theme(told)
        self._list("surprises")
        self._apart()
        self._list("alone")
        self._unheard()
        self._list("questions", "stale")
        self._list("made")
        self._passages()

    # -- the slides ----------------------------------------------------------------------------------------------------

    def _opening(self) -> None:
        brief = self._brief
        slide = self.slides.add(title(brief.team), size=36)
        window = brief.window
        under = (
            f"{wording.days(window.since, window.until)}, compared with "
            f"{wording.days(window.before_since, window.before_until)}"
        )
        self.slides.text(slide, Box(LEFT, 1.45, RIGHT - LEFT, 0.4), [((Run(under),), Look(16, FAINT), 0)])
        items = [part.runs for part in self._sections["short"] if isinstance(part, Paragraph)]
        self._filled(slide, Box(LEFT, 2.1, 11.4, _BOTTOM - 2.1), items, (20, 18, 16, 14, 12))

    def _learned(self) -> None:
        learned, _ = choice.first(self._brief.learned, choice.LEARNED)
        more = [part for part in self._sections.get("learned", []) if isinstance(part, Paragraph)][-1:]
        if not learned:
            self._list("learned")
        for start in range(0, len(learned), _QUOTES):
            slide = self.slides.add(document.section("learned"))
            shown = learned[start : start + _QUOTES]
            for place, one in enumerate(shown):
                self._claim(slide, one, _TOP + 2.6 * place)
            self._note(slide, [self._number[hit.id] for one in shown for side in choice.evidence(one) for hit in side])
        if more and len(learned) < len(self._brief.learned):
            self._filled(slide, Box(LEFT, 6.5, RIGHT - LEFT, 0.35), [more[0].runs], (12,), colour=FAINT)

    def _claim(self, slide: object, one: Insight, top: float) -> None:
        """An insight: its claim, on what it stands, a quote, and one that says otherwise or another."""
        pro, contra = choice.evidence(one)
        room = 5.3 * 72
        claim = Run(fit.fitted(one.statement, 18, room, 4, serif=True))
        why = (Run(" ".join(filter(None, (wording.verdict(one), one.why and wording.sentence(one.why))))),)
        under = (*fit.fitted_runs(why, 13, room - 40, 4), *_open(self._addresses.insight(one.code)))
        said = [((claim,), Look(18, serif=True, bold=True), 6), (under, Look(13), 0)]
        self.slides.text(slide, Box(LEFT, top, 5.3, 2.5), said)
        quotes = [*choice.by_different_people(pro, 1 if contra else 2), *contra[:1]]
        for hit in quotes:
            lead = "Says otherwise: " if hit in contra else ""
            top += 0.1 + self._quote(slide, Box(6.4, top, RIGHT - 6.4, 1.18), hit.text, self._by(hit), 14, 3, lead)

    def _overview(self) -> None:
        told = choice.themes(self._brief)
        figure = next((part for part in self._sections.get("themes", []) if isinstance(part, Figure)), None)
        if figure is None:
            return
        changes = [one.theme.change for one in told]
        slide = self.slides.add("What most interviews spoke of")
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
        self.slides.chart(slide, Box(LEFT, _TOP, RIGHT - LEFT, 4.45), bars, figure.words)
        words = f"{figure.words} Bars: share of the interviews; lines: 95% intervals."
        self._filled(slide, Box(LEFT, 6.2, RIGHT - LEFT, 0.7), [(Run(words),)], (13, 12, 11))
        self._note(slide, [self._number[hit.id] for one in told for hit in one.quotes if hit.id in self._number])

    def _theme(self, told: Told) -> None:
        theme = told.theme
        found = theme.change
        slide = self.slides.add(theme.label)
        points = wording.points(found)
        moved = f"{wording.first_up(wording.moved(found))}{f' ({points})' if points else ''}"
        self._filled(
            slide,
            Box(LEFT, 1.5, RIGHT - LEFT, 0.35),
            [(Run(moved, bold=True), *_open(self._addresses.theme(theme.id)))],
            (16, 14, 12),
            colour=ACCENT,
        )
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
        self.slides.chart(slide, Box(LEFT, 2.1, 5.0, 2.7), bars, f"Share of the interviews: {moved}.")
        under = "Share of the interviews; lines: 95% intervals."
        self._filled(
            slide,
            Box(LEFT, 4.9, 4.8, 1.95),
            [(Run(under),), (Run(wording.who(theme)),)],
            (14, 12, 11),
            colour=FAINT,
            gap=6,
        )
        at = 2.15
        for hit in told.quotes[:_QUOTES]:
            at += 0.4 + self._quote(slide, Box(6.2, at, RIGHT - 6.2, 2.2), hit.text, self._by(hit), 20, 4)
        self._note(slide, [self._number[hit.id] for hit in told.quotes if hit.id in self._number])

    def _apart(self) -> None:
        section = self._sections.get("apart", [])
        figure = next((part for part in section if isinstance(part, Figure)), None)
        if figure is None:
            self._list("apart")
            return
        slide = self.slides.add(document.section("apart"))
        cells = figure.chart.cells[:10]
        most = max(1, *(people for _, row in cells for people in row))
        rows = [(label, *(str(people or "–") for people in row)) for label, row in cells]
        shares = [[people / most for people in row] for _, row in cells]
        box = Box(LEFT, _TOP, 7.2, min(5.0, 0.5 * (len(rows) + 1)))
        self.slides.table(slide, box, figure.table.head, rows, shares)
        items = [part.runs for part in section if isinstance(part, Paragraph)]
        self._filled(slide, Box(8.2, _TOP, RIGHT - 8.2, _BOTTOM - _TOP), items, (14, 12, 11))
        self._note(slide, [number for part in section for number in cited(part)])

    def _unheard(self) -> None:
        section = self._sections.get("unheard", [])
        figure = figures.segments(self._brief)
        if not section or figure is None:
            self._list("unheard")
            return
        slide = self.slides.add(document.section("unheard"))
        rows = figure.chart.compared
        names = tuple(shortened(row.label, _LABEL) for row in rows)
        series = (
            ("of those heard", tuple(row.now.share for row in rows), ()),
            ("of the customers known", tuple(row.then.share for row in rows), ()),
        )
        top = nice(1.1 * max(max(row.now.share, row.then.share) for row in rows))
        self.slides.chart(
            slide, Box(LEFT, _TOP, 7.6, 4.9), Bars(names, series, (NOW, THEN), labels=True, top=top), figure.words
        )
        said = [part.runs for part in section if isinstance(part, Paragraph)]
        self._filled(slide, Box(8.6, _TOP, RIGHT - 8.6, 4.9), [*said, (Run(figure.words),)], (18, 16, 14, 12), gap=12)

    def _list(self, *names: str) -> None:
        """The sentences of one or several parts, each under its name, on as many slides as they need."""
        found = [(name, part) for name in names for part in self._sections.get(name, []) if isinstance(part, Paragraph)]
        room = (RIGHT - LEFT - 0.6) * 72
        size = 16
        while found:
            slide = self.slides.add(document.section(found[0][0]))
            items: list[tuple[Sequence[Run], Look, float]] = []
            left, name, taken = (_BOTTOM - _TOP) * 72, found[0][0], 0
            for section, part in found:
                head = [((Run(document.section(section)),), Look(20, serif=True, bold=True), 8.0)] * (section != name)
                runs = fit.fitted_runs(part.runs, size, room, _LINES)
                words = self._words(part, room) if section in _WITH_QUOTES else []
                block = [*head, (runs, Look(size), 4.0 if words else 12.0), *words]
                need = sum(
                    fit.height(plain(said), look.size, room, serif=look.serif) + below for said, look, below in block
                )
                if items and need > left:
                    break
                items += block
                left, name, taken = left - need, section, taken + 1
            self.slides.text(slide, Box(LEFT, _TOP, RIGHT - LEFT - 0.5, _BOTTOM - _TOP), items)
            self._note(slide, [number for _, part in found[:taken] for number in cited(part)])
            found = found[taken:]

    def _words(self, part: Paragraph, room: float) -> list[tuple[Sequence[Run], Look, float]]:
        """What the first passage says that a sentence cites, in two lines."""
        said = [quoted("", self._source[number].words, 15, room, 2) for number in cited(part)[:1]]
        return [((Run(words),), Look(15, FAINT, serif=True), 14) for words in said]

    def _passages(self) -> None:
        """Every passage that is quoted, as much of it as a slide holds; the notes have it in full."""
        left = list(self._source.values())
        room, size = (RIGHT - LEFT) * 72, 11
        while left:
            slide = self.slides.add(document.section("passages"))
            shown: list[tuple[Sequence[Run], Look, float]] = []
            space, taken = (_BOTTOM - _TOP) * 72, 0
            for source in left:
                words = fit.fitted(source.words, size, room - 40, 8)
                where = fit.fitted(_where(source), size, room, 3)
                runs = (Run(f"[{source.number}] ", bold=True, href=source.href), Run(f"“{words}” {where}"))
                need = fit.height(plain(runs), size, room) + 7
                if shown and need > space:
                    break
                shown.append((runs, Look(size), 7))
                space, taken = space - need, taken + 1
            self.slides.text(slide, Box(LEFT, _TOP, RIGHT - LEFT, _BOTTOM - _TOP), shown)
            self._note(slide, [source.number for source in left[:taken]])
            left = left[taken:]

    # -- what is on them -----------------------------------------------------------------------------------------------

    def _quote(
        self, slide: object, box: Box, words: str, by: Sequence[Run], size: float, most: int, lead: str = ""
    ) -> float:
        """Somebody's words and who said them. Gives how high they stand, in inches."""
        room = (box.width - 0.25) * 72
        who = fit.fitted_runs(by, _WHO, room, 2)
        under = 4 + fit.height(plain(who), _WHO, room)
        held = int((box.height * 72 - under) / (size * fit.LINE))
        said = quoted(lead, words, size, room, max(1, min(most, held)))
        high = (fit.height(said, size, room, serif=True) + under) / 72
        self.slides.bar(slide, Box(box.left, box.top, 0.04, high))
        paragraphs = [((Run(said),), Look(size, INK, serif=True), 4), (who, Look(_WHO, FAINT), 0)]
        self.slides.text(slide, Box(box.left + 0.2, box.top, box.width - 0.2, high), paragraphs)
        return high

    def _filled(
        self, slide: object, box: Box, items: Sequence[Sequence[Run]], sizes: Sequence[float], *, colour: str = INK,
        gap: float = 8,
    ) -> None:  # fmt: skip
        """Paragraphs in a box, in the largest of the sizes in which they fit; in the smallest they give way."""
        room, space = box.width * 72, box.height * 72

        def need(size: float, told: Sequence[Sequence[Run]]) -> float:
            return sum(fit.height(plain(runs), size, room) + gap for runs in told) - gap

        size = next((one for one in sizes if need(one, items) <= space), sizes[-1])
        most = max(1, int(space / max(1, len(items)) / (size * fit.LINE + gap / 2)))
        told = items if need(size, items) <= space else [fit.fitted_runs(runs, size, room, most) for runs in items]
        while len(told) > 1 and need(size, told) > space:
            told = told[:-1]
        self.slides.text(slide, box, [(runs, Look(size, colour), gap) for runs in told])

    def _by(self, hit: Hit) -> tuple[Run, ...]:
        cite = Run(f"[{self._number[hit.id]}]", href=self._addresses.note(hit), cites=True)
        return Run(f"{wording.speaker(hit)} · {wording.place(hit)} "), cite

    def _note(self, slide: object, numbers: Iterable[int]) -> None:
        """The passages that a slide rests on, in full, in its speaker's notes."""
        told = [self._source[number] for number in sorted(set(numbers))]
        if told:
            lines = [f"[{one.number}] “{one.words}” {_where(one)}{f' {one.href}' if one.href else ''}" for one in told]
            self.slides.notes(slide, ["Passages:", *lines])


def quoted(lead: str, words: str, size: float, room: float, most: int) -> str:
    """Words in quotation marks, shortened to at most `most` lines of the serif."""
    least = fit.fitted(words, size, room - fit.width(f"{lead}“”", size, serif=True) / most, most, serif=True)
    return f"{lead}“{least}”"


def _open(href: str) -> tuple[Run, ...]:
    """A link of its own: one that is a whole title would be broken within words by some programs."""
    return (Run("  "), Run("open", href=href)) if href else ()


def _where(source: Source) -> str:
    return f"{source.who} · {source.where} · passage {source.passage}"
