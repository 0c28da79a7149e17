"""Tags: what each means, who was heard under it, and how it is recognised; changed here, one by one or as YAML."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import streamlit as st

import ingest
from heard.ui import jobs, links, rights, session, words
from heard.ui.frame import frame, heading, leave_word, title
from heard.ui.html import esc
from research.repository import Repository
from research.taxonomy import Tag, dump_taxonomy, parse_taxonomy

_RETAG = "retag"


def page() -> None:
    """The list, or the one tag (or the YAML) that the address names."""
    with frame("narrow"):
        repo = session.repository()
        wanted = session.param("edit")
        change = wanted or session.param("view")
        if change and not rights.may(repo, "govern"):
            _back(wanted or "Tags")
            rights.held(repo, "govern")
        elif change == "yaml" and not wanted:
            _yaml(repo)
        elif change:
            _one(repo, wanted)
        else:
            _list(repo)


def _list(repo: Repository) -> None:
    title("Tags", "Every passage is tagged on its way in. What a person tags or untags by hand always stays.")
    new = links.link(links.address("tags", {"view": "new"}), "New tag", style="hd-pill")
    yaml = links.link(links.address("tags", {"view": "yaml"}), "Edit all as YAML", style="hd-act")
    may = rights.may(repo, "govern")
    if may:
        st.html(f'<nav class="hd-pills">{new}{yaml}</nav>')
    counts = repo.tag_counts()
    tags = repo.taxonomy.tags
    rows = []
    for group, of_group in groupby(tags, key=lambda tag: tag.group):
        rows.append(f'<h2 class="hd-heading">{esc(group)}</h2>' if group else "")
        rows += [_row(tag, counts.get(tag.name, (0, 0)), may) for tag in of_group]
    if others := sorted(set(counts) - {tag.name for tag in tags}):
        rows.append('<h2 class="hd-heading">Not in the taxonomy</h2>')
        rows += [
            _row(Tag(name, "Came with a file, or was set before the taxonomy changed."), counts[name], may)
            for name in others
        ]
    st.html("".join(rows))
    if may:
        heading("Re-tag everything", "After a change above: gives every passage its tags anew. Tags set by hand stay.")
        _retag(repo)


def _row(tag: Tag, counted: tuple[int, int], may: bool) -> str:
    passages, people = counted
    search = links.link(links.search({"tag": [tag.name]}), tag.name, style="hd-study")
    heard = (
        f"{words.count(people, 'person', 'people')}, {words.count(passages, 'passage')}"
        if passages
        else "not heard yet"
    )
    edit = links.link(links.address("tags", {"edit": tag.name}), "edit", style="hd-act", title=f"Edit “{tag.name}”")
    return (
        f'<div class="hd-row"><div>{search}<p class="hd-small">{esc(tag.description)}</p></div>'
        f'<div class="hd-when"><span>{esc(heard)}</span> {edit if may else ""}</div></div>'
    )


def _retag(repo: Repository) -> None:
    def work(tell: Callable[[jobs.Report], None]) -> str:
        changed = ingest.retag(repo, lambda done, total: tell(jobs.Report(done, total, "passages")))
        return f"Tags changed on {words.count(changed, 'passage')}."

    if st.button("Re-tag everything", key="hd_retag", disabled=jobs.running(_RETAG)):
        jobs.start(_RETAG, work)
        st.rerun()
    jobs.show(_RETAG, "Tagging")


def _back(to: str) -> None:
    st.html(
        f'<p class="hd-small">{links.link(links.address("tags", {}), "Tags")}</p><h1 class="hd-title">{esc(to)}</h1>'
    )


def _one(repo: Repository, name: str) -> None:
    tags = repo.taxonomy.tags
    tag = next((tag for tag in tags if tag.name == name), None)
    if tag is None:
        tag = Tag(name)
    known = any(other.name == name for other in tags)
    _back(name if known else "New tag")
    with st.form("hd_tag", border=False):
        left, right = st.columns(2)
        new_name = left.text_input("Name", tag.name, help="Short: it stands beside passages.")
        group = right.text_input("Group", tag.group, help="The heading it stands under on this page.")
        description = st.text_area("When to use it", tag.description, height=80)
        phrases = st.text_area(
            "Phrases that are a sure sign, one a line",
            "\n".join(tag.phrases),
            height=160,
            help="In small letters; any form of a word is found. Leave out broad words such as “time”.",
        )
        examples = st.text_area(
            "Sentences that a customer might say, one a line",
            "\n".join(tag.examples),
            height=180,
            help="Passages that mean much the same get the tag, whatever their words.",
        )
        threshold = st.number_input(
            "How much alike a passage has to be",
            0.05, 1.0, tag.threshold, 0.05,
            placeholder="the usual",
            help="From 0 to 1. Higher when the tag turns up where it should not, lower when it misses too much.",
        )  # fmt: skip
        save = st.form_submit_button("Save", type="primary")
    if save:
        edited = Tag(
            " ".join(new_name.split()), description.strip(), _lines(phrases), _lines(examples), group.strip(), threshold
        )
        if known and edited.name != name:
            repo.rename_tag(name, edited.name)
        changed = tuple(edited if other.name == name else other for other in tags) if known else (*tags, edited)
        _store(repo, dump_taxonomy(changed).source, f"“{edited.name}” is saved.")
    if known:
        _remove(repo, tag, tags)


def _remove(repo: Repository, tag: Tag, tags: tuple[Tag, ...]) -> None:
    passages, _ = repo.tag_counts().get(tag.name, (0, 0))
    with st.popover("Remove this tag", type="tertiary", icon=":material/delete:"):
        st.html(
            f"<p>“{esc(tag.name)}” will not be given any more. It leaves its "
            f"{esc(words.count(passages, 'passage'))} when you re-tag, except where a person set it.</p>"
        )
        if st.button("Remove it", type="primary", key="hd_remove"):
            rest = tuple(other for other in tags if other.name != tag.name)
            _store(repo, dump_taxonomy(rest).source, f"“{tag.name}” is removed.")


def _yaml(repo: Repository) -> None:
    _back("All tags as YAML")
    source = st.text_area("The taxonomy", repo.taxonomy.source, height=520, key="hd-yaml", label_visibility="collapsed")
    st.html('<p class="hd-small">Saving a single tag on its own page writes this anew and drops its comments.</p>')
    if st.button("Save", type="primary"):
        _store(repo, source, "The taxonomy is saved.")


def _store(repo: Repository, source: str, done: str) -> None:
    repo.set_taxonomy(parse_taxonomy(source))
    leave_word(f"{done} Passages that come in from now on get it; re-tag below for those that are here.")
    st.query_params.clear()
    st.rerun()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


page()
