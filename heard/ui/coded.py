"""What other tools knew of the notes that come in, and what became of it: selections, tags, and what found no place."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from heard.ui import words
from heard.ui.html import esc
from ingest.models import Outcome, Preview

_SHOWN = 40  # selections without a place; the command prints all


def told(notes: Sequence[Outcome | Preview]) -> None:
    """How many selections are passages now, each of the others with its words, what came besides notes, and the tags
    that are new."""
    coded = [one for one in notes if one.selections or one.unplaced or one.new_tags]
    placed, unplaced = sum(one.selections for one in coded), [lost for one in coded for lost in one.unplaced]
    if whole := placed + len(unplaced):
        become = "becomes a passage with its tags" if placed == 1 else "become passages with their tags"
        said = f"Of {words.count(whole, 'selection')} that somebody made elsewhere {placed:,} {become}."
        st.html(f'<p class="hd-voices">{esc(said)}</p>')
    if brought := [phrase for one in notes for phrase in one.brought]:
        st.html(f'<p class="hd-small">{esc("Besides notes: " + ", ".join(brought))}.</p>')
    if new := list(dict.fromkeys(tag for one in coded for tag in one.new_tags)):
        st.html(f'<p class="hd-small">{esc(words.count(len(new), "new tag"))}: {esc(", ".join(new))}</p>')
    if unplaced:
        _list(
            f"{words.count(len(unplaced), 'selection')} found no place",
            [f"“{lost.text}” ({', '.join(lost.tags)}): {lost.why}" for lost in unplaced[:_SHOWN]],
            len(unplaced) - _SHOWN,
        )


def _list(lead: str, lines: Sequence[str], more: int) -> None:
    items = "".join(f"<li>{esc(line)}</li>" for line in lines)
    rest = f'<p class="hd-small">and {more:,} more; heard ingest --dry-run lists all.</p>' if more > 0 else ""
    st.html(f'<h3 class="hd-guide">{esc(lead)}</h3><ul class="hd-failed hd-small">{items}</ul>{rest}')
