"""The documentation keeps its promises: links lead somewhere, commands and options exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from heard.cli import main

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "samples").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_is_shown_exists(page: Path) -> None:
    for name, rest in re.findall(
        r"^(?:\.venv/bin/)?heard ([a-z]+)(.*(?:\\\n.*)*)", page.read_text(encoding="utf-8"), re.M
    ):
        command = main.commands[name]
        word = rest.split()[0] if rest.split() else ""
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
        assert not (isinstance(command, click.Group) and word and not word.startswith("-")), f"{page.name}: {word}"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for option in re.findall(r"(?<= )--[a-z-]+", rest):
            assert option in known, f"{page.name} shows heard {name} {option}"


def test_every_option_of_ingest_is_documented() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for parameter in main.commands["ingest"].params:
        if isinstance(parameter, click.Option):
            assert any(option in told for option in parameter.opts), parameter.opts


def test_every_test_that_holds_a_promise_exists() -> None:
    named = re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    there = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert len(named) > 10
    assert sorted(set(named) - there) == []
