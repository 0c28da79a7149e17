"""What those who look after the app see of it: whether it is well, its log, and its numbers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from heard import logs, metrics
from heard.ui import session
from research import events

if TYPE_CHECKING:
    from research.health import Health

_EACH = 2.0  # seconds that an answer holds, however often somebody asks


class _Answer:
    """The newest answer, made anew by one of those who ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[float, Health | None] = (float("-inf"), None)
        self._wrong = ""

    def now(self) -> Health | None:
        with self._lock:
            if time.monotonic() - self._held[0] > _EACH:
                health = _look()
                self._held = time.monotonic(), health
                self._tell("repository" if health is None else ", ".join(sorted(health.problems)))
            return self._held[1]

    def _tell(self, wrong: str) -> None:
        """Into the log, once, whenever it changes: whoever asks the app is not told what is wrong."""
        if wrong and wrong != self._wrong:
            events.say("not well", logging.ERROR, problems=wrong)
        elif self._wrong and not wrong:
            events.say("well again")
        self._wrong = wrong


_answer = _Answer()


async def healthz(_: Request) -> JSONResponse:
    """Whether people can work, for a load balancer: 200 or 503, and not a word more, since anybody may ask who reaches
    the app."""
    health = await run_in_threadpool(_answer.now)
    ok = health is not None and health.ok
    return JSONResponse({"ok": ok}, 200 if ok else 503, headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def begun(_: Any) -> AsyncIterator[None]:
    """The log and the numbers from the app's start to its end."""
    watching = session.settings().watching
    logs.write(watching.log)
    stop = metrics.serve(watching.metrics, _answer.now) if watching.metrics else None
    events.say("app started")
    threading.Thread(target=session.warm_up).start()
    yield
    events.say("app stopped")
    if stop is not None:
        stop()


def failed(error: Exception) -> None:
    """An error on a page that nobody was prepared for; people read that something went wrong."""
    events.failed(error)


def _look() -> Health | None:
    try:
        return session.opened().health()
    except Exception as error:  # whatever it is, nobody can work
        events.failed(error)
        return None
