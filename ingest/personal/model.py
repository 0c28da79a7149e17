"""The name finder that ships: loading it, once, whoever asks first; and what it has to know about words."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.personal import lexicon
from research.errors import BadInput
from research.importing import without_torch

FOLDER = Path(__file__).parent / "name_finder"
_lock = threading.Lock()
_loaded: dict[str, Any] = {}


def name_finder(name: str = "") -> Any:
    """The spaCy pipeline that finds names: the one that ships, or an installed one such as "en_core_web_sm".

    Loaded once a process and kept; threads may ask at once.
    """
    with _lock:
        if name not in _loaded:
            _loaded[name] = _load(name)
        return _loaded[name]


def teach(nlp: Any, kind: Callable[[str], str] = lexicon.kind) -> None:
    """Let a pipeline see, where spaCy keeps a word's first letter, what kind of word it is.

    So it learns what lists of names and of words are worth beside what is said around a word, and goes on seeing what
    stands in them when they grow. A pipeline made like this must be taught before it is used.
    """
    from spacy.attrs import PREFIX

    nlp.vocab.lex_attr_getters[PREFIX] = kind
    for known in nlp.vocab:  # those that the tokenizer's rules have made already
        known.prefix_ = kind(known.text)


def _load(name: str) -> Any:
    with without_torch():
        import spacy

    if not name:
        nlp = spacy.load(FOLDER)
        teach(nlp)
        return nlp
    try:
        return spacy.load(name)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"There is no spaCy pipeline named {name} on this machine. Install it with pip, or leave the setting empty "
            "to use the name finder that comes with Heard."
        ) from error
