"""Fuzz every target, or those that are named: python -m fuzz [TARGET ...] [--runs N] [--seed N] [--keep].

Each target runs twice in processes of its own: under Atheris, guided by what an input reaches; then many times faster on
changes of what that found, and on large inputs made of pieces over and over, which show what grows faster than its input. Prints a row of Markdown a target; ends
with status 1 where an input broke the rule. Inputs that were found are in build/fuzz; --keep takes the smallest of
them into fuzz/corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fuzz import corpus
from fuzz.targets import BY_NAME, TARGETS, Target
from fuzz.unguided import MEGABYTES, SECONDS

_BUILD = Path("build/fuzz")
_GUIDED = 8  # one in so many executions is guided: watching what is reached takes most of its time
_PATIENCE = 4  # times as long may an execution take by the clock while it is watched; unwatched it is timed strictly
_LARGE = 150  # inputs made large, a target
_KEPT = 24 * 1024  # bytes of inputs that are kept a target, about


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a target: executions guided and not, the slowest in seconds, the most memory in MB, and breaches."""

    target: str
    guided: int
    unguided: int
    slowest: float
    peak: int
    breaches: tuple[str, ...]


def fuzz(target: Target, runs: int, seed: int) -> Ran:
    """Run one target in both ways."""
    folder = _BUILD / re.sub(r"\W+", "_", target.name)
    found = folder / "found"
    found.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(corpus.of(target)):
        (found / f"kept-{number}").write_bytes(data)
    (folder / "tokens").write_text("".join(f'"{_escaped(token)}"\n' for token in target.tokens), encoding="ascii")
    done = _python(
        "fuzz.guided", target.name, f"-runs={runs // _GUIDED}", f"-seed={seed}", f"-timeout={_PATIENCE * SECONDS:.0f}", f"-max_len={target.most}",
        f"-rss_limit_mb={MEGABYTES}", f"-dict={folder / 'tokens'}", f"-artifact_prefix={folder}/broke-", "-print_final_stats=1",
        str(found),
    )  # fmt: skip
    told = {name: int(value) for name, value in re.findall(r"stat::(\w+):\s+(\d+)", done.stderr)}
    count = max([told.get("number_of_executed_units", 0), *map(int, re.findall(r"^#(\d+)", done.stderr, re.M))])
    breaches = [] if done.returncode == 0 else [f"guided: {done.stderr[-3000:]}"]
    rest = str(runs - runs // _GUIDED)
    large = _python("fuzz.unguided", target.name, rest, str(_LARGE), str(seed), str(found))
    if large.returncode == 0:
        also = json.loads(large.stdout)
        breaches += [f"{one['how']}\n{one['size']} bytes: {one['input'][:300]!r}" for one in also["breaches"]]
    else:
        also = {"executions": 0, "slowest": 0, "peak": 0}
        breaches.append(f"unguided: {large.stderr[-3000:]}")
    slowest = max(float(told.get("slowest_unit_time_sec", 0)), also["slowest"])
    return Ran(
        target.name, count, also["executions"], slowest, max(told.get("peak_rss_mb", 0), also["peak"]), tuple(breaches)
    )


def keep(target: Target) -> None:
    """Write down the inputs known before and, up to a size, the smallest of those that reached something new."""
    inputs = corpus.kept(target)
    size = sum(map(_written, inputs))
    found = _BUILD / re.sub(r"\W+", "_", target.name) / "found"
    new = {file.read_bytes() for file in found.iterdir() if not file.name.startswith("kept-")} - {*inputs}
    for data in sorted(new, key=lambda data: (len(data), data)):
        size += _written(data)
        if size > _KEPT:
            break
        inputs.append(data)
    corpus.keep(target, inputs)


def _written(data: bytes) -> int:
    return len(json.dumps(data.decode("latin-1"))) + 1


def _python(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, env=dict(os.environ))


def _escaped(token: str) -> str:
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
        for byte in token.encode("utf-8", "surrogatepass")
    )


def main() -> None:
    told = argparse.ArgumentParser(prog="python -m fuzz", description=(__doc__ or "").split("\n", 1)[0])
    told.add_argument("target", nargs="*", help=", ".join(BY_NAME))
    told.add_argument("--runs", type=int, help="Executions of each target, instead of its own number.")
    told.add_argument("--seed", type=int, default=1, help="Another number makes other inputs.")
    told.add_argument("--keep", action="store_true", help="Keep what was found in fuzz/corpus.")
    said = told.parse_args()
    print(
        "| target | executions | slowest, s | memory, MB | broke the rule |\n| --- | ---: | ---: | ---: | --- |",
        flush=True,
    )
    total = broke = 0
    for target in [BY_NAME[name] for name in said.target] or TARGETS:
        ran = fuzz(target, said.runs or target.runs, said.seed)
        total, broke = total + ran.guided + ran.unguided, broke + len(ran.breaches)
        counted = f"{ran.guided + ran.unguided:,}"
        print(
            f"| {target.name} | {counted} | {ran.slowest:.1f} | {ran.peak} | {len(ran.breaches) or 'nothing'} |",
            flush=True,
        )
        for breach in ran.breaches:
            print(breach, file=sys.stderr, flush=True)
        if said.keep:
            keep(target)
    print(f"\n{total:,} executions; {broke} broke the rule.")
    sys.exit(1 if broke else 0)


if __name__ == "__main__":
    main()
