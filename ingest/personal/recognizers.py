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
_ANYTHINGS = ("number", "#", "id", "card", "code", "document", "license", "licence", "registration", "account")
_NEAR = 60  # characters before a find in which its word may stand
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
    """What presidio's recognizers find, phone numbers included, line by line, where there are digits enough."""
    at = 0
    for line in text.splitlines(keepends=True):
        if len(_DIGIT.findall(line)) >= _FEWEST:
            for span in _in_line(line):
                yield Span(at + span.start, at + span.end, span.kind, span.score)
        at += len(line)


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
            import presidio_analyzer.predefined_recognizers as presidio

            found = [_Recognizer(getattr(presidio, name)(), kind, None) for name, kind in _BY_THEMSELVES.items()]
            for name, kind in _WITH_A_WORD.items():
                recognizer = getattr(presidio, name)()
                words = "|".join(re.escape(word.strip()) for word in recognizer.context if word not in _ANYTHINGS)
                found.append(_Recognizer(recognizer, kind, re.compile(rf"\b(?:{words})\b", re.I)))
            phones = presidio.PhoneRecognizer(supported_regions=_REGIONS)
            _made.append((*found, _Recognizer(phones, "PHONE", None)))
        return _made[0]
