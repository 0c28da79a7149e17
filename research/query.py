"""What people type into the search box: words, "exact phrases", and filters such as team:growth after:2026-08-01."""

from __future__ import annotations

import re
from dataclasses import dataclass

from research.filters import Filter, day

# Words that carry no meaning of their own: they are left out of the keyword half when anything else is there.
_EMPTY_WORDS = frozenset(
    """a about after all also am an and any anybody anyone anything are as at be because been before being but by can
    could did do does doing done each else ever every everybody everyone for from get gets getting give go goes going
    gone got had has have having he hear heard her here hers him his how i if in into is it its just know let like me
    might more most much must my no nor not now of on one only or other our out over own people say said saying says
    she should so some somebody someone something than that the their them then there these they thing things this
    those through to too up us very was we were what when where whether which while who whom whose why will with
    would you your""".split()  # noqa: SIM905  # a list of 150 quoted words reads worse
)

_FIELDS = {
    "team": "team", "study": "study", "note": "note", "participant": "participant", "person": "participant",
    "segment": "segment", "account": "account", "tag": "tag",
}  # fmt: skip
_DATES = {"after": "since", "since": "since", "before": "until", "until": "until"}

_TOKEN = re.compile(
    r"""(?P<field>[A-Za-z]+):(?:"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|(?P<bare>\S+))"""
    r"""|"(?P<phrase>[^"]+)"|“(?P<curly_phrase>[^”]+)”|(?P<word>\S+)"""
)

_LONGEST = 2_000  # characters of a query that are read; nobody types more, and a pasted page asks for itself


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart: `text` to look for by meaning, `phrases` that must stand in the passage as they are."""

    text: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    narrow: Filter

    @property
    def match(self) -> str:
        """The words and phrases as an FTS5 expression, any of them enough ("" when there are none)."""
        quoted = [f'"{word}"' for word in self.words]
        quoted += [f'"{inner}"' for phrase in self.phrases if (inner := " ".join(_word_parts(phrase)))]
        return " OR ".join(dict.fromkeys(quoted))


def parse(typed: str) -> Query:
    """Take a typed query apart; what looks like a filter but is none (http://x, 10:30) stays text.

    Raises BadInput when the value of after: or before: is no date.
    """
    fields: dict[str, tuple[str, ...]] = {}
    dates: dict[str, str] = {}
    phrases: list[str] = []
    rest: list[str] = []
    for token in _TOKEN.finditer(typed[:_LONGEST].replace("\0", " ")):
        name = (token["field"] or "").lower()
        value = token["quoted"] or token["curly"] or token["bare"] or ""
        phrase = token["phrase"] or token["curly_phrase"]
        if name in _FIELDS and value:
            fields[_FIELDS[name]] = (*fields.get(_FIELDS[name], ()), value)
        elif name in _DATES and value:
            dates[_DATES[name]] = value
        elif phrase and phrase.strip():
            phrases.append(phrase.strip())
            rest.append(phrase.strip())
        else:
            rest.append(token[0])
    text = " ".join(rest)
    found = list(dict.fromkeys(word.lower() for word in _word_parts(text)))
    telling = [word for word in found if word not in _EMPTY_WORDS]
    narrow = Filter(
        **fields,
        since=day(dates.get("since"), "after:"),
        until=day(dates.get("until"), "before:"),
    )
    return Query(text=text, words=tuple((telling or found)[:64]), phrases=tuple(phrases[:8]), narrow=narrow)


def _word_parts(text: str) -> list[str]:
    """The words of a text as FTS5's unicode61 tokenizer cuts them."""
    return re.findall(r"[^\W_]+", text)
