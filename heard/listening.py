"""A server for programs: uvicorn, without a log of who asked what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import uvicorn

from heard import logs
from heard.serve import free
from research.config import Log
from research.errors import BadInput


def log(how: Log) -> None:
    """Begin to write the log, before any library sets up its own, which would write messages and tracebacks."""
    logs.write(how)


def listen(app: Any, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Answer requests until stopped. Raises BadInput for a port that is taken."""
    if not free(port):
        raise BadInput(f"Port {port} is in use. Name another with --port.")
    announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")
    # The log of requests would hold what people look for. Whose address a request came from decides nothing here.
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False, proxy_headers=False)
