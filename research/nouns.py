"""Which words can name a thing: WordNet's lists, as they come with spaCy's lookup tables, without a tagger."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def never_names(word: str) -> bool:
    """Whether a word is a verb, an adjective or an adverb, and neither a noun nor a noun's plural. Words that the lists
    do not know, such as products, can name a thing.

    >>> [word for word in ("decided", "moved", "lately", "invoice", "reminders", "Tidewater") if never_names(word)]
    ['decided', 'moved', 'lately']
    """
    said = word.lower()
    lemma = str(_table("en_lemma_lookup").get(said, said))
    nouns, others = _words()
    names = said in nouns or (said.endswith("s") and lemma in nouns)
    return not names and any(one in some for one in (said, lemma) for some in (nouns, others))


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """The lemmas of nouns, and those of verbs, adjectives and adverbs."""
    index = _table("en_lemma_index")
    nouns = {*index["noun"], *_table("en_lemma_exc")["noun"]}  # with irregular plurals
    return frozenset(nouns), frozenset(word for kind in ("verb", "adj", "adv") for word in index[kind])


@cache
def _table(name: str) -> dict[str, Any]:
    packed = files("spacy_lookups_data").joinpath("data", f"{name}.json.gz").read_bytes()
    table: dict[str, Any] = json.loads(gzip.decompress(packed))
    return table
