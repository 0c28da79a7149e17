"""Phone numbers as people write and as they say them, of many countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.personal.models import Span
from ingest.personal.patterns import compiled

_GAP = r"[\s.\-\u2010-\u2013]{0,2}"
_BEFORE = r"(?<![\w.,/:£$€#=+-])"
_AFTER = r"(?![\w]|[.,:/-]\d|\s?%|\s?(?:am|pm|seats|users|euros?|dollars|pounds)\b)"
_EXTENSION = r"(?:\s*,?\s*(?:ext\.?|extension|x|durchwahl|poste)\s*\.?\s*\d{1,6})?"

_INTERNATIONAL = compiled(
    rf"(?<![\w+])(?:\+|00[ ]?(?=[1-9]))\(?\d{{1,3}}\)?{_GAP}(?:\(0?\d{{0,4}}\){_GAP})"
    rf"?\d(?:{_GAP}/?\(?\d\)?){{5,13}}{_EXTENSION}(?!\w)"
)
_AMERICAN = compiled(
    rf"{_BEFORE}(?:1{_GAP})?(?:\([2-9]\d\d\)\s?|[2-9]\d\d[\s.\-–])"
    rf"\d{{3}}[\s.\-–]\d{{4}}{_EXTENSION}{_AFTER}"
)
_TRUNK = compiled(rf"{_BEFORE}\(?0\d{{1,5}}\)?(?:{_GAP}/?\d){{5,9}}{_EXTENSION}{_AFTER}")
_IN_PAIRS = compiled(
    rf"{_BEFORE}[6-9]\d\d(?:[\s.]\d{{2}}){{3}}{_AFTER}|"
    rf"{_BEFORE}\(\d{{2,3}}\)\s?\d{{4,5}}-\d{{4}}{_AFTER}|{_BEFORE}[6-9]\d{{4}}[\s-]\d{{5}}{_AFTER}|"
    rf"{_BEFORE}[679]\d\d[\s.-]\d{{3}}[\s.-]\d{{3}}{_AFTER}|"
    rf"{_BEFORE}1[38]00[\s-]\d{{3}}[\s-]\d{{3}}{_AFTER}"
)
_SHORT = compiled(rf"{_BEFORE}555[-.\s]\d{{4}}{_AFTER}")
_AFTER_WORD = compiled(
    r"\b(?:phone|tel(?:ephone|efono|efon|éfono|éfone)?|mobile?|mob|cell(?:phone)?|landline|fax|"
    r"whats\s?app|sms|handy|portable|móvil|call|"
    r"ring|text|dial|reach|contact|hotline|direct line|number|no|num|line)\b"
    r"(?:\s+(?:me|us|him|her|them|back|number|no|is|was|now|at|on|under|it’s|it's))*[\s.:’'s#-]{0,4}"
    r"(\+?\(?\d(?:[\s.\-–/()]{0,2}\d){6,14})(?![\w]|[.,:/-]\d|\s?%)",
    re.I,
)
_NUMBER_BEFORE = compiled(
    r"(?:account|acct|customer|client|member|membership|policy|order|booking|reference|ref|claim|invoice|case|ticket|"
    r"contract|passport|insurance|security|tax|nhs|patient|serial|tracking|licen[cs]e|sin|ssn|tfn|id|"
    r"card|iban|vat|nino|"
    r"medicare|aadhaar|pesel|bsn|personnummer|abn|reg|version|build|error|isbn|sku|model|part|sort code)"
    r"(?:\s+(?:number|no|num|nr|id|code|is|was|card))*[\s.:#]*$",
    re.I,
)
_CALL_BEFORE = compiled(
    r"\b(?:phone|tel|telephone|mobile|mob|cell|fax|whatsapp|call|ring|rang|text|dial|reach|number|"
    r"hotline|line|sms|t|m|p)\b[^\n]{0,24}$",
    re.I,
)
_DIGIT = (
    r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_SAID = compiled(
    rf"\b(?:plus\s+)?(?:(?:double|triple|treble)[\s-]+)?{_DIGIT}(?:[\s,-]+(?:and\s+|um\s+|uh\s+|"
    rf"er\s+)?(?:(?:double|triple|treble)[\s-]+)?(?:{_DIGIT}|\d)){{5,16}}\b",
    re.I,
)
_DATE = compiled(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|.*\d{1,2}:\d{2}")
_YEARS = compiled(r"(?:19|20)\d\d[\s–-]+(?:19|20)\d\d")


def find_phones(text: str) -> Iterator[Span]:
    """Phone numbers: international, with a trunk 0, American, after a word such as "call", and spelled in words."""
    for pattern, score, fewest, most in (
        (_INTERNATIONAL, 0.95, 8, 15),
        (_AMERICAN, 0.85, 10, 11),
        (_TRUNK, 0.8, 9, 12),
        (_IN_PAIRS, 0.7, 9, 11),
        (_SHORT, 0.7, 7, 7),
    ):
        for found in pattern.finditer(text):
            if _may_be(text, found.start(), found.group(), fewest, most):
                yield Span(*found.span(), "PHONE", score)
    for found in _AFTER_WORD.finditer(text):
        named = _NUMBER_BEFORE.search(text[max(0, found.start() - 30) : found.start(1)])
        if not named and _may_be(text, found.start(1), found.group(1), 6, 15):
            yield Span(*found.span(1), "PHONE", 0.75)
    for found in _SAID.finditer(text):
        words = re.findall(r"[a-z\d]+", found.group().lower())
        if len(words) >= 9 or _CALL_BEFORE.search(text[max(0, found.start() - 40) : found.start()]):
            yield Span(*found.span(), "PHONE", 0.7)


def _may_be(text: str, start: int, said: str, fewest: int, most: int) -> bool:
    bare = re.split(r"\s*,?\s*(?:ext|x|durchwahl|poste)", said, maxsplit=1, flags=re.I)[0]
    count = sum(character.isdigit() for character in bare)
    before = text[max(0, start - 30) : start]
    return (
        fewest <= count <= most
        and not _DATE.match(bare)
        and not _YEARS.match(bare)
        and not _NUMBER_BEFORE.search(before)
    )
