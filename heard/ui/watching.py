"""What those who look after the app see of it: whether it is well, its log, and its numbers."""

from __future__ import annotations

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
from research.errors import HeardError

if TYPE_CHECKING:
    from research.health import Health

_EACH = 2.0  # seconds that an answer holds, however often somebody asks


class _Answer:
    """The newest answer, made anew by one of those who ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[float, Health | None] = (float("-inf"), None)

    def now(self) -> Health | None:
        with self._lock:
            if time.monotonic() - self._held[0] > _EACH:
                self._held = time.monotonic(), _look()
            return self._held[1]


_answer = _Answer()


async def healthz(_: Request) -> JSONResponse:
    """Whether people can work, for a load balancer: 200 or 503, and what is wrong by its name alone, since anybody may
    ask who reaches the app."""
    health = await run_in_threadpool(_answer.now)
    wrong = ["repository"] if health is None else sorted(health.problems)
    return JSONResponse(
        {"ok": not wrong, "problems": wrong}, 503 if wrong else 200, headers={"Cache-Control": "no-store"}
    )


@asynccontextmanager
async def begun(_: Any) -> AsyncIterator[None]:
    """The log and the numbers from the app's start to its end."""
    watching = session.settings().watching
    logs.write(watching.log)
    stop = metrics.serve(watching.metrics, _answer.now) if watching.metrics else None
    events.say("app started")
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
    except HeardError as error:
        events.failed(error)
        return None
