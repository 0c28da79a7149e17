"""That a repository is always opened with the key it was begun with, told by a hash of the key and never by the key."""

from __future__ import annotations

from sqlalchemy import Engine

from research.errors import HeardError
from research.keys import label_hash
from research.store import named_values
from research.store.database import writing

_NAME = "key_check"


def begun_with(engine: Engine) -> str:
    """The hash of the key that the repository was begun with, "" when there was none yet."""
    with engine.connect() as connection:
        return named_values.setting(connection, _NAME)


def hold(engine: Engine, key: bytes) -> None:
    """Remember the first key that comes. Raises HeardError when another comes later."""
    check = check_of(key)
    known = begun_with(engine)
    if not known:
        with writing(engine).begin() as connection:
            named_values.set_setting(connection, _NAME, check)
    elif known != check:
        raise HeardError(
            "This repository was begun with another key, and would take everybody for somebody new. Put its file "
            "`key` back, or set HEARD_KEY to what it was."
        )


def check_of(key: bytes) -> str:
    """The hash that tells a key from another."""
    return label_hash(key, "check")
