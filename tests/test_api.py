"""What programs read over HTTP: who is let in, what they are told, what they are not, and in which shape."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from beside_support import NOW, SECRET, URL, filled, put_in, serving
from fastapi import FastAPI
from repository_support import heard as command

import research
from heard import api, assistant, well
from research.embedder import Embedder
from research.errors import Busy, DatabaseAway, HeardError, IndexAway, Refused
from research.repository import Repository

ROOT = Path(__file__).parent.parent
ENV = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}

# Every address with questions that would bring what the closed study holds, were it shown.
ASKED: tuple[tuple[str, dict[str, Any] | None], ...] = (
    ("/v1/search?q=export the report to a spreadsheet&limit=50&per_person=0", None),
    (f'/v1/search?q="{SECRET}"', None),
    ("/v1/search?q=export&team=Legal", None),
    ("/v1/search?q=team:Legal", None),
    ("/v1/notes", None),
    (f"/v1/notes?title={SECRET}", None),
    ("/v1/notes?team=Legal&study=none&study=merger", None),
    ("/v1/studies", None),
    ("/v1/themes?ever=true&limit=50", None),
    ("/v1/brief", None),
    ("/v1/brief?team=Legal&since=2026-11-01", None),
    ("/v1/check", {"lines": ["Do people export the report to a spreadsheet?", "Do they fix numbers by hand?"]}),
    ("/v1/check", {"lines": ["Do they fix numbers by hand?"], "team": ["Legal"]}),
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    kept = filled(tmp_path_factory.mktemp("beside"))
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def without(repo: Repository) -> Iterator[Repository]:
    """The same repository, as if there had never been a closed study."""
    kept = filled(repo.home.parent, closed=False)
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def address(repo: Repository) -> Iterator[str]:
    """Where programs ask."""
    with serving(api.app(repo, assistant.over_http(repo, "127.0.0.1"))) as at:
        yield at


Ask = Callable[..., httpx2.Response]


@pytest.fixture
def ask(repo: Repository, address: str) -> Ask:
    """Asks as somebody of another team: ask("/v1/notes")."""
    return asker(address, repo.tokens.add("pat@example.com", name="program"))


def asker(address: str, token: str) -> Ask:
    def asks(path: str, body: Any = None, **how: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} | how.pop("headers", {})
        method = "POST" if body is not None else "GET"
        return httpx2.request(method, address + path, json=body, headers=headers, timeout=60, **how)

    return asks


def error(answer: httpx2.Response) -> str:
    """The sentence of an answer that is an error, and nothing else."""
    told = answer.json()
    assert list(told) == ["error"], told
    assert answer.headers["content-type"] == "application/json"
    return str(told["error"])


# -- what is told ----------------------------------------------------------------------------------------------------


def test_a_search_brings_words_people_and_where_they_stand(ask: Ask) -> None:
    found = ask("/v1/search?q=numbers fixed by hand in a spreadsheet&team=growth").json()
    assert found["voices"]["said"].startswith("Only one person said this.")
    first = found["passages"][0]
    assert first["url"] == f"{URL}note?id={first['note_id']}&passage={first['id']}"
    assert first["cite"].endswith("Setting up at Northwind, Growth / Onboarding Q3, 14 Oct 2026")


def test_it_tells_what_the_command_tells(ask: Ask, repo: Repository) -> None:
    """One shape: each name of an answer that `--json` has too holds the same."""
    said = command(repo.home, "brief", "--json", "--url", URL).stdout
    assert json.loads(said)["format"] == ask("/v1/brief").json()["format"]
    found = ask("/v1/search?q=waited for an answer&team=Support").json()["passages"][0]
    hit = repo.search("waited for an answer", team="Support")[0]
    assert len(found) > 15
    for name in found.keys() - {"cite", "url"}:
        assert found[name] == json.loads(json.dumps(getattr(hit, name), default=str)), name


def test_a_note_is_read_by_id_and_by_title(ask: Ask) -> None:
    (listed,) = ask("/v1/notes?title=setting up").json()
    note = ask(f"/v1/notes/{listed['id']}").json()
    assert note == ask("/v1/notes/Setting%20up%20at%20Northwind").json()
    assert [turn["role"] for turn in note["turns"]][:2] == ["interviewer", "participant"]
    assert (note["next"], note["hidden"]) == (None, 0)
    assert note.keys() >= listed.keys()


def test_lines_are_checked(ask: Ask) -> None:
    told = ask("/v1/check", {"lines": ["Do people export reports to a spreadsheet?"], "since": "2026-01-01"}).json()
    assert [one["line"] for one in told["verdicts"]] == ["Do people export reports to a spreadsheet?"]
    assert told["verdicts"][0]["answers"][0]["quote"]["cite"]
    assert told["next"] is None  # programs get all verdicts at once


def test_studies_and_themes_are_listed(ask: Ask) -> None:
    assert [one["title"] for one in ask("/v1/studies").json()] == ["Invoice clarity", "Onboarding Q3", "Tickets"]
    assert ask("/v1/themes").json()["since"] == "2026-08-25"
    assert ask("/v1/themes?ever=true").json()["since"] is None


# -- who is let in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path, body in ASKED if body is None] + ["/v1/notes/none"])
@pytest.mark.parametrize(
    "shown", [None, "Bearer", "Bearer heard_none", "Basic cGF0OnBhdA==", "Bearer \u00e9", "heard_"]
)
def test_without_a_token_nothing_is_told(address: str, path: str, shown: str | None) -> None:
    headers = {"Authorization": shown.encode("latin-1")} if shown else {}
    answer = httpx2.get(address + path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert error(answer).startswith("Send a token that lets somebody in")


def test_a_token_lets_in_as_long_as_it_holds(repo: Repository, address: str) -> None:
    repo.members.put("kim@example.com", role="viewer")
    removed, gone = (asker(address, repo.tokens.add("kim@example.com", name=name)) for name in ("removed", "gone"))
    assert (removed("/v1/studies").status_code, gone("/v1/studies").status_code) == (200, 200)
    repo.tokens.remove(next(one.number for one in repo.tokens.all() if one.name == "removed"))
    assert (removed("/v1/studies").status_code, gone("/v1/studies").status_code) == (401, 200)
    repo.members.remove("kim@example.com")
    assert gone("/v1/studies").status_code == 401


def test_an_ended_token_lets_nobody_in(tmp_path: Path, embedder: Embedder) -> None:
    from datetime import timedelta

    day = [NOW]
    kept = research.open(tmp_path / "home", embedder=embedder, now=lambda: day[0])
    kept.members.put("kim@example.com", role="viewer")
    token = kept.tokens.add("kim@example.com", name="x", days=1)
    with serving(api.app(kept)) as at:
        ask = asker(at, token)
        day[0] = NOW + timedelta(days=1)
        assert ask("/v1/studies").status_code == 200
        day[0] = NOW + timedelta(days=2)
        assert ask("/v1/studies").status_code == 401
    kept.close()


@pytest.mark.parametrize(("path", "body"), ASKED)
def test_no_address_tells_of_a_study_that_is_kept_to_another_team(
    repo: Repository, without: Repository, ask: Ask, path: str, body: Any
) -> None:
    seen = ask(path, body)
    assert seen.status_code == 200
    with serving(api.app(without)) as at:
        expected = asker(at, without.tokens.add("pat@example.com", name="x"))(path, body)
    assert seen.json() == expected.json()
    assert SECRET not in seen.text


def test_its_own_team_sees_it(repo: Repository, ask: Ask, address: str) -> None:
    """The questions above would tell."""
    mine = asker(address, repo.tokens.add("lea@example.com", name="its own team's"))
    for path, body in ASKED:
        assert mine(path, body).json() != ask(path, body).json() or "themes" in path or "study=none" in path, path
    (note,) = mine(f"/v1/notes?title={SECRET}").json()
    assert mine(f"/v1/notes/{note['id']}").json()["closed"] is True
    for name in (note["id"], note["title"]):
        unseen, none = ask(f"/v1/notes/{name}"), ask("/v1/notes/none")
        assert (unseen.status_code, error(unseen)) == (404, error(none).replace("none", name))


def test_nothing_can_be_changed(ask: Ask, repo: Repository, address: str) -> None:
    before = repo.version()
    for path in ("/v1/search", "/v1/notes", "/v1/notes/none", "/v1/studies", "/v1/themes", "/v1/brief"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = httpx2.request(method, address + path)
            assert answer.status_code == 405
            assert error(answer) == "Method Not Allowed"
    assert repo.version() == before


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("/v1/search", None, 422, "q: Field required"),
        ("/v1/search?q=export after:someday", None, 422, "“someday” is not a date"),
        ("/v1/search?q=x&since=20260801", None, 422, "since: Value error, write it as year-month-day"),
        ("/v1/search?q=x&since=2026-02-30", None, 422, "since: "),
        ("/v1/search?q=x&limit=51", None, 422, "limit: Input should be less than or equal to 50"),
        ("/v1/search?q=x&taem=Growth", None, 422, "taem: Extra inputs are not permitted"),
        ("/v1/search?q=" + "x" * 1_001, None, 422, "q: String should have at most 1000 characters"),
        ("/v1/themes?since=2026-09-01&until=2026-08-01", None, 422, "the first day is after the last"),
        ("/v1/check", {"lines": []}, 422, "lines: "),
        ("/v1/check", {"lines": ["x"] * 51}, 422, "lines: "),
        ("/v1/check", [], 422, "the request: "),
        ("/v1/check", {"lines": ["x" * 999_999]}, 413, "at most a megabyte"),
        ("/v1/notes/none", None, 404, "There is no note “none”"),
        ("/v2/notes", None, 404, "Not Found"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask: Ask, path: str, body: Any, status: int, sentence: str) -> None:
    answer = ask(path, body)
    assert (answer.status_code, sentence in error(answer)) == (status, True), answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_are(ask: Ask, day: str) -> None:
    for path in ("/v1/search?q=export&", "/v1/themes?", "/v1/brief?"):
        for bounds in (f"since={day}", f"until={day}", f"since={day}&until={day}"):
            assert ask(path + bounds).status_code == 200, path + bounds


@contextmanager
def failing(repo: Repository, raised: Exception) -> Iterator[tuple[Ask, FastAPI]]:
    """The API over a repository of which nothing can be read."""

    class Failing:
        tokens, settings, health = repo.tokens, repo.settings, repo.health

        def as_member(self, _: object) -> Repository:
            raise raised

    made = api.app(Failing())  # type: ignore[arg-type]
    with serving(made) as at:
        yield asker(at, repo.tokens.add("pat@example.com", name="x")), made


@pytest.mark.parametrize(
    ("raised", "status"),
    [(Refused("Not for you."), 403), (DatabaseAway("Away."), 503), (Busy("Busy."), 503), (IndexAway("Away."), 503)],
)
def test_what_heard_cannot_do_is_its_sentence(repo: Repository, raised: HeardError, status: int) -> None:
    with failing(repo, raised) as (ask, _):
        answer = ask("/v1/studies")
        assert (answer.status_code, error(answer)) == (status, str(raised))


def test_what_breaks_down_says_nothing_of_what_it_was(repo: Repository, caplog: pytest.LogCaptureFixture) -> None:
    with failing(repo, RuntimeError(f"the words {SECRET}")) as (ask, _):
        answer = ask("/v1/studies")
    assert (answer.status_code, error(answer)) == (500, "Something went wrong in Heard; its log says where.")
    ours = [vars(record) for record in caplog.records if record.name == "heard"]
    assert [one["facts"]["type"] for one in ours if one["msg"] == "error"] == ["RuntimeError"]
    assert SECRET not in str(ours)


def test_a_load_balancer_learns_whether_programs_can_work_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(well, "_EACH", 0.0)
    kept = filled(tmp_path)
    with (
        serving(api.app(kept, assistant.over_http(kept, "127.0.0.1"))) as programs,
        serving(assistant.over_http(kept, "127.0.0.1")) as assistants,
    ):
        for at in (programs, assistants):
            answer = httpx2.get(f"{at}/healthz")
            assert (answer.status_code, answer.text) == (200, '{"ok":true}')
        for file in kept.home.glob("heard.db*"):
            file.write_bytes(b"gone" * 4096)
        for at in (programs, assistants):
            answer = httpx2.get(f"{at}/healthz")
            assert (answer.status_code, answer.text) == (503, '{"ok":false}')
    kept.close()


# -- its description -------------------------------------------------------------------------------------------------


def test_the_page_that_describes_it_loads_nothing_from_elsewhere(address: str) -> None:
    page = httpx2.get(f"{address}/docs")
    assert page.status_code == 200
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page.text)
    assert len(loaded) == 3
    for path in loaded:
        assert path.startswith("/docs-files/")
        assert httpx2.get(address + path).status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert httpx2.get(f"{address}/redoc").status_code == 404


def test_every_address_is_described_with_what_can_go_wrong(address: str) -> None:
    told = httpx2.get(f"{address}/openapi.json").json()
    assert sorted(told["paths"]) == sorted(
        f"/v1/{name}" for name in ("search", "notes", "notes/{id}", "studies", "check", "themes", "brief")
    )
    for path, methods in told["paths"].items():
        for about in methods.values():
            assert about["responses"].keys() == {"200", "400", "401", "403", "404", "413", "422", "503"}, path
            assert about["security"] == [{"HTTPBearer": []}]
            assert about["description"]
            wrong = [about["responses"][one] for one in about["responses"] if one > "400"]
            assert {one["content"]["application/json"]["schema"]["$ref"] for one in wrong} == {
                "#/components/schemas/Error"
            }


def test_answers_are_kept_by_nobody_on_the_way(ask: Ask) -> None:
    assert ask("/v1/studies").headers["cache-control"] == "no-store"


# -- schemathesis ----------------------------------------------------------------------------------------------------


def schemathesis(folder: Path, address: str, token: str, *how: str) -> subprocess.CompletedProcess[str]:
    """What schemathesis says of an API, as docs/beside.md runs it. It leaves what it found in the folder where it is run, and tries that again."""
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(ROOT / "schemathesis.toml"), "run",
            f"{address}/openapi.json", "--header", f"Authorization: Bearer {token}", "--seed", "1", *how,
        ],
        capture_output=True, text=True, check=False, timeout=300, cwd=folder,
    )  # fmt: skip


def test_schemathesis_finds_nothing_that_its_description_does_not_say(
    repo: Repository, address: str, tmp_path: Path
) -> None:
    token = repo.tokens.add("pat@example.com", name="schemathesis")
    done = schemathesis(tmp_path, address, token, "--max-examples", "15")
    assert done.returncode == 0, done.stdout[-4_000:]
    assert next(one.used for one in repo.tokens.all() if one.name == "schemathesis")
    assert int(re.findall(r"([\d,]+) passed", done.stdout)[-1].replace(",", "")) > 1_000


def test_schemathesis_can_find_something(repo: Repository, tmp_path: Path) -> None:
    """An answer that is not as described, and an address that breaks down."""
    made = api.app(repo)

    @made.get("/v1/broken")
    def broken(number: int) -> dict[str, int]:
        return {"half": 100 // number}

    @made.get("/v1/unlike", response_model=None, responses={200: {"model": api.Error}})
    def unlike() -> dict[str, int]:
        return {"wrong": 1}

    with serving(made) as at:
        done = schemathesis(
            tmp_path,
            at,
            "heard_none",
            "--include-path-regex",
            "broken|unlike",
            "--max-examples",
            "15",
            "--continue-on-failure",
        )
    assert done.returncode == 1
    assert "Server error" in done.stdout
    assert "Response violates schema" in done.stdout


# -- as a process ----------------------------------------------------------------------------------------------------


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_the_command_answers_and_logs_neither_questions_nor_tokens(tmp_path: Path, real_embedder: Embedder) -> None:
    kept = research.open(tmp_path / "home", embedder=real_embedder)
    put_in(kept, tmp_path)
    kept.members.put("lea@example.com", role="viewer", teams=["Legal"])
    token = kept.tokens.add("lea@example.com", name="program")
    kept.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "heard", "api", "--port", str(port), "--home", str(tmp_path / "home")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV | {"HEARD_LOG": "text"}, cwd=ROOT,
    )  # fmt: skip
    try:
        ask = asker(f"http://127.0.0.1:{port}", token)
        for _ in range(300):
            try:
                assert ask("/v1/studies").status_code == 200
                break
            except httpx2.TransportError:
                assert server.poll() is None, server.stderr and server.stderr.read()
                time.sleep(0.2)
        found = ask(f"/v1/search?q=why do people export {SECRET} reports").json()
        assert SECRET in json.dumps(found)
        assert ask("/v1/check", {"lines": [f"Do they speak of {SECRET}?"]}).status_code == 200
        assert asker(f"http://127.0.0.1:{port}", token + "x")(f"/v1/search?q={SECRET}").status_code == 401
        assert (
            httpx2.post(
                f"http://127.0.0.1:{port}/mcp", json={}, headers={"Authorization": f"Bearer {token}"}
            ).status_code
            >= 400
        )
    finally:
        server.send_signal(signal.SIGINT)
        said, log = server.communicate(timeout=60)
    assert said == f"The API is described at http://127.0.0.1:{port}/docs\n"
    assert " search " in log
    assert "token refused" in log
    for secret in (SECRET, token, "GET /v1"):
        assert secret not in log, log
