"""What every command of `heard` stands on: the repository it works with, and errors that end as sentences."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.markup import escape

from heard import logs
from heard.printing import err
from research.config import Settings
from research.errors import BadInput, HeardError
from research.phrases import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from research.repository import Repository

F = TypeVar("F", bound=Callable[..., Any])


def options(*these: Callable[[F], F]) -> Callable[[F], F]:
    """A decorator that gives a command several options, in the order in which its help shows them."""

    def gives(command: F) -> F:
        for option in reversed(these):
            command = option(command)
        return command

    return gives


# What a search can be narrowed by.
narrowing = options(
    click.option("--team", multiple=True, help="Only what this team heard. This and the next five may be repeated."),
    click.option("--study", multiple=True, help="Only this study."),
    click.option("--note", multiple=True, help="Only this note, by title or id."),
    click.option("--participant", multiple=True, help="Only this person, such as P-0007."),
    click.option("--segment", multiple=True, help="Only people of this segment."),
    click.option("--tag", multiple=True, help="Only passages with this tag."),
    click.option("--since", metavar="YYYY-MM-DD", help="Only sessions from this day on."),
    click.option("--until", metavar="YYYY-MM-DD", help="Only sessions up to this day."),
)


class Day(click.DateTime):
    """A day, such as 2026-08-01, as a date."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(value, param, ctx).date()

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "YYYY-MM-DD"


DAY = Day()


class Sentences(click.Group):
    """Shows errors that people can do something about as their sentence, with exit status 1, and its commands by what
    they are for."""

    sections: Mapping[str, Sequence[str]] = {}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        wide = max(map(len, self.commands))
        for title, names in self.sections.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(name.ljust(wide), self.commands[name].get_short_help_str(formatter.width)) for name in names]
                )

    def invoke(self, ctx: click.Context) -> Any:
        with sentences():
            return super().invoke(ctx)


@contextmanager
def sentences() -> Iterator[None]:
    """Ends the command with the sentence of a HeardError."""
    try:
        yield
    except HeardError as error:
        err.print(f"[red]{escape(str(error))}[/red]")
        sys.exit(1)
    except BrokenPipeError:  # `heard search ... | head`
        sys.stderr.close()
        sys.exit(1)


def home_option(command: F) -> F:
    """--home after the command's name, where people write it as often as before."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path),
        help="Folder of the repository (default: HEARD_HOME, else your data directory).",
    )(command)


def settings(home: Path | None, otherwise: Path | None = None) -> Settings:
    """The repository of --home, after or before the command, else of HEARD_HOME, else of `otherwise`."""
    context: click.Context | None = click.get_current_context()
    while home is None and context is not None:
        home, context = context.params.get("home"), context.parent
    return Settings.from_env(os.environ, home or os.environ.get("HEARD_HOME") or otherwise)


@contextmanager
def repository(home: Path | None) -> Iterator[Repository]:
    """The repository that `settings` names, closed afterwards."""
    import research

    chosen = settings(home)
    if chosen.watching.log != "off":
        logs.write(chosen.watching.log)
    repo = research.open(settings=chosen)
    try:
        yield repo
    finally:
        repo.close()


def write(path: Path, content: bytes) -> None:
    """Write a document. Raises BadInput where that is not possible."""
    with writing(path):
        path.write_bytes(content)


def write_passages(path: Path, content: bytes, passages: int) -> None:
    """Write passages that are taken along, and say so where no program reads. Raises BadInput as `write` does."""
    write(path, content)
    err.print(f"{count(passages, 'passage')} written to {escape(str(path))}.")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Something that writes a file; where that is not possible, a sentence says so."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror}). Choose another place.") from error
