"""`heard search | voices | check`: what customers said, who stands behind it, and whether it was heard."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from heard.command import home_option, narrowing, repository, write, write_passages
from heard.printing import echo, err, out, print_check, print_hits, print_voices
from heard.silos_cli import team_meant
from heard.ui.words import count, listed
from research.errors import BadInput

if TYPE_CHECKING:
    from ingest.guide import Guide


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many passages to show.")
@narrowing
@click.option("--per-person", default=2, show_default=True, type=click.IntRange(0),
              help="The most passages of one person; 0 for no limit.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say of each passage why it was found.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write all relevant passages there too, up to 200, or up to a larger --limit: "
                   "as .md, .csv, .xlsx or .docx.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each passage, with why it was found.")
@home_option
def search(
    query: tuple[str, ...],
    limit: int,
    per_person: int,
    explain: bool,
    to: Path | None,
    as_json: bool,
    home: Path | None,
    **narrow: Any,
) -> None:
    """Find what customers said, by meaning and by word.

    QUERY is a question in your words; an exact phrase stands in double quotes, and team:, study:, tag:, segment:,
    account:, participant:, note:, after: and before: narrow it. More: docs/search.md.

    \b
    heard search why do people give up during setup
    heard search '"every single month" team:growth after:2026-08-01'
    heard search exports --segment owner --to exports.xlsx
    """
    from heard.passages_document import MOST, kind_of

    question = " ".join(query)
    kind = kind_of(to) if to else None
    with repository(home) as repo:
        hits = repo.search(question, limit=limit, per_person=per_person or None, **narrow)
        if to and kind:
            from heard import taking

            most = max(limit, MOST)
            write_passages(to, *taking.search(repo, question, kind, only=_only(narrow), most=most, **narrow))
    if as_json:
        from heard import told

        for hit in hits:
            cited = told.passage(hit, repo.settings.url)
            values = dataclasses.asdict(hit) | {"cite": cited.cite, "url": cited.url}
            echo(json.dumps(values, default=str, ensure_ascii=False))
        return
    if hits.notice:
        err.print(f"[yellow]{escape(hits.notice)}[/yellow]")
    print_hits(hits, explain=explain)


@click.command()
@click.argument("query", nargs=-1)
@narrowing
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def voices(query: tuple[str, ...], as_json: bool, home: Path | None, **narrow: Any) -> None:
    """Say whose voices the answers to a QUERY rest on.

    How many people really, how much of it few of them said, and who is missing. Without a QUERY: of all that the
    options leave.

    \b
    heard voices reminders --team Growth
    """
    with repository(home) as repo:
        found, reached = repo.voices(" ".join(query), **narrow)
    if as_json:
        echo(json.dumps(dataclasses.asdict(found) | dataclasses.asdict(reached), default=str, ensure_ascii=False))
    else:
        print_voices(found, reached)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--line", "typed", multiple=True, help="A line to check, instead of a FILE; may be repeated.")
@narrowing
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as Markdown, too.")
@click.option("--docx", type=click.Path(path_type=Path, dir_okay=False), help="Write it there as a Word file, too.")
@click.option("--keep", is_flag=True, help="Keep the open questions, for the team that you read for.")
@click.option("--for", "keep_for", default="", metavar="TEAM", help="Keep the open questions for this team.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@home_option
def check(
    file: Path | None,
    typed: tuple[str, ...],
    markdown: Path | None,
    docx: Path | None,
    keep: bool,
    keep_for: str,
    as_json: bool,
    home: Path | None,
    **narrow: Any,
) -> None:
    """Have we heard this? Check a guide, requests or hypotheses.

    FILE has a line for each (text, Markdown, Word, PDF, a spreadsheet), - is standard input. Each is answered,
    partly answered or open; then: whom to ask, what to drop.

    \b
    heard check guide.md --docx checked.docx
    heard check --line "Why do people give up on the import?"
    heard check guide.md --keep --for Growth
    """
    from heard import check_document

    guide = _guide(file, typed)
    with repository(home) as repo:
        keeps = team_meant(repo, keep_for) if keep or keep_for else ""
        found = repo.check(guide.lines, **narrow)
        asking = repo.people.for_check(found)
        today = repo.now().date()
        unheard = [one.line for one in found if one.verdict == "open"]
        if keeps and unheard:
            repo.kept.keep_questions(unheard, team=keeps)
        if markdown is not None:
            write(markdown, check_document.markdown(guide, found, asking, today).encode())
        if docx is not None:
            write(docx, check_document.docx(guide, found, asking, today))
        if markdown is not None or docx is not None:
            repo.reuse.note("quoted", check_document.quoted(found))
    if as_json:
        told = dataclasses.asdict(found) | {
            name: [one.line for one in lines] for name, lines in (("to_ask", found.to_ask), ("to_drop", found.to_drop))
        }
        told |= {"whom": [one.pseudonym for one in asking.whom], "leave": [one.pseudonym for one in asking.leave]}
        echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    if found.notice:
        err.print(f"[yellow]{escape(found.notice)}[/yellow]")
    print_check(guide, found, asking, today)
    if keeps:
        out.print(f"{count(len(unheard), 'open question')} kept. `heard questions` says when they are answered.")


FINDING = (search, voices, check)


def _only(narrow: dict[str, Any]) -> list[str]:
    """What narrows a search, in words."""
    said = {name: listed(value, "or") if isinstance(value, tuple) else value for name, value in narrow.items()}
    return [f"{name} {value}" for name, value in said.items() if value]


def _guide(file: Path | None, typed: tuple[str, ...]) -> Guide:
    """What is to be checked: a file, what is piped in, and lines that were typed."""
    from ingest.guide import joined, parse_guide, read_guide
    from ingest.models import Source

    guides: list[Guide] = []
    if file is not None and str(file) == "-":
        guides.append(read_guide(Source("standard input.txt", "-", sys.stdin.buffer.read())))
    elif file is not None:
        try:
            guides.append(read_guide(Source(file.name, str(file), file.read_bytes())))
        except OSError as error:
            raise BadInput(f"{file} cannot be read ({error.strerror}). Check its name and rights.") from error
    if typed:
        guides.append(parse_guide("\n".join(f"- {line}" for line in typed)))
    if not guides:
        raise BadInput(
            "Nothing to check. Name a file with a question on each line, or - for standard input, or give --line."
        )
    return joined(guides)
