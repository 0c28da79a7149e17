"""What compose.yaml starts: each of Heard's containers gets the address of the database and the key, whatever it runs."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from research.keys import repository_key

ROOT = Path(__file__).parent.parent
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
TELLS = "import os; print(os.environ['HEARD_DATABASE_URL'])"


@pytest.mark.parametrize("name", ["app", "api"])
def test_what_a_container_runs_knows_the_database_and_has_the_repositorys_key(name: str, tmp_path: Path) -> None:
    key, home = secrets.token_bytes(32), tmp_path / "data"
    home.mkdir()
    (tmp_path / "heard_key").write_bytes(key)
    (tmp_path / "database_password").write_text("3f9c\n")
    # Docker reads $$ as $, and puts secrets at /run/secrets.
    entry = [part.replace("$$", "$").replace("/run/secrets", str(tmp_path)) for part in SERVICES[name]["entrypoint"]]
    for _ in range(2):  # a container that is started again finds the key of before
        done = subprocess.run(
            [*entry, sys.executable, "-c", TELLS],
            env={"HEARD_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "postgresql+psycopg://heard:3f9c@database:5432/heard\n"
        assert repository_key(home, shared=True) == key


def test_what_the_proxy_leads_to_is_there() -> None:
    asked = [
        line.split()[3]
        for line in (ROOT / "deploy" / "proxy.cfg").read_text().splitlines()
        if "server-template" in line
    ]
    assert asked == ["app:8501", "api:8511"]
    assert {one.partition(":")[0] for one in asked} <= SERVICES.keys()
