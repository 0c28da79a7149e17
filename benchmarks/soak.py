"""Twenty people at the app beside two ingests, for minutes: how long they wait, what goes wrong, what memory grows by.

    python -m benchmarks.soak [SECONDS] [--users 20] [--think 6]

Starts `heard serve` on a new repository with the sample interviews. Every user is a session of the app that speaks
Streamlit's own messages (`benchmarks.visitor`): they search, read notes, tag, look at other pages, upload, and leave
and come back, with a pause of some seconds before each. Beside them two `heard ingest` take in new notes, one run after
the other. At the end all that was reported is looked for: notes, passages and tags, and `heard doctor` has its say.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import numpy as np

import research
from benchmarks.visitor import Visitor

QUESTIONS = (
    "why do people give up during setup", "who exports reports to a spreadsheet", "when an invoice is wrong",
    "how long does the import take", "reminders that patients do not get", "what would make you pay more",
    "sharing one login", "waiting for an answer from support", "month end", "what do people do by hand",
    '"spreadsheet"', "team:Growth onboarding", "tag:pricing price", "front desk", "printing the schedule",
)  # fmt: skip
PAGES = ("library", "voices", "themes", "brief", "insights", "people", "silos", "check", "tags", "status")
ACTIONS = {"search": 45, "read a note": 22, "another page": 17, "tag": 8, "upload": 4, "leave and come back": 4}
SUBJECTS = (
    "the export",
    "the import",
    "the invoice",
    "a reminder",
    "the calendar",
    "support",
    "the price",
    "the login",
)
TROUBLES = ("was slow", "failed twice", "cost us a day", "confused everybody", "came too late", "looked different")


@dataclass
class Tally:
    """What was done, how long each took, and what has to be there afterwards."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)  # title -> passages that were reported
    tagged: set[tuple[str, str]] = field(default_factory=set)  # (passage, tag)
    memory: list[tuple[float, float]] = field(default_factory=list)  # (seconds since the start, MB)


def note(name: str, chance: random.Random) -> str:
    """An interview of a dozen answers, of which none is like another's."""
    said = "".join(
        f"Interviewer: And number {number}?\n\nP1: On day {number} of {name}, {chance.choice(SUBJECTS)} "
        f"{chance.choice(TROUBLES)}, and {chance.choice(SUBJECTS)} {chance.choice(TROUBLES)} for "
        f"{chance.randint(2, 90)} of us. We wrote it down by hand until somebody had looked at it.\n\n"
        for number in range(12)
    )
    return f"---\ntitle: {name}\ndate: 2026-11-{chance.randint(1, 20):02d}\n---\n{said}"


async def use(visitor: Visitor, what: str, name: str, tally: Tally, chance: random.Random) -> None:
    """One thing that a user does."""
    if what == "search":
        await visitor.open("", {"q": chance.choice(QUESTIONS)})
    elif what == "another page":
        await visitor.open(chance.choice(PAGES), {})
    elif what == "read a note":
        links = visitor.shown.links("note") or (await visitor.open("", {"q": chance.choice(QUESTIONS)})).links("note")
        await visitor.open("note", chance.choice(links))
    elif what == "tag":
        if "Tags of this passage" not in visitor.shown.widgets:
            links = (await visitor.open("", {"q": chance.choice(QUESTIONS)})).links("note")
            await visitor.open("note", chance.choice([link for link in links if "passage" in link]))
        pills = visitor.shown.widgets["Tags of this passage"]
        tag = chance.choice([option.content for option in pills.options])
        await visitor.say("Tags of this passage", *{*pills.raw_values, tag})
        tally.tagged.add((visitor.asked["passage"], tag.replace("\\", "")))
    elif what == "upload":
        await visitor.open("upload", {})
        await visitor.say("Team", "Growth")
        await visitor.say("Study", "Soak, uploaded")
        await visitor.hand_over(f"{name}.md", note(name, chance).encode())
        await visitor.say("Put 1 note in")
        await visitor.until("1 note is in.")
        tally.notes[name] = 0  # the page does not say how many passages
    else:
        await visitor.close()
        await visitor.open("", {})


async def user(number: int, address: str, until: float, think: float, tally: Tally) -> None:
    """Somebody who does one thing after another."""
    chance, visitor, done = random.Random(number), Visitor(address), 0
    names, weights = list(ACTIONS), list(ACTIONS.values())
    await asyncio.sleep(chance.uniform(0, think))
    while time.monotonic() < until:
        what = chance.choices(names, weights)[0]
        done += 1
        began = time.monotonic()
        try:
            await use(visitor, what, f"upload {number}-{done}", tally, chance)
            tally.seconds[what].append(time.monotonic() - began)
        except Exception as error:
            tally.errors.append(f"{what}: {type(error).__name__}: {error}")
            with suppress(Exception):
                await visitor.close()
        await asyncio.sleep(min(chance.expovariate(1 / think), 4 * think))
    await visitor.close()


async def ingests(number: int, home: Path, folder: Path, until: float, tally: Tally) -> None:
    """`heard ingest` of a folder that has grown by some notes, again and again."""
    chance, run = random.Random(1_000 + number), 0
    path = folder / f"ingest {number}"
    path.mkdir()
    while time.monotonic() < until:
        run += 1
        for one in range(3):
            name = f"ingest {number}-{run}-{one}"
            (path / f"{name}.md").write_text(note(name, chance))
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "heard", "ingest", str(path), "--team", "Support", "--study", f"Soak {number}",
            "--json", "--home", str(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        outcomes = [json.loads(line) for line in out.decode().splitlines()]
        tally.seconds["heard ingest (3 new notes)"].append(time.monotonic() - began)
        if process.returncode or any(one["status"] == "failed" for one in outcomes):
            tally.errors.append(f"ingest {number}: {err.decode()[-300:]}")
        tally.notes |= {one["title"]: one["passages"] for one in outcomes if one["status"] == "added"}


async def watch(metrics: str, began: float, until: float, tally: Tally) -> None:
    """What memory the app has, every two seconds."""
    while time.monotonic() < until:
        tally.memory.append((time.monotonic() - began, await asyncio.to_thread(memory, metrics)))
        await asyncio.sleep(2)


def memory(metrics: str) -> float:
    """The app's resident memory in MB, from its own numbers."""
    with urllib.request.urlopen(metrics, timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return float(next(line for line in lines if line.startswith("process_resident_memory_bytes ")).split()[1]) / 1e6


@asynccontextmanager
async def serving(home: Path, log: Path) -> AsyncIterator[tuple[str, str]]:
    """The app and its numbers, at two addresses."""
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    env = {**os.environ, "HEARD_LOG": "json", "HEARD_METRICS": str(ports[1])}
    with log.open("wb") as file:
        app = subprocess.Popen(
            [sys.executable, "-m", "heard", "serve", "--port", str(ports[0]), "--home", str(home)],
            stdout=subprocess.DEVNULL, stderr=file, env=env, start_new_session=True,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{ports[0]}"
            await _answers(f"{address}/healthz")
            yield address, f"http://127.0.0.1:{ports[1]}/metrics"
        finally:
            os.killpg(app.pid, 2)
            app.wait(30)


async def _answers(address: str) -> None:
    for _ in range(300):
        with suppress(OSError):
            await asyncio.to_thread(lambda: urllib.request.urlopen(address, timeout=5).close())
            return
        await asyncio.sleep(0.2)
    raise SystemExit(f"{address} does not answer.")


async def soak(home: Path, folder: Path, seconds: float, users: int, think: float) -> Tally:
    """Everything at once for so many seconds."""
    tally, log = Tally(), folder / "app.log"
    async with serving(home, log) as (address, metrics):
        first = Visitor(address)
        await first.open("", {"q": QUESTIONS[0]})  # the model is loaded before anybody is measured
        await first.close()
        began = time.monotonic()
        until = began + seconds
        work: list[Awaitable[None]] = [user(number, address, until, think, tally) for number in range(users)]
        work += [ingests(number, home, folder, until, tally) for number in (1, 2)]
        await asyncio.gather(*work, watch(metrics, began, until, tally))
        tally.memory.append((time.monotonic() - began, memory(metrics)))
    told = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    tally.errors += [f"the app's log: {line}" for line in told if line["level"] in ("warning", "error", "critical")]
    tally.errors += [f"the app: {line}" for line in log.read_text().splitlines() if line and not line.startswith("{")]
    for event, count in Counter(line["event"] for line in told).items():
        print(f"{count:>8} {event}")
    return tally


def missing(home: Path, tally: Tally) -> list[str]:
    """What was reported and is not there, or is there otherwise."""
    repo = research.open(home)
    there = Counter(one.title for one in repo.notes())
    passages = {one.title: one.passages for one in repo.notes()}
    wrong = [f"{title} is there {there[title]} times" for title in tally.notes if there[title] != 1]
    wrong += [
        f"{title} has {passages.get(title)} passages and not {count}"
        for title, count in tally.notes.items()
        if count and passages.get(title) != count
    ]
    for passage, tag in tally.tagged:
        (hit,) = repo.passages([passage]) or (None,)
        if hit is None or tag not in hit.tags:
            wrong.append(f"{passage} has no tag {tag}")
    wrong += [finding.message for finding in repo.doctor() if not finding.ok]
    repo.close()
    return wrong


def table(tally: Tally) -> None:
    """The numbers for docs/many-at-once.md."""
    print("\n| action | times | p50, s | p95, s | longest, s |\n| --- | --- | --- | --- | --- |")
    for what, took in sorted(tally.seconds.items()):
        cuts = quantiles(took, n=20, method="inclusive") if len(took) > 1 else took * 19
        print(f"| {what} | {len(took)} | {cuts[9]:.2f} | {cuts[18]:.2f} | {max(took):.2f} |")
    seconds, megabytes = map(np.array, zip(*tally.memory, strict=True))
    late = seconds > seconds[-1] / 3
    growth = np.polyfit(seconds[late] / 60, megabytes[late], 1)[0] if late.sum() > 2 else float("nan")
    print(
        f"\nMemory of the app: {megabytes[0]:.0f} MB at the start, {megabytes[late][0]:.0f} MB after a third of the "
        f"time, {megabytes[-1]:.0f} MB at the end, {megabytes.max():.0f} MB at most; {growth:+.1f} MB a minute in the "
        "last two thirds."
    )


def main() -> None:
    """Fill a repository, let everybody at it, and say what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", nargs="?", type=float, default=300)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--think", type=float, default=6, help="seconds between two things a user does, on average")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        home, folder = Path(name) / "home", Path(name)
        subprocess.run([sys.executable, "-m", "heard", "demo", "--no-serve", "--home", str(home)], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        tally = asyncio.run(soak(home, folder, asked.seconds, asked.users, asked.think))
        wrong = missing(home, tally)
    table(tally)
    print(f"\n{len(tally.notes)} notes and {len(tally.tagged)} tags were reported; not as reported: {len(wrong)}.")
    print(f"Errors: {len(tally.errors)}.")
    for line in [*wrong, *tally.errors][:20]:
        print(f"  {line}")
    sys.exit(bool(wrong or tally.errors))


if __name__ == "__main__":
    main()
