"""Opening a page of the app as an address bar would, clicking in it, and reading what it shows."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Visit = Callable[..., AppTest]

# A text that tries to be more than text, for whoever shows it.
HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3)) **"quoted"** :red[&amp;]'


def shown(at: AppTest) -> str:
    """All that a page shows, as HTML."""
    assert not at.exception, at.exception
    parts = [element.proto.body for element in at.get("html") if "<style>" not in element.proto.body]
    parts += [element.value for kind in ("warning", "info", "success", "caption") for element in at.get(kind)]
    return "\n".join(parts)


def click(at: AppTest, label: str) -> AppTest:
    """The page after a click on its first button of that label."""
    return next(one for one in at.button if one.label == label).click().run()
