"""Invented sentences for the name finder, made from the grammar beside this file, as people type and as they talk."""

from __future__ import annotations

import random
import re
import string
from pathlib import Path

from training.lexicon import namelike_words, nobodys_words, odd_words
from training.marked import Marked, joined, lower, upper, with_fillers, without_marks, without_punctuation
from training.people import Namer
from training.places import Places

_GRAMMAR = Path(__file__).with_name("grammar.txt")
_SYMBOL = re.compile(r"\{(\w+)\}")
_LABELS = {"G": "PERSON", "L": "PERSON", "F": "PERSON", "common_name": "PERSON", "A": "ADDRESS", "A_line": "ADDRESS"}
_LABELS |= {"O": "ORG", "C": "LOC"}


def grammar(path: Path = _GRAMMAR) -> dict[str, list[str]]:
    """Symbol -> what may stand for it."""
    found: dict[str, list[str]] = {}
    symbol = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            symbol = line[3:]
            found[symbol] = []
        elif symbol and line:
            found[symbol].append(line.replace("\\n", "\n"))
    return {symbol: lines or [""] for symbol, lines in found.items()}


class Writer:
    """Draws texts with their labels."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._namer = Namer(rng)
        self._places = Places(rng, self._namer)
        self._grammar = grammar()
        self._odd = odd_words()
        self._things, self._namelike = nobodys_words(), namelike_words()

    def text(self, people: float = 0.62) -> Marked:
        """One to six utterances, of which the share `people` names somebody, written or spoken."""
        rng = self._rng
        parts = []
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 6))):
            part = self._expanded("{who}" if rng.random() < people else "{nobody}")
            if rng.random() < 0.3 and not part.text[:1].isupper() and not part.spans:
                part = Marked(part.text[:1].upper() + part.text[1:], part.spans)
            parts.append(part)
        lines = any("\n" in part.text for part in parts)
        between = rng.choice(("\n", "\n\n", "\n")) if lines else rng.choice((" ", " ", "\n", "\n\n"))
        marked = joined(parts, between)
        if rng.random() < 0.35:
            marked = without_marks(marked)
        return self._as_said(marked)

    def _as_said(self, marked: Marked) -> Marked:
        rng, chance = self._rng, self._rng.random()
        if chance < 0.36:
            marked = lower(marked)
            if rng.random() < 0.6:
                marked = without_punctuation(marked)
            if rng.random() < 0.4:
                marked = with_fillers(marked, rng)
        elif chance < 0.40:
            marked = upper(marked)
        elif chance < 0.45:
            marked = without_punctuation(marked)
        elif chance < 0.50:
            marked = with_fillers(marked, rng)
        return marked

    def _expanded(self, template: str) -> Marked:
        parts: list[Marked] = []
        at = 0
        for symbol in _SYMBOL.finditer(template):
            parts.append(Marked(template[at : symbol.start()]))
            parts.append(self._filled(symbol.group(1)))
            at = symbol.end()
        return joined([*parts, Marked(template[at:])], "")

    def _filled(self, symbol: str) -> Marked:
        made = self._drawn(symbol)
        if made is None:
            return self._expanded(self._rng.choice(self._grammar[symbol]))
        label = _LABELS.get(symbol)
        return Marked(made, ((0, len(made), label),) if label else ())

    def _product(self) -> str:
        """The name of a program that does not exist."""
        rng = self._rng
        first = "Data Flow Cloud Team Task Note Form Sign Pay Mail Chat Desk Time Plan Zen Hyper Meta Omni Quick Snap Block Open Kube Git Post Graph"
        last = "ly ify io ware base hub kit loop stack wise box pad board pilot desk flow bot fy ster matic scape works"
        syllables = "ka lo mi ru zen tor vex pri qua sol nim bex dra fel gro hux jov kel lum mox nor pax ryn syl tru vor wex xan yol zor"
        form = rng.random()
        if form < 0.3:
            return rng.choice(first.split()) + rng.choice(last.split())
        if form < 0.4:
            return rng.choice(("Open", "Re", "Kube", "X", "K", "Co", "i", "Mega", "Py")) + rng.choice(
                (rng.choice(first.split()), rng.choice(syllables.split()).capitalize() + rng.choice(syllables.split()))
            )
        if form < 0.46:
            return rng.choice(self._things).capitalize()
        if form < 0.8:
            made = "".join(rng.choice(syllables.split()) for _ in range(rng.choice((2, 2, 3)))).capitalize()
            return made + rng.choice(("", "", "io", "ly", " Pro", " CRM", "Desk", "App", " Cloud"))
        return rng.choice(self._odd).capitalize()

    def _drawn(self, symbol: str) -> str | None:
        rng = self._rng
        match symbol:
            case "G":
                return self._namer.given()
            case "L":
                return self._namer.family()
            case "F":
                return self._namer.full()
            case "A":
                return self._places.address()
            case "A_line":
                return self._places.address(", ")
            case "O":
                return self._places.firm()
            case "C":
                return self._places.city()
            case "odd":
                return rng.choice(self._odd)
            case "odd_cap":
                return rng.choice(self._odd).capitalize()
            case "namelike":
                return rng.choice(self._namelike)
            case "namelike_cap":
                return rng.choice(self._namelike).capitalize()
            case "product":
                return self._product()
            case "product_low":
                return self._product().lower()
            case "acronym":
                return "".join(rng.choice(string.ascii_uppercase) for _ in range(rng.choice((2, 3, 3, 4, 5))))
            case "common_name":
                return rng.choice(self._grammar["common_name"])
            case "n":
                return str(rng.choice((rng.randint(1, 12), rng.randint(2, 99), rng.randint(100, 2000))))
            case "time":
                return rng.choice(
                    (f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}", f"{rng.randint(1, 12)}pm", "10 am")
                )
            case "date":
                month = rng.choice(self._grammar["month"][:12])
                day, year = rng.randint(1, 28), rng.randint(2021, 2027)
                forms = (
                    f"{day} {month} {year}",
                    f"{month} {day}",
                    f"{day:02}/{rng.randint(1, 12):02}/{year}",
                    f"{year}-{rng.randint(1, 12):02}-{day:02}",
                )
                return rng.choice(forms)
            case "email":
                name = re.sub(r"[^a-z]", "", self._namer.given().lower()) or "info"
                last = re.sub(r"[^a-z]", "", self._namer.family().lower()) or "x"
                host = rng.choice(
                    ("example.com", "brightpath.example", "northwind.example", "gmail.com", "mail.example.org")
                )
                return rng.choice(
                    (f"{name}.{last}@{host}", f"{name}@{host}", f"{name[0]}{last}@{host}", f"support@{host}")
                )
            case "phone":
                return rng.choice((f"+44 7700 9{rng.randint(10000, 99999)}", f"({rng.randint(201, 989)}) 555-01{rng.randint(10, 99)}",
                                   f"555-01{rng.randint(10, 99)}", f"+49 30 {rng.randint(100000, 9999999)}", f"020 7946 0{rng.randint(100, 999)}"))  # fmt: skip
            case "id":
                return rng.choice((str(rng.randint(10000, 99999999)), f"INV-{rng.randint(1000, 99999)}", f"#{rng.randint(1000, 99999)}",
                                   f"{rng.choice('ABCKX')}{rng.choice('ABCKX')}-{rng.randint(1000, 999999)}"))  # fmt: skip
        return None
