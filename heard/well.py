"""Whether people and programs can work just now, at `/healthz`: for load balancers, as every server of Heard has it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from research import events
from research.health import Health

_EACH = 2.0  # seconds that an answer holds, however often somebody asks


class Answer:
    """The newest answer of a look at a repository, made anew by one of those who ask. What `look` raises says that
    nobody can work."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._held: tuple[float, Health | None] = (float("-inf"), None)
        self._wrong = ""

    def now(self) -> Health | None:
        """How the repository is; None where that cannot even be asked."""
        with self._lock:
            if time.monotonic() - self._held[0] > _EACH:
                health = self._looked()
                self._held = time.monotonic(), health
                self._tell("repository" if health is None else ", ".join(sorted(health.problems)))
            return self._held[1]

    def _looked(self) -> Health | None:
        try:
            return self._look()
        except Exception as error:  # whatever it is, nobody can work
            events.failed(error)
            return None

    def _tell(self, wrong: str) -> None:
        """Into the log, once, whenever it changes: whoever asks the server is not told what is wrong."""
        if wrong and wrong != self._wrong:
            events.say("not well", logging.ERROR, problems=wrong)
        elif self._wrong and not wrong:
            events.say("well again")
        self._wrong = wrong


def route(answer: Answer) -> Route:
    """200 or 503, and not a word more, since anybody may ask who reaches the server."""

    async def healthz(_: Request) -> JSONResponse:
        health = await run_in_threadpool(answer.now)
        ok = health is not None and health.ok
        return JSONResponse({"ok": ok}, 200 if ok else 503, headers={"Cache-Control": "no-store"})

    return Route("/healthz", healthz)
