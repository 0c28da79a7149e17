"""Starting the app: Streamlit, on this machine only unless it is told otherwise, on a port that is free."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from research.config import Settings
from research.errors import BadInput, Refused

LOOPBACK = "127.0.0.1"
_FIRST = 8501
# glibc otherwise takes ever larger blocks out of what its threads share, once one was freed, and never gives them back:
# under twenty users memory grows by the hour (docs/many-at-once.md). Other C libraries read neither.
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_ARENA_MAX": "2"}


def serve(settings: Settings, port: int, announce: Callable[[str], None], host: str = LOOPBACK) -> None:
    """Run the app until it is stopped, on `port`, or for 0 on the first free one from 8501 on. Raises BadInput, and
    Refused where others could reach it at `host` and nobody would have to sign in."""
    spec = find_spec("heard_server")
    if spec is None or spec.origin is None:
        raise BadInput("The app's start file heard_server.py is not installed. Install Heard with `make install`.")
    alone = host in (LOOPBACK, "localhost", "::1")
    if not (alone or settings.without_sign_in or _sign_in_is_set_up(Path(spec.origin).parent)):
        raise Refused(
            f"At {host} others can reach the app, and nobody would have to sign in. Set up sign-in (docs/access.md), "
            "or set HEARD_WITHOUT_SIGN_IN=yes where everybody who can reach it may do everything."
        )
    if port and not free(port):
        raise BadInput(f"Port {port} is in use. Leave --port out to take the next free one.")
    chosen = port or next(number for number in range(_FIRST, 65535) if free(number))
    env = {**_MEMORY, **os.environ, "HEARD_HOME": str(settings.home), "HEARD_MODEL": settings.model}
    command = [
        sys.executable, "-m", "streamlit", "run", spec.origin, "--server.port", str(chosen),
        "--server.address", host, "--server.headless", "true", "--browser.gatherUsageStats", "false",
        "--logger.level", "warning", "--logger.hideWelcomeMessage", "true",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # errors are on stderr
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever looks after services sends this, not Ctrl-C
    try:
        while process.poll() is None and free(chosen):
            time.sleep(0.1)
        if process.poll() is None:
            announce(f"http://{'localhost' if host == LOOPBACK else host}:{chosen}")
        sys.exit(process.wait())
    except KeyboardInterrupt:
        pass
    finally:
        process.terminate()
        process.wait()


def _sign_in_is_set_up(beside: Path) -> bool:
    """Whether Streamlit will find an identity provider: `[auth]` in its secrets, in the places where it looks."""
    for folder in (Path.home(), Path.cwd(), beside):
        file = folder / ".streamlit" / "secrets.toml"
        try:
            if "auth" in tomllib.loads(file.read_text(encoding="utf-8")):
                return True
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise BadInput(f"{file} cannot be read as TOML ({error}). Compare it with docs/access.md.") from error
    return False


def free(port: int) -> bool:
    """Whether nobody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) != 0
