"""A brief as one sequence of parts, in the order in which planning reads it: what Markdown, HTML and Word write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from research.brief import Apart, Asked, Brief, Surprise, Told, title
from research.briefs import choice, figures, summary, wording
from research.briefs.parts import Contents, Heading, Paragraph, Part, Quote, Run, Source, Sources, Title
from research.briefs.text import cleaned, shortened
from research.insight import Insight
from research.models import Hit
from research.themes.heard import Theme
from research.voices import by_different_people

_SECTIONS = {
    "learned": "What we learned",
    "themes": "The themes that matter",
    "surprises": "What surprised",
    "apart": "Heard apart",
    "alone": "What rests on one voice",
    "unheard": "Who was not heard",
    "questions": "Open questions",
    "stale": "What we should no longer rely on",
    "made": "How this brief was made",
    "passages": "The passages",
}


def parts(brief: Brief, *, url: str = "") -> list[Part]:
    """A brief's document, part by part; a part of the brief that says nothing is left out. Raises BadInput."""
    found = list(_Document(cleaned(brief), Sources(url, brief.window)).parts())
    places = [place for place, part in enumerate(found) if isinstance(part, Heading) and part.level == 1]
    sections = tuple(
        (part.anchor, part.text) for part in (found[place] for place in places[1:]) if isinstance(part, Heading)
    )
    return [*found[: places[1]], Contents(sections), *found[places[1] :]]


class _Document:
    """Writes a brief from top to bottom, so that passages are numbered as they come."""

    def __init__(self, brief: Brief, sources: Sources) -> None:
        self._brief, self._sources = brief, sources
        self._told = {told.theme.id for told in choice.leading(brief)}
        self._quoted: set[str] = set()

    def parts(self) -> Iterator[Part]:
        brief, window = self._brief, self._brief.window
        compared = wording.days(window.before_since, window.before_until)
        yield Title(title(brief.team), f"{wording.days(window.since, window.until)}, compared with {compared}")
        yield Heading(1, "In short", "short")
        for line in summary.in_short(brief):
            lead = Run(f"{line.lead}:", bold=True, href=f"#{line.section}")
            yield Paragraph((lead, Run(f" {line.text}")), "item")
        if brief.made.interviews:
            yield from self._learned()
            yield from self._themes()
            yield from self._surprises()
            yield from self._apart()
            yield from self._alone()
            yield from self._unheard()
        yield from self._questions()
        yield from self._stale()
        yield _heading("made")
        yield from _lines(summary.how_made(brief))
        yield from self._passages()

    def _learned(self) -> Iterator[Part]:
        yield _heading("learned")
        shown, more = choice.first(self._brief.learned, choice.LEARNED)
        if not shown:
            yield _text(
                "No insight was supported or refuted in these days. What follows is what people said, not decided."
            )
        for one in shown:
            yield Heading(2, one.statement.removesuffix("."), href=self._sources.insight(one.code))
            yield _text(" ".join(filter(None, (wording.verdict(one), wording.sentence(one.why) if one.why else ""))))
            yield from self._evidence(one)
        yield from _more(more, "more insight was decided", "more insights were decided")

    def _evidence(self, one: Insight) -> Iterator[Part]:
        pro, contra = choice.evidence(one)
        mine, other = by_different_people(pro, choice.EVIDENCE), contra[:1]
        yield from self._quotes(mine)
        if other:
            yield Paragraph((Run("Says otherwise:"), *self._again(other)), "small")
            yield from self._quotes(other)
        rest = [hit for hit in (*pro, *contra) if hit not in (*mine, *other)]
        gone = wording.withdrawn(one.withdrawn)
        cited = (Run("Its other evidence:"), *self._sources.cited(rest), Run(". ")) if rest else ()
        if cited or gone:
            yield Paragraph((*cited, Run(gone)), "small")

    def _themes(self) -> Iterator[Part]:
        brief = self._brief
        shown = choice.themes(brief)
        yield _heading("themes")
        if not shown:
            yield _text("What people spoke of was too little, or too different, to be put together. More notes help.")
            return
        if figure := figures.themes(shown):
            yield figure
        leading = choice.leading(brief)
        for told in leading:
            yield from self._theme(told)
        more = max(len(brief.themes), brief.made.themes) - len(leading)
        changed = len(shown) > len(leading)
        where = f"; for those that changed see “{section('surprises')}”" if changed else ""
        yield from _more(more, f"more theme was heard{where}", f"more themes were heard{where}")

    def _theme(self, told: Told) -> Iterator[Part]:
        theme = told.theme
        yield Heading(2, theme.label, theme.id, self._sources.theme(theme.id))
        yield Paragraph((Run(f"{wording.change(theme.change)}.", bold=True), Run(f" {wording.who(theme)}")))
        again = [hit for hit in told.quotes if hit.id in self._quoted]
        yield from self._quotes([hit for hit in told.quotes if hit not in again][: choice.QUOTES])
        if again:
            yield Paragraph((Run("Quoted above:"), *self._sources.cited(again)), "small")

    def _surprises(self) -> Iterator[Part]:
        shown, more = choice.first(choice.surprises(self._brief), choice.SURPRISES)
        yield _heading("surprises")
        if not shown:
            yield _text(f"{wording.changes(self._brief)} No decided insight is spoken against.")
        for one in shown:
            yield from self._surprise(one)
        if any(one.what in ("rising", "fading") for one in shown) and (by_chance := wording.chance(self._brief.made)):
            yield Paragraph((Run(by_chance),), "small")
        yield from _more(more, "more surprise", "more surprises")

    def _surprise(self, one: Surprise) -> Iterator[Part]:
        if one.insight:
            claim = Run(one.insight.statement, href=self._sources.insight(one.insight.code))
            told = f". {wording.reversed_(one.insight)}."
        elif one.theme:
            claim = Run(f"“{one.theme.label}”", href=self._theme_at(one.theme))
            who = "" if one.theme.id in self._told else f" {wording.behind(one.theme)}".rstrip()
            told = f", {wording.came(one.theme.change)}.{who}"
        else:
            return
        lead = {"reversed": "Spoken against"}.get(one.what, wording.first_up(one.what))
        yield Paragraph((Run(f"{lead}: ", bold=True), claim, Run(told), *self._again(one.quotes)), "item")
        yield from self._quotes(one.quotes)

    def _apart(self) -> Iterator[Part]:
        several = [one for one in self._brief.apart if len(one.theme.teams) > 1]
        shown, more = choice.first(tuple(sorted(several, key=lambda one: one.read)), choice.APART)
        if not shown:
            return
        yield _heading("apart")
        if figure := figures.teams(choice.themes(self._brief)):
            yield figure
        for read, lead in (
            (False, "No team here read a note of another, so each knows its own part of it. Let them talk."),
            (True, "Here at least one team read notes of another."),
        ):
            found = [one for one in shown if one.read == read]
            if found:
                yield _text(lead)
            for one in found:
                yield self._one_apart(one)
        yield from _more(more, "more theme was heard by several teams", "more themes were heard by several teams")

    def _one_apart(self, one: Apart) -> Part:
        by_team = {hit.team: hit for hit in reversed(one.quotes)}
        said = [Run(f"“{one.theme.label}”", bold=True, href=self._theme_at(one.theme))]
        for place, team in enumerate(one.theme.teams):
            said.append(Run(f"{',' if place else ':'} {team}"))
            said += self._sources.cited([by_team[team]]) if team in by_team else ()
        return Paragraph(tuple(said), "item")

    def _alone(self) -> Iterator[Part]:
        shown, more = choice.first(self._brief.alone, choice.ALONE)
        if not shown:
            return
        yield _heading("alone")
        yield _text(
            "Each of these comes from one person, or mostly from one account. Hear others before you build on it."
        )
        for told in shown:
            label = Run(f"“{told.theme.label}”", bold=True, href=self._theme_at(told.theme))
            said = f": {wording.count(told.theme.voices.passages, 'passage')} from {_rests_on(told)}."
            yield Paragraph((label, Run(said), *self._again(told.quotes[:1])), "item")
            yield from self._quotes(told.quotes[:1])
        yield from _more(more, "more theme rests on one voice", "more themes rest on one voice")

    def _unheard(self) -> Iterator[Part]:
        yield _heading("unheard")
        yield _text(wording.not_heard(self._brief.unheard))
        if figure := figures.segments(self._brief):
            yield figure
        _, more = choice.first(self._brief.unheard, choice.SEGMENTS)
        yield from _more(more, "more segment", "more segments")

    def _questions(self) -> Iterator[Part]:
        order = ("open", "partly", "answered")
        asked = tuple(sorted(self._brief.questions, key=lambda one: order.index(one.verdict.verdict)))
        shown, more = choice.first(asked, choice.QUESTIONS)
        if not shown:
            return
        yield _heading("questions")
        for one in shown:
            yield self._question(one)
        yield from _more(more, "more question is kept", "more questions are kept")

    def _question(self, one: Asked) -> Part:
        cited = self._sources.cited(one.verdict.hits[: choice.CITED])
        return Paragraph((Run(one.question.line, bold=True), Run(f" {wording.answer(one)}"), *cited), "item")

    def _stale(self) -> Iterator[Part]:
        shown, more = choice.first(self._brief.stale, choice.STALE)
        if not shown:
            return
        yield _heading("stale")
        for one in shown:
            claim = Run(wording.sentence(one.statement), bold=True, href=self._sources.insight(one.code))
            cited = self._sources.cited(line.hit for line in one.evidence if line.hit)
            rested = (Run(" Its evidence:"), *cited, Run(".")) if cited else ()
            yield Paragraph((claim, Run(f" {wording.stale(one)}"), *rested), "item")
        yield from _more(more, "more insight went stale", "more insights went stale")

    def _passages(self) -> Iterator[Part]:
        cited = list(self._sources)
        if not cited or self._sources.within:
            return
        yield _heading("passages")
        for number, hit in cited:
            yield source(number, hit, self._sources)

    def _again(self, hits: Iterable[Hit]) -> tuple[Run, ...]:
        """The numbers of those passages that stand elsewhere already."""
        return self._sources.cited(hit for hit in hits if hit.id in self._quoted)

    def _quotes(self, hits: Iterable[Hit]) -> Iterator[Quote]:
        """Quotes of those passages that none stands for yet."""
        for hit in (hit for hit in hits if hit.id not in self._quoted):
            self._quoted.add(hit.id)
            by = Run(f"{wording.speaker(hit)} · {wording.whose(hit)} ")
            yield Quote(shortened(hit.text, choice.LONGEST), (by, self._sources.cite(hit)), wording.asked(hit))

    def _theme_at(self, theme: Theme) -> str:
        """Where a theme is told: in the app, else where this document does."""
        return self._sources.theme(theme.id) or (f"#{theme.id}" if theme.id in self._told else "")


def source(number: int, hit: Hit, sources: Sources) -> Source:
    """A passage as it stands in the list at the end."""
    where = f"{hit.note_title}; {wording.whose(hit)}"
    return Source(number, hit.text, wording.speaker(hit), where, hit.id, sources.note(hit))


def section(name: str) -> str:
    """What a part of the brief is called."""
    return _SECTIONS[name]


def _heading(name: str) -> Heading:
    return Heading(1, section(name), name)


def _text(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _lines(lines: Sequence[str]) -> Iterator[Part]:
    return (Paragraph((Run(line),), "item") for line in lines)


def _more(number: int, one: str, many: str) -> Iterator[Part]:
    if number > 0:
        yield Paragraph((Run(f"And {wording.spelled(number, one, many)}."),), "small")


def _rests_on(told: Told) -> str:
    account = told.theme.voices.leans_on_account
    people = wording.count(told.theme.people, "person", "people")
    return f"{people}, mostly from {account}" if account else people
