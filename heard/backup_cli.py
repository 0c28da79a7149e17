"""`heard backup | restore`: one file with all that cannot be made again, and a repository made of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from rich.markup import escape

from heard.command import home_option, repository, settings
from heard.printing import out
from heard.ui.words import count

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--with-key", is_flag=True, help="Put the key into it too: whoever has the file can open all names.")
@home_option
def backup(file: Path, with_key: bool, home: Path | None) -> None:
    """Write a backup of the repository to a new FILE.

    Nobody has to stop working meanwhile. It holds what customers said, and is readable for its owner only. Without
    the key nobody's name can be opened from it: keep the repository's file “key” somewhere else.

    \b
    heard backup heard-2026-11-01.zip
    """
    with repository(home) as repo:
        done = repo.backup(file, with_key=with_key)
    size = file.stat().st_size / 1_000_000
    out.print(f"{count(done.notes, 'note')}, {count(done.passages, 'passage')}: {escape(str(file))}, {size:.1f} MB.")
    if with_key:
        out.print("It holds the key: keep it like one.")
    elif not os.environ.get("HEARD_KEY"):
        out.print("The key is not in it. Keep the repository's file “key” somewhere else.")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Put it in the place of a repository that has notes.")
@home_option
def restore(file: Path, replace: bool, home: Path | None) -> None:
    """Make a repository of the backup in FILE.

    A new one, or with --replace in the place of one that has notes. Whoever was forgotten in the repository that it
    replaces is forgotten in what comes back, too. In a new one nobody knows of that: people who were forgotten
    after the backup are there again.

    \b
    heard restore heard-2026-11-01.zip --home restored/
    """
    from research.restore import restore as put_back

    done = put_back(file, settings(home), replace=replace)
    about = done.about
    out.print(f"{count(about.notes, 'note')}, {count(about.passages, 'passage')}, as of {about.at.replace('T', ' ')}.")
    if done.forgotten:
        out.print(f"{count(done.forgotten, 'person', 'people')} who had been forgotten meanwhile were forgotten again.")
    elif not replace:
        out.print(f"Whoever was forgotten after {about.at[:10]} is there again: forget them anew.")
    for sentence in done.words:
        out.print(f"[yellow]{escape(sentence)}[/yellow]")
    wrong = [finding for finding in done.findings if not finding.ok]
    for finding in wrong:
        out.print(f"[red]wrong[/red] {escape(finding.message)}")
    if wrong:
        sys.exit(1)
    out.print("`heard doctor` finds it whole.")
