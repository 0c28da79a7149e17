"""What `make audit` makes of an answer about packages."""

from __future__ import annotations

from typing import Any

from tools.audit import verdict

CLEAN: dict[str, Any] = {"name": "alembic", "version": "1.20.1", "vulns": []}
SKIPPED: dict[str, Any] = {"name": "torch", "skip_reason": "Dependency not found"}
FLAWED: dict[str, Any] = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}, {"id": "GHSA-1", "fix_versions": []}],
}


def test_an_answer_about_no_package_is_no_answer() -> None:
    for told in ([], [SKIPPED], [SKIPPED, SKIPPED]):
        sentence, status = verdict(told)
        assert status == 2
        assert "could be asked" in sentence


def test_what_is_not_known_is_named_beside_what_is_clean() -> None:
    assert verdict([CLEAN]) == ("No known vulnerability in 1 packages.", 0)
    assert verdict([CLEAN, SKIPPED]) == ("No known vulnerability in 1 packages. Not known there: torch.", 0)


def test_a_vulnerability_is_told_with_the_version_that_mends_it() -> None:
    sentence, status = verdict([CLEAN, FLAWED, SKIPPED])
    assert status == 1
    assert "2 known vulnerabilities in 2 packages" in sentence
    assert "jinja2 2.10: PYSEC-2019-217, mended in 2.10.1" in sentence
    assert "jinja2 2.10: GHSA-1, mended in no version yet" in sentence
