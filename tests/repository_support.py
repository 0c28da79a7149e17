"""What tests of a repository share: a small deterministic embedder, five notes of three teams, and the command."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from click.testing import CliRunner, Result
from numpy.typing import NDArray

from heard.cli import main


class WordEmbedder:
    """Texts that share words lie near each other: each word's first five letters are hashed to one of 256 numbers."""

    name = "words-256"
    dimension = 256
    max_tokens = 254

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"[a-z]{4,}", text.lower()):
                vectors[row, zlib.crc32(word[:5].encode()) % self.dimension] += 1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


NOTES = {
    ("Growth", "Onboarding Q3"): {
        "marta.md": """---
title: Setting up at Northwind
date: 2026-10-14
participant: Marta Quillfeather
segment: clinic manager
account: Northwind
---
Interviewer: Tell me about the week you set everything up. What was hard?

Marta: Importing the patient list took us four days. The spreadsheet kept failing and nobody told us which row was wrong.

Interviewer: And what did you do then?

Marta: I export the monthly report to a spreadsheet, fix the numbers there by hand and paste them back. Every single month.

Interviewer: Every month?

Marta: Yeah.
""",
        "joel.txt": """Interview date: 2026-09-02

Interviewer: How did the setup go for you?
P3: We gave up during setup, twice. The import screen asks for columns that our old system never had.
Interviewer: What would have helped?
P3: A person on the phone who looks at my file and says, this column is the problem, delete it.
""",
    },
    ("Billing", "Invoice clarity"): {
        "ines.txt": """Interview date: 2026-11-03

Moderator: What happens when the invoice arrives?
Ines Okonjo: I export the monthly report to a spreadsheet, fix the numbers there by hand, and paste them back. I never trust it.
Moderator: Is the price clear?
Ines Okonjo: Paying per seat for people who work one morning a week is silly. We share one login instead.
""",
    },
    ("Support", "Tickets"): {
        "tickets.csv": """text,participant,segment,account,date,tags
"The reminder texts stopped going out on Friday and nobody noticed until patients did not show up",Tomas Reyland,front desk,Harbour,2026-10-30,reliability
"I waited three days for an answer from support and then found it in a forum",Anouk Birdsall,owner,Pinebrook,2026-11-10,support
""",
    },
}


def heard(home: Path, *words: str) -> Result:
    """What `heard` answers to these words, on the repository in `home`."""
    return CliRunner().invoke(main, [*words, "--home", str(home)])
