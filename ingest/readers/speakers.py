"""Who speaks: what counts as a speaker's label, which labels of a document to believe, and what role each has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from ingest.readers.lines import Line
from ingest.readers.times import seconds
from research.models import Role

Form = Literal["colon", "bold", "stamp", "later", "alone", "heading"]


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = r"[^\W_][\w.'’&/\-]{0,30}"
_NAME = rf"@?{_WORD}(?: {_WORD}){{0,3}}(?: ?\((?!\d)[^()]{{1,40}}\)| ?\[[A-Za-z][^\[\]]{{1,30}}\])?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_STAMP = rf"[\[(]\s*({_CLOCK})(?:\s*(?:-->|-|–|—)\s*{_CLOCK})?\s*[\])]"
_LEAD = re.compile(rf"\s*(?:{_STAMP}|(\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,3}})?)(?=\s+[^\W\d_]))\s*[-–—:]?\s*")
_COLON = re.compile(rf"({_NAME})\s*(?:{_STAMP}|(?<= )({_CLOCK}))?\s?[:：](?!//)(?=\s|$|[^\s\d/])\s*(.*)", re.S)
_COLON_LATER = re.compile(rf"({_NAME})\s*{_STAMP}\s*(.*)", re.S)
_STAMPED = re.compile(rf"({_NAME})\s+\(?({_CLOCK})\)?\s*$")
_ALONE = re.compile(r"[A-Z][\w.'’\-]{1,20}(?: [A-Z][\w.'’\-]{0,20}){0,2}$")
_TURN_HEADING = re.compile(rf"({_NAME})\s*:\s*(.*)", re.S)

_ASKS = re.compile(
    r"(?:lead |co-?|ux |user |design |senior )*"
    r"(?:interviewers?|moderators?|facilitators?|researchers?|uxr|hosts?|co-?host|"
    r"note[- ]?takers?|observers?|mod|int|fac|questioner|q|问|問)\W{0,2}\d{0,2}$",
    re.I,
)
_ANSWERS = re.compile(
    r"(?:participant|respondent|interviewee|partic|resp|p|r|a|answer|caregiver|customer|user|client|guest|"
    r"panell?ist|tester|patient|veteran|member|adopter|subject|attendee|audience(?: member)?|caller|"
    r"student|buyer|seller|tp|person|答)"
    r"[ _#.\-]{0,2}(?:\d{1,4}[a-z]?|[A-Z])?$",
    re.I,
)
_SURE = re.compile(
    r"(?:interviewer|moderator|facilitator|participant|respondent|interviewee|p\d{1,3}|r\d{1,3})(?:[ _#]?\d{1,3})?$",
    re.I,
)
_SPEAKER = re.compile(r"(?:unknown speaker|speaker[ _]?(?:\d{1,3}|[A-Z]))$", re.I)
_LETTERS = {"q": "a", "a": "q", "m": "rp", "i": "pra", "r": "miq", "p": "mi", "question": "a", "answer": "q"}
# Words that stand before a colon in reports and notes and are nobody's name.
_FIELDS = _word_set(
    """
    account action actions actual address advantages after afternoon agenda aim aims also alt alternatively analysis
    and approach april assumption assumptions attendees audience august author background bad baseline because
    before behavior behaviors behaviour behaviours benefits browser but caption category caution cc challenges
    chapter code company concepts conclusion cons considerations context copyright could credit credits criteria
    date december decision decisions default definition description design designs details device devices
    disadvantages disclaimer dislikes duration e.g eg email error errors evening evidence example examples expected
    faq feature features february feedback figure file files finally finding findings first follow-up follow-ups
    followup format friday from frustration frustrations fwd gain gains goal goals good hmw how however http https
    hypotheses hypothesis i.e idea ideas ie image impact important input insight insights instead intro introduction
    invited issue issues january job jtbd july june key keywords language length licence license like likes
    limitations link links location march materials may maybe meaning measure measures meeting message messages
    method methodology methods metric metrics minus monday morning motivation motivations must name names nb need
    needs negative negatives next no note notes november objective objectives observation observations october ok
    okay opportunities opportunity option options organisation organization outcome outcome: outcomes output
    overview owner page pain pains part phone photo place plus positive positives prerequisites present priority
    probe probes problem problems process product project prompt prompts pros prototype prototypes ps question
    questions quick quote quotes rating rationale re reason reasons recommendation recommendations recording
    recruitment remember requirements result results risk risks role sample saturday scenario scenarios scope score
    screen second section segment september severity should so solution solutions source sources speaker speakers
    status step step1 step2 steps strengths subject suggestion suggestions summary sunday table tag tags target task
    tasks team theme themes third thursday time tip title to toc today todo tomorrow tools topic topics total
    transcript tuesday type update updates url usage version warning weaknesses website wednesday well what when
    where who why won't wont yes yesterday
    """
)
_COMMON = _word_set(
    """
    a about again all also an any anything are as at be because been both by can could did do does each even
    everything for guess had has have he here i i'd i'm i've if in into is it it's its it’s i’m just know let let's
    let’s look me mean more most much my not of on only or other over said say says see she should some something
    such than that the their them then there these they thing think this those though thought to under very want was
    we were while will with would you your
    """
)


@dataclass(frozen=True, slots=True)
class Label:
    """A possible speaker at the start of a line: the name, what follows it, and how it is written."""

    name: str
    rest: str
    form: Form
    start_s: float | None = None
    listed: bool = False


def label_of(line: Line, following: Line | None = None, before: Line | None = None) -> Label | None:
    """The label that a line seems to open with, to be believed or not by `accepted`."""
    text = line.text
    if line.kind in ("blank", "table") or not text:
        return None
    start: float | None = None
    if text[0] in "[(0123456789" and (lead := _LEAD.match(text)):
        start = seconds(lead.group(1) or lead.group(2))
        text = text[lead.end() :]
    if line.kind == "heading":
        turn = _TURN_HEADING.match(text)
        if not turn or not (is_interviewer_word(turn.group(1)) or is_participant_word(turn.group(1))):
            return None
        return Label(turn.group(1), turn.group(2).strip(), "heading", start)
    head = text[:160]
    if stamped := _STAMPED.match(head) if len(text) <= 90 else None:
        return Label(stamped.group(1), "", "stamp", seconds(stamped.group(2)))
    if ":" in head or "：" in head:
        if found := _COLON.match(text):
            name, stamp = found.group(1), found.group(2) or found.group(3)
            form: Form = "bold" if line.bold and _same(line.bold, name) else "colon"
            return Label(
                name.strip(), found.group(4).strip(), form, seconds(stamp) if stamp else start, line.kind != "text"
            )
        if found := _COLON_LATER.match(text):
            return Label(found.group(1).strip(), found.group(3).strip(), "later", seconds(found.group(2)))
    if line.bold and len(line.bold) <= 40 and re.fullmatch(_NAME, line.bold):
        return Label(line.bold, text[len(line.bold) :].strip(" -–—"), "alone", start)
    opens = before is None or before.kind in ("blank", "heading")
    if (
        line.kind == "text"
        and following
        and following.kind == "text"
        and opens
        and _ALONE.match(head)
        and len(text) <= 40
    ):
        return Label(text, "", "alone", start)
    return None


def accepted(labels: Iterable[Label | None], lines: int, known: Collection[str] = ()) -> frozenset[str]:
    """The names among possible labels that are people (lower case), given how many lines with text there are.

    A word such as "Interviewer" or "P3" is believed at once. A name is believed when the document is a dialogue by its
    shape: labels recur, at least two people take turns, or a role word or a known name stands beside them.
    """
    found = [label for label in labels if label is not None]
    counts = Counter(_key(label.name) for label in found if not _is_field(label.name))
    if not counts:
        return frozenset()
    names = {_key(label.name): label.name for label in found}
    stamped = {_key(label.name) for label in found if label.form == "stamp" and _could_speak(label.name)}
    loose = {_key(label.name) for label in found if label.form in ("alone", "later") or label.listed}
    told = {key for key in counts if is_one_of(key, known)}
    sure = told | {key for key in counts if key not in loose and _says_who(key)}
    if sum(counts[key] for key in stamped) >= 2:
        sure |= stamped
    weak = {key for key in counts if key not in sure and is_role_word(key) and _letter_fits(key, counts)}
    sure |= {key for key in weak if counts[key] >= 2 or (sure and key not in loose) or len(weak) > 1}
    people = {key for key in counts if key not in sure and key not in weak and _is_name(names[key])}
    often = any(counts[key] >= 3 for key in people)
    recurring = {key for key in people if counts[key] >= (2 if sure or often or key not in loose else 3)}
    share = sum(counts[key] for key in recurring | sure) / max(lines, 1)
    everybody = sum(counts[key] for key in people | sure) / max(lines, 1)
    asked = told or any(is_interviewer_word(key) or _role_in_brackets(key) for key in sure)
    if asked and everybody >= 0.5:
        sure |= {key for key in people if key not in loose or key in recurring}
    elif recurring and len(recurring | sure) >= 2 and share >= (0.12 if sure else 0.2):
        sure |= recurring
        if share >= 0.35:
            sure |= people - loose
    elif len(recurring) == 1 and share >= 0.3 and any(counts[key] >= 3 for key in recurring):
        sure |= recurring
    return frozenset(sure)


def believed(label: Label | None, people: Collection[str]) -> Label | None:
    """The label when it is one of the accepted people, else None."""
    return label if label is not None and _key(label.name) in people else None


def role_of(name: str, people: Collection[str], interviewers: Collection[str]) -> Role | None:
    """What a speaker is: by the names of the interviewers, else by the label's own words, else None."""
    if is_one_of(name, interviewers):
        return "interviewer"
    inner = _role_in_brackets(name)
    if inner:
        return inner
    bare = _bare(_key(name))
    if bare == "i":
        return "interviewer" if any(_ANSWERS.match(_bare(key)) for key in people) else None
    if bare == "m":
        return "interviewer" if any(_bare(key)[:1] in "rp" and _ANSWERS.match(_bare(key)) for key in people) else None
    if bare == "question" or is_interviewer_word(bare):
        return "interviewer"
    return "participant" if is_participant_word(bare) else None


def is_role_word(name: str) -> bool:
    """Whether a label says a role ("Moderator", "P3", "Q") and not a name."""
    bare = _bare(_key(name))
    return bool(_ASKS.match(bare) or _ANSWERS.match(bare) or bare in _LETTERS)


def is_interviewer_word(name: str) -> bool:
    """Whether a label itself says that this is the research team."""
    return bool(_ASKS.match(_bare(_key(name))))


def is_participant_word(name: str) -> bool:
    """Whether a label itself says that this is somebody who was asked."""
    return bool(_ANSWERS.match(_bare(_key(name))))


def is_numbered(name: str) -> bool:
    """Whether a label stands for one participant by number ("P3", "Participant 12")."""
    return bool(
        re.match(
            r"(?:p|r|participant|respondent|interviewee|user|customer|client|tester|caller|"
            r"tp)[ _#.\-]{0,2}\d{1,4}[a-z]?$",
            name.strip(),
            re.I,
        )
    )


def is_anybody(name: str) -> bool:
    """Whether a call tool gave the label because it did not know the voice ("Speaker 2", "Unknown Speaker")."""
    return bool(_SPEAKER.match(_key(name))) or _key(name) in ("unknown", "speaker")


def is_one_of(name: str, names: Collection[str]) -> bool:
    """Whether a label is one of these people: by full name, or by first name where either side has only that."""
    mine = _bare(_key(name)).split()
    for other in names:
        theirs = _bare(_key(other)).split()
        if mine and theirs and mine[0] == theirs[0] and (min(len(mine), len(theirs)) == 1 or mine[-1] == theirs[-1]):
            return True
    return False


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _bare(key: str) -> str:
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*", "", key).strip(" .@")


def _same(bold: str, name: str) -> bool:
    return _key(bold).rstrip(" :").startswith(_key(name))


def _is_field(name: str) -> bool:
    words = _bare(_key(name)).split()
    if _SPEAKER.match(" ".join(words)):
        return False
    return not words or all(word.strip(".") in _FIELDS for word in words) or words[-1] in _FIELDS


def _role_in_brackets(name: str) -> Role | None:
    inner = re.search(r"[(\[]([^()\[\]]{1,40})[)\]]", name)
    if inner and _ASKS.match(inner.group(1).strip()):
        return "interviewer"
    return "participant" if inner and _ANSWERS.match(inner.group(1).strip()) else None


def _letter_fits(key: str, counts: Counter[str]) -> bool:
    """A single letter is a speaker only beside its counterpart (Q and A, M and R, I and P), or where it recurs."""
    bare = _bare(key)
    partners = _LETTERS.get(bare)
    if partners is None:
        return True
    beside = any(other != key and _bare(other)[:1] in partners and is_role_word(other) for other in counts)
    return beside or (bare in "qa" and counts[key] >= 2)


def _is_name(name: str) -> bool:
    words = _bare(name).split()
    if any(word.casefold() in _COMMON for word in words):
        return False
    if not words or len(words) > 3 or _is_field(name) or any(any(c.isdigit() for c in w[:1]) for w in words[:1]):
        return False
    return all(word[0].isupper() or not word[0].isalpha() or _uncased(word) for word in words) or (
        len(words) == 1 and len(words[0]) > 1 and words[0].isalpha() and not words[0].isupper()
    )


def _could_speak(name: str) -> bool:
    return _is_name(name) or is_role_word(name) or bool(_SPEAKER.match(name))


def _says_who(key: str) -> bool:
    """Whether a label cannot but be a speaker's ("P3", "Moderator", "Speaker 1", "Jonas (Interviewer)")."""
    return bool(_SURE.match(_bare(key)) or _SPEAKER.match(key) or _role_in_brackets(key))


def _uncased(word: str) -> bool:
    return word.upper() == word.lower()
