"""People: whom may we ask? Everybody by pseudonym."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from heard.ui import links, rights, roster, session, standing, words
from heard.ui.frame import attempt, frame, leave_word
from heard.ui.html import esc, joined, md
from heard.ui.whom import ONLY, PAGE, Whom, choices, from_params
from research import dates
from research.errors import HeardError
from research.person import PersonSummary, Suggestion
from research.repository import Repository

_FILTERS = (("state", "Standing"), ("segment", "Segment"), ("account", "Account"), ("team", "Team"))
_ROSTER = links.people({"view": "roster"})
_MANY = 14  # values beyond which pills give way to a list one can type in
_PAIRS = 1  # pairs that may be one person, which are shown above the list


def page() -> None:
    """The list, or a roster to import."""
    with frame("narrow"):
        repo = session.repository()
        if session.param("view") == "roster":
            roster.page(repo)
        else:
            _everybody(repo)


def _everybody(repo: Repository) -> None:
    people = repo.people.all()
    if not people:
        _nobody_yet(repo)
        return
    ending = {one.pseudonym for one, _ in repo.people.expiring()} if rights.may(repo, "research") else None
    _in_a_sentence(repo, people, ending or ())
    if session.param("view") == "pairs":
        if rights.held(repo, "govern"):
            _pairs(repo, None)
        return
    if rights.may(repo, "govern"):
        _pairs(repo, _PAIRS)
    whom = from_params(st.query_params)
    _filters(whom, choices(people), [word for word in ONLY.values() if word != "ending" or ending is not None])
    _list(whom, whom.of(people, ending or ()), whole=len(people))


def _in_a_sentence(repo: Repository, people: Sequence[PersonSummary], ending: Collection[str]) -> None:
    free = sum(one.standing.state == "free" for one in people)
    often = sum(one.often for one in people)
    several = sum(len(one.teams) > 1 for one in people)

    def to(number: int, said: str, **narrow: str) -> str:
        return links.link(links.people(narrow), said) if number else esc(said)

    sentence = f"{esc(words.count(len(people), 'person', 'people'))}, {to(free, f'{free:,} free to ask', state='free')}"
    asked = f"{often:,} {'is' if often == 1 else 'are'} over-asked"
    told = f"{several:,} {'was' if several == 1 else 'were'} heard by several teams"
    ends = f"the consent of {len(ending):,} ends within 30 days"
    rest = [
        to(often, asked, only="often") if often else "nobody is over-asked",
        *([to(several, told, only="several")] if several else []),
        *([to(len(ending), ends, only="ending")] if ending else []),
    ]
    roster_ = f'<p class="hd-more">{links.link(_ROSTER, "Import a roster", style="hd-act")}</p>'
    st.html(
        f'<h1 class="hd-title">People</h1><p class="hd-lead" role="status">{sentence}; {words.listed(rest)}.</p>'
        + (roster_ if rights.may(repo, "govern") else "")
    )


# -- one person or two -------------------------------------------------------------------------------------------------


def _pairs(repo: Repository, most: int | None) -> None:
    # First those of whom one must not be contacted: until somebody says that they are one, the other may be.
    pairs = sorted(
        repo.people.suggestions(), key=lambda pair: not (pair.one.standing.final or pair.other.standing.final)
    )
    if most is None:
        st.html(f'<p class="hd-small">{links.link(links.people({}), "People")}</p>')
    if not pairs:
        if most is None:
            st.html('<p class="hd-voices">No two participants look like one person.</p>')
        return
    with st.container(key="hd-pairs"):
        for number, pair in enumerate(pairs[:most]):
            _pair(repo, pair, number)
        if most is not None and len(pairs) > most:
            more = f"{words.count(len(pairs) - most, 'more pair')} of namesakes"
            st.html(f'<p class="hd-small">{links.link(links.people({"view": "pairs"}), more)}</p>')


def _pair(repo: Repository, pair: Suggestion, number: int) -> None:
    names = " and ".join(
        links.link(links.person(one.pseudonym), one.pseudonym, title=words.person(one))
        for one in (pair.one, pair.other)
    )
    same = "the same name and account" if pair.alike else "the same name"
    about = joined(
        (
            esc(pair.one.role or pair.one.segment or pair.other.segment),
            esc(pair.one.account or pair.other.account),
            esc(f"{words.heard_by(pair.one)}; {words.heard_by(pair.other)}"),
            *(f"<b>{esc(words.barred(one))}</b>" for one in (pair.one, pair.other) if one.standing.final),
        )
    )
    st.html(f'{names} have {same}: one person?<p class="hd-small">{about}</p>')
    with st.container(horizontal=True, key=f"hd-pair-{number}"):
        if st.button("One person", key=f"hd_one_{number}"):
            _make_one(repo, pair)
        both = pair.one.pseudonym, pair.other.pseudonym
        st.button(
            "Two people", key=f"hd_two_{number}", type="tertiary", on_click=attempt,
            args=(repo.people.not_same, *both), help="Nobody is asked about these two again.",
            kwargs={"said": f"{' and '.join(both)} are two people. Nobody is asked about it again."},
        )  # fmt: skip


@st.dialog("One person?")
def _make_one(repo: Repository, pair: Suggestion) -> None:
    kept, gone = pair.one.pseudonym, pair.other.pseudonym
    st.html(
        f"<p>All that {esc(gone)} said becomes <b>{esc(kept)}</b>’s, with contacts, consents and marks; "
        f"{esc(gone)} is no more, and is known as {esc(kept)} when heard again.</p>"
        '<p class="hd-small">This cannot be undone. Who did it is written in the audit.</p>'
    )
    with st.container(horizontal=True):
        if st.button("Make them one", type="primary", key="hd_merge", on_click=_merge, args=(repo, kept, gone)):
            st.rerun()
        if st.button("Leave them"):
            st.rerun()


def _merge(repo: Repository, kept: str, gone: str) -> None:
    try:
        repo.people.merge(kept, gone)
        leave_word(f"{gone} is {kept} from now on, heard by {words.listed(repo.people.one(kept).teams)}.")
    except HeardError as error:
        leave_word(str(error))


# -- the list ----------------------------------------------------------------------------------------------------------


def _write(whom: Whom) -> None:
    st.query_params.from_dict(whom.params())


def _filters(whom: Whom, there: dict[str, tuple[str, ...]], only: Sequence[str]) -> None:
    with st.container(horizontal=True, key="hd-filters", gap="small"):
        for name, label in _FILTERS:
            if options := tuple(dict.fromkeys((*there[name], *getattr(whom, name)))):
                _pick(whom, name, label, options)
        labels = tuple(dict.fromkeys((*only, *whom.only)))
        _pick(whom, "only", "Only", labels, {word: label for label, word in ONLY.items()})
        for number, (name, value, shown) in enumerate(whom.active()):
            st.button(
                md(shown),
                key=f"hd-on-{number}",
                icon=":material/close:",
                icon_position="right",
                help=f"Without “{md(shown)}”",
                on_click=_write,
                args=(whom.without(name, value),),
            )


def _pick(whom: Whom, name: str, label: str, options: tuple[str, ...], labels: dict[str, str] | None = None) -> None:
    key = f"hd_p_{name}"
    st.session_state[key] = list(getattr(whom, name))
    said = labels or {}

    def narrow() -> None:
        chosen: dict[str, Any] = {name: tuple(st.session_state[key])}
        _write(replace(from_params(st.query_params), **chosen, page=1))

    def shown(value: str) -> str:
        return md(said.get(value, value))

    with st.popover(label, key=f"hd-open-{name}"):
        if len(options) <= _MANY:
            st.pills(label, options, selection_mode="multi", format_func=shown, key=key, on_change=narrow)
        else:
            st.multiselect(label, options, key=key, on_change=narrow, placeholder="Type to find one")


def _list(whom: Whom, found: Sequence[PersonSummary], *, whole: int) -> None:
    if not found:
        everybody = links.link(links.people({}), "Show everybody", style="hd-pill")
        st.html(f'<p class="hd-voices" role="status">Nobody is like that.</p><p class="hd-more">{everybody}</p>')
        return
    last = (len(found) - 1) // PAGE + 1
    here = min(whom.page, last)
    start = (here - 1) * PAGE
    if len(found) < whole:
        free = sum(one.standing.state == "free" for one in found)
        asked = "all" if free == len(found) > 1 else f"{free:,}" if free else "nobody"
        said = f"{words.count(len(found), 'person', 'people')}, {asked} free to ask."
        st.html(f'<p class="hd-voices" role="status">{esc(said)}</p>')
    rows = "".join(_row(one) for one in found[start : start + PAGE])
    st.html(f'<div class="hd-library hd-people">{rows}</div>{_pages(whom, here, last)}')


def _row(one: PersonSummary) -> str:
    planned = f"planned for {dates.day(one.planned[0].day)}" if one.planned else ""
    about = joined(map(esc, (words.heard_by(one), words.contacted(one), planned)))
    return (
        f'<div class="hd-row"><div>{links.link(links.person(one.pseudonym), words.person(one), style="hd-study")}'
        f'<p class="hd-small">{about}</p></div>'
        f'<div class="hd-when">{standing.line(one, session.today())}</div></div>'
    )


def _pages(whom: Whom, here: int, last: int) -> str:
    if last == 1:
        return ""
    parts = [f'<span class="hd-small">page {here:,} of {last:,}</span>']
    if here > 1:
        back = links.people(replace(whom, page=here - 1).params())
        parts.insert(0, links.link(back, "← Before", style="hd-pill"))
    if here < last:
        on = links.people(replace(whom, page=here + 1).params())
        parts.append(links.link(on, "Next →", style="hd-pill"))
    return f'<nav class="hd-pills" aria-label="Pages">{"".join(parts)}</nav>'


def _nobody_yet(repo: Repository) -> None:
    roster_ = links.link(_ROSTER, "Import a roster", style="hd-pill") if rights.may(repo, "govern") else ""
    st.html(
        '<div class="hd-empty"><h1 class="hd-title">People</h1><p class="hd-lead">Nobody yet. Whoever is heard appears '
        "here under a pseudonym, and whoever stands on a roster that is imported.</p>"
        f"{rights.bring_in(repo, roster_)}</div>"
    )


page()
