"""Opening a page of the app as an address bar would, and reading what it shows."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Visit = Callable[..., AppTest]


def shown(at: AppTest) -> str:
    """All that a page shows, as HTML."""
    assert not at.exception, at.exception
    parts = [element.proto.body for element in at.get("html") if "<style>" not in element.proto.body]
    parts += [element.value for kind in ("warning", "info", "success", "caption") for element in at.get(kind)]
    return "\n".join(parts)
