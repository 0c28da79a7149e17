"""Numbers and dates that are somebody's because of the words before them: accounts, orders, ids, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.personal.models import Kind, Span
from ingest.personal.patterns import compiled

_NUMBER = r"(?:\s*(?:numbers?|nums?\.?|no\.?|nr\.?|n°|nº|id|ids|identifier|code|ref(?:erence)?\.?|#)(?![a-z]))"
_LINK = (
    r"(?:\s*(?:is|was|’s|'s|are|being|reads|of|here|it’s|it's|um|uh|ending in|starting with)\b)"
    r"?\s*[:=]?\s*[\"'“‘(]?"
)
# With a digit in it, in one piece or in groups: "88213407", "KD-448210", "HX/2291/0087", "20-14-53", "6335 0192 88".
_VALUE = (
    r"((?=[\w/.\-]*\d)#?(?:[A-Za-z]{0,6}[-/]?|[a-z]{2,8}_)\d[\w]*(?:[-/.][\w]+)*(?: \d[\w-]*)*|"
    r"(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])[A-Z\d][A-Z\d-]{3,})(?!\w)"
)
_THINGS = (
    r"account|acct|a/c|customer|client|member(?:ship)?|subscriber|policy|order|booking|reservation|"
    r"confirmation|reference|ref|"
    r"claim|invoice|contract|subscription|loyalty(?: card)?|library card|gift card|patient|student|"
    r"pupil|tenant|resident|"
    r"employee|staff|payroll|personnel|badge|case file|file|record|chart|mrn|tracking|parcel|shipment|consignment|"
    r"serial|imei|meter|mpan|mprn|sort|routing|transit|swift|bic|loan|mortgage|application|licen[cs]e "
    r"key|crm|user|login|"
    r"konto|kunden|kundennummer|vertrags|rechnungs|auftrags|klant|dossier|commande|cliente|pedido|cuenta"
)
_WITH_NUMBER = compiled(rf"\b(?:{_THINGS}){_NUMBER}{{1,2}}{_LINK}\s*{_VALUE}", re.I)
_ALONE = compiled(
    rf"\b(?:account|acct|a/c|order|policy|claim|booking ref(?:erence)?|reference|ref|sort code|"
    rf"customer|reservation|confirmation|membership|invoice|licen[cs]e key|product key|serial|tracking|mrn|imei)\.?\s*"
    rf"(?:is|was|’s|'s|code)?\s*[:#]?\s*{_VALUE}",
    re.I,
)
_LETTERED = compiled(
    r"\b(?:booking|reservation|confirmation|pnr|record locator|reference|ref)\.?(?: (?:number|no|code|"
    r"ref(?:erence)?))?\.?"
    r"(?:(?:\s+(?:is|was)|\s*:|’s|'s)\s+((?=\w*\d|[A-Z]{6}\b)[A-Z\d]{5,8})|\s+((?=\w*\d)(?=\w*[A-Z])[A-Z\d]{5,8}))\b"
)
_PLATE = compiled(
    r"\b(?:number plate|licen[cs]e plate|plate(?: number)?|registration(?: (?:number|plate))?|"
    r"reg(?:\.| no\.?| number)?|kennzeichen|"
    r"vin(?: number)?|chassis number)(?:\s+(?:is|was|:)|\s*:|’s|'s|(?<=plate)(?=\s))\s*([A-ZÄÖÜ\d][A-ZÄÖÜ\d]{0,3}(?:[ "
    r"-]?[A-Z\d]{1,6}){1,3})\b"
)
_SPOKEN_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double \w+|triple \w+|\d)"
_SPOKEN = compiled(
    rf"\b(?:{_THINGS}|passport|insurance|security|nhs)(?:\s+(?:number|no|id|code|reference))?\s+(?:is|"
    rf"was|it's|it’s|um|uh|\s)*((?:[a-z]\s+)?{_SPOKEN_DIGIT}(?:[\s-]+{_SPOKEN_DIGIT}){{3,}})\b",
    re.I,
)

_ID_WORDS = (
    r"emirates id|c[ée]dula|utr|unique taxpayer reference|passport|reisepass|passeport|pasaporte|"
    r"national insurance|ni number|ni no|nino|social security|"
    r"social insurance|ssn|social|sin\b|"
    r"tax(?:payer)?(?: file)?|tfn|tin\b|itin|ein|ssno|nhs|medicare|medicaid|health(?: ?card| "
    r"insurance)?|national id(?:entity)?|identity(?: card)?|"
    r"id card|personal id|driv(?:er|ing)[’']?s? licen[cs]e|driving licence|licence|driver number|dvla|"
    r"bsn|dni|nie|nif|cif|curp|rfc|cpf|cnpj|rut|"
    r"aadhaar|aadhar|pan card|pan|voter id|nin|bvn|pesel|personnummer|fødselsnummer|cpr|hetu|"
    r"henkilötunnus|steuer-?id|steuernummer|"
    r"steueridentifikationsnummer|personalausweis(?:nummer)?|ausweis(?:nummer)?|"
    r"sozialversicherungsnummer|svnr|codice fiscale|"
    r"numéro de sécurité sociale|insee|nir|ahv|nric|fin\b|hkid|my number card|resident (?:registration|"
    r"permit|card)|rrn|green card|visa number|"
    r"residence permit|biometric residence|brp|immigration|alien|uscis|work permit|student visa|gp|"
    r"kennitala|rodné číslo|oib|jmbg|cnp|egn|amka|"
    r"vat number|company number|ird|pps(?:n)?|ghana card|omang|kra pin|cnic|nik|ktp"
)
_ID = compiled(
    rf"\b(?:{_ID_WORDS})(?:\s*(?:numbers?|no\.?|nr\.?|n°|#|id|card|code|here)(?![a-z]))*{_LINK}\s*"
    r"((?=[\w.\-/ ]*\d)(?:[A-Za-z]{1,4}[ .-]?)?\d[\dA-Za-z]*(?:[ .\-/]?\d[\dA-Za-z]*)*"
    r"(?:[ .\-/][B-DF-HJ-Z]\b|-?[A-Z]\b)?|(?=[A-Z\d]*\d)[A-Z\d]{6,18})(?!\w)",
    re.I,
)

_CARD = compiled(
    r"\b(?:(?:card|visa|mastercard|amex)(?:\s+(?:number|no\.?))?\s*(?:is|was|:)?\s*)?(?<![\d-])"
    r"((?:\d{4}[ -]){3}\d{4})(?![\d-])",
    re.I,
)
_LAST_OF_CARD = compiled(r"\bcards?\s+(?:that\s+)?(?:ends|ending|ended)(?:\s+(?:in|with))?\s+(\d{4})\b", re.I)
_LAST_OF_ACCOUNT = compiled(r"\baccounts?\s+(?:that\s+)?(?:ends|ending|ended)(?:\s+(?:in|with))?\s+(\d{2,4})\b", re.I)
_LAST_OF_ID = compiled(
    r"\blast\s+(?:four|4)\b(?:\s+digits)?\s+of\s+(?:my|his|her|the|your)?\s*(?:social|ssn|passport|id)"
    r"\b[^.\n\d]{0,20}(\d{4})\b",
    re.I,
)
_SHAPED: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (_CARD, "CARD"),
    (_LAST_OF_CARD, "CARD"),
    (_LAST_OF_ACCOUNT, "ACCOUNT_NUMBER"),
    (_LAST_OF_ID, "NATIONAL_ID"),
)
_LABEL = compiled(
    rf"(?:\w+ )?(?:{_ID_WORDS}|ni|iban|bic|swift|visa|mastercard|n[úu]mero|num[ée]ro|m[óo]vil|"
    rf"tel[ée]fono)(?: (?:number|no|id|code|card))?",
    re.I,
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|"
    r"mars|avril|juin|juillet|août|"
    r"septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre)\.?"
)
_ORDINAL = r"(?:\d{1,2}(?:st|nd|rd|th|\.|er)?|(?:twenty|thirty)[- ]\w+|\w+(?:th|st|nd|rd))"
_YEAR_SAID = (
    r"(?:nineteen|twenty|two thousand)(?:[\s-]+(?:and|hundred|oh|zero|\w+ty|\w+teen|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve)){1,3}"
)
_DATE = (
    rf"(?:\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}\s?[-./]\s?\d{{1,2}}\s?[-./]\s?\d{{2,4}}|"
    rf"(?:the\s+)?{_ORDINAL}(?:\s+of)?[\s-]+{_MONTH}(?:,?[\s-]+(?:\d{{4}}|[’']?\d{{2}}\b|{_YEAR_SAID}))?|"
    rf"{_MONTH}\s+(?:the\s+)?{_ORDINAL}(?:,?\s+(?:\d{{4}}|{_YEAR_SAID}))?|\d{{8}}|\d{{6}})"
)
_BIRTH = compiled(
    r"\b(?:date[\s-]+of[\s-]+birth|birth[\s-]?date|d\.?\s?o\.?\s?b\b\.?|birthday|born|"
    r"geboren(?:\s+am)?|geburtsdatum|geb\.|née?\s+le|date de naissance|"
    r"fecha de nacimiento|nacid[oa](?:\s+el)?|data di nascita|nat[oa]\s+il|geboortedatum|data de nascimento)"
    r"(?:is|was|’s|'s|on|in|at|of|um|uh|it’s|it's|being|\([^)\n]{1,20}\)|recorded as|listed as|down as|given as|"
    r"shown as|as|[\s,(:=–-])*"
    rf"({_DATE}|(?:19|20)\d\d)(?![\d/])",
    re.I,
)
_BORN_AFTER = compiled(rf"\b({_DATE})\s*\(?(?:date of birth|dob|d\.o\.b\.?)\b", re.I)
_BORN_IN_BRACKETS = compiled(rf"(?:\(|\b)(?:b\.|\*|born)\s?({_DATE}|(?:19|20)\d\d)\b", re.I)


def find_numbers(text: str) -> Iterator[Span]:
    """What stands after "account number", "passport", "date of birth" and their like."""
    for pattern, score in ((_WITH_NUMBER, 0.9), (_ALONE, 0.7), (_LETTERED, 0.7), (_PLATE, 0.7), (_SPOKEN, 0.7)):
        for found in pattern.finditer(text):
            group = found.lastindex or 1
            if _is_account(found.group(group), pattern is _ALONE):
                yield _span(found, group, "ACCOUNT_NUMBER", score)
    for found in _ID.finditer(text):
        said = found.group(1)
        digits = sum(character.isdigit() for character in said)
        if (digits >= 4 and len(said) >= 5) or (digits >= 2 and len(said) >= 8 and said.isupper() and said.isalnum()):
            yield _span(found, 1, "NATIONAL_ID", 0.9)
    for pattern, kind in _SHAPED:
        yield from (_span(found, 1, kind, 0.7) for found in pattern.finditer(text))
    for pattern in (_BIRTH, _BORN_AFTER, _BORN_IN_BRACKETS):
        yield from (_span(found, 1, "DATE_OF_BIRTH", 0.9) for found in pattern.finditer(text))


def is_label(said: str) -> bool:
    """Whether these words are what such a number is called, which no person is.

    >>> is_label("Codice fiscale"), is_label("PESEL"), is_label("Pesel Kowalski")
    (True, True, False)
    """
    return bool(_LABEL.fullmatch(said.strip()))


def _is_account(said: str, bare: bool) -> bool:
    """Whether it is long enough for its words: "order 4 of them" is none, "order number 4471" is."""
    digits = sum(character.isdigit() for character in said)
    spoken = not digits
    return (
        spoken
        or digits >= (5 if bare else 3)
        or (not bare and len(said) >= 5)
        or (bare and digits >= 3 and said[0] in "#ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    )


def _span(found: re.Match[str], group: int, kind: Kind, score: float) -> Span:
    start, end = found.span(group)
    said = found.string[start:end]
    end -= len(said) - len(said.rstrip(" .-/,"))
    return Span(start, end, kind, score)
