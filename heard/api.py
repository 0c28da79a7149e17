"""What programs may ask of Heard over HTTP: a few addresses to read from, with their description (OpenAPI).

Every request shows a token and is answered as its member may read. Nothing of a request is logged.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.routing import Route

from heard import asked, told, well
from research import events
from research.errors import BadInput, HeardError, NotFound, Refused
from research.repository import Repository

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES = 1_000_000  # of a request: 50 lines of 1,000 characters come to less, however they are written
_STATUS: dict[type[HeardError], int] = {NotFound: 404, Refused: 403, BadInput: 422}
_SAID = {
    401: "No token, or one that lets nobody in.",
    403: "Not for the member whose token it is.",
    404: "It is not there, or not to be read.",
    413: "A request of more than a megabyte.",
    422: "The request cannot be used as it is.",
    503: "The repository cannot answer just now, such as while its database is away.",
}
# The page /docs may load its own files only, whatever they ask for.
_POLICY = (
    b"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ABOUT = """\
Reads what customers said: passages with their citation, counts of people, themes and briefs. Nothing can be changed.

Every request needs a token (`heard token add`), and is answered as its member may read; passages are the customers' own
words, with names and addresses replaced by marks."""


_BRIEF: dict[str, Any] = {
    "schema": {
        "type": "object",
        "required": ["format", "title", "in_short", "window", "themes", "passages"],
        "properties": {
            "format": {"const": "heard-brief/1"},
            "title": {"type": "string"},
            "in_short": {"type": "array", "items": {"type": "string"}},
            "window": {"type": "object"},
            "themes": {"type": "array", "items": {"type": "object"}},
            "passages": {"type": "object", "additionalProperties": {"type": "object"}},
        },
    }
}


class Error(BaseModel):
    """What went wrong, and what to do next."""

    error: str


_WRONG: dict[int | str, dict[str, Any]] = {
    400: {"description": "No HTTP, or an address of more than 64 KB: in plain words.", "content": {"text/plain": {}}},
    **{status: {"model": Error, "description": said} for status, said in _SAID.items()},
}


class Searched(asked.Narrow):
    """A question, and what narrows it."""

    q: asked.Query
    """What to look for; "in quotes" for an exact phrase."""
    limit: asked.Hits = 10
    per_person: asked.PerPerson = 2
    """The most passages of one person, 0 for no limit."""


class Lines(asked.Narrow):
    """Lines to check, and what narrows what counts as heard."""

    lines: asked.Lines


class Listed(BaseModel):
    """Which notes, newest first."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    team: asked.Names = []
    study: asked.Names = []
    title: Annotated[str, Field(max_length=200)] = ""
    """Only notes whose title holds this."""
    limit: Annotated[int, Field(ge=1, le=asked.MOST_NOTES)] = 50
    offset: asked.Offset = 0


class Page(BaseModel):
    """Where in a note to begin."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    offset: asked.Offset = 0
    """`next` of the page before."""


class Themed(asked.Narrow):
    """Which themes."""

    limit: asked.MostThemes = 20
    offset: asked.Offset = 0
    """`next` of the answer before."""
    ever: bool = False
    """All that was ever said, instead of the last 90 days."""


class Nothing(BaseModel):
    """No parameters."""

    model_config = ConfigDict(extra="forbid")


_bearer = HTTPBearer(auto_error=False, description="A token of `heard token add`.")
_api = APIRouter(prefix="/v1")


def _reader(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Repository:
    repo: Repository = request.app.state.repo
    member = repo.tokens.member(shown.credentials) if shown else None
    if member is None:
        raise HTTPException(
            401,
            "Send a token that lets somebody in: “Authorization: Bearer heard_…”. Whoever looks after Heard makes one "
            "with `heard token add`.",
            {"WWW-Authenticate": "Bearer"},
        )
    return repo.as_member(member)


Reader = Annotated[Repository, Depends(_reader)]


@_api.get("/search")
def search(repo: Reader, asks: Annotated[Searched, Query()]) -> told.Found:
    """What customers said about something, best first, with who stands behind it."""
    return asked.search(repo, asks.q, asks, asks.limit, asks.per_person)


@_api.get("/notes")
def notes(repo: Reader, asks: Annotated[Listed, Query()]) -> list[told.NoteInList]:
    """Notes, newest first."""
    return asked.notes(repo, asks.team, asks.study, asks.title, asks.limit, asks.offset)


@_api.get("/notes/{id}")
def note(
    repo: Reader, id: Annotated[str, Path(min_length=1, max_length=500)], asks: Annotated[Page, Query()]
) -> told.Note:
    """A whole note by its id or title, in pages of 16,000 characters."""
    return asked.note(repo, id, asks.offset)


@_api.get("/studies")
def studies(repo: Reader, _: Annotated[Nothing, Query()]) -> list[told.Study]:
    """All studies that may be read."""
    return asked.studies(repo)


@_api.post("/check")
def check(repo: Reader, asks: Lines) -> told.Checked:
    """Whether customers have said something to each line. It changes nothing: lines do not fit into an address."""
    return asked.check(repo, asks.lines, asks)


@_api.get("/themes")
def themes(repo: Reader, asks: Annotated[Themed, Query()]) -> told.Themes:
    """What customers speak of, those themes first that most interviews do."""
    return asked.themes(repo, asks, asks.limit, asks.ever, asks.offset)


@_api.get("/brief", responses={200: {"content": {"application/json": _BRIEF}}})
def brief(repo: Reader, asks: Annotated[asked.Narrow, Query()]) -> Response:
    """What was learned in the last 90 days, or from `since` to `until`: the same as `heard brief --json`."""
    return Response(asked.brief_for_programs(repo, asks), media_type="application/json")


def app(repo: Repository, assistants: Starlette | None = None) -> FastAPI:
    """The API on a repository, and `heard.assistant`'s application beside it, if given. Raises nothing: what goes wrong
    is answered as `Error`."""

    @asynccontextmanager
    async def begun(_: FastAPI) -> AsyncIterator[None]:
        if assistants is None:
            yield
            return
        async with assistants.router.lifespan_context(assistants):
            yield

    api = FastAPIOffline(
        title="Heard", version=version("heard"), description=_ABOUT, redoc_url=None, static_url="/docs-files",
        lifespan=begun, responses=_WRONG,
        swagger_ui_parameters={"validatorUrl": None},  # else it would ask a server of its makers
        separate_input_output_schemas=False,
    )  # fmt: skip
    api.state.repo = repo
    api.include_router(_api)
    _mishaps(api)
    api.router.routes.append(well.route(well.Answer(repo.health)))
    if assistants is not None:
        api.router.routes.append(Route("/mcp", endpoint=assistants))
    api.add_middleware(_Edge)
    return api


def _mishaps(api: FastAPI) -> None:
    """Whatever goes wrong is one sentence, in one shape."""

    @api.exception_handler(HeardError)
    def ours(_: Request, error: HeardError) -> Response:
        status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 503)
        return _error(status, str(error))

    @api.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> Response:
        told = [f"{'.'.join(map(str, one['loc'][1:])) or 'the request'}: {one['msg']}" for one in error.errors()]
        return _error(422, "; ".join(told[:5]))

    @api.exception_handler(AnyHTTPException)
    def other(_: Request, error: AnyHTTPException) -> Response:
        status = 422 if error.status_code == 400 else error.status_code  # a body that is no text
        return _error(status, str(error.detail), error.headers)

    @api.exception_handler(Exception)
    def unforeseen(_: Request, error: Exception) -> Response:
        events.failed(error)
        return _error(500, "Something went wrong in Heard; its log says where.")


def _error(status: int, said: str, headers: Any = None) -> Response:
    return JSONResponse({"error": said}, status, headers)


class _Edge:
    """Takes no request of more than a megabyte, or of no stated length, and lets nobody on the way keep an answer."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] == "/mcp":  # which has a limit and headers of its own
            await self._inner(scope, receive, send)
            return
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if b"transfer-encoding" in headers or not length.isdigit() or int(length[:9]) > _MOST_BYTES:
            refused = _error(413, "A request may have at most a megabyte, and has to say its length.")
            await refused(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(b"content-security-policy", _POLICY), (b"x-content-type-options", b"nosniff")]
                if scope["path"].startswith("/v1/"):
                    own.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*message["headers"], *own]}
            await send(message)

        await self._inner(scope, receive, with_headers)
