"""Documents to download from a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

_KINDS = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "qdpx": "application/octet-stream",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Document:
    """A button's label, the file's name with its ending, and what is in the file: itself, or, where making it takes
    time, what makes it when the button is pressed."""

    label: str
    file: str
    content: str | bytes | Callable[[], str | bytes]


def downloads(documents: Sequence[Document], key: str, then: Callable[[], None] | None = None) -> None:
    """Buttons in a row, one a document; ``then`` is called whenever one is pressed.

    A press on what is made late does not run the page again: Streamlit forgets the maker when a run ends, so that the
    document could go before the browser has fetched it. For the same reason a press while the page still runs fails
    there; what is quick to make is therefore given as it is.
    """
    with st.container(horizontal=True, key=key, gap="small"):
        for document in documents:
            made = document.content
            st.download_button(
                document.label, _late(made, then) if callable(made) else made, document.file,
                _KINDS[document.file.rpartition(".")[2]], key=f"{key}-{document.label}", icon=":material/download:",
                on_click="ignore" if callable(made) or then is None else then,
            )  # fmt: skip


def _late(make: Callable[[], str | bytes], then: Callable[[], None] | None) -> Callable[[], str | bytes]:
    def made() -> str | bytes:
        content = make()
        if then:
            then()
        return content

    return made
