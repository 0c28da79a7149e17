"""Learning from use: taken up where it is better, not where labels mean nothing; one step back; nobody can be told from it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository_support import WordEmbedder, heard

import ingest
import research
from research.access import Member
from research.errors import NotFound, Refused
from research.learning import Learned
from research.query import parse
from research.repository import Repository
from research.search import Said, ranked
from research.tuning import AS_SHIPPED, Compared, Tuning, compared, examples, ndcg

Put = Callable[..., list[ingest.Outcome]]

# What researchers call it -> what customers say: words that a model does not know to mean the same.
JARGON = {"reconciliation": "tally", "churn": "leaving", "provisioning": "badges", "dunning": "reminders"}
INSIGHTS, EACH = 9, 3  # of each word, one a study, and passages linked to each of these
QUESTION = "churn gives ledger problems"


def passages(*numbers: int, study: str = "") -> str:
    """What people said of all four in some studies, or in one by name, a line a person, as a spreadsheet."""
    return "text,participant,date,study\n" + "".join(
        f'"The {said} ledger problems, number {said}{number}{n}.",{said} person {number} {n},2026-10-05,'
        f"{study or f'Study {number}'}\n"
        for number in numbers
        for n in range(EACH)
        for said in JARGON.values()
    )


def said_with(repo: Repository, word: str, **narrow: str) -> list[str]:
    """The ids of the passages that hold a word, by what they say: ids differ from one repository to another."""
    hits = repo.search(f'"{word} ledger"', limit=100, per_person=None, **narrow)  # type: ignore[arg-type]
    return [hit.id for hit in sorted(hits, key=lambda hit: hit.text)]


def link(repo: Repository, links: dict[str, list[str]]) -> None:
    """Write insights down with their evidence: statement -> passages."""
    for statement, ids in links.items():
        code = repo.insights.add(statement)
        for id_ in ids:
            repo.insights.link(code, id_, "for")


@pytest.fixture
def repo(repo: Repository, put: Put) -> Repository:
    """108 passages of four things in nine studies, for which researchers have words of their own."""
    assert {one.error for one in put(repo, {"said.csv": passages(*range(INSIGHTS))})} == {None}
    return repo


@pytest.fixture
def taught(repo: Repository) -> Repository:
    """With 36 insights, each with three passages that speak of it."""
    link(repo, right(repo))
    return repo


def right(repo: Repository) -> dict[str, list[str]]:
    """What speaks of what, an insight of each thing in each study."""
    return {
        f"{jargon} gives ledger problems, case {jargon}{n}": said_with(repo, said, study=f"Study {n}")
        for jargon, said in JARGON.items()
        for n in range(INSIGHTS)
    }


def order(repo: Repository, question: str = QUESTION) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in repo.search(question, limit=30, per_person=None)]


def right_among(repo: Repository, first: int = 10) -> int:
    """How many of the first hits for `QUESTION` speak of what it means."""
    return sum("leaving" in hit.text for hit in repo.search(QUESTION, limit=first, per_person=None))


# -- taken up, or not -------------------------------------------------------------------------------------------------


def test_what_is_better_is_taken_up_and_said(taught: Repository) -> None:
    before = right_among(taught)
    learned = taught.learning.tune()
    assert (learned.pairs, learned.insights, learned.tags, learned.taken) == (108, 36, 0, True)
    assert learned.search.low > 0.1
    assert learned.claims.low > 0.1
    assert before < 6
    assert right_among(taught) == 10
    assert taught.status().ranking == (
        "as learned on 2026-11-22: search by 36 examples, suggestions for insights by the evidence that each has"
    )


@pytest.mark.embedded
def test_labels_at_random_change_nothing(repo: Repository) -> None:
    ids = [id_ for word in JARGON.values() for id_ in said_with(repo, word)]
    random.Random(3).shuffle(ids)
    statements = list(right(repo))
    link(repo, {text: ids[n * EACH : (n + 1) * EACH] for n, text in enumerate(statements)})
    before = order(repo)
    learned = repo.learning.tune()
    assert not learned.taken
    assert not learned.for_search
    assert not learned.for_claims
    assert order(repo) == before
    assert repo.status().ranking == "as shipped"


@pytest.mark.embedded
def test_looking_changes_nothing(taught: Repository) -> None:
    before = order(taught)
    assert taught.learning.look().for_search
    assert order(taught) == before
    assert taught.status().ranking == "as shipped"


def test_too_little_is_refused_with_what_is_needed(repo: Repository) -> None:
    link(repo, dict(list(right(repo).items())[:5]))
    with pytest.raises(Refused, match=r"15 passages .* of 5 insights and tags. It takes 50 of 20"):
        repo.learning.tune()


@pytest.mark.embedded
def test_one_study_alone_cannot_show_that_search_is_better(repo: Repository, put: Put) -> None:
    """What a study teaches is tried on others."""
    put(repo, {"said.csv": passages(*range(10, 10 + INSIGHTS), study="One")}, study="One")
    theirs = {said: said_with(repo, said, study="One") for said in JARGON.values()}
    link(
        repo,
        {
            f"{jargon} gives ledger problems, case {jargon}{n}": theirs[said][n * EACH : (n + 1) * EACH]
            for jargon, said in JARGON.items()
            for n in range(INSIGHTS)
        },
    )
    learned = repo.learning.look()
    assert learned.search.questions == 0
    assert not learned.for_search
    assert learned.claims.questions == 36


def test_what_unlearns_general_questions_is_not_taken_up() -> None:
    good = Compared(30, 0.3, 0.5, 0.1, 0.3)
    learned = Learned(100, 30, 0, good, good, general=(0.5, 0.47))
    assert learned.unlearned
    assert not learned.for_search
    assert learned.for_claims, "it moves no question but an insight's own"
    assert Learned(100, 30, 0, good, good, general=(0.5, 0.49)).for_search
    assert not Learned(99, 30, 0, good, good, general=(0.5, 0.49)).for_search, "so few say nothing of other studies"


def test_few_questions_decide_nothing() -> None:
    assert not Compared(19, 0.1, 0.9, 0.7, 0.9).better
    assert Compared(20, 0.1, 0.9, 0.7, 0.9).better
    assert not Compared(100, 0.1, 0.2, 0.0, 0.2).better


@pytest.mark.embedded
def test_tags_that_people_put_teach_and_those_they_took_off_do_not(taught: Repository) -> None:
    one, other = said_with(taught, "leaving")[:2]
    taught.tag(one, "churn")
    taught.tag(other, "churn")
    taught.untag(other, "churn")
    learned = taught.learning.look()
    assert (learned.pairs, learned.insights, learned.tags) == (109, 36, 1)


@pytest.mark.embedded
def test_suggestions_follow_the_evidence_that_an_insight_has(repo: Repository) -> None:
    """Also of an insight that is newer than what was learned."""
    links = right(repo)
    *_, newest = links
    rest = links.pop(newest)
    link(repo, links)
    repo.learning.tune()
    code = repo.insights.add("dunning gives ledger problems")
    repo.insights.link(code, rest[0], "for")
    assert all("reminders" in hit.text for hit in repo.insights.suggested(code, limit=6).alike)


# -- and back ---------------------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_going_back_restores_the_order_exactly(taught: Repository) -> None:
    before = order(taught)
    taught.learning.tune()
    assert order(taught) != before
    taught.learning.back()
    assert order(taught) == before
    assert taught.status().ranking == "as shipped"
    with pytest.raises(Refused, match="nothing to go back to"):
        taught.learning.back()


def test_going_back_goes_to_what_was_learned_before(taught: Repository) -> None:
    taught.learning.tune()
    before = order(taught)
    link(taught, {"churn and ledger": said_with(taught, "leaving")[:1]})
    taught.learning.tune()
    assert order(taught) != before
    taught.learning.back()
    assert order(taught) == before


def test_another_reader_of_the_same_files_sees_it_at_once(
    taught: Repository, open_repo: Callable[[], Repository]
) -> None:
    other = open_repo()
    before = order(other)
    taught.learning.tune()
    assert order(other) == order(taught) != before
    assert order(other.as_member(Member("vi@example.com", "viewer"))) == order(taught)


# -- what it leaves alone ---------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_what_counts_and_what_was_heard_stay_as_they_are(taught: Repository) -> None:
    line = "Does the churn give ledger problems?"

    def told() -> tuple[object, ...]:
        note = taught.notes()[0].id
        in_a_note = [hit.id for hit in taught.search(QUESTION, note=note, limit=200, per_person=None)]
        heard, _ = taught.voices(QUESTION)
        behind = [replace(one, by_person=()) for one in (heard, taught.search(QUESTION).voices)]
        return taught.check([line]), behind, in_a_note

    before = told()
    taught.learning.tune()
    assert told() == before


cosines = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=12)


@given(cosines)
def test_as_shipped_ranks_as_if_it_were_not_there(near: list[float]) -> None:
    there = [Said(str(n), f"note {n % 3}", n * 90.0, f"an export of number {n % 4}", "") for n in range(len(near))]
    known = {str(n): cosine for n, cosine in enumerate(near)}
    words = parse("the export of number 3").words
    assert ranked(words, there, known) == ranked(words, there, known, tuned=known)
    vector = np.array(near, dtype=np.float32)
    assert not AS_SHIPPED
    assert AS_SHIPPED.moved(vector) is vector


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_a_question_is_moved_towards_the_answers_and_stays_of_length_1(seed: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    rows = draw.normal(size=(2 * count + 1, 16)).astype(np.float32)
    question, *points = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    asked, said = points[:count], points[count:]
    moved = examples([(one, [answer]) for one, answer in zip(asked, said, strict=True)]).moved(question)
    assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-5)
    own = AS_SHIPPED.with_example(question, said[:1]).moved(question)
    assert own @ said[0] >= question @ said[0] - 1e-5


def test_a_question_that_nobody_answered_teaches_nothing() -> None:
    vector = np.eye(4, dtype=np.float32)
    assert not examples([(vector[0], [])])
    one = AS_SHIPPED.with_example(vector[0], [vector[1]])
    assert one.with_example(vector[2], []) is one
    assert Tuning.moved(one.with_example(vector[2], [vector[3]]), vector[0]) @ vector[1] > 0.5


def test_a_perfect_order_is_1_and_an_interval_holds_the_mean() -> None:
    assert ndcg(["a", "b", "c"], {"a", "b"}) == pytest.approx(1)
    assert ndcg(["c"] * 10 + ["a"], {"a"}) == ndcg([], {"a"}) == ndcg(["a"], set()) == 0
    one = compared([0.1, 0.5, 0.2], [0.2, 0.4, 0.6])
    assert one.low <= one.after - one.before <= one.high


@pytest.mark.embedded
def test_another_model_leaves_it_aside_and_says_so(taught: Repository, tmp_path: Path) -> None:
    class Other(WordEmbedder):
        name = "other-words"

    before = order(taught)
    taught.learning.tune()
    taught.close()
    repo = research.open(tmp_path / "home", embedder=Other(), now=lambda: datetime(2026, 11, 22, 9, 30))
    repo.reindex()
    assert order(repo) == before
    assert "belongs to the model words-256; `heard tune` learns anew" in repo.status().ranking
    repo.close()


# -- who may, and what nobody can tell --------------------------------------------------------------------------------


@pytest.mark.embedded
def test_only_who_looks_after_the_repository_changes_the_ranking(taught: Repository) -> None:
    lead = taught.as_member(Member("lea@example.com", "lead", None)).learning
    for refused in (lead.tune, lead.look, lead.back):
        with pytest.raises(Refused, match="for an admin"):
            refused()


def test_a_closed_study_teaches_nothing(taught: Repository, put: Put) -> None:
    before = taught.learning.look()
    put(taught, {"closed.csv": passages(9, study="Merger")}, "Legal", "Merger")
    taught.keep_to_team("Legal", "Merger")
    theirs = said_with(taught, "badges", team="Legal")
    for n, id_ in enumerate(theirs):
        taught.insights.link(f"I-{n + 1:04d}", id_, "for")
        taught.tag(id_, "churn")
    assert taught.learning.look() == before
    outside = taught.as_member(Member("pat@example.com", "admin", frozenset({"Growth"})))
    assert outside.learning.look() == before


def test_evidence_in_a_closed_study_moves_suggestions_for_its_own_team_only(taught: Repository, put: Put) -> None:
    taught.learning.tune()
    put(taught, {"closed.csv": passages(9, study="Merger")}, "Legal", "Merger")
    taught.keep_to_team("Legal", "Merger")
    outside = taught.as_member(Member("pat@example.com", "researcher", frozenset({"Growth"})))
    code = taught.insights.add("There are ledger problems")

    def suggested(repo: Repository) -> list[str]:
        return [hit.id for hit in repo.insights.suggested(code, limit=12).alike if hit.study != "Merger"]

    before, theirs = suggested(outside), suggested(taught)
    assert before == theirs
    for id_ in said_with(taught, "badges", team="Legal"):
        taught.insights.link(code, id_, "for")
    assert suggested(outside) == before
    assert suggested(taught) != theirs


def test_what_is_closed_later_is_out_of_it_at_once(repo: Repository, put: Put) -> None:
    link(repo, right(repo))
    put(repo, {"closed.csv": passages(9, study="Merger")}, "Legal", "Merger")
    theirs = said_with(repo, "leaving", team="Legal")
    link(repo, {"churn at Legal": theirs[:3]})
    repo.learning.tune()
    assert "37 examples" in repo.status().ranking
    with_them = repo._tuned.now(repo.now().date()).search
    repo.keep_to_team("Legal", "Merger")
    left = repo._tuned.now(repo.now().date()).search
    assert "36 examples" in repo.status().ranking
    assert with_them.said is not None
    assert left.said is not None
    assert np.array_equal(left.said, with_them.said[:36])


def test_an_erasure_takes_what_was_learned_along(taught: Repository) -> None:
    taught.learning.tune()
    taught.learning.tune()
    gone, *others = [hit.participant for hit in taught.search(QUESTION, limit=5)]
    taught.forget(gone)
    assert taught.status().ranking == "as shipped: what was learned went with an erasure; `heard tune` learns anew."
    assert not taught._tuned.now(taught.now().date()).search
    with pytest.raises(Refused, match="nothing to go back to"):
        taught.learning.back()
    assert taught.learning.tune().pairs == 107
    assert others[0] in {hit.participant for hit in taught.search(QUESTION, limit=50)}
    with pytest.raises(NotFound):
        taught.people.one(gone)


def test_a_note_that_is_deleted_is_out_of_it_exactly(repo: Repository, put: Put) -> None:
    """As if its passages had never been linked."""
    links = right(repo)
    put(repo, {"more.csv": passages(9, study="More")}, "Growth", "More")
    more = said_with(repo, "badges", study="More")
    first = next(iter(links))
    link(repo, links | {first: [*links[first], more[0]]})
    repo.learning.tune()
    before = repo._tuned.now(repo.now().date()).search
    (hit,) = repo.passages(more[:1])
    repo.delete_note(hit.note_id)
    after = repo._tuned.now(repo.now().date()).search
    with repo.index.reading() as reader:
        vectors = reader.vectors(links[first])
    assert before.said is not None
    assert after.said is not None
    assert np.allclose(after.said[0], np.mean(list(vectors.values()), axis=0))
    assert not np.allclose(after.said[0], before.said[0])
    assert np.array_equal(after.said[1:], before.said[1:])


# -- by command -------------------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_the_command_says_what_it_found_and_goes_back(
    taught: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research.repository.embedder_for", lambda model: WordEmbedder())
    home = tmp_path / "home"
    looked = heard(home, "tune", "--look").output
    assert "108 passages linked or tagged by people, of 36 insights and 0 tags" in " ".join(looked.split())
    assert "Nothing was changed." in looked
    tuned = " ".join(heard(home, "tune").output.split())
    assert "search by 36 examples" in tuned
    assert "`heard tune --back` goes back" in tuned
    assert "as learned on" in heard(home, "status").output
    assert "Passages are ranked as shipped again." in heard(home, "tune", "--back").output
    assert "nothing to go back to" in " ".join(heard(home, "tune", "--back").output.split())
    assert '"for_search": true' in heard(home, "tune", "--look", "--json").output
    assert heard(home, "tune", "--look", "--back").exit_code == 2


@pytest.mark.embedded
def test_forgetting_says_that_the_ranking_went_with_it(
    taught: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research.repository.embedder_for", lambda model: WordEmbedder())
    taught.learning.tune()
    who = taught.search(QUESTION)[0].participant
    taught.close()
    said = heard(tmp_path / "home", "forget", who, "--yes").output
    assert "what was learned went with an erasure" in " ".join(said.split())
