"""Starting the app: Streamlit, on this machine only, on a port that is free."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

from research.config import Settings
from research.errors import BadInput

_HOST = "127.0.0.1"
_FIRST = 8501


def serve(settings: Settings, port: int, announce: Callable[[str], None]) -> None:
    """Run the app until it is stopped, on `port`, or for 0 on the first free one from 8501 on. Raises BadInput."""
    if port and not _free(port):
        raise BadInput(f"Port {port} is in use. Leave --port out to take the next free one.")
    chosen = port or next(number for number in range(_FIRST, 65535) if _free(number))
    spec = find_spec("streamlit_app")
    if spec is None or spec.origin is None:
        raise BadInput("The app's start file streamlit_app.py is not installed. Install Heard with `make install`.")
    env = {**os.environ, "HEARD_HOME": str(settings.home), "HEARD_MODEL": settings.model}
    command = [
        sys.executable, "-m", "streamlit", "run", spec.origin, "--server.port", str(chosen),
        "--server.address", _HOST, "--server.headless", "true", "--browser.gatherUsageStats", "false",
        "--logger.level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # its banner; errors are on stderr
    try:
        while process.poll() is None and _free(chosen):
            time.sleep(0.1)
        if process.poll() is None:
            announce(f"http://localhost:{chosen}")
        sys.exit(process.wait())
    except KeyboardInterrupt:
        process.terminate()
        process.wait()


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((_HOST, port)) != 0
