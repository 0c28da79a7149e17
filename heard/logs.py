"""The log: a line for each event on standard error, as JSON or text, without what anybody said or is called.

What libraries log may quote what they were given, so of theirs only the level, the place and the type of an error are
written.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from datetime import datetime
from types import TracebackType
from typing import Any

from research import events
from research.config import Log

_TOLD_TWICE = "streamlit.error_util"  # errors of pages, which the app hands to `events.failed` too


class Line(logging.Formatter):
    """A record as one line: when, how grave, what happened, and the facts."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        event, facts = _told(record)
        level = record.levelname.lower()
        if self._as_json:
            return json.dumps({"at": at, "level": level, "event": event, **facts}, ensure_ascii=False)
        return " ".join((at, level, event, *(f"{name}={value}" for name, value in facts.items())))


def write(how: Log) -> None:
    """Begin to write events, and the errors of everything else, to standard error; "off" leaves errors.

    Every logger's records come here: Streamlit gives each of its own a handler that writes messages and tracebacks as
    they are, whenever a module of it is first imported.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(as_json=how == "json"))
    handler.addFilter(lambda record: record.name != _TOLD_TWICE)
    handler.addFilter(lambda record: record.levelno >= (_least(record) if how != "off" else logging.ERROR))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(events.LOGGER).setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.setLogRecordFactory(_adopting)
    sys.excepthook = _uncaught
    threading.excepthook = lambda caught: events.failed(caught.exc_value or RuntimeError())


def _least(record: logging.LogRecord) -> int:
    return logging.INFO if record.name == events.LOGGER else logging.WARNING


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, Exception):
        events.failed(error)
    else:
        sys.__excepthook__(kind, error, trace)


def _told(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    """What a record tells: an event of ours with its facts, or that a library logged something, and where."""
    if record.name == events.LOGGER:
        return record.getMessage(), getattr(record, "facts", {})
    facts: dict[str, Any] = {"logger": record.name, "place": f"{record.filename}:{record.lineno} {record.funcName}"}
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        facts |= {"type": type(error).__name__, "place": events.place(error) or facts["place"]}
    return "logged", facts


def _adopting(name: str, *arguments: Any, **named: Any) -> logging.LogRecord:
    """Makes a record, and takes its logger's own handlers away before they see it."""
    logger = logging.getLogger(name)
    while logger.parent is not None:
        logger.propagate = True
        logger.handlers.clear()
        logger = logger.parent
    return logging.LogRecord(name, *arguments, **named)
