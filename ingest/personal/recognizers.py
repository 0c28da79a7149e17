"""What presidio-analyzer recognizes: identifiers that check digits and shapes give away, of many countries.

Its recognizers are called one by one, with neither its registry nor its engine, so that nothing is downloaded: that
for e-mail asks the network for a list of domains, and is left out for `ingest.personal.online`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.personal.models import Kind, Span
from research.importing import without_torch

# Recognizers whose finds are believed by themselves, and those that need one of their words nearby, since one in ten
# numbers of that length passes their check, or all do.
_BY_THEMSELVES: dict[str, Kind] = {
    "CreditCardRecognizer": "CARD",
    "IbanRecognizer": "IBAN",
    "CryptoRecognizer": "ACCOUNT_NUMBER",
    "EsNifRecognizer": "NATIONAL_ID",
    "EsNieRecognizer": "NATIONAL_ID",
    "ItFiscalCodeRecognizer": "NATIONAL_ID",
    "PlPeselRecognizer": "NATIONAL_ID",
    "FiPersonalIdentityCodeRecognizer": "NATIONAL_ID",
    "SePersonnummerRecognizer": "NATIONAL_ID",
    "KrRrnRecognizer": "NATIONAL_ID",
    "UkNinoRecognizer": "NATIONAL_ID",
    "UsSsnRecognizer": "NATIONAL_ID",
    "UsMbiRecognizer": "NATIONAL_ID",
    "SgFinRecognizer": "NATIONAL_ID",
    "InPanRecognizer": "NATIONAL_ID",
    "UkDrivingLicenceRecognizer": "NATIONAL_ID",
    "DeSocialSecurityRecognizer": "NATIONAL_ID",
    "TrNationalIdRecognizer": "NATIONAL_ID",
    "ThTninRecognizer": "NATIONAL_ID",
    "ZaIdNumberRecognizer": "NATIONAL_ID",
}
_WITH_A_WORD: dict[str, Kind] = {
    "AuAbnRecognizer": "NATIONAL_ID",
    "AuAcnRecognizer": "NATIONAL_ID",
    "AuMedicareRecognizer": "NATIONAL_ID",
    "AuTfnRecognizer": "NATIONAL_ID",
    "CaSinRecognizer": "NATIONAL_ID",
    "DeTaxIdRecognizer": "NATIONAL_ID",
    "DeIdCardRecognizer": "NATIONAL_ID",
    "DePassportRecognizer": "NATIONAL_ID",
    "DeHealthInsuranceRecognizer": "NATIONAL_ID",
    "EsPassportRecognizer": "NATIONAL_ID",
    "InAadhaarRecognizer": "NATIONAL_ID",
    "InPassportRecognizer": "NATIONAL_ID",
    "InVoterRecognizer": "NATIONAL_ID",
    "ItDriverLicenseRecognizer": "NATIONAL_ID",
    "ItIdentityCardRecognizer": "NATIONAL_ID",
    "ItPassportRecognizer": "NATIONAL_ID",
    "KrPassportRecognizer": "NATIONAL_ID",
    "NgNinRecognizer": "NATIONAL_ID",
    "PhTinRecognizer": "NATIONAL_ID",
    "NhsRecognizer": "NATIONAL_ID",
    "UkPassportRecognizer": "NATIONAL_ID",
    "UsItinRecognizer": "NATIONAL_ID",
    "UsLicenseRecognizer": "NATIONAL_ID",
    "UsPassportRecognizer": "NATIONAL_ID",
    "UsNpiRecognizer": "NATIONAL_ID",
    "UsBankRecognizer": "ACCOUNT_NUMBER",
    "AbaRoutingRecognizer": "ACCOUNT_NUMBER",
    "UkVehicleRegistrationRecognizer": "ACCOUNT_NUMBER",
    "DeKfzRecognizer": "ACCOUNT_NUMBER",
    "InVehicleRegistrationRecognizer": "ACCOUNT_NUMBER",
    "NgVehicleRegistrationRecognizer": "ACCOUNT_NUMBER",
}
_ENOUGH = 0.5  # presidio's score from which a find is believed by itself; a check digit that fits makes it 1
_DIGIT = re.compile(r"\d")
_FEWEST = 4  # digits in a line without which there is nothing to recognize
# What an identifier has besides: six digits close together, or capitals beside a digit. Years and dates have neither.
_WORTH = re.compile(r"\d(?:[ .()/_-]{0,3}\d){5}|[A-Z]{1,3}[ .-]?\d|\d[ .-]?[A-Z]")
_DATE = re.compile(
    r"(?<![\d(])(?<!\d[ ./-])(?:(?:19|20)\d\d(?:[-–/]\d\d(?:\d\d|-\d\d)?)?|"
    r"\d\d?[./]\d\d?[./](?:19|20)\d\d)(?![ ./-]?\d)"
)
_ANYTHINGS = ("number", "#", "id", "card", "code", "document", "license", "licence", "registration", "account")
_NEAR = 60  # characters before a find in which its word may stand
_MOST = 1_000  # characters that are looked through at once
_AROUND = 80  # characters on either side of what may be an identifier that are looked through with it
_REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "IN",
    "AU",
    "NG",
    "ZA",
)  # whose phone numbers are known without their country's code
_lock = threading.Lock()
_made: list[tuple[_Recognizer, ...]] = []


@dataclass(frozen=True, slots=True)
class _Recognizer:
    """One of presidio's recognizers, the kind of what it finds, and the words that its finds need (None: none)."""

    recognizer: Any
    kind: Kind
    words: re.Pattern[str] | None


def find_recognized(text: str) -> Iterator[Span]:
    """What presidio's recognizers find, phone numbers included, line by line, where there are digits enough that are no
    dates: most notes have none, and need neither the recognizers nor the seconds that importing them takes."""
    at = 0
    for line in text.splitlines(keepends=True):
        for start, end in (part for worth in _worth(line) for part in _parts(line, *worth)):
            for span in _in_line(line[start:end]):
                yield Span(at + start + span.start, at + start + span.end, span.kind, span.score)
        at += len(line)


def _worth(line: str) -> Iterator[tuple[int, int]]:
    """The stretches of a line in which there may be an identifier, with the words around it.

    >>> list(_worth("In 2024 and on 2026-10-01 it was 3 of 4.")), list(_worth("Call 020 7946 0321."))
    ([], [(0, 19)])
    """
    if len(_DIGIT.findall(line)) < _FEWEST:
        return
    # Dates are blanked and not taken out, so that everything stays where it is.
    bare = _DATE.sub(lambda found: " " * len(found.group()), line)
    start = end = -1
    for found in _WORTH.finditer(bare):
        if end < 0 or found.start() - _AROUND > end:
            if end >= 0:
                yield start, end
            start = _at_space(line, found.start() - _AROUND)
        end = min(len(line), found.end() + _AROUND)
    if end >= 0:
        yield start, end


def _parts(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch in parts that share their edges: presidio compares all that it finds in a text with each other."""
    while end - start > _MOST:
        yield start, start + _MOST
        start = max(_at_space(line, start + _MOST - _AROUND), start + _MOST - 2 * _AROUND)
    yield start, end


def _at_space(line: str, near: int) -> int:
    """The last beginning of a word before a place in a line."""
    return line.rfind(" ", 0, near) + 1 if near > 0 else 0


def _in_line(text: str) -> Iterator[Span]:
    for one in _recognizers():
        for found in one.recognizer.analyze(text, one.recognizer.supported_entities):
            before = text[max(0, found.start - _NEAR) : found.start]
            if re.search(r"\d-$", before):  # the end of a longer number
                continue
            if one.kind == "PHONE":
                if _is_phone(text[found.start : found.end]):
                    yield Span(found.start, found.end, "PHONE", 0.6)
            elif one.words is None and found.score >= _ENOUGH:
                yield Span(found.start, found.end, one.kind, found.score)
            elif one.words is not None and found.score > 0 and one.words.search(before):
                yield Span(found.start, found.end, one.kind, 0.8)


def _is_phone(said: str) -> bool:
    """Whether a number that some country could have given is also written like one."""
    parts = re.findall(r"\d+", said)
    return (said[0] in "+(0" or len(parts) >= 3) and len("".join(parts)) >= 9


def _recognizers() -> tuple[_Recognizer, ...]:
    """Made once, on first use: presidio-analyzer takes seconds to import."""
    with _lock:
        if not _made:
            with without_torch():
                import presidio_analyzer.predefined_recognizers as presidio

            found = [_Recognizer(getattr(presidio, name)(), kind, None) for name, kind in _BY_THEMSELVES.items()]
            for name, kind in _WITH_A_WORD.items():
                recognizer = getattr(presidio, name)()
                words = "|".join(re.escape(word.strip()) for word in recognizer.context if word not in _ANYTHINGS)
                found.append(_Recognizer(recognizer, kind, re.compile(rf"\b(?:{words})\b", re.I)))
            phones = presidio.PhoneRecognizer(supported_regions=_REGIONS)
            _made.append((*found, _Recognizer(phones, "PHONE", None)))
        return _made[0]
