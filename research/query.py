"""What people type into the search box: words, "exact phrases", and filters such as team:growth after:2026-08-01."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from research.filters import Filter, day
from research.words import stem, words

# Words that carry no meaning of their own: they are left out of the keyword half when anything else is there.
EMPTY_WORDS = frozenset(
    """a about after all also am an and any anybody anyone anything are as at be because been before being but by can
    could did do does doing done each else ever every everybody everyone for from get gets getting give go goes going
    gone got had has have having he hear heard her here hers him his how i if in into is it its just know let like me
    might more most much must my no nor not now of on one only or other our out over own people say said saying says
    she should so some somebody someone something than that the their them then there these they thing things this
    those through to too up us very was we were what when where whether which while who whom whose why will with
    would you your""".split()  # noqa: SIM905  # a list of 150 quoted words reads worse
)

# Words that speak about speaking. They stand in questions and in findings ("three participants mentioned that …",
# "summarise the discussion about …"), hardly ever in what the customers said.
_REPORTING = frozenset(
    """according ask asked believe believed comment commented comments conversation describe described discuss discussed
    discussing discussion discussions explain explained express expressed feel feeling feels felt indicated interviewees
    mention mentioned mentioning noted opinion opinions participant participants regarding replied reply report reported
    respond responded respondents several speak stated suggest suggested summarise summarize summary talk talked talking
    think thinking thinks thought thoughts towards toward concerning""".split()  # noqa: SIM905
)

# Whom research speaks of. A finding says "most users could not find it"; what they said is "I could not find it".
_PEOPLE = (
    "participants?|users|customers|clients|people|respondents|interviewees|testers|staff|employees|members|citizens|"
    "residents|patients|veterans|students|parents|visitors|applicants|subscribers|they"
)
_SHARE = r"\(?\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|half|most|many|some|several|all|both|a few)\b"
_OWN_VOICE = tuple(
    (re.compile(pattern, re.IGNORECASE), mine)
    for pattern, mine in (
        (rf"{_SHARE} ?(?:/|of|out of)? ?(?:the )?(?:\d+\)?)? ?(?:of the |of our |the )?(?=\b(?:{_PEOPLE})\b)", ""),
        (rf"\b(?:the |these |those )?(?:{_PEOPLE})['’]s?(?=\s)", "my"),
        (rf"\b(?:the |these |those )?(?:{_PEOPLE})\b", "I"),
        (r"\btheir\b", "my"),
        (r"\btheirs\b", "mine"),
        (r"\bthem\b", "me"),
        (r"\bthemselves\b", "myself"),
    )
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

_ENDING = re.compile(r"['’](?:s|t|re|ve|ll|m|d)\b", re.IGNORECASE)  # the s of "what's" is no word to look for
_LONGEST = 2_000  # characters of a query that are read; nobody types more, and a pasted page asks for itself
_MOST_WORDS = 64  # words that are looked for


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart: `text` as asked, `phrases` that must stand in the passage as they are.

    `voice` is the text as a customer would say it, to look for by meaning; `words` are what to look for by word: stem
    -> the word as it was asked.
    """

    text: str
    voice: str
    words: Mapping[str, str]
    phrases: tuple[str, ...]
    narrow: Filter


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
    voice = in_own_voice(text)
    found = list(dict.fromkeys(words(text)))
    telling = [word for word in dict.fromkeys(words(_ENDING.sub("", voice))) if word not in EMPTY_WORDS]
    telling = [word for word in telling if word not in _REPORTING] or telling
    days = {"since": day(dates.get("since"), "after:"), "until": day(dates.get("until"), "before:")}
    narrow = replace(Filter(**days), **fields)  # type: ignore[arg-type]  # the names are fields of Filter
    return Query(
        text=text,
        voice=voice,
        words={stem(word): word for word in (telling or found)[:_MOST_WORDS]},
        phrases=tuple(phrases[:8]),
        narrow=narrow,
    )


def in_own_voice(text: str) -> str:
    """A finding or a question as a customer would say it: "7 of 11 users lost their drafts" -> "I lost my drafts".

    A sentence's vector says who speaks as well as what about, and the customers spoke for themselves
    (docs/benchmarks.md has what this is worth).
    """
    told = text
    for pattern, mine in _OWN_VOICE:
        told = pattern.sub(mine, told)
    return " ".join(word for word in told.split() if word.lower().strip(".,;:") not in _REPORTING) or text


def examples(asked: Sequence[tuple[str, int]], limit: int) -> list[str]:
    """Of questions and the study each was asked in those that a stranger could have asked, of every study one first."""
    telling = [(question, study) for question, study in asked if _stands_alone(question)]
    first_of_study = {study: question for question, study in reversed(telling)}
    chosen = [question for question, study in telling if first_of_study[study] == question]
    return [*chosen, *(question for question, _ in telling if question not in chosen)][:limit]


def _stands_alone(question: str) -> bool:
    """One sentence, a question word first, three telling words."""
    first = question.split(" ", 1)[0].lower()
    asks = first in {"what", "how", "why", "when", "which", "who", "where"}
    return asks and "." not in question and len(parse(question).words) > 2
