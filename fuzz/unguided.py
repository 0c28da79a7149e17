"""One target on inputs made from the kept ones: python -m fuzz.unguided TARGET RUNS LARGE SEED [FOLDER].

Where Atheris has its own process die of a hang, this one measures: an execution over 5 s or a process over 1 GB is
reported with its input. Prints one line of JSON.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fuzz import corpus
from fuzz.mutations import enlarged, mutated
from fuzz.targets import BY_NAME, Target

SECONDS, MEGABYTES = 5.0, 1024


@dataclass(frozen=True, slots=True)
class Breach:
    """An input that broke the rule, and how."""

    data: bytes
    how: str


def inputs(target: Target, runs: int, large: int, seed: int, found: Path | None = None) -> Iterator[bytes]:
    """The kept inputs and those in the folder `found`, `runs` made from them, and `large` that are large."""
    kept = corpus.of(target)
    if found:
        kept += [file.read_bytes() for file in sorted(found.iterdir())]
    yield from kept
    random = Random(f"{target.name} {seed}")
    for _ in range(runs):
        yield mutated(random.choice(kept), kept, target.tokens, random, target.most)
    for _ in range(large):
        yield enlarged(random.choice(kept), target.tokens, random, target.large)


def breach(target: Target, data: bytes) -> tuple[Breach | None, float]:
    """What is wrong with one execution, and the seconds of processor it took."""
    began = time.process_time()
    try:
        target.run(data)
    except Exception:
        return Breach(data, traceback.format_exc(limit=-6)), time.process_time() - began
    took = time.process_time() - began
    if took > SECONDS:
        return Breach(data, f"took {took:.1f} s"), took
    return None, took


def warm_up(target: Target) -> None:
    """Run some inputs that no time is taken of: what is imported at its first use takes seconds."""
    for data in corpus.kept(target)[-3:]:
        breach(target, data)


def peak() -> float:
    """The most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(name: str, runs: int, large: int, seed: int, found_in: Path | None = None) -> dict[str, object]:
    """Run, and say what came of it."""
    target = BY_NAME[name]
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))  # the machine is spared what the rule forbids
    warm_up(target)
    found: list[Breach] = []
    slowest, count = 0.0, 0
    for data in inputs(target, runs, large, seed, found_in):
        faulthandler.dump_traceback_later(60, exit=True)
        before = peak()
        wrong, took = breach(target, data)
        faulthandler.cancel_dump_traceback_later()
        count += 1
        slowest = max(slowest, took)
        if wrong is None and peak() > MEGABYTES >= before:
            wrong = Breach(data, f"the process came to {peak():.0f} MB")
        if wrong and wrong.how.split()[-8:] not in [one.how.split()[-8:] for one in found]:
            found.append(wrong)
    return {
        "executions": count,
        "slowest": round(slowest, 2),
        "peak": round(peak()),
        "breaches": [
            {"how": one.how, "size": len(one.data), "input": one.data[:4000].decode("latin-1")} for one in found
        ],
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    name, runs, large, seed, *folder = sys.argv[1:]
    print(json.dumps(main(name, int(runs), int(large), int(seed), Path(folder[0]) if folder else None)))
