"""The documentation keeps its promises: links lead somewhere, what is shown exists, and what exists is told of."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from heard.cli import main
from research.config import Settings

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


def commands(command: click.Command = main, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand with all that one types for it."""
    path = path or ("heard",)
    yield " ".join(path), command
    for name, one in command.commands.items() if isinstance(command, click.Group) else ():
        yield from commands(one, *path, name)


COMMANDS = dict(commands())
TOLD = "\n".join(
    page.read_text(encoding="utf-8") for page in PAGES if page.parent == ROOT / "docs" or page.stem == "README"
)


def options(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_of(name: str) -> None:
    assert re.search(rf"(?<![\w-]){name.replace(' ', '[ ]+')}(?![\w-])", TOLD), f"{name} stands in no page"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_told_of_and_says_what_it_is_for(name: str) -> None:
    for option in options(COMMANDS[name]):
        assert (option.help or "").endswith((".", "?")), f"{name} {option.opts} has no sentence of help"
        names = [one for one in (*option.opts, *option.secondary_opts) if one.startswith("--")]
        assert any(re.search(rf"{one}(?![\w-])", TOLD) for one in names), f"{name} {names} stands in no page"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_begins_with_a_short_sentence_and_is_not_wider_than_a_terminal(name: str) -> None:
    command = COMMANDS[name]
    first = (command.help or "").partition("\n\n")[0]
    assert first.endswith((".", "?"))
    assert first == " ".join(first.split()) or command is main, f"{name}: the first sentence is longer than a line"
    wide = click.Context(command, info_name=name, terminal_width=80, max_content_width=80)
    assert [line for line in command.get_help(wide).splitlines() if len(line) > 80] == []
    for listed in command.commands.values() if isinstance(command, click.Group) else ():
        room = 80 - 6 - max(map(len, command.commands))
        assert not listed.get_short_help_str(room).endswith("..."), f"{name} {listed.name} is cut off in its list"


def test_every_example_of_help_works_as_it_is_shown() -> None:
    shown = [line for one in COMMANDS.values() for line in examples(one)]
    assert len(shown) > 50
    for line in shown:
        words = shlex.split(line)[1:]
        command: click.Command = main
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            command, words = command.commands[words[0]], words[1:]
        words = words[: words.index(">")] if ">" in words else words
        _, left, _ = command.make_parser(click.Context(command)).parse_args(list(words))
        assert not left or isinstance(command, click.Group), f"{line}: {left}"


def examples(command: click.Command) -> list[str]:
    """The commands in its help, those of several lines as one."""
    said = (command.help or "").replace("\\\n", " ")
    return [line.strip() for line in said.splitlines() if re.match(r"\s*heard \w", line)]


def test_help_lists_every_command_once() -> None:
    assert sorted(name for names in main.sections.values() for name in names) == sorted(main.commands)


class Asked(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, otherwise: Any = None) -> Any:
        self.names.add(name)
        return otherwise


def settings_read() -> set[str]:
    """Every variable of Heard's that is read: by `Settings`, and straight from the environment anywhere."""
    asked = Asked()
    Settings.from_env(asked)
    direct = r"(?:environ|getenv)(?:\.get)?[(\[]\"(HEARD_\w+)\"|^_\w+(?:, _\w+)* = (\"HEARD_.*)$"
    code = [path for folder in ("research", "ingest", "heard", "benchmarks", "tests", "tools", "training", "fuzz")
            for path in (ROOT / folder).rglob("*.py")]  # fmt: skip
    found = [hit for path in code for hit in re.findall(direct, path.read_text(encoding="utf-8"), re.M)]
    composed = re.findall(r"\$\{(HEARD_\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8"))
    named = {name for hit in found for text in hit for name in re.findall(r"HEARD_\w+", text)}
    return {name for name in asked.names if name.startswith("HEARD_")} | named | set(composed)


def test_every_setting_is_told_of_and_every_one_that_is_told_of_is_read() -> None:
    read = settings_read()
    assert {"HEARD_HOME", "HEARD_CHROMA_TENANT", "HEARD_PORT", "HEARD_TEST_CHROMA_URL", "HEARD_GOLDEN"} <= read
    table = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert sorted(name for name in read if not re.search(rf"`{name}`", table)) == []
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert sorted(set(re.findall(r"HEARD_[A-Z_]+", pages)) - read) == []


def test_every_setting_of_the_app_and_of_its_containers_is_told_of() -> None:
    told = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    app = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    names = [f"{part}.{name}" for part, values in app.items() if part != "theme" for name in values]
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    names += [name for service in composed["services"].values() for name in service.get("environment", ())]
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    names += [name for line in re.findall(r"^ENV (.*)$", image, re.M) for name in re.findall(r"(\w+)=", line)]
    assert len(names) > 15
    assert [name for name in ("[theme]", *names) if name not in told] == []


def test_every_test_that_holds_a_promise_exists() -> None:
    named = re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    there = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert len(named) > 10
    assert sorted(set(named) - there) == []
