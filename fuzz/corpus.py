"""The inputs that fuzzing starts from: those kept beside this file, and Heard's samples of the same kind.

A file a target: a line an input, as a JSON string whose characters are the bytes (Latin-1). Lines of `broke/` broke the
rule once; they are run with every test.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from fuzz.targets import Target

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
_LIKE = {"roster .csv": "roster.csv", "interview guide": "guide.md", "taxonomy": "../research/taxonomy.yaml"}


def of(target: Target) -> list[bytes]:
    """All inputs to start from."""
    return list(dict.fromkeys([*kept(target), *kept(target, "broke"), *_samples(target), b""]))


def kept(target: Target, folder: str = "corpus") -> list[bytes]:
    """The inputs in a target's file."""
    file = file_of(target, folder)
    if not file.exists():
        return []
    return [json.loads(line).encode("latin-1") for line in file.read_text(encoding="ascii").splitlines()]


def keep(target: Target, inputs: Iterable[bytes], folder: str = "corpus") -> None:
    """Write a target's file anew: the smaller first."""
    lines = [json.dumps(data.decode("latin-1")) for data in sorted(set(inputs), key=lambda data: (len(data), data))]
    file = file_of(target, folder)
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


def file_of(target: Target, folder: str) -> Path:
    """Where a target's inputs are kept."""
    return HERE / folder / f"{target.name.replace(' .', '.').replace(' ', '_')}.jsonl"


def _samples(target: Target) -> list[bytes]:
    if target.name in _LIKE:
        return [(SAMPLES / _LIKE[target.name]).read_bytes()]
    kind, _, form = target.name.partition(" ")
    if kind != "reader":
        return []
    return [path.read_bytes() for path in sorted((SAMPLES / "interviews").rglob(f"*{form}"))[:4]]
