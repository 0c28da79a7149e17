"""Who somebody is whom an identity provider vouches for: their role and their teams. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from research.access import ROLES, Member
from research.config import SignIn
from research.errors import Refused

_PREFIX = "heard-"  # what a claim's values for Heard begin with: "admin" alone may mean something else in a company


def member_of(claims: Mapping[str, Any], kept: Member | None, rules: SignIn, now: datetime) -> Member:
    """The member whom OpenID Connect's claims are about. `kept` is what the members page says of them, if anything.

    They are known by their e-mail address, which the provider must not call unverified. A claim that is set decides
    alone, and where it is missing gives nothing; else the members page does; else the default role, without a team.
    The settings' admins are admins whatever else is said. Raises Refused.
    """
    who = who_is(claims)
    given = claims.get("iat")
    if not isinstance(given, int | float) or now.timestamp() - given > rules.hours * 3_600:
        raise Refused(f"You signed in more than {rules.hours} hours ago. Sign in again.")
    name = str(claims.get("name") or "").strip() or (kept.name if kept else "")
    member = replace(kept, name=name) if kept else Member(who, name=name)
    if rules.role_claim:
        said = {value.casefold().removeprefix(_PREFIX) for value in _values(claims, rules.role_claim) if _ours(value)}
        member = replace(member, role=next((role for role in reversed(ROLES) if role in said), ""))
    if rules.teams_claim:
        member = replace(member, teams=frozenset(_values(claims, rules.teams_claim)))
    if not member.role:
        member = replace(member, role=rules.default_role)
    return replace(member, role="admin") if who in rules.admins else member


def who_is(claims: Mapping[str, Any]) -> str:
    """The e-mail address that claims are about, in small letters. Raises Refused."""
    who = str(claims.get("email") or "").strip().casefold()
    if not who:
        raise Refused(
            "Your identity provider does not say your e-mail address, which Heard knows you by. Whoever looks after it "
            "can let it give the claim “email” (scope “email”)."
        )
    if claims.get("email_verified") in (False, "false"):
        raise Refused(f"Your identity provider has not verified {who}. Confirm the address there, then sign in again.")
    return who


def _ours(value: str) -> bool:
    return value.casefold().startswith(_PREFIX)


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    """The texts of a claim; a dot leads into a claim, as in “realm_access.roles”, unless one is called so."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = [found]
    return [" ".join(one.split()) for one in found or () if isinstance(one, str) and one.strip()]
