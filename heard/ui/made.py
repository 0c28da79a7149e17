"""What takes long to look up and several people are shown: made once for all who may read the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

_KEPT = 64  # answers, some a person who reads something of their own; the one that nobody looked at longest goes first


class Answer:
    """One of them. Whoever asks while it is being made waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Any = None
        self.ready = False

    def get(self, make: Callable[[], Any]) -> Any:
        """What was made; made now where nobody did, or whoever did failed."""
        with self._lock:
            if not self.ready:
                self._made = make()
                self.ready = True
            return self._made


class Answers:
    """Those that hold for one state of the repository: with another one, all are let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()

    def of(self, state: Hashable, question: Hashable) -> Answer:
        """The answer to a question, which may be yet to be made."""
        with self._lock:
            if state != self._state:
                self._state = state
                self._answers.clear()
            answer = self._answers.setdefault(question, Answer())
            self._answers.move_to_end(question)
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
            return answer
