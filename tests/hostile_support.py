"""Text that tries to be more than text, in every place of a repository that people can write to."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

import ingest
from ingest.models import ReadOptions, Source
from ingest.sources import from_upload
from research.identity import Identity
from research.insight import Request
from research.repository import Repository
from research.taxonomy import Tag, dump_taxonomy

# What each stretch would do where it is taken for more than text: run, load something, be a link, be an element.
HOSTILE = (
    "<script>window.hacked=1</script> <img src=x onerror=window.hacked=2> [x](javascript:window.hacked=3) "
    '![x](http://evil.invalid/a.png) <a href="javascript:window.hacked=4">x</a> <svg/onload=window.hacked=5> '
    "<iframe src=//evil.invalid></iframe> <style>@import '//evil.invalid/a.css'</style> \"><b>b</b> '`${1+1}`{{1+1}} "
    '**"quoted"** :red[&amp;] :material/delete: $\\frac{1}{2}$ <!-- &lt;i&gt;'
)
HIDDEN = "\u202egnirts\u2066 \x1b[31mred\x1b]0;title\x07 \x9b2J"  # direction marks, and what a terminal obeys
FORMULAS = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")
LONG = "W" * 3_000
_NAMES = (
    "Ngozi Adeyemi",
    "Marta Quillfeather",
    "Ines Okonjo",
    "Tomas Brandvold",
    "Priya Raghunathan",
    "Owen Trelawney",
)
BRIEFLY = "<img src=x onerror=window.hacked=6> \\<script>window.hacked=7\\</script>"
_SAID = (
    "The import of our patient list stopped at row forty and did not say why.",
    "I tried to import the spreadsheet with our patients and every second row was refused.",
    "Importing the old patient list took three tries, the columns never matched.",
    "Our import of patients made duplicates of every row in the list.",
    "The patient import wants columns that our old system never had.",
    "After the import half of the patient list was missing and nobody told us.",
)
_NAME = HOSTILE.replace("/", "∕").replace("\\", "")
EVIL = f"{HOSTILE} {HIDDEN}"


@dataclass(frozen=True, slots=True)
class Poisoned:
    """What the addresses of its pages need."""

    note: str
    passage: str
    person: str
    insight: str
    theme: str


def addresses(at: Poisoned) -> dict[str, dict[str, str]]:
    """Every page, at the place where it shows the most."""
    return {
        "search": {"q": f"import {EVIL}", "tag": HOSTILE, "team": HOSTILE, "cite": at.passage},
        "check": {"text": f"# {EVIL}\n- import {EVIL} failed\n  - {EVIL}", "team": HOSTILE},
        "library": {"team": HOSTILE, "study": HOSTILE, "title": "script"},
        "voices": {"q": f"import {EVIL}"},
        "note": {"id": at.note, "passage": at.passage},
        "upload": {"job": EVIL},
        "tags": {"edit": HOSTILE},
        "brief": {"team": HOSTILE},
        "themes": {"team": HOSTILE},
        "theme": {"id": at.theme},
        "insights": {"team": HOSTILE},
        "insight": {"id": at.insight},
        "silos": {"team": HOSTILE},
        "people": {"segment": HOSTILE, "account": HOSTILE},
        "person": {"id": at.person},
        "rules": {"view": "rules"},
        "status": {"q": EVIL},
    }


def poison(repo: Repository, today: date) -> Poisoned:
    """Fill a repository with hostile text: notes, names, tags, claims, themes, rules, people, and what is kept."""
    quoted = EVIL.replace("'", "''").replace("\x1b", "").replace("\x9b", "").replace("\x07", "")
    sources = []
    for number, name in enumerate(_NAMES):
        head = f"---\ntitle: '{number} {quoted}'\ndate: {today}\nparticipant: '{name}'\nsegment: '{quoted}'\naccount: '{quoted}'\nrole: '{quoted}'\n---\n"
        said = f"The import of the patient list {HOSTILE} failed at row {number}, and {EVIL} is all it told us. {LONG}"
        body = f"Interviewer: What happened at the import {HOSTILE}?\n\n{name}: {said}\n"
        for found in from_upload(f"{number} {_NAME}.md", (head + body).encode(), ReadOptions()):
            assert isinstance(found, Source)
            sources.append(found)
    outcomes = list(ingest.ingest_sources(sources, repo, team=HOSTILE, study=HOSTILE))
    assert not [one.error for one in outcomes if one.error]
    rows = io.StringIO()  # a table's cells come in as they are, where Markdown's would lose their tags
    csv.writer(rows).writerows(
        [("text", "participant", "segment", "account"), (f"The import {EVIL} failed.", "Bo", HOSTILE, HOSTILE)]
    )
    others = Source("other.md", "other", f"P1: The import of the patient list {EVIL} failed for us too.".encode())
    table = Source(f"{HOSTILE}.csv", "table", rows.getvalue().encode())
    for one in ingest.ingest_sources([others, table], repo, team="Growth", study="Study"):
        assert not one.error
    for number, said in enumerate(_SAID):
        told = Source(
            f"theme {number}.md",
            f"theme {number}",
            f"---\naccount: A{number}\ndate: {today}\n---\nP{number}: {said} {BRIEFLY}\n".encode(),
        )
        assert not [one.error for one in ingest.ingest_sources([told], repo, team=HOSTILE, study=HOSTILE) if one.error]
    note = repo.note(outcomes[0].note_id or "")
    passage, person = note.passages[0].id, note.summary.participants[0].pseudonym
    repo.describe_study(HOSTILE, HOSTILE, owner=EVIL, method=EVIL, questions=EVIL)
    repo.set_taxonomy(dump_taxonomy([Tag(HOSTILE, EVIL, (HOSTILE,), (EVIL,), EVIL), Tag("pain", "hurts", ("failed",))]))
    repo.tag(passage, HOSTILE)
    repo.people.plan(person, date(2027, 6, 1), team=EVIL, purpose=EVIL)
    repo.people.plan(person, date(2027, 6, 2), reason=EVIL)
    repo.people.consent(person, given=date(2026, 1, 1), scope=EVIL)
    repo.people.identify(person, Identity(EVIL, "ana@example.com", EVIL, EVIL))
    repo.people.set_rules(f"accounts:\n  {_as_yaml(HOSTILE)}:\n    rest_days: 400\n")
    code = repo.insights.add(HOSTILE, team=HOSTILE, owner=EVIL, contrary=EVIL, request=Request(EVIL, EVIL, EVIL))
    repo.insights.link(code, passage, "for")
    repo.insights.decide(code, "supported", EVIL)
    repo.insights.outcome(code, EVIL, before=EVIL, target=EVIL, by=date(2027, 1, 1))
    repo.insights.happened(code, EVIL)
    repo.insights.kata(code, now=EVIL, obstacle=EVIL, experiment=EVIL, learned=EVIL)
    repo.kept.follow(HOSTILE, f"import {HOSTILE}")
    repo.kept.keep_questions([f"Does the import {HOSTILE} fail?"], team=HOSTILE)
    repo.reuse.join(HOSTILE)
    repo.set_nobodys_names([HOSTILE])
    found = repo.themes()
    theme = found[0].id if len(found) else ""
    if theme:
        repo.theming.rename(theme, f"**{BRIEFLY}** :red[x] ![x](http://evil.invalid/b.png)")
    return Poisoned(outcomes[0].note_id or "", passage, person, code, theme)


def _as_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
