"""Written questions in notes: which lines are the guide's, and where an answer begins behind a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.lines import Line

_ASK = (
    r"(?:how|what|when|where|why|who|whom|whose|which|do|does|did|don'?t|is|are|was|were|am|have|has|had|having|can|"
    r"could|would|"
    r"will|should|if|in what|on a scale|to what extent|tell|describe|walk|show|explain|talk|think|imagine|looking|"
    r"thinking|"
    r"compared|any(?:thing)?|other than|besides|let'?s|please|so|and|ok(?:ay)?|now|great|last time|about how|at what|"
    r"for how)"
)
_OPENS = re.compile(
    rf"(?:\W*(?:q\d{{0,3}}[.:)]\s*|\d{{1,3}}[.)]\s*)?)(?:if (?:yes|no|so|not)\s*[,:]\s*)?{_ASK}\b", re.I
)
_STRICT = re.compile(
    r"\W*(?:how|what|when|where|why|who|which|do|does|did|is|are|was|were|have|has|can|could|would|will|should|"
    r"in what|on a scale|tell me|describe|walk me|talk me|show me|if (?:yes|no|so|you)|please|let'?s|explain|think|"
    r"imagine)\b",
    re.I,
)
_YOU = re.compile(r"\b(?:you|your|you'?re|you'?ve|you'?d|yourself)\b", re.I)
_ME = re.compile(
    r"\b(?:i|i'm|i’m|i've|i’ve|i'd|i’d|i'll|i’ll|my|mine|myself|we|our)\b|"
    r"(?<!tell )(?<!walk )(?<!show )(?<!help )(?<!talk )(?<!give )\b(?:me|us)\b",
    re.I,
)
_GOES_ON = re.compile(
    r"(?:please|explain|describe|if (?:so|yes|no|not)|why(?: or why)? not|tell me|e\.?g\.?|i\.?e\.?|for example|"
    r"for instance|such as|probe|prompt|note|like\b)",
    re.I,
)
_PROBE = re.compile(r"([(\[])([^()\[\]]{3,220})[)\]]\s*(.*)", re.S)
_SCRIPT = re.compile(
    r"the following questions|thank(?:s| you)(?: so much)? for (?:joining|participating|taking the time|your time|"
    r"agreeing)|before we (?:get started|begin|start)|"
    r"(?:start|stop) recording|started recording|please know (?:that )?you can|feel free to|(?:we|i)(?:'re|’re| are|"
    r"'m|’m| am) (?:here )?(?:testing|not testing)|"
    r"there are no (?:right or )?wrong answers|i(?:'m|’m| am)? ?(?:going to|will|’ll|'ll) (?:be )?(?:ask(?:ing)? you|"
    r"shar(?:e|ing) (?:my|a|the) (?:screen|link)|show(?:ing)? you|read(?:ing)? you|send(?:ing)? you|past(?:e|ing) )|"
    r"think(?:ing)? out loud|do you have any questions (?:for me )?before",
    re.I,
)
_THEIRS = re.compile(
    r"\b(?:their|customer|client|user|participant)(?:'?s?'?|’s) (?:own )?questions|"
    r"questions? (?:from|by|of|they|she|he|the|raised|that)\b|"
    r"\b(?:they|she|he|customer|user|participant) asked\b|^asked\b|\bopen questions",
    re.I,
)
_SENTENCE_END = re.compile(r"[?？][\"'”’)\]]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Ask:
    """A written question, and the answer typed behind it on the same line ("" where none is)."""

    question: str
    answer: str


def asks(lines: Sequence[Line]) -> dict[int, Ask]:
    """The lines, by index, that are a guide's written questions.

    A customer's own question must stay what a customer said, so a line counts only where its surroundings say guide:
    it is bold, or it has its answers beneath it, or its list or document consists of questions put to a "you".
    """
    filled = [index for index, line in enumerate(lines) if line.kind not in ("blank", "heading", "table")]
    prompts = {index for index in filled if is_prompt(lines[index].text)}
    to_you = sum(1 for index in prompts if _YOU.search(lines[index].text[:400]))
    plain = [index for index in filled if lines[index].kind == "text"]
    guide = to_you >= 2
    talkative = guide and len(plain) > 3 and sum(index in prompts for index in plain) >= 0.25 * len(plain)
    asking = guide and sum(index in prompts for index in plain) >= 0.08 * len(plain)
    in_list = _guide_lists(lines, prompts)
    quoted = _quote_answers(lines)
    found: dict[int, Ask] = {}
    for index in filled:
        line = lines[index]
        ask = _bold(line) if line.bold else None
        if ask is None and line.kind in ("bullet", "number"):
            ask = _listed(lines, index, index in prompts, index in in_list, index in quoted, guide)
        elif ask is None and line.kind == "text" and index in prompts and asking:
            split = split_answer(line.text)
            whole = split is not None and not split.answer and _is_whole(line.text)
            if split is not None and (whole or (talkative and _YOU.search(split.question))):
                ask = split
        if ask is not None:
            found[index] = ask
    return found


def _is_whole(text: str) -> bool:
    """Whether a paragraph is one written question: short, and nobody speaks of themselves in it."""
    return len(text.split()) <= 45 and _STRICT.match(text) is not None and not _ME.search(text)


def is_script(text: str) -> bool:
    """Whether a paragraph of a filled-in guide is what the moderator reads out."""
    return len(text) < 1200 and bool(_SCRIPT.search(text))


def is_prompt(text: str) -> bool:
    """Whether a line opens with a question."""
    head = text[:600]
    if head[:1] in "([":
        return False
    return "?" in head and bool(
        _OPENS.match(head) or (_YOU.search(head[: head.find("?")]) and not _ME.search(head[: head.find("?")]))
    )


def split_answer(text: str) -> Ask | None:
    """A question and what is typed behind its question mark; None where nothing is asked.

    Further questions and instructions ("If so, why?", "Please describe ...") belong to the question.
    """
    end = 0
    for mark in _SENTENCE_END.finditer(text[:800]):
        between = text[end : mark.start()].strip()
        more = _STRICT.match(between) or _GOES_ON.match(between) or between[:3].lower() == "if "
        if end and (not more or re.search(r"[.!]\s", between)):
            break
        end = mark.end()
    if not end:
        return None
    rest = text[end:].strip(" –—-:\t")
    if rest.startswith(("(", "[")) and rest.endswith((")", "]", ").")):
        return Ask(text, "")
    if _GOES_ON.match(rest) and len(rest) < 160:
        return Ask(text, "")
    return Ask(text[:end].strip(), rest)


def split_probe(text: str) -> tuple[str, str]:
    """The probe and what is said to it, of "(What does that mean to you?) Sometimes ..."; else ("", text)."""
    found = _PROBE.match(text) if text[:1] in "([" else None
    if not found or not found.group(3):
        return "", text
    inner = found.group(2).strip()
    if inner.endswith("?") or (_STRICT.match(inner) and len(inner.split()) >= 4):
        return inner, found.group(3).strip()
    return "", text


def _bold(line: Line) -> Ask | None:
    if not line.bold.rstrip(" :").endswith("?"):
        return None
    return Ask(line.bold.rstrip(" :"), "" if line.all_bold else line.text[len(line.bold) :].strip(" :–—-"))


def _listed(lines: Sequence[Line], index: int, prompt: bool, in_guide: bool, quoted: bool, guide: bool) -> Ask | None:
    line = lines[index]
    below = _next(lines, index)
    split = split_answer(line.text) if "?" in line.text else None
    if quoted:
        return Ask(line.text, "")
    if line.kind == "number" and prompt:
        answered = below is not None and below.kind in ("bullet", "text", "quote")
        if answered and split is not None and not split.answer:
            return split
        if answered and split is not None and not (in_guide or guide):
            return None
        return split if split and (in_guide or guide or answered) else None
    if not in_guide or split is None or not prompt:
        return None
    if split.answer or not _ME.search(line.text) or _YOU.search(line.text):
        return split
    return None


def _guide_lists(lines: Sequence[Line], prompts: set[int]) -> set[int]:
    """Items of lists that are mostly questions, unless their heading says that these are what the customer asked."""
    found: set[int] = set()
    run: list[int] = []
    theirs = False
    for index, line in enumerate([*lines, Line("heading")]):
        if line.kind in ("bullet", "number"):
            run.append(index)
            continue
        if line.kind in ("heading", "table") or (line.kind == "text" and index and lines[index - 1].kind == "blank"):
            asked = [item for item in run if item in prompts]
            if len(asked) >= max(2, 0.5 * len(run)) and not theirs:
                found.update(run)
            run = []
        if line.kind in ("heading", "text"):
            theirs = _THEIRS.search(line.text[:200]) is not None
    return found


def _quote_answers(lines: Sequence[Line]) -> set[int]:
    """Bullets whose answers stand below them as quotes, where a document is written that way."""
    pairs = [
        index
        for index, line in enumerate(lines)
        if line.kind == "bullet" and (below := _next(lines, index)) and below.kind == "quote"
    ]
    questions = sum(lines[index].text.rstrip().endswith(("?", ")")) or "?" in lines[index].text for index in pairs)
    return set(pairs) if len(pairs) >= 3 and questions >= 0.5 * len(pairs) else set()


def _next(lines: Sequence[Line], index: int) -> Line | None:
    return next((line for line in lines[index + 1 : index + 6] if line.kind != "blank"), None)
