"""What Heard knows about single words: how people write them, and whether anybody is called so."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path

from ingest.personal import lexicon
from training.marked import Marked, without_marks
from training.people import everybody
from training.places import CITIES

_RARE = -16.9  # log probability from which a word of spacy-lookups-data is worth keeping
_COMMON = -12.5
_RUDE = re.compile(
    r"fuck|cunt|nigg|fag|shit|cock|slut|whore|rape|porn|retard|bitch|twat|wank|spic$|kike|jizz|dick|pussy"
)
_MARGIN = 0.7  # how much likelier one way of writing a word must be (a factor of two)


def word_kinds() -> dict[str, str]:
    """Word in lower case -> its kind: one letter for how it is written, then those of `ingest.personal.lexicon`."""
    kinds: dict[str, str] = _written()
    given, family = (names | {_plain(name) for name in names} for names in everybody())
    places = {word.lower() for city in CITIES for word in city.split() if len(word) > 2 and word[0].isupper()}
    for letter, words in (("g", given), ("f", family), ("p", places)):
        for word in words:
            if word.replace("-", "").replace("'", "").replace("’", "").isalpha():
                kinds[word] = kinds.get(word, "u") + letter
    return dict(sorted(kinds.items()))


def odd_words() -> tuple[str, ...]:
    """Words that people write, but so rarely that the product does not know them: not every such word is a name."""
    chances, nothing = _chances()
    return tuple(
        sorted(
            word
            for word, chance in chances.items()
            if _RARE - 1.0 <= chance < _RARE and len(word) > 4 and word.isalpha() and word.islower() and word.isascii()
            and not _RUDE.search(word) and chance >= chances.get(word.capitalize(), nothing) + _MARGIN
        )
    )  # fmt: skip


def nobodys_words() -> tuple[str, ...]:
    """Words that people mostly write with a capital, or as often as not, and that are in no list of names or towns:
    products, firms, games, peoples."""
    return tuple(word for word, kind in lexicon.words().items() if kind in ("n", "b") and _fit(word))


def namelike_words() -> tuple[str, ...]:
    """Ordinary words that are in a list of names too: "trace", "parent", "green"."""
    named = {lexicon.GIVEN, lexicon.FAMILY}
    return tuple(word for word, kind in lexicon.words().items() if kind[0] in "Ww" and named & {*kind} and _fit(word))


def _fit(word: str) -> bool:
    return len(word) > 3 and word.isascii() and word.isalpha()


def _plain(name: str) -> str:
    return without_marks(Marked(name)).text


@cache
def _chances() -> tuple[dict[str, float], float]:
    """How likely each written word is, as a logarithm, and one less than the least."""
    import spacy_lookups_data

    table = Path(spacy_lookups_data.__file__).parent / "data" / "en_lexeme_prob.json.gz"
    with gzip.open(table, "rt", encoding="utf-8") as file:
        chances: dict[str, float] = json.load(file)
    return chances, min(chances.values()) - 1


def _written() -> dict[str, str]:
    """Word -> W or w (a word, common or less so), n (a name of something) or b (both), by how often each is written."""
    chances, nothing = _chances()
    found = {}
    for word in {word.lower() for word, chance in chances.items() if chance >= _RARE and word.isalpha()}:
        low = chances.get(word, nothing)
        high = chances.get(word.capitalize(), nothing)
        if len(word) < 2 or max(low, high) < _RARE or _RUDE.search(word):
            continue
        if low >= high + _MARGIN:
            found[word] = "W" if low >= _COMMON else "w"
        else:
            found[word] = "n" if high >= low + _MARGIN else "b"
    return found
