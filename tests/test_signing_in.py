"""Who somebody is whom an identity provider vouches for, and that nobody comes in where nothing says who they are."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from repository_support import heard

import research
from research.access import Member, Role
from research.config import Settings, SignIn
from research.errors import BadInput, Refused
from research.signing_in import member_of

NOW = datetime(2026, 11, 22, 9, 30)
ADA = {"email": "Ada@Example.com", "email_verified": True, "name": "Ada Quist", "iat": NOW.timestamp() - 60}
KEPT = Member("ada@example.com", "researcher", frozenset({"Growth"}), "Ada")


def test_somebody_is_known_by_their_address_whatever_its_case() -> None:
    assert member_of(ADA, KEPT, SignIn(), NOW) == Member(
        "ada@example.com", "researcher", frozenset({"Growth"}), "Ada Quist"
    )


def test_whom_nothing_is_said_of_has_no_role_and_no_team() -> None:
    assert member_of(ADA, None, SignIn(), NOW) == Member("ada@example.com", "", frozenset(), "Ada Quist")
    assert member_of(ADA, None, SignIn(default_role="viewer"), NOW).role == "viewer"


def test_the_settings_admins_are_admins_and_no_member_of_a_team_by_that() -> None:
    assert member_of(ADA, None, SignIn(admins=("ada@example.com",)), NOW) == Member(
        "ada@example.com", "admin", frozenset(), "Ada Quist"
    )


@pytest.mark.parametrize(
    ("said", "role"),
    [
        (["heard-lead"], "lead"),
        (["everyone", "Heard-Viewer", "heard-researcher"], "researcher"),  # the one that may most
        ("heard-admin", "admin"),
        (["admin", "lead"], ""),  # which may mean something else in the company
        ([], ""),
        (None, ""),
        ([7, {"a": 1}], ""),
    ],
)
def test_a_role_claim_decides_alone(said: object, role: Role) -> None:
    assert member_of({**ADA, "roles": said}, KEPT, SignIn(role_claim="roles"), NOW).role == role


def test_a_claim_may_lie_within_another_or_have_dots_in_its_name() -> None:
    rules = SignIn(role_claim="realm_access.roles", teams_claim="https://example.com/teams")
    claims = {**ADA, "realm_access": {"roles": ["heard-lead"]}, "https://example.com/teams": ["Growth", " Legal "]}
    found = member_of(claims, None, rules, NOW)
    assert (found.role, found.teams) == ("lead", frozenset({"Growth", "Legal"}))


def test_a_teams_claim_that_is_missing_leaves_no_team() -> None:
    assert member_of(ADA, KEPT, SignIn(teams_claim="groups"), NOW).teams == frozenset()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": ""}, "does not say your e-mail address"),
        ({"email_verified": False}, "has not verified ada@example.com"),
        ({"email_verified": "false"}, "has not verified"),
        ({"iat": NOW.timestamp() - 13 * 3_600}, "more than 12 hours ago"),
        ({"iat": None}, "Sign in again"),
        ({"iat": "yesterday"}, "Sign in again"),
    ],
)
def test_claims_that_do_not_tell_who_it_is_let_nobody_in(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        member_of({**ADA, **change}, KEPT, SignIn(admins=("ada@example.com",)), NOW)


def test_who_comes_in_is_remembered_with_the_day(repo: research.Repository) -> None:
    repo.members.put("ada@example.com", role="lead", teams=["Growth"])
    assert [one.seen for one in repo.members.all()] == [None]
    repo.members.sign_in(ADA, SignIn())
    (one,) = repo.members.all()
    assert (one.member.name, one.seen) == ("Ada Quist", NOW)
    assert one.member == repo.members.sign_in(ADA, SignIn())
    repo.members.remove("ADA@example.com")
    assert repo.members.sign_in(ADA, SignIn()).role == ""


def test_a_member_is_let_in_by_an_address_and_as_something(repo: research.Repository) -> None:
    for who, role in (("ada", "viewer"), ("", "viewer"), ("ada@example.com", "boss"), ("ada@example.com", "")):
        with pytest.raises(BadInput):
            repo.members.put(who, role=role)
    assert not repo.members.all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARD_DEFAULT_ROLE", "boss"),
        ("HEARD_SIGN_IN_HOURS", "0"),
        ("HEARD_SIGN_IN_HOURS", "soon"),
        ("HEARD_KEY", os.fsdecode(b"the bytes of the file `key`, read by a shell: \xff\x8b")),
        ("HEARD_URL", os.fsdecode(b"https://heard.example.com/\xff")),
    ],
)
def test_a_setting_that_is_none_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=name):
        Settings.from_env({name: value}, tmp_path)


def test_an_app_that_others_can_reach_does_not_start_without_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    done = heard(tmp_path / "home", "serve", "--host", "0.0.0.0")
    assert done.exit_code == 1
    assert "At 0.0.0.0 others can reach the app" in done.stderr.replace("\n", " ")
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text("[auth")
    done = heard(tmp_path / "home", "serve", "--host", "0.0.0.0")
    assert (done.exit_code, "cannot be read as TOML" in done.stderr) == (1, True)
