"""What people are reached by and get in with online: e-mail, links that open something, machines' addresses, keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from ingest.personal.models import Kind, Span
from ingest.personal.patterns import compiled

_EMAIL = compiled(
    r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{0,63}[\w!#$%&*+=?^`{|}~-]@(?:[\w](?:[\w-]*\w)?\.){1,8}[^\W\d_][\w-]*\w",
    re.A | re.I,
)
_UNICODE_EMAIL = compiled(r"(?<![\w.+-])[\w.+-]{0,63}[\w+-]@(?:\w(?:[\w-]*\w)?\.){1,8}[^\W\d_]{2,}")
# "jane dot doe at example dot com", "jane (at) example (dot) org": the at must be in brackets or have a dot after it.
_AT = r"(?:\s*[\[({<]\s*at\s*[\])}>]\s*|\s+at\s+|\s*@\s*|\s+AT\s+)"
_DOT = r"(?:\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+|\s*\.\s*)"
_DASH = r"(?:\s+(?:dash|hyphen|minus|underscore)\s+|[-_])"
_ENDING = (
    r"(?:com|org|net|edu|gov|info|biz|io|co|uk|de|fr|es|it|nl|be|ch|at|pl|se|no|dk|fi|ie|eu|us|ca|au|nz|in|ng|gh|ke|za|"
    r"br|mx|ar|jp|cn|hk|sg|ru|ua|tr|me|app|dev|ai|example|test|health|clinic|shop|email|mail|online|tech|cloud)"
)
_SPELLED = compiled(
    rf"\b(?:\w+(?:{_DOT}|{_DASH})){{0,3}}\w+{_AT}(?:\w+(?:{_DOT}|{_DASH}))"
    rf"{{0,3}}?\w+{_DOT}{_ENDING}(?:{_DOT}(?:uk|au|nz|in|za|br|jp))?\b",
    re.I,
)
_SPELT_OUT = compiled(r"[\[({<]\s*(?:at|dot)|\bdot\b", re.I)

_URL = compiled(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"“”]+", re.I)
_BARE_URL = compiled(r"\b(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,12}/[^\s<>\"“”]*\?[^\s<>\"“”]+", re.I)
_LOGIN = compiled(r"^[a-z][a-z0-9+.-]*://[^/\s@:]*(?::[^/\s@]*)?@", re.I)
_SECRET_PART = compiled(
    r"[?&#;/](?:[\w.-]*(?:token|secret|passw(?:or)?d|pwd|passcode|api[_-]?key|apikey|auth|signature|credential|session|"
    r"otp|jwt|invite|magic|reset|verify|confirm|unsubscribe)[\w.-]*|sig|key|code|sid|pass|pw|hash|ticket|access|login|"
    r"email|e-?mail|phone|user(?:name|id)?|name|dob|ssn|account|s|t|k)=[^&#\s]{4,}",
    re.I,
)
_OPENS = compiled(
    r"/(?:[\w-]*(?:reset|invite|magic|verify|confirm|token|join|share|unsubscribe)[\w-]*)/[\w.~-]{12,}", re.I
)
_LONG = compiled(r"[=/](?:(?=\w*\d)(?=\w*[a-z])\w{22,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?![\w-])", re.I)

_IPV4 = compiled(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\w]|\.\d)")
_IPV6 = compiled(
    r"(?<![\w:.])(?=[\da-f]*:[\da-f]*:)[\da-f:]{3,39}(?:(?:\d{1,3}\.){3}\d{1,3})?(?:%\w+)"
    r"?(?:/\d{1,3})?(?![\w:])",
    re.I,
)
_MAC = compiled(
    r"(?<![\w:-])(?:[\da-f]{2}([:-]))(?:[\da-f]{2}\1){4}[\da-f]{2}(?![\w:-])|(?<![\w.])"
    r"(?:[\da-f]{4}\.){2}[\da-f]{4}(?![\w.])",
    re.I,
)
_VERSION_BEFORE = compiled(r"(?:version|release|build|firmware|\bv)\s*$", re.I)

_KEYS = compiled(
    r"\b(?:sk|pk|rk)_(?:live|test)_\w{10,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|"
    r"\bglpat-[\w-]{16,}|\bAKIA[0-9A-Z]{16}\b|"
    r"\bASIA[0-9A-Z]{16}\b|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bsk-[\w-]{20,}|"
    r"\bey[JK][\w-]{8,}\.ey[\w-]{8,}(?:\.[\w-]*)?|\bnpm_\w{30,}|\bwhsec_\w{16,}|\bhf_\w{20,}|\bdop_v1_\w{30,}"
)
_PASSWORD = compiled(
    r"\b(?:password|passwort|passcode|passphrase|pwd|mot de passe|contraseña|pin(?: code| number)?|"
    r"api[ _-]?key|secret(?: key)?|"
    r"access[ _-]?token|auth[ _-]?token|bearer|security (?:answer|code)|cvv|cvc|otp)\s*(?:is|was|:|=|’s|'s)\s*"
    r"[\"'“‘`]?(?=\S*[\d!@#$%^&*_+=-])([^\s\"'”’`,;]{3,}[^\s\"'”’`,;.])",
    re.I,
)

_PIN = compiled(r"\b(?:pin|cvv|cvc|cvv2|otp|passcode)(?: code| number)?\s+(\d{3,8})\b", re.I)


def find_online(text: str) -> Iterator[Span]:
    """E-mail addresses (also spelled out), links with a secret in them, IP and MAC addresses, keys and passwords."""
    for pattern in (_EMAIL, _UNICODE_EMAIL):
        yield from (_span(m.start(), m.end(), "EMAIL", 1.0) for m in pattern.finditer(text) if "://" not in m.group())
    for spelled in _SPELLED.finditer(text):
        if _SPELT_OUT.search(spelled.group()) or "@" in spelled.group():
            yield _span(*spelled.span(), "EMAIL", 0.9)
    yield from _links(text)
    yield from _machines(text)
    yield from (_span(*m.span(), "SECRET", 1.0) for m in _KEYS.finditer(text))
    yield from (_span(*m.span(1), "SECRET", 0.85) for m in _PASSWORD.finditer(text))
    yield from (_span(*m.span(1), "SECRET", 0.7) for m in _PIN.finditer(text))


def _links(text: str) -> Iterator[Span]:
    for pattern in (_URL, _BARE_URL):
        for link in pattern.finditer(text):
            url = link.group().rstrip(".,;:!?'’)]}*")
            if _LOGIN.match(url) or _SECRET_PART.search(url) or _OPENS.search(url) or _LONG.search(url):
                yield _span(link.start(), link.start() + len(url), "URL_TOKEN", 0.95)


def _machines(text: str) -> Iterator[Span]:
    for found in _MAC.finditer(text):
        yield _span(*found.span(), "IP", 0.95)
    for found in _IPV4.finditer(text):
        if not _VERSION_BEFORE.search(text[max(0, found.start() - 12) : found.start()]) and _is_ip(found.group()):
            yield _span(*found.span(), "IP", 0.9)
    for found in _IPV6.finditer(text):
        if sum(character.isalnum() for character in found.group()) > 3 and _is_ip(found.group()):
            yield _span(*found.span(), "IP", 0.95)


def _is_ip(address: str) -> bool:
    try:
        ipaddress.ip_interface(address)
    except ValueError:
        return False
    return True


def _span(start: int, end: int, kind: Kind, score: float) -> Span:
    return Span(start, end, kind, score)
