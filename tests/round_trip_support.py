"""What tests of handing out and taking in again compare: all that a reader sees of a repository."""

from __future__ import annotations

from research.repository import Repository


def state(repo: Repository) -> list[tuple[object, ...]]:
    """All that a reader sees of notes, by title: what people called it, what was said, by whom, when, tagged how."""
    found: list[tuple[object, ...]] = []
    for one in sorted(repo.notes(), key=lambda one: (one.team, one.study, one.title, one.words)):
        note = repo.note(one.id)
        passages = [
            (p.start, p.end, p.text, p.context, p.participant, p.start_s, p.end_s, [(t.tag, t.source) for t in p.tags])
            for p in note.passages
        ]
        marks = [(mark.start, mark.end, mark.kind) for mark in note.redactions]
        found.append(
            (one.team, one.study, one.title, one.date, one.participants, note.text, note.turns, passages, marks)
        )
    return found


def studies(repo: Repository) -> list[tuple[object, ...]]:
    """What is known of each study."""
    return [
        (s.team, s.title, s.owner, s.method, s.questions, s.notes, s.passages, s.asked, s.keep_days, s.closed, s.opens)
        for s in repo.studies()
    ]


def taken_off(repo: Repository) -> set[tuple[str, str]]:
    """The words of passages with the tags that people took off them."""
    with repo.engine.connect() as connection:
        query = "SELECT p.text, t.tag FROM passage_tag t JOIN passage p ON p.row = t.passage_row WHERE t.removed"
        return {(text, tag) for text, tag in connection.exec_driver_sql(query)}


def passages(repo: Repository) -> list[str]:
    """The ids of all passages."""
    return [passage.id for note in repo.notes() for passage in repo.note(note.id).passages]
