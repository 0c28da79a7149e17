"""Passages taken along from a repository, by the command and from the pages: gathered, written, and noted as quoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from heard import passages_document
from heard.passages_document import MOST, Kind
from research.filters import Narrowing
from research.repository import Repository


def search(
    repo: Repository, question: str, kind: Kind, *, only: Sequence[str] = (), most: int = MOST,
    **narrow: Unpack[Narrowing],
) -> tuple[bytes, int]:  # fmt: skip
    """All relevant passages, at most so many, as a file of a kind, and how many are in it. Raises BadInput.

    `only` says in words what narrows them.
    """
    hits = repo.search(question, limit=most, per_person=None, **narrow)
    folded = repo.passages([id_ for hit in hits for id_ in hit.alike])
    today, url = repo.now().date(), repo.settings.url
    taken = passages_document.found(question, hits, folded, today, only=only, most=most, url=url)
    return _written(repo, taken, kind)


def insight(repo: Repository, code: str, kind: Kind) -> tuple[bytes, int]:
    """What speaks for and against a claim as a file of a kind, and how many passages are in it. Raises NotFound,
    BadInput."""
    taken = passages_document.evidence(repo.insights.one(code), repo.now().date(), repo.settings.url)
    return _written(repo, taken, kind)


def _written(repo: Repository, taken: passages_document.Passages, kind: Kind) -> tuple[bytes, int]:
    file = passages_document.written(taken, kind)
    repo.reuse.note("quoted", taken.notes)
    return file, len(taken.quotes)
