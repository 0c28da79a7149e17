"""Tokens: shown once, kept as a hash, good for whoever is a member, and no longer than they are."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from repository_support import WordEmbedder
from repository_support import heard as command

import research
from research.access import Member
from research.errors import BadInput, NotFound, Refused
from research.repository import Repository
from research.restore import restore
from research.store.database import writing

NOW = datetime(2026, 11, 22, 9, 30)


@pytest.fixture
def day() -> list[datetime]:
    return [NOW]


@pytest.fixture
def kept(tmp_path: Path, day: list[datetime]) -> Repository:
    """A repository with a lead of Growth, whose clock is `day`."""
    repo = research.open(tmp_path / "home", embedder=WordEmbedder(), now=lambda: day[0])
    repo.members.put("lea@example.com", role="lead", teams=["Growth"], name="Lea")
    return repo


def test_a_token_reads_as_its_member_and_does_no_more_than_read(kept: Repository) -> None:
    token = kept.tokens.add(" Lea@Example.com", name="assistant")
    member = kept.tokens.member(token)
    assert member == Member("lea@example.com", "viewer", frozenset({"Growth"}), "Lea")
    with pytest.raises(Refused):
        kept.as_member(member).tag("x", "pain")


def test_a_token_is_kept_nowhere(kept: Repository) -> None:
    tokens = {kept.tokens.add("lea@example.com", name="assistant") for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) > 45 and token.startswith("heard_") for token in tokens)
    kept.close()
    held = b"".join(path.read_bytes() for path in kept.home.rglob("*") if path.is_file())
    assert b"assistant" in held
    assert not [token for token in tokens if token.encode() in held or token[6:26].encode() in held]


@pytest.mark.parametrize(
    "wrong", ["", "heard_", "heard_" + "a" * 43, "x" * 10_000, "heard_\ud800", "heard_é\0", "Bearer"]
)
def test_what_is_no_token_lets_nobody_in(kept: Repository, wrong: str) -> None:
    kept.tokens.add("lea@example.com", name="assistant")
    assert kept.tokens.member(wrong) is None


def test_half_a_token_or_its_hash_lets_nobody_in(kept: Repository) -> None:
    token = kept.tokens.add("lea@example.com", name="assistant")
    with kept.engine.connect() as connection:
        (hashed,) = connection.exec_driver_sql("SELECT hash FROM token").scalars()
    for other in (token[:-1], token + "a", token.upper(), token.removeprefix("heard_"), hashed, f"heard_{hashed}"):
        assert kept.tokens.member(other) is None


def test_a_removed_token_lets_nobody_in(kept: Repository) -> None:
    token, other = (kept.tokens.add("lea@example.com", name=name) for name in ("one", "two"))
    kept.tokens.remove(kept.tokens.all()[0].number)
    assert kept.tokens.member(token) is None
    assert kept.tokens.member(other)
    with pytest.raises(NotFound, match="There is no token 7"):
        kept.tokens.remove(7)


def test_a_token_ends_with_its_last_day(kept: Repository, day: list[datetime]) -> None:
    token = kept.tokens.add("lea@example.com", name="assistant", days=30)
    assert str(kept.tokens.all()[0].expires) == "2026-12-22"
    day[0] = NOW + timedelta(days=30)
    assert kept.tokens.member(token)
    day[0] = NOW + timedelta(days=31)
    assert kept.tokens.member(token) is None


def test_a_token_follows_its_member(kept: Repository) -> None:
    token = kept.tokens.add("lea@example.com", name="assistant")
    kept.members.put("lea@example.com", role="viewer", teams=["Legal"])
    member = kept.tokens.member(token)
    assert member
    assert member.teams == {"Legal"}
    kept.members.remove("lea@example.com")
    assert kept.tokens.member(token) is None
    assert kept.tokens.all() == []
    kept.members.put("lea@example.com", role="viewer", teams=["Legal"])
    assert kept.tokens.member(token) is None


def test_a_member_whose_role_is_gone_is_not_let_in(kept: Repository) -> None:
    token = kept.tokens.add("lea@example.com", name="assistant")
    with writing(kept.engine).begin() as connection:
        connection.exec_driver_sql("UPDATE member SET role = ''")
    assert kept.tokens.member(token) is None


def test_tokens_are_for_members_on_the_list(kept: Repository) -> None:
    kept.as_member(Member("pat@example.com", "viewer", frozenset({"Growth"}))).reuse.join(
        "Growth"
    )  # known, and of no role by hand
    with pytest.raises(NotFound, match="Let them in first"):
        kept.tokens.add("pat@example.com", name="assistant")
    for name, days in (("", None), ("n" * 201, None), ("assistant", 0), ("assistant", 9_999)):
        with pytest.raises(BadInput):
            kept.tokens.add("lea@example.com", name=name, days=days)
    assert kept.tokens.all() == []


def test_the_last_use_is_noted_once_a_day_and_never_waited_for(kept: Repository, day: list[datetime]) -> None:
    token = kept.tokens.add("lea@example.com", name="assistant")
    with writing(kept.engine).begin():  # somebody writes
        assert kept.tokens.member(token)
    assert kept.tokens.all()[0].used is None
    kept.tokens.member(token)
    assert kept.tokens.all()[0].used == NOW.date()
    before = kept.version()
    kept.tokens.member(token)
    assert kept.version() == before
    day[0] = NOW + timedelta(days=2)
    kept.tokens.member(token)
    assert str(kept.tokens.all()[0].used) == "2026-11-24"


def test_only_an_admin_makes_and_removes_them(kept: Repository) -> None:
    lead = kept.as_member(Member("lea@example.com", "lead", None))
    does: tuple[Callable[[], object], ...] = (
        lambda: lead.tokens.add("lea@example.com", name="x"),
        lambda: lead.tokens.all(),
        lambda: lead.tokens.remove(1),
    )
    for one in does:
        with pytest.raises(Refused):
            one()


def test_a_restore_brings_no_removed_token_back(kept: Repository, tmp_path: Path) -> None:
    token, other = (kept.tokens.add("lea@example.com", name=name) for name in ("one", "two"))
    kept.backup(tmp_path / "backup.zip")
    kept.tokens.remove(kept.tokens.all()[0].number)
    kept.close()
    settings = research.Settings(tmp_path / "home", user="somebody")
    restore(tmp_path / "backup.zip", settings, replace=True, embedder=WordEmbedder(), now=lambda: NOW)
    elsewhere = research.Settings(tmp_path / "elsewhere", user="somebody")
    restore(tmp_path / "backup.zip", elsewhere, embedder=WordEmbedder(), now=lambda: NOW)
    for home, works in ((tmp_path / "home", True), (tmp_path / "elsewhere", False)):
        repo = research.open(home, embedder=WordEmbedder(), now=lambda: NOW)
        assert repo.tokens.member(token) is None
        assert bool(repo.tokens.member(other)) is works
        repo.close()


def test_no_log_has_a_token(
    kept: Repository, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = kept.tokens.add("lea@example.com", name="assistant")
        assert kept.tokens.member(token)
        assert kept.tokens.member("heard_zeppelin-that-is-none") is None
    assert [record.message for record in caplog.records] == ["token refused"]
    said = caplog.text + "".join(capfd.readouterr()) + str([vars(record) for record in caplog.records])
    assert token not in said
    assert "zeppelin" not in said
    assert token[6:] not in str(kept.people.audit())


def test_tokens_by_command(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "None yet." in command(home, "token", "list").stdout
    assert "Let them in first" in command(home, "token", "add", "lea@example.com", "--name", "x").stderr
    command(home, "members", "add", "lea@example.com")
    made = command(home, "token", "add", "lea@example.com", "--name", "Lea’s assistant", "--days", "90")
    (token,) = made.stdout.splitlines()
    assert "shown this once" in made.stderr
    told = json.loads(command(home, "token", "list", "--json").stdout)
    assert (told["number"], told["who"], told["name"], told["used"]) == (1, "lea@example.com", "Lea’s assistant", None)
    listed = command(home, "token", "list").stdout
    assert listed.startswith("1  lea@example.com  Lea’s assistant  good until ")
    assert token not in listed
    assert json.loads(command(home, "token", "add", "lea@example.com", "--name", "y", "--json").stdout)["token"]
    assert command(home, "token", "remove", "1").stdout == "Token 1 lets nobody in any more.\n"
    assert "There is no token 1" in command(home, "token", "remove", "1").stderr
