"""Whether a machine can tell if a passage speaks for or against a claim. `make bench-signs`, or

    python -m benchmarks.signs

Passages of Heard's own samples that one person read as speaking for or against ten claims (signs.yaml), and three ways
of telling which, each cheap enough to run while one looks: beside them what calling everything “for” would get right.
docs/insights.md says what came of it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import research
from benchmarks.measures import auroc
from ingest.demo import load_demo, passage_with
from research.answers import reply
from research.models import Hit
from research.query import parse
from research.repository import Repository
from research.search import Said
from research.search_index import embedded_text
from research.words import stems

_NO = re.compile(r"\b(?:no|not|never|nobody|nothing|none|neither|nor|without|\w+n['’]t)\b", re.I)


@dataclass(frozen=True, slots=True)
class Judged:
    """A passage and a claim, and whether a person read it as speaking against; `nearer` is by how much its vector lies
    nearer to the contrary than to the claim (difference of cosines)."""

    hit: Hit
    statement: str
    against: bool
    nearer: float


def judged(repo: Repository, claims: Sequence[dict[str, Any]]) -> list[Judged]:
    """The passages that signs.yaml names."""
    found = []
    for claim in claims:
        statement, contrary = repo.embedder.embed([parse(claim[side]).voice for side in ("statement", "contrary")])
        for sign in ("for", "against"):
            for words in claim.get(sign, ()):
                hit = passage_with(repo, words)
                vector = repo.embedder.embed([embedded_text(hit.text, hit.context)])[0]
                nearer = float(vector @ contrary - vector @ statement)
                found.append(Judged(hit, claim["statement"], sign == "against", nearer))
    return found


def by_nearness(one: Judged) -> bool | None:
    """Against, where it lies nearer to what somebody would say who disagrees."""
    return one.nearer > 0


def by_negation(one: Judged) -> bool | None:
    """Against, where one of the two holds a word such as “not” and the other does not."""
    return bool(_NO.search(one.hit.text)) != bool(_NO.search(one.statement))


def by_reply(one: Judged) -> bool | None:
    """Against, where it answers no to a question that shares a word with the claim; for, where it answers yes."""
    said = Said(one.hit.id, one.hit.note_id, 0.0, one.hit.text, one.hit.context)
    answer = reply(said, set(stems(one.statement)))
    return answer == "no" if answer else None


def offered(repo: Repository, claims: Sequence[dict[str, Any]], found: Sequence[Judged]) -> list[int]:
    """At which place, from 0, a passage's own claim is offered when one wants to link it."""
    said = {repo.insights.add(one["statement"], contrary=one["contrary"]): one["statement"] for one in claims}
    near = ([said[one.code] for one in repo.insights.nearest(judged.hit) if one.code in said] for judged in found)
    return [order.index(one.statement) for order, one in zip(near, found, strict=True)]


def main() -> None:
    """Print how often each way is right."""
    claims = yaml.safe_load(Path(__file__).with_name("signs.yaml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        repo = research.open(folder)
        for _ in load_demo(repo, date(2026, 11, 22)):
            pass
        found = judged(repo, claims)
        places = offered(repo, claims, found)
        repo.close()
    truth = np.array([one.against for one in found])
    print(f"{len(found)} passages, {truth.sum()} of them against.\n")
    ways: dict[str, Callable[[Judged], bool | None]] = {
        "all called for": lambda _: False,
        "nearer to the contrary": by_nearness,
        "one negates, one does not": by_negation,
        "answers yes or no": by_reply,
    }
    print("| way | says something | right | of those against, found |\n| --- | ---: | ---: | ---: |")
    for name, way in ways.items():
        told = [(way(one), one.against) for one in found]
        right = sum(said == true for said, true in told if said is not None)
        caught = sum(bool(said) for said, true in told if true)
        print(f"| {name} | {sum(said is not None for said, _ in told)} | {right} | {caught} of {truth.sum()} |")
    area = auroc([one.nearer for one in found], truth)
    print(f"\nBy how much it lies nearer to the contrary: area under the curve {area:.2f} (0.5 is chance).")
    first, four = (sum(place < most for place in places) for most in (1, 4))
    print(f"Of {len(claims)} claims the passage's own is offered first for {first}, among the first four for {four}.")


if __name__ == "__main__":
    main()
