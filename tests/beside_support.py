"""What tests of the API and of assistants share: a repository with a closed study, and a server that answers."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from repository_support import NOTES, WordEmbedder

import ingest
import research
from research import Settings
from research.repository import Repository

NOW = datetime(2026, 11, 22, 9, 30)
URL = "https://heard.example.com/app/"
SECRET = "zeppelin"  # stands in everything of the closed study, and nowhere else
CLOSED = f"""---
title: {SECRET} call
date: 2026-11-12
participant: Dana Whitlock
segment: {SECRET} manager
account: {SECRET.title()} Ltd
---
Interviewer: What about the {SECRET} report?

Dana: I export the monthly {SECRET} report to a spreadsheet and fix the numbers there by hand, every single month.
"""


def filled(folder: Path, *, closed: bool = True) -> Repository:
    """A repository with five notes of three teams, and one of a study that is kept to the team Legal; two members. All
    in one folder have one key, so that one thing has one id in all."""
    home = Settings(
        folder / ("home" if closed else "without"), user="somebody", url=URL,
        key=base64.urlsafe_b64encode(bytes(32)).decode(),
    )  # fmt: skip
    repo = research.open(settings=home, embedder=WordEmbedder(), now=lambda: NOW)
    put_in(repo, folder, closed=closed)
    repo.members.put("pat@example.com", role="viewer", teams=["Growth"])
    repo.members.put("lea@example.com", role="lead", teams=["Legal"])
    return repo


def put_in(repo: Repository, folder: Path, *, closed: bool = True) -> None:
    """The notes."""
    studies = {**NOTES, ("Legal", f"{SECRET} merger"): {"dana.md": CLOSED}} if closed else NOTES
    for (team, study), files in studies.items():
        place = folder / "files" / team / study
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (place / name).write_text(text, encoding="utf-8")
        done = ingest.ingest_paths([place], repo, team=team, study=study)
        assert [one.error for one in done if one.error] == []
    if closed:
        repo.keep_to_team("Legal", f"{SECRET} merger")


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """An application that answers over HTTP; its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none", lifespan="on")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server ended"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
