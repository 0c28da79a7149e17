"""Roles: a speaker's label that says what somebody does ("Project Manager", "Grad E") and not who they are."""

from __future__ import annotations

import re

# Words that make up what people do for a living or in a meeting. Those that are family names as often (baker, cook,
# mason, page) are left out: a name taken for a role would be shown to everybody.
_WORDS = frozenset(
    """
    account accountant accounting accounts acting admin administration administrator advisor adviser agent ambassador
    analyst architect assistant associate attorney auditor back backend board bookkeeper business buyer care
    caregiver caretaker case caseworker ceo cfo chair chairman chairperson chairwoman chief cio clerk client clinic
    clinical clinician cofounder communications community compliance consultant content contractor controller
    coordinator coo copywriter cto curator customer data delivery dentist deputy design designer developer devops
    director dispatcher dispatch district doctor economist editor education educator electrician engineer engineering
    estate event events executive expert facilities field finance financial firefighter floor founder freelancer front
    frontend general grad graduate growth hardware head health hr human industrial infrastructure instructor insurance
    interface intern inventory investor it journalist junior lawyer lead leader learning lecturer legal librarian
    logistics maintainer maintenance manager managing marketer marketing mayor mechanic medical midwife minister network
    nurse nursing office officer operations operator ops owner paralegal parent partner patient payroll pharmacist phd
    physician physiotherapist planner plumber policy postdoc practice president prime principal procurement producer
    product production professor program programme programmer project property psychologist public purchasing qa quality
    realtor receptionist recruiter reporter representative research resources sales scheduler school scientist secretary
    security senior service services social software solutions specialist sre staff store strategist student
    superintendent supervisor supply support surgeon system systems teacher team tech technical technician technology
    tester therapist trainee trainer translator treasurer tutor ui user ux vendor veterinarian vice visitor volunteer vp
    warehouse web worker writer
    """.split()  # noqa: SIM905
)
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_SMALL = frozenset(("of", "and", "the", "for", "&", "a"))


def role_of_label(label: str) -> str:
    """What a label says somebody does, in lower case ("grad" for "Grad E"); "" where it may be a name or a code.

    What stands in brackets is not looked at, and neither is a last letter or number that tells two of a kind apart.
    """
    words = re.split(r"[\s/,\-]+", _BRACKETS.sub(" ", label).strip().casefold())
    if len(words) > 1 and re.fullmatch(r"#?\d{1,3}|[a-z]\d?", words[-1]):
        words = words[:-1]
    if words and words[0] == "the":
        words = words[1:]
    telling = [word for word in words if word not in _SMALL]
    return " ".join(words) if telling and all(word in _WORDS for word in telling) else ""
