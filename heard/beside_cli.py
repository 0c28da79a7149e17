"""`heard mcp` and `heard api`: Heard beside the tools that people work with, to read from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heard.command import home_option, options, repository
from heard.printing import err, out

if TYPE_CHECKING:
    from research.repository import Repository

_listening = options(
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at."),
    click.option("--port", default=8511, show_default=True, type=click.IntRange(1, 65535), help="Port."),
    click.option("--name", "names", multiple=True, metavar="HOST", help="What a proxy in front of it is "
                 "called, such as heard.example.com; may be repeated. Assistants may ask it under no other name."),
)  # fmt: skip


@click.command()
@click.option("--http", "over_http", is_flag=True, help="Listen for requests with tokens, instead of standard input.")
@_listening
@home_option
def mcp(over_http: bool, host: str, port: int, names: tuple[str, ...], home: Path | None) -> None:
    """Let an assistant read, by the Model Context Protocol.

    It may search, get_note, check, and ask for themes and the brief. An assistant on this machine starts this
    command by itself, and reads everything, as the command does. With --http it stays and answers whoever shows a
    token (docs/beside.md).
    """
    from heard import assistant, listening

    with _begun(home) as repo:
        if not over_http:
            assistant.server(lambda: repo).run("stdio")
            return
        _tokens(repo)
        listening.listen(
            assistant.over_http(repo, host, names), host, port, lambda at: out.print(f"Assistants ask at {at}/mcp")
        )


@click.command()
@_listening
@home_option
def api(host: str, port: int, names: tuple[str, ...], home: Path | None) -> None:
    """Let programs read over HTTP, by tokens.

    What they may ask is described at /docs of its address; assistants ask at /mcp. Who shows a token (`heard
    token`) reads what its member may read. More: docs/beside.md.

    \b
    heard api
    heard api --host 0.0.0.0 --name heard.example.com
    """
    from heard import api as programs
    from heard import assistant, listening

    with _begun(home) as repo:
        _tokens(repo)
        app = programs.app(repo, assistant.over_http(repo, host, names))
        listening.listen(app, host, port, lambda at: out.print(f"The API is described at {at}/docs"))


BESIDE = (mcp, api)


@contextmanager
def _begun(home: Path | None) -> Iterator[Repository]:
    """The repository, with the log written, and the model loaded meanwhile. That is waited for at the end: a thread
    that Python leaves behind in C++ ends the process with SIGABRT."""
    from heard import listening

    with repository(home) as repo:
        listening.log(repo.settings.watching.log)
        loading = threading.Thread(target=repo.warm_up)
        loading.start()
        try:
            yield repo
        finally:
            loading.join()


def _tokens(repo: Repository) -> None:
    """Say so where nobody could ask anything yet."""
    if not repo.tokens.all():
        err.print("[yellow]Nobody has a token yet: `heard token add` makes one.[/yellow]")
