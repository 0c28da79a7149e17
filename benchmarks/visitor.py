"""Somebody at the app without a browser: Streamlit's own messages over its websocket, as its pages send them.

Every visitor is a session of the app like any browser tab's: the same script runs, the same memory, the same files sent
up. What is missing is drawing, and fetching what does not change.
"""

from __future__ import annotations

import asyncio
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs, FileURLsRequest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

_LONGEST = 120.0  # seconds until an answer is taken for none


class Failed(Exception):
    """The app showed an error or did not answer."""


@dataclass
class Shown:
    """What a run of the page brought: its HTML, its widgets by label, and the address that the page set."""

    html: str = ""
    widgets: dict[str, Any] = field(default_factory=dict)
    query: str | None = None
    again: list[tuple[str, float]] = field(default_factory=list)  # parts to be run by themselves, each so many seconds

    def links(self, page: str) -> list[dict[str, str]]:
        """What links to a page ask for."""
        found = (urlsplit(unescape(link)) for link in re.findall(r'href="([^"]*)"', self.html))
        return [dict(parse_qsl(link.query)) for link in found if link.path.removeprefix("./") == page]


class Visitor:
    """One tab of a browser, from `open` to `close`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._socket: ClientConnection | None = None
        self._session = ""
        self._place, self._page = ("", ""), ""  # the page, what its address asks for; and what Streamlit calls the page
        self._states: dict[str, WidgetState] = {}
        self.shown = Shown()

    @property
    def asked(self) -> dict[str, str]:
        """What the address asks for."""
        return dict(parse_qsl(self._place[1]))

    async def close(self) -> None:
        """Shut the tab."""
        if self._socket is not None:
            await self._socket.close()
        self._socket, self._states = None, {}

    async def open(self, page: str, asks: Mapping[str, str]) -> Shown:
        """Follow a link to a page."""
        if self._socket is None:
            stream = f"{self._address.replace('http', 'ws', 1)}/_stcore/stream"
            self._socket = await connect(stream, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        self._place, self._page, self._states = (page, urlencode(asks)), "", {}
        return await self._run()

    async def say(self, label: str, *chosen: str) -> Shown:
        """Choose in the widget of that label, or press it."""
        widget = self.shown.widgets.get(label)
        if widget is None:
            raise Failed(f"There is no {label!r}, only {', '.join(self.shown.widgets)}.")
        state = WidgetState(id=widget.id)
        kind = type(widget).__name__
        if kind == "Button":
            state.trigger_value = True
        elif kind == "ButtonGroup":
            state.string_array_value.data.extend(chosen)
        else:
            state.string_value = chosen[0]
        return await self._run(state)

    async def hand_over(self, name: str, content: bytes) -> Shown:
        """Send a file up to the page's only place for files."""
        widget = self.shown.widgets["Files"]
        asked = FileURLsRequest(request_id=str(uuid4()), file_names=[name], session_id=self._session)
        await self._send(BackMsg(file_urls_request=asked))
        answer = await self._until("file_urls_response")
        (urls,) = answer.file_urls_response.file_urls
        await asyncio.to_thread(self._put, urls.upload_url, name, content)
        state = WidgetState(id=widget.id)
        state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=urls.file_id, file_urls=FileURLs.FromString(urls.SerializeToString())
        )
        return await self._run(state)

    async def until(self, words: str) -> Shown:
        """Stay on a page that keeps itself up to date until it says something."""
        while words not in self.shown.html:
            if not self.shown.again:
                raise Failed(f"The page has come to rest without {words!r}.")
            fragment, seconds = self.shown.again[-1]
            await asyncio.sleep(seconds)
            await self._run(fragment=fragment)
        return self.shown

    async def _run(self, state: WidgetState | None = None, fragment: str = "") -> Shown:
        """Have the page run, and take what it shows."""
        message = BackMsg()
        name, message.rerun_script.query_string = self._place
        message.rerun_script.page_script_hash, message.rerun_script.page_name = self._page, "" if self._page else name
        if fragment:
            message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, True
        if state is not None:
            self._states[state.id] = state
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        if state is not None and state.WhichOneof("value") == "trigger_value":
            del self._states[state.id]  # a button is pressed once
        await self._send(message)
        before = self.shown
        self.shown = shown = Shown()
        finished = None
        while finished is None or finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            finished = (await self._until("script_finished")).script_finished
        if finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:  # the rest of the page stays as it is
            shown.widgets, shown.again = before.widgets, before.again
        if finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            raise Failed("The page could not be read.")
        if shown.query is not None:
            self._place = (self._place[0], shown.query)
        return shown

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _until(self, kind: str) -> ForwardMsg:
        """Take in what comes until a message of a kind."""
        assert self._socket is not None
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self._socket.recv(decode=False), _LONGEST))
            self._take(message)
            if message.WhichOneof("type") == kind:
                return message

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.shown.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.shown.again.append((message.auto_rerun.fragment_id, message.auto_rerun.interval))
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            said = getattr(element, name) if name else None
            if name == "exception":
                raise Failed(f"The page shows an error: {said.type}")
            if name in ("html", "alert", "markdown"):
                self.shown.html += said.body
            elif said is not None and getattr(said, "id", "") and hasattr(said, "label"):
                self.shown.widgets[said.label] = said

    def _put(self, url: str, name: str, content: bytes) -> None:
        """What a browser sends for a file, with the token against forged requests."""
        with urllib.request.urlopen(f"{self._address}/_stcore/health") as answer:
            cookies = [value for key, value in answer.getheaders() if key.lower() == "set-cookie"]
        token = next(
            cookie.split(";")[0].partition("=")[2] for cookie in cookies if cookie.startswith("_streamlit_xsrf")
        )
        edge = uuid4().hex
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        ).encode() + content + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
        request = urllib.request.Request(self._address + url, body, method="PUT")
        request.add_header("Content-Type", f"multipart/form-data; boundary={edge}")
        request.add_header("X-Xsrftoken", token)
        request.add_header("Cookie", f"_streamlit_xsrf={token}")
        with urllib.request.urlopen(request):
            pass
