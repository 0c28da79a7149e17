"""Postal addresses of several countries, on one line or on several, and as they are said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.personal import lexicon
from ingest.personal.models import Span
from ingest.personal.patterns import compiled

_CAP = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*"  # a word with a capital
_NUM = r"\d{1,5}(?:\s?[a-zA-Z]\b)?(?:\s?[-–/]\s?\d{1,4}[a-zA-Z]?)?"
_GAP = r"(?:\s*,\s*|[ \t]*\n[ \t]*|[ \t]+)"
_SUFFIX = (
    r"(?:Street|Str?|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Cl|Court|Ct|Crescent|Cres|Cr|"
    r"Terrace|Tce|Terr?|Place|Pl|"
    r"Square|Sq|Gardens?|Gdns|Grove|Mews|Boulevard|Blvd|Parade|Pde|Walk|Rise|View|Parkway|Pkwy|Circle|"
    r"Cir|Trail|Trl|Way|Highway|Hwy|"
    r"Row|Hill|Quay|Wharf|Green|Park|Vale|Yard|Loop|Alley|Esplanade|Turnpike|Pike|Path|Passage|"
    r"Heights|Point|Plaza|Expressway|Bypass|"
    r"Nagar|Marg|Colony|Layout|Estate|Extension|Sector|Mahalle(?:si)?|Mah|Sokak|Sokağı|Sok|Sk|Caddesi|"
    r"Cadde|Cad|Bulvarı)\b\.?"
)
_UNIT = (
    r"(?:(?:Flat|Apartment|Apt|Unit|Suite|Ste|Room|Floor|Block|Building|Bldg|Studio|Office|Shop|Level|"
    r"Lot|Plot|House|No)\.?\s*#?\s?[\w-]{1,6}|#\s?\d[\d-]{0,7}\w?|\d{1,2}(?:st|nd|rd|th) [Ff]loor)"
)
_DIRECTION = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|N\.|S\.|E\.|W\.)"
_UK_CODE = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b"
_CA_CODE = r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b"
_STATE = (
    r"(?:AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|"
    r"NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|"
    r"SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|NSW|VIC|QLD|SA|WA|TAS|ACT|NT|ON|QC|BC|AB|MB|SK|NS|NB|NL|PE|YT|NU)\b\.?"
)
_STATE_NAME = (
    r"(?:California|Texas|Florida|New York|Ohio|Illinois|Pennsylvania|Georgia|Michigan|Virginia|"
    r"Washington|Oregon|Arizona|Massachusetts|Minnesota|Colorado|Hawaii|Idaho|Nevada|Utah|Ontario|"
    r"Quebec|Victoria|Queensland)"
)
_CITY = rf"{_CAP}(?:[ -](?:{_CAP}|de|la|le|les|sur|upon|on|am|an|der|den|do|da|del|di|in|of|the|under))" + "{0,3}"
_ZIP = r"\d{5}(?:-\d{4})?\b"
_POSTAL = (
    r"(?:[A-Z]{1,2}[- ])?(?:\d{2,5}-\d{3,4}|\d{3} ?\d{2}\b|\d{4,6})(?: "
    r"?[A-Z]{2})?\b"
)
_END = rf"(?:{_UK_CODE}|{_CA_CODE}|(?:{_STATE}|{_STATE_NAME}){_GAP}(?:{_CA_CODE}|{_ZIP}|\d{{4}}\b)|{_STATE}(?!\w))"
_COUNTRY = (
    r"(?:UK|U\.K\.|USA|U\.S\.A\.|United Kingdom|United States|England|Scotland|Wales|Northern Ireland|"
    r"Ireland|Germany|Deutschland|France|Spain|España|Italy|Italia|Netherlands|Nederland|Belgium|"
    r"Austria|Switzerland|Schweiz|Poland|Polska|Portugal|Sweden|Norway|Denmark|Finland|Nigeria|Ghana|"
    r"Kenya|South Africa|India|Australia|New Zealand|Canada|Japan|Brazil|Brasil|Mexico|México|"
    r"Singapore)\b"
)
# What may follow the street: up to three more lines or parts, the post code, the town, the country.
_TAIL = (
    rf"(?:{_GAP}{_UNIT})?(?:(?:\s*,\s*|[ \t]*\n[ \t]*){_CITY}(?=\s*[,\n]|{_GAP}(?:{_END}|{_POSTAL})|"
    rf"[.!?;)]|\s*$)){{0,3}}"
    rf"(?:{_GAP}{_CITY})?{_GAP}(?:{_END}|{_POSTAL})(?:{_GAP}{_CITY}(?=\s*[,.\n!?;)]|\s*$))?(?:{_GAP}{_COUNTRY})?|"
    rf"(?:{_GAP}{_UNIT})?(?:\s*,\s*|[ \t]*\n[ \t]*){_POSTAL} {_CITY}(?:{_GAP}{_COUNTRY})?|"
    rf"(?:{_GAP}{_UNIT})?(?:\s*,\s*{_CITY}(?=\s*[,.\n!?;)]|\s*$)){{1,3}}|(?:{_GAP}{_UNIT})?"
)
_LEAD = (
    rf"(?:{_UNIT}\s*[,\n]?\s*|(?:The )?{_CAP}(?: {_CAP})? (?:House|Cottage|Farm|Barn|Court|Mansions|"
    rf"Lodge|Building|Tower|Mill|Dairy|Works)\s*[,\n]\s*)?"
)
_ENGLISH = (
    rf"{_LEAD}{_NUM},?[ \t]+(?:{_DIRECTION} )?(?:{_CAP}[ \t]+|\d{{1,3}}(?:st|nd|rd|th)[ \t]+)"
    rf"{{1,4}}{_SUFFIX}(?: {_DIRECTION}\b| \d{{1,3}}\b)?"
)
_BROADWAY = rf"{_LEAD}{_NUM} (?:{_DIRECTION} )?(?:Broadway|Strand|The (?:Avenue|Green|Crescent|Mall|Parade|Terrace))\b"
_NAMED_HOUSE = (
    rf"(?:The )?{_CAP}(?: {_CAP})? (?:House|Cottage|Farm|Barn|Lodge|Dairy|Mill|Rectory|Vicarage)"
    rf"\s*,\s*(?:{_CAP} ){{1,2}}{_SUFFIX}"
)
_GERMAN = (
    rf"(?:{_CAP}(?:[ -]{_CAP}){{0,2}}[ -])?[^\W\d_][\w-]*(?:straße|strasse|str\.|weg|gasse|allee|platz|"
    rf"damm|ufer|ring|steig|chaussee|laan|straat|gracht|kade|plein|dijk|singel|gatan|vägen|gata|veien|"
    rf"vegen|vej|gade|katu|tie|tänav|iela|utca|út|ulice)"
)
_GERMANIC = (
    rf"(?:{_GERMAN}|{_CAP} (?:Straße|Strasse|Str\.|Allee|Platz|Weg|Gasse|Ring|Damm|Ufer)|(?:Straße|"
    rf"Strasse|Am|An der|Auf der|Im|Unter den|Alte|Alter|Große|Kleine) (?:des |"
    rf"der |den |dem )?{_CAP}(?: (?:Straße|Allee|Platz|Weg|Markt|Gasse|Linden))?)\s+{_NUM}"
)
_FRENCH = (
    rf"{_NUM}(?:\s?(?:bis|ter))?,?\s+(?i:rue|avenue|av\.|boulevard|bd\.?|place|chemin|impasse|allée|"
    rf"quai|cours|route|passage|square|faubourg)\s+(?:(?:de|du|des|la|le|les|d['’]|l['’]|aux?|et)\s*)"
    rf"*{_CAP}(?:[ -](?:{_CAP}|de|du|des|la|le|les|et)){{0,4}}"
)
_LATIN = (
    rf"(?:Calle|C/|Avenida|Avda?\.?|Av\.|Plaza|Paseo|P\.º|Carrer|Carretera|Camino|Ronda|Via|Viale|"
    rf"V\.le|Piazza|Corso|Largo|Vicolo|Rua|R\.|Travessa|Praça|Alameda|Estrada|Strada|Bulevardul|Calea|"
    rf"ul\.|Ul\.|ulica|al\.|Al\.|os\.|pl\.|ulitsa|Jl\.|Jalan|Lorong|Rruga)\s*(?:(?:de|del|della|dei|da|"
    rf"do|dos|das|la|las|los|el|di|d['’])\s*)*{_CAP}(?:[ -](?:{_CAP}|de|del|la|e|y|i))"
    rf"{{0,4}},?\s*(?:n[.º°o]{{0,2}}\s*|No\.?\s*)?{_NUM}(?:,?\s*\d{{1,2}}[.ºª°]\s?\w{{0,2}})*"
)
_ASIAN = (
    rf"(?:(?:No|Plot|House|Door|Flat|H\.? ?No|Blk|Block)\.?[: ]*{_NUM},?\s+(?:{_CAP}[ ,]+|"
    rf"\d+\w{{0,2}}[ ,]+){{1,4}}{_SUFFIX}|{_CAP} (?:Mah|Mahallesi|Mh)\.?,? (?:{_CAP} ){{1,3}}{_SUFFIX} "
    rf"No:? ?{_NUM}|\d{{1,3}}-\d{{1,3}}(?:-\d{{1,3}})?,? (?=[^\n]{{0,60}}-(?:cho|chome|ku|machi|shi|dong|gu|"
    rf"ro|gil)\b){_CAP}(?:,? {_CAP}){{0,2}}|(?:House|Plot) {_NUM}, Road {_NUM}(?:, (?:Block|"
    rf"Sector) \w+)?)"
)
_BOX = (
    r"(?i:p\.?\s?o\.?\s?box|postfach|postbus|boîte postale|b\.?p\.?|apartado(?: de correos)?|casilla|"
    r"private bag|locked bag)\s+\d{1,7}"
)
_WRITTEN = compiled(
    rf"(?<![\w/.-])(?:{_ENGLISH}|{_BROADWAY}|{_NAMED_HOUSE}|{_GERMANIC}|{_FRENCH}|{_LATIN}|{_ASIAN}|"
    rf"{_BOX})(?:{_TAIL})"
)
_UK_TAIL = compiled(
    rf"(?:(?:{_CAP}|\d{{1,4}}[a-z]?)(?: (?:{_CAP}|\d{{1,4}}[a-z]?|of|the|on|upon|in|under))"
    rf"{{0,4}}(?:\s*,\s*|[ \t]*\n[ \t]*)){{0,4}}(?:{_CITY} )?(?<!\w)(?=\w{{2,4}} ){_UK_CODE}"
)
_US_TAIL = compiled(rf"(?<!\w){_CITY},? (?:{_STATE}|{_STATE_NAME}),? {_ZIP}|(?<!\w){_CITY},? {_STATE} {_CA_CODE}")

_PARTS = compiled(r"([^,\n]+)(?:\s*,\s*|\s*\n\s*|$)")
_STREET_PART = compiled(rf"\d.* |\b(?:House|Cottage|Farm|Barn|Court|Lodge|Tower|Mill|Dairy|Works)\b|\b{_SUFFIX}")

_NUMBER_WORDS = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|oh|zero|"
    r"double)(?:[ -](?:and )?)){1,5}"
)
_STREETS_SAID = r"(?:street|road|avenue|lane|crescent|terrace|boulevard|drive|close|court|gardens|grove|mews|square)"
_LOWER = compiled(
    rf"\b(?:(?:flat|apartment|unit) \d\w{{0,3}},? )?(?:\d{{1,5}}[a-z]?,? |{_NUMBER_WORDS})(?!(?:minutes?|"
    rf"hours?|mile|day|week|way|lane|times?|people|of|more|different|or|and|to)\b)"
    rf"(?:(?!(?:of|the|to|and|a|an|minute|min|hour|mile|km|kilometre|is|was|in|on|my|our|their|its|per|"
    rf"for|at|from|with|very|more|people|users|seats|way)\b)[a-z][\w'’]+ ){{1,3}}{_STREETS_SAID}\b",
    re.I,
)
_LOWER_CODE = compiled(r"(?:[,\s]+[a-z][\w'’-]+){0,3}[,\s]+[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b", re.I)
_STREET_WORD = compiled(
    rf"\b{_SUFFIX}|\b{_STREETS_SAID}\b|{_UK_CODE}|(?:straße|strasse|str\.|weg|gasse|allee|platz|laan|"
    rf"straat|gracht|gatan|vej)\b|"
    r"\b(?:rue|avenue|boulevard|place|chemin|calle|avenida|plaza|via|viale|corso|rua|ul\.|jl\.|box|"
    r"nagar|sok\.|road|house|-cho)\b",
    re.I,
)
_NOT_BEFORE = compiled(r"(?:£|\$|€|version|v\.?|section|step|page|chapter|task|q)\s*$", re.I)


def find_addresses(text: str) -> Iterator[Span]:
    """Streets with their numbers, post boxes, and what stands before a post code that leads to a few doors."""
    for pattern, score in ((_WRITTEN, 0.85), (_US_TAIL, 0.75)):
        for found in pattern.finditer(text):
            if not _NOT_BEFORE.search(text[max(0, found.start() - 10) : found.start()]):
                yield _span(text, found.start(), found.end(), score)
    for found in _UK_TAIL.finditer(text):
        yield _span(text, found.start() + _before_the_street(found.group()), found.end(), 0.8)
    for found in _LOWER.finditer(text):
        code = _LOWER_CODE.match(text, found.end())
        yield _span(text, found.start(), code.end() if code else found.end(), 0.7)


def is_street(said: str) -> bool:
    """Whether words that are taken for an address have a number and a street, a post code or a post box in them.

    >>> is_street("14 Larkspur Lane"), is_street("nine o'clock"), is_street("Jl. Melati No. 3")
    (True, False, True)
    """
    numbered = re.search(rf"\d|\b{_NUMBER_WORDS.rstrip('{1,5}')}", said + " ", re.I)
    return bool(numbered and any(pattern.search(said) for pattern in (_STREET_WORD, _WRITTEN, _US_TAIL)))


def street_only(said: str) -> str:
    """An address without ordinary words behind it, which the name finder takes along in lower case.

    >>> street_only("12 orchard road with two dogs")
    '12 orchard road'
    """
    while " " in said:
        rest, _, last = said.rpartition(" ")
        if not (last.islower() and lexicon.is_word(last)) or _STREET_WORD.fullmatch(last):
            break
        said = rest.rstrip()
    return said


def _before_the_street(said: str) -> int:
    """How much of the lines before a post code is no part of the address: those that name no house and no street."""
    start = 0
    for part in _PARTS.finditer(said):
        if _STREET_PART.search(part.group(1)):
            return part.start()
        start = part.start()
    return start


def _span(text: str, start: int, end: int, score: float) -> Span:
    said = text[start:end]
    return Span(start + len(said) - len(said.lstrip(" ,\n")), start + len(said.rstrip(" ,.\n-")), "ADDRESS", score)
