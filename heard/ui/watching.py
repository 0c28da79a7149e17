"""What those who look after the app see of it: whether it is well, its log, and its numbers."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from heard import logs, metrics, well
from heard.ui import session
from research import events

_answer = well.Answer(lambda: session.opened().health())

healthz = well.route(_answer)


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
