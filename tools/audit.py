"""What Heard stands on, as a software bill of materials, and whether anything of it is known to be vulnerable.

    python -m tools.audit TOOLS_BIN PYTHON

Writes build/heard.cdx.json (CycloneDX, of what is installed for PYTHON) and build/vulnerabilities.json (pip-audit's
answer about constraints.txt). Ends with 0 when nothing is known, 1 when something is, 2 when nobody could be asked.
pip-audit itself says “No known vulnerabilities found” where its database knows none of the packages, as behind a mirror
of the package index, so its answer is counted here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
SERVICES = ("pypi", "osv")  # asked in this order, until one knows the packages


def bill(tools: Path, python: Path) -> int:
    """Write the bill of materials; returns how many packages stand in it."""
    path = BUILD / "heard.cdx.json"
    subprocess.run(
        [tools / "cyclonedx-py", "environment", "--pyproject", ROOT / "pyproject.toml", "--output-reproducible",
         "--of", "JSON", "-o", path, python],
        check=True,
    )  # fmt: skip
    return len(json.loads(path.read_text(encoding="utf-8"))["components"])


def ask(tools: Path, service: str) -> list[dict[str, Any]]:
    """What a service says about every pinned package; nothing where it cannot be reached."""
    path = BUILD / "vulnerabilities.json"
    path.unlink(missing_ok=True)
    subprocess.run(
        [tools / "pip-audit", "--requirement", ROOT / "constraints.txt", "--no-deps", "--disable-pip",
         "--vulnerability-service", service, "--timeout", "10", "--progress-spinner", "off", "--format", "json",
         "--output", path],
        check=False, capture_output=True,
    )  # fmt: skip
    if not path.exists():
        return []
    told: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    return told


def verdict(told: list[dict[str, Any]]) -> tuple[str, int]:
    """A sentence about what was answered, and the status to end with."""
    asked = [one for one in told if "skip_reason" not in one]
    if not asked:
        return "No database of vulnerabilities could be asked: nothing is known about any package.", 2
    bad = [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in asked
        for flaw in one["vulns"]
    ]
    unknown = [one["name"] for one in told if "skip_reason" in one]
    left = f" Not known there: {', '.join(unknown)}." if unknown else ""
    if bad:
        return "\n".join((f"{len(bad)} known vulnerabilities in {len(asked)} packages.{left}", *bad)), 1
    return f"No known vulnerability in {len(asked)} packages.{left}", 0


def main() -> None:
    """Write both files and say what is in them."""
    tools, python = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
    BUILD.mkdir(exist_ok=True)
    print(f"{bill(tools, python)} packages are in build/heard.cdx.json.")
    sentence, status = "", 2
    for service in SERVICES:
        sentence, status = verdict(ask(tools, service))
        if status != 2:
            break
    print(sentence)
    sys.exit(status)


if __name__ == "__main__":
    main()
