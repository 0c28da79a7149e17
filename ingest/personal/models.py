"""What is found in a text and what is done about it: the values that pass between finding, deciding and replacing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "PERSON",
    "ORGANIZATION",
    "ADDRESS",
    "EMAIL",
    "PHONE",
    "NATIONAL_ID",  # national, tax, insurance and health numbers, passports, driving licences
    "CARD",
    "IBAN",
    "IP",  # addresses of machines, MAC addresses included
    "URL_TOKEN",  # a link that opens something: a token, a signature or a password in it
    "DATE_OF_BIRTH",
    "ACCOUNT_NUMBER",  # what an account, an order, a policy or a plate is known by
    "SECRET",  # keys to programs, passwords
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of personal data: `text[start:end]`, what it is, and how sure that is (0 to 1).

    `who` is the pseudonym where it is somebody who is known, else "".
    """

    start: int
    end: int
    kind: Kind
    score: float
    who: str = ""


def touches(one: Span, start: int, end: int) -> bool:
    """Whether a span and a stretch share a character.

    >>> touches(Span(3, 8, "PERSON", 1.0), 7, 9), touches(Span(3, 8, "PERSON", 1.0), 8, 9)
    (True, False)
    """
    return one.start < end and start < one.end
