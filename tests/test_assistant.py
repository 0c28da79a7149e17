"""What an assistant reads: by the protocol's own client, over HTTP with and without a token, and from `heard mcp`."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from beside_support import NOW, SECRET, URL, filled, put_in, serving
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult
from repository_support import heard

import research
from heard import assistant
from heard import told as told_of
from research.embedder import Embedder
from research.repository import Repository

ROOT = Path(__file__).parent.parent
TOOLS = ["brief", "check", "get_note", "search", "themes"]
ENV = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}

# Every tool with questions that would bring what the closed study holds, were it shown.
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"query": "export the report to a spreadsheet", "limit": 50, "per_person": 0}),
    ("search", {"query": f'"{SECRET}"'}),
    ("search", {"query": "export", "narrow": {"team": ["Legal"]}}),
    ("check", {"lines": ["Do people export the report to a spreadsheet?", "Do they fix numbers by hand?"]}),
    ("themes", {"ever": True, "limit": 50}),
    ("brief", {}),
    ("brief", {"narrow": {"team": ["Legal"], "since": "2026-11-01"}}),
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    kept = filled(tmp_path_factory.mktemp("beside"))
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def address(repo: Repository) -> Iterator[str]:
    """Where assistants ask over HTTP."""
    with serving(assistant.over_http(repo, "127.0.0.1")) as at:
        yield f"{at}/mcp"


def asking(transport: Any, does: Callable[[Client], Awaitable[Any]], mode: str = "auto") -> Any:
    """What a client that is connected to a server brings."""

    async def ask() -> Any:
        async with Client(transport, mode=mode, read_timeout_seconds=60) as client:
            return await does(client)

    return asyncio.run(ask())


def over_http(address: str, token: str, does: Callable[[Client], Awaitable[Any]], mode: str = "auto") -> Any:
    """The same over HTTP, with a token in every request."""

    async def ask() -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            httpx2.AsyncClient(headers=headers) as sender,
            Client(streamable_http_client(address, http_client=sender), mode=mode, read_timeout_seconds=60) as client,
        ):
            return await does(client)

    return asyncio.run(ask())


def call(tool: str, **arguments: Any) -> Callable[[Client], Awaitable[CallToolResult]]:
    """Calling one tool."""
    return lambda client: client.call_tool(tool, arguments)


def told(result: CallToolResult) -> dict[str, Any]:
    """What a tool gave as values."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


# -- the tools -------------------------------------------------------------------------------------------------------


def test_the_tools_read_and_say_when_to_use_them(repo: Repository) -> None:
    async def look(client: Client) -> Any:
        return (await client.list_tools()).tools, client.instructions

    tools, instructions = asking(assistant.server(lambda: repo), look)
    assert sorted(tool.name for tool in tools) == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert tool.title
        assert len(tool.description) > 200
        assert tool.output_schema["type"] == "object"
        assert all(about.get("description") for about in tool.input_schema["properties"].values()), tool.name
    assert "people" in instructions
    assert len(instructions) < 2_000


def test_a_search_brings_words_people_and_where_they_stand(repo: Repository) -> None:
    found = told(asking(assistant.server(lambda: repo), call("search", query="numbers fixed by hand in a spreadsheet")))
    assert found["voices"] | {"said": ""} == {
        "said": "", "passages": 4, "people": 3, "teams": 3, "accounts": 2, "latest": "2026-11-12",
    }  # fmt: skip
    marta = next(one for one in found["passages"] if one["account"] == "Northwind")
    assert marta["text"].startswith("I export the monthly report to a spreadsheet")
    assert (
        marta["cite"]
        == f"{marta['speaker']}, clinic manager, Northwind; Setting up at Northwind, Growth / Onboarding Q3, 14 Oct 2026"
    )
    assert marta["url"] == f"{URL}note?id={marta['note_id']}&passage={marta['id']}"
    assert "Quillfeather" not in json.dumps(found)


def test_nothing_found_is_said(repo: Repository) -> None:
    found = told(asking(assistant.server(lambda: repo), call("search", query="export", narrow={"team": ["Nobody"]})))
    assert (found["passages"], found["voices"]["said"]) == ([], "Nobody said anything like that.")


def test_a_long_note_comes_in_pages(tmp_path: Path, embedder: Embedder) -> None:
    kept = research.open(tmp_path / "home", embedder=embedder, now=lambda: NOW)
    said = [
        f"Interviewer: And week {n}?\n\nP1: " + f"In week {n} we fixed the numbers by hand again. " * 40
        for n in range(30)
    ]
    from ingest import ingest_paths

    (tmp_path / "long.md").write_text("\n\n".join(said))
    list(ingest_paths([tmp_path / "long.md"], kept, team="Growth", study="Weeks"))
    whole = kept.note(kept.notes()[0].id)
    turns, offset, pages = [], 0, 0
    while offset is not None:
        page = told(asking(assistant.server(lambda: kept), call("get_note", note=whole.summary.id, offset=offset)))
        assert sum(len(turn["text"]) for turn in page["turns"]) <= 16_000
        turns += page["turns"]
        offset, pages = page["next"], pages + 1
    assert pages > 2
    assert [turn["text"] for turn in turns] == [turn.text for turn in whole.turns]
    assert (
        told(asking(assistant.server(lambda: kept), call("get_note", note=whole.summary.id, offset=9_999_999)))["turns"]
        == []
    )
    kept.close()


def test_a_turn_longer_than_a_page_is_cut_and_nothing_of_it_is_lost(tmp_path: Path, embedder: Embedder) -> None:
    kept = research.open(tmp_path / "home", embedder=embedder, now=lambda: NOW)
    from ingest import ingest_paths

    (tmp_path / "long.txt").write_text(
        "P1: " + " ".join(f"In week {n} we fixed the numbers by hand." for n in range(1_200))
    )
    list(ingest_paths([tmp_path / "long.txt"], kept, team="Growth", study="Weeks"))
    whole, offset, text = kept.note(kept.notes()[0].id), 0, ""
    while offset is not None:
        page = told(asking(assistant.server(lambda: kept), call("get_note", note=whole.summary.id, offset=offset)))
        text, offset = text + "".join(turn["text"] for turn in page["turns"]), page["next"]
    assert text == "".join(turn.text for turn in whole.turns)
    kept.close()


def test_a_brief_comes_in_pages(demo_home: Path) -> None:
    kept = research.open(demo_home)
    asks, offset, pages = assistant.server(lambda: kept), 0, []
    while offset is not None:
        page = told(asking(asks, call("brief", offset=offset)))
        pages.append(page["markdown"])
        offset = page["next"]
    assert "".join(pages) == kept.brief().to_markdown(url=kept.settings.url)
    assert len(pages) > 2
    assert all(page.endswith("\n") for page in pages)  # between lines, and where it can be before a heading
    assert any(page.startswith("#") for page in pages[1:])
    kept.close()


def test_themes_and_verdicts_come_a_few_at_once(demo_home: Path) -> None:
    kept = research.open(demo_home)
    asks = assistant.server(lambda: kept)
    lines = [f"Do people {does}?" for does in ("export reports", "ask a colleague", "like dark mode", "pay by invoice")]
    themes, verdicts = [], []
    offset: int | None = 0
    while offset is not None:
        page = told(asking(asks, call("themes", offset=offset)))
        assert len(json.dumps(page)) < 2 * told_of.PAGE
        themes += page["themes"]
        assert page["more"] == len(kept.themes(since=page["since"])) - len(themes)
        offset = page["next"]
    assert [one["id"] for one in themes] == [one.id for one in kept.themes(since=page["since"])]
    offset = 0
    while offset is not None:
        page = told(asking(asks, call("check", lines=lines, offset=offset, limit=3)))
        assert sorted(page["to_ask"] + page["to_drop"]) == sorted(lines)
        verdicts += page["verdicts"]
        offset = page["next"]
    assert [one["line"] for one in verdicts] == lines
    kept.close()


@given(st.text(alphabet="x# \n", max_size=60), st.integers(1, 20))
def test_pages_of_a_brief_are_all_of_it(text: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(told_of, "PAGE", size)
        offset: int | None = 0
        read = ""
        while offset is not None:
            page = told_of.brief("", date(2026, 1, 1), date(2026, 3, 31), text, offset)
            assert len(page.markdown) <= size
            read, offset = read + page.markdown, page.next
        assert read == text


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("get_note", {"note": "no such note"}, "There is no note “no such note” that you may read"),
        ("search", {"query": "export after:someday"}, "“someday” is not a date"),
        ("themes", {"narrow": {"since": "2026-09-01", "until": "2026-08-01"}}, "the first day is after the last"),
        ("search", {"query": "export", "limit": 51}, "less than or equal to 50"),
        ("search", {"query": "export", "narrow": {"teams": ["Growth"]}}, "Extra inputs are not permitted"),
        ("brief", {"days": 30}, "brief knows no “days”. It takes narrow, offset."),
        ("check", {"lines": []}, "at least 1 item"),
        ("check", {"lines": ["x"] * 51}, "at most 50 items"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(
    repo: Repository, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    result = asking(assistant.server(lambda: repo), call(tool, **arguments))
    assert result.is_error
    assert sentence in result.content[0].text
    assert "Traceback" not in result.content[0].text


def test_what_breaks_down_tells_the_assistant_nothing_of_it() -> None:
    def broken() -> Repository:
        raise RuntimeError(f"the words {SECRET}")

    result = asking(assistant.server(broken), call("search", query="export"))
    assert result.is_error
    assert SECRET not in str(result)


# -- over HTTP -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_token_lets_an_assistant_ask(repo: Repository, address: str, mode: str) -> None:
    token = repo.tokens.add("pat@example.com", name="assistant")
    found = told(over_http(address, token, call("search", query="export the monthly report"), mode))
    assert found["voices"]["people"] == 2


@pytest.mark.parametrize("shown", ["", "heard_" + "a" * 43, "nonsense"])
def test_without_a_token_that_holds_nobody_asks(address: str, shown: str) -> None:
    headers = {"Authorization": f"Bearer {shown}"} if shown else {}
    asks = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "brief", "arguments": {}}}
    answer = httpx2.post(address, json=asks, headers={"Accept": "application/json, text/event-stream", **headers})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "resource_metadata" not in answer.headers["www-authenticate"]  # there is no server to ask for one
    assert "people" not in answer.text


def test_a_token_that_is_taken_away_ends_the_conversation(repo: Repository, address: str) -> None:
    token = repo.tokens.add("pat@example.com", name="soon gone")

    async def talk(client: Client) -> None:
        assert told(await client.call_tool("search", {"query": "export"}))
        repo.tokens.remove(next(one.number for one in repo.tokens.all() if one.name == "soon gone"))
        await client.call_tool("search", {"query": "export"})

    with pytest.raises(BaseException) as refused:  # noqa: PT011  # a group of errors, as the client puts it
        over_http(address, token, talk)
    assert "AssertionError" not in repr(refused.value)


def test_a_page_elsewhere_cannot_ask_in_a_browsers_name(repo: Repository, address: str) -> None:
    token = repo.tokens.add("pat@example.com", name="browser")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    asks = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx2.post(address, json=asks, headers={**headers, "Host": "evil.example"}).status_code == 421
    assert httpx2.post(address, json=asks, headers={**headers, "Origin": "https://evil.example"}).status_code == 403
    with serving(assistant.over_http(repo, "127.0.0.1", ["heard.example.com"])) as at:
        for name, status in (("heard.example.com", 200), ("heard.example.com.evil.example", 421)):
            answer = httpx2.post(f"{at}/mcp", json=asks, headers={**headers, "Host": name})
            assert answer.status_code == status, answer.text


@pytest.fixture(scope="module")
def without(repo: Repository) -> Iterator[Repository]:
    """The same repository, as if there had never been a closed study."""
    kept = filled(repo.home.parent, closed=False)
    yield kept
    kept.close()


@pytest.mark.parametrize(("tool", "arguments"), ASKED)
def test_no_tool_tells_of_a_study_that_is_kept_to_another_team(
    repo: Repository, without: Repository, address: str, tool: str, arguments: dict[str, Any]
) -> None:
    token = repo.tokens.add("pat@example.com", name="another team's")
    seen = told(over_http(address, token, call(tool, **arguments)))
    assert seen == told(asking(assistant.server(lambda: without), call(tool, **arguments)))
    assert SECRET not in json.dumps(seen)


def test_its_own_team_sees_it(repo: Repository, address: str) -> None:
    """The questions above would tell."""
    token = repo.tokens.add("lea@example.com", name="its own team's")
    other = repo.tokens.add("pat@example.com", name="another team's")
    for tool, arguments in ASKED:
        seen, unseen = (told(over_http(address, one, call(tool, **arguments))) for one in (token, other))
        assert seen != unseen or tool in ("themes", "brief"), tool  # closed studies are in no theme, for nobody
    note = told(over_http(address, token, call("get_note", note=f"{SECRET} call")))
    assert (note["closed"], note["team"]) == (True, "Legal")
    refused = over_http(address, other, call("get_note", note=f"{SECRET} call"))
    assert "There is no note" in refused.content[0].text


# -- as a process ----------------------------------------------------------------------------------------------------


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_an_assistant_on_this_machine_starts_it_and_asks(tmp_path: Path, real_embedder: Embedder) -> None:
    kept = research.open(tmp_path / "home", embedder=real_embedder)
    put_in(kept, tmp_path)
    kept.close()
    log = tmp_path / "log"

    async def ask() -> list[Any]:
        started = StdioServerParameters(
            command=sys.executable, args=["-m", "heard", "mcp", "--home", str(tmp_path / "home")], env=ENV, cwd=ROOT
        )
        with log.open("w") as errors:
            async with Client(stdio_client(started, errlog=errors), read_timeout_seconds=120) as client:
                tools = await client.list_tools()
                found = await client.call_tool("search", {"query": f"why do people export reports, {SECRET}?"})
                note_id = told(found)["passages"][0]["note_id"]
                note = await client.call_tool("get_note", {"note": note_id})
                checked = await client.call_tool("check", {"lines": ["Is the price per seat fair?"]})
                gone = await client.call_tool("get_note", {"note": "none"})
                return [sorted(tool.name for tool in tools.tools), told(found), told(note), told(checked), gone]

    tools, found, note, checked, gone = asyncio.run(ask())
    assert tools == TOOLS
    assert "spreadsheet" in found["passages"][0]["text"]
    assert any(
        turn["text"] in found["passages"][0]["text"] or found["passages"][0]["text"] in turn["text"]
        for turn in note["turns"]
    )
    assert len(checked["verdicts"]) == 1
    assert gone.is_error
    assert log.read_text() == ""


def test_the_protocol_alone_stands_on_standard_output(tmp_path: Path) -> None:
    """An empty repository, asked by hand: each line is a message."""
    asks = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "heard", "mcp", "--home", str(tmp_path / "home")],
        input="".join(f"{json.dumps(one)}\n" for one in asks) + "no JSON\n", capture_output=True, text=True, env=ENV,
        cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["id"] for one in lines if "result" in one} >= {1}
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_it_listens_until_it_is_stopped_and_to_nobody_without_a_token(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        done = heard(tmp_path / "home", "mcp", "--http", "--port", str(port))
        assert (done.exit_code, done.stderr.endswith(f"Port {port} is in use. Name another with --port.\n")) == (
            1,
            True,
        )
    command = [sys.executable, "-m", "heard", "mcp", "--http", "--port", str(port), "--home", str(tmp_path / "home")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV, cwd=ROOT)
    try:
        assert server.stdout
        assert server.stdout.readline() == f"Assistants ask at http://127.0.0.1:{port}/mcp\n"
        for _ in range(100):
            with suppress(httpx2.TransportError):
                assert httpx2.post(f"http://127.0.0.1:{port}/mcp", json={}).status_code == 401
                break
            time.sleep(0.1)
        else:
            raise AssertionError("nobody listens")
    finally:
        server.send_signal(signal.SIGINT)
        _, log = server.communicate(timeout=60)
    assert log == "Nobody has a token yet: `heard token add` makes one.\n"
    assert server.returncode == 0


def test_every_tool_is_described_in_the_docs() -> None:
    page = (ROOT / "docs" / "beside.md").read_text(encoding="utf-8")
    assert [name for name in TOOLS if f"`{name}`" not in page] == []
    assert inspect.getdoc(assistant)
