"""Upload: drop files, look over what was recognised, put them in, and see at once who heard the same."""

from __future__ import annotations

from secrets import token_hex

import streamlit as st

from heard.ui import (
    coded,
    hits,
    intake,
    jobs,
    links,
    mapping,
    readers,
    replacing,
    rights,
    session,
    table,
    variables,
    words,
)
from heard.ui.frame import attempt, frame, heading, leave_word, title
from heard.ui.html import esc
from heard.ui.intake import Done, Recognised, Said
from ingest.models import Preview, Source, TableMapping
from ingest.sources import Failure
from research.phrases import listed
from research.repository import Repository

_LATELY = 5  # runs that are offered to be undone


def page() -> None:
    """Before, while or after: the files, the progress, or what came of it."""
    with frame("wide"):
        repo = session.repository()
        name = _name(repo, session.param("job"))
        job = jobs.find(name) if session.param("job") else None
        if job is not None:
            _during_or_after(name, job)
            return
        title("Upload", "Interviews, calls, notes, tickets, survey answers: drop them in the format you have.")
        if not rights.held(repo, "research"):
            return
        teams = rights.own_teams(repo)
        if not teams and repo.member.teams is not None:
            st.html(
                '<p class="hd-voices">You belong to no team yet, and notes are a team’s. Ask somebody who looks after '
                "Heard in your company.</p>"
            )
            return
        said = _where(repo, teams)
        with st.container(key="hd-drop"):
            uploaded = st.file_uploader(
                "Files", accept_multiple_files=True, key=f"hd_files_{_visit()}", label_visibility="collapsed",
                max_upload_size=repo.settings.upload_mb,
            )  # fmt: skip
        if not uploaded:
            st.html(
                '<p class="hd-small">Markdown, text, Word, PDF, web pages, WebVTT and SRT from Zoom, Teams or Meet, '
                "Otter, .csv and .xlsx, projects and codebooks of ATLAS.ti, MAXQDA and NVivo (.qdpx, .qdc), Taguette’s "
                "tables, or a zip of them. Nothing leaves this machine, and nothing is stored before "
                "you have looked it over.</p>"
            )
            _lately(repo)
            return
        if not said.team or not said.study:
            st.html('<p class="hd-voices">Say which team heard this, and in which study.</p>')
            return
        intake.check_size([file.size for file in uploaded], repo.settings)
        files = [(file.name, file.getvalue()) for file in uploaded]
        _look_over(repo, said, tuple(file.file_id for file in uploaded), files)


def _lately(repo: Repository) -> None:
    """What was put in last, and a way to take out again what turned out to be wrong."""
    runs = [one for one in repo.intakes(_LATELY) if all(repo.member.of(team) for team, _ in one.studies)]
    if not runs:
        return
    heading("Put in lately")
    for one in runs:
        left, right = st.columns((5, 1), vertical_alignment="center")
        left.html(f'<p class="hd-small">{esc(words.run(one))}</p>')
        with right.popover("Undo", icon=":material/undo:", key=f"hd-undo-{one.id}"):
            go = f"{words.count(one.notes, 'note')} {'goes' if one.notes == 1 else 'go'}, with passages and tags."
            st.html(f'<p class="hd-small">{esc(go)} Put the files in again to have them back.</p>')
            st.button("Take them out", key=f"hd-undone-{one.id}", type="primary", on_click=_undo, args=(repo, one.id))


def _undo(repo: Repository, run: str) -> None:
    attempt(lambda: leave_word(f"{words.count(repo.undo_intake(run), 'note')} taken out."))


def _visit() -> str:
    """What tells this upload from the next one."""
    return str(st.session_state.setdefault("hd_visit", token_hex(6)))


def _name(repo: Repository, visit: str) -> str:
    """An upload is for whoever began it: what came of it may be words that nobody else may read."""
    return f"upload {repo.member.who} {visit}"


def _where(repo: Repository, teams: list[str]) -> Said:
    studies = repo.studies()
    left, right = st.columns(2)
    anew = repo.member.teams is None
    team = left.selectbox(
        "Team", teams, index=None if anew or len(teams) > 1 else 0, accept_new_options=anew, key="hd_team",
        placeholder="Choose, or type a new one" if anew else "Choose one of your teams",
    )  # fmt: skip
    of_team = [study.title for study in studies if study.team == team]
    study = right.selectbox(
        "Study", of_team, index=None, accept_new_options=True, key="hd_study", placeholder="Choose, or type a new one"
    )
    if closed := next((one for one in studies if (one.team, one.title, one.closed) == (team, study, True)), None):
        st.html(f'<p class="hd-notice">{readers.mark(closed)} So it will be with what you put in.</p>')
    return Said(" ".join((team or "").split()), " ".join((study or "").split()))


def _look_over(repo: Repository, said: Said, ids: tuple[str, ...], files: list[tuple[str, bytes]]) -> None:
    mappings: dict[str, TableMapping] = st.session_state.setdefault(f"hd_mappings_{_visit()}", {})
    found = _recognised(repo, said, ids, files, mappings)
    read = [one for one in found if isinstance(one, Recognised) and not one.failed]
    _who_asks(read)
    rows = table.edit(read, key=f"hd_table_{abs(hash((ids, said, tuple(one.source.name for one in read))))}")
    many = [one for one in read if one.many]
    table.lines(many)
    variables.ask(repo, read, mappings)
    coded.told([preview for one in read for preview in one.previews])
    mapping.ask(repo, found, mappings)
    _cannot(found)
    wanted = {row.name: row for row in rows if row.take}
    sources = [one.source for one in read if one.source.name in wanted or one in many]
    notes = len(wanted) + sum(len(one.previews) for one in many if not one.codebook)
    books = sum(one.codebook for one in many)
    if not read:
        return
    overrides = {name: row.metadata for name, row in wanted.items() if row.metadata}
    noted = [source for source in sources if source.name not in {one.source.name for one in many if one.codebook}]
    decisions = replacing.ask(repo, noted, said.team, said.study, overrides, mappings, f"hd-replacing-{_visit()}")
    parts = [words.count(number, what) for number, what in ((notes, "note"), (books, "codebook")) if number]
    label = f"Put {listed(parts)} in" if parts else "Nothing to put in"
    if st.button(label, type="primary", disabled=not parts, key="hd_put_in"):
        beside = {name for name, row in wanted.items() if row.beside}
        renamed = {s.name: intake.beside(s, repo, said) if s.name in beside else s for s in sources}
        overrides = {renamed[name].name: row.metadata for name, row in wanted.items() if row.metadata}
        decided = {(renamed[name].name, row): made for (name, row), made in decisions.items()}
        chosen = {renamed[name].name: columns for name, columns in mappings.items() if name in renamed}
        jobs.start(
            _name(repo, _visit()),
            lambda tell: intake.put_in(list(renamed.values()), repo, said, overrides, chosen, decided, tell),
        )
        st.query_params["job"] = _visit()
        st.rerun()


def _recognised(
    repo: Repository,
    said: Said,
    ids: tuple[str, ...],
    files: list[tuple[str, bytes]],
    mappings: dict[str, TableMapping],
) -> list[Recognised | Failure]:
    """What is in the files; each is read once, and again when somebody says what its columns or variables mean."""
    if st.session_state.get("hd_recognised_for") != (ids, said):
        st.session_state["hd_recognised"] = intake.opened(files, repo.settings), {}
        st.session_state["hd_recognised_for"] = ids, said
    sources: list[Source | Failure]
    known: dict[int, tuple[str, Recognised | Failure]]  # by place, with what was said of columns and variables
    sources, known = st.session_state["hd_recognised"]
    asked = [repr(mappings.get(one.name)) for one in sources]
    waiting = [n for n, own in enumerate(asked) if known.get(n, ("",))[0] != own]
    if waiting:
        bar = st.progress(0.0, text="Reading …")
        read = intake.recognise([sources[n] for n in waiting], repo, said, mappings)
        for done, (n, found) in enumerate(zip(waiting, read, strict=True), start=1):
            known[n] = asked[n], found
            bar.progress(done / len(waiting), text=f"Reading: {done:,} of {words.count(len(waiting), 'file')}")
        bar.empty()
    return [known[n][1] for n in range(len(sources))]


def _who_asks(read: list[Recognised]) -> None:
    """Where two speak and nobody is known to ask, the questions would count as a customer's words: say so."""
    unclear = [one for one in read if len(one.previews) == 1 and _nobody_asks(one.previews[0])]
    if unclear:
        st.html(
            f'<p class="hd-notice">In {esc(words.count(len(unclear), "file"))} several people speak and nothing says '
            "who asks. Choose them under “Who asks”, or all that they say counts as a customer’s words.</p>"
        )


def _nobody_asks(preview: Preview) -> bool:
    return len(preview.speakers) > 1 and all(role == "participant" for _, role, _ in preview.speakers)


def _cannot(found: list[Recognised | Failure]) -> None:
    sentences = [
        one.error if isinstance(one, Failure) else one.previews[0].error or ""
        for one in found
        if isinstance(one, Failure) or (one.failed and not one.columns)
    ]
    left_out: dict[bool, list[str]] = {False: [], True: []}  # of texts, of projects
    for one in found:
        for preview in one.previews if isinstance(one, Recognised) else ():
            of_project = preview.format in ("qdpx", "codebook")
            left_out[of_project] += [f"{preview.path}: {what}" for what in preview.left_out]
    for lead, lines in (
        (f"{words.count(len(sentences), 'file')} cannot be read", sentences),
        ("Left out, because no customer said it", left_out[False]),
        ("Left out of projects", left_out[True]),
    ):
        if lines:
            items = "".join(f"<li>{esc(line)}</li>" for line in lines)
            st.html(f'<h3 class="hd-guide">{esc(lead)}</h3><ul class="hd-failed hd-small">{items}</ul>')


def _during_or_after(name: str, job: jobs.Job) -> None:
    title("Upload")
    jobs.show(name, "Putting in")
    if not job.finished:
        return
    if isinstance(job.result, Done):
        _came_of_it(job.result)
    if st.button("Put in more", icon=":material/add:"):
        jobs.forget(name)
        for key in ("hd_visit", "hd_recognised", "hd_recognised_for"):
            st.session_state.pop(key, None)
        st.query_params.clear()
        st.rerun()
    _lately(session.repository())


def _came_of_it(done: Done) -> None:
    parts = [
        (done.of("added"), "new"),
        (done.of("updated"), "replaced"),
        (done.of("unchanged"), "in already, unchanged"),
    ]
    kinds = [f"{len(notes)} {label}" for some, label in parts if (notes := [one for one in some if one.note_id])]
    counted = ", ".join(kinds) if len(kinds) > 1 or done.of("updated", "unchanged") else ""
    inside = [one for one in done.of("added", "updated") if one.note_id]
    new_tags = any(one.new_tags for one in done.outcomes)
    said = (
        f"{words.count(len(inside), 'note')} {'is' if len(inside) == 1 else 'are'} in"
        if inside
        else "The new tags are in"
        if new_tags
        else "Nothing changed"
    )
    st.html(f'<p class="hd-voices" role="status">{esc(said)}{": " + esc(counted) if counted else ""}.</p>')
    st.html(
        '<div class="hd-library">'
        + "".join(
            f'<div class="hd-row"><div>{links.link(links.note(one.note_id), one.title, style="hd-study")}</div>'
            f'<div class="hd-when"><span>{esc(words.count(one.passages, "passage"))}</span></div></div>'
            for one in inside[:30]
            if one.note_id
        )
        + (f'<p class="hd-small">and {len(inside) - 30:,} more, in the library.</p>' if len(inside) > 30 else "")
        + "</div>"
    )
    coded.told(done.outcomes)
    if failed := done.of("failed"):
        items = "".join(f"<li>{esc(one.error)}</li>" for one in failed)
        st.html(
            f'<h3 class="hd-guide">{esc(words.count(len(failed), "file"))} could not be put in</h3>'
            f'<ul class="hd-failed hd-small">{items}</ul>'
        )
    if inside:
        _echoes(done)


def _echoes(done: Done) -> None:
    heading("Others heard this too")
    if not done.echoes:
        st.html('<p class="hd-small">No other team has heard anything close to it so far.</p>')
        return
    pairs = "".join(
        f'<div class="hd-pair"><div><p class="hd-small">Just put in</p>{hits.quote(mine)}</div>'
        f'<div><p class="hd-small">{esc(theirs.team)} heard</p>{hits.quote(theirs)}</div></div>'
        for mine, theirs in done.echoes
    )
    st.html(pairs)


page()
