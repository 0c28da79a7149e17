"""A full disk and a read-only folder: clear words, nothing harmed, and on it goes when there is room."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from repository_support import NOTES

import ingest
from research.disk import in_words, refused
from research.errors import Unwritable
from research.repository import Repository
from research.store.database import write_at_once

Open = Callable[..., Repository]
MORE = "Interviewer: And?\n\n" + "\n\n".join(
    f"P{n}: The calendar swallowed every second appointment on day {n}, and nobody knew why that was so for weeks."
    for n in range(400)
)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system at a folder; the test is skipped where none may be mounted."""
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder with 16 MB of room."""
    folder = tmp_path / "small"
    folder.mkdir()
    with mounted(folder, "-t", "tmpfs", "-o", "size=16m", "tmpfs"):
        yield folder


def whole(repo: Repository) -> bool:
    return all(finding.ok for finding in repo.doctor())


def test_a_full_disk_harms_nothing_and_the_rest_goes_in_when_there_is_room(
    small: Path, tmp_path: Path, open_repo: Open
) -> None:
    repo = open_repo(small / "home")
    files = tmp_path / "files"
    files.mkdir()
    for n, text in enumerate(NOTES["Growth", "Onboarding Q3"].values()):
        (files / f"first{n}.md").write_text(text)
    assert not [one.error for one in ingest.ingest_paths([files], repo, team="Growth", study="S") if one.error]
    for n in range(6):
        (files / f"more{n}.txt").write_text(MORE.replace("calendar", f"calendar{n}"))
    (small / "ballast").write_bytes(bytes(shutil.disk_usage(small).free - 1_500_000))
    reported: list[str] = []
    outcomes = ingest.ingest_paths([files], repo, team="Growth", study="S")
    with pytest.raises(Unwritable, match="no room left on the disk"):
        reported.extend(one.note_id for one in outcomes)
    assert set(reported) <= {note.id for note in repo.notes()}
    assert repo.search("importing the patient list")[0].text.startswith("Importing")
    repo.close()
    repo = open_repo(small / "home")
    assert repo.search("importing the patient list")[0].text.startswith("Importing")
    (small / "ballast").unlink()
    assert not [one.error for one in ingest.ingest_paths([files], repo, team="Growth", study="S") if one.error]
    repo.doctor(repair=True)
    assert whole(repo)
    assert len(repo.notes()) == 8
    assert repo.search("the calendar5 swallowed appointments")


@pytest.mark.parametrize("what", ["forget", "reindex", "backup", "doctor"])
def test_whatever_runs_out_of_room_says_so_and_can_be_done_again(
    small: Path, tmp_path: Path, open_repo: Open, what: str
) -> None:
    repo = open_repo(small / "home")
    (tmp_path / "a.txt").write_text(MORE)
    list(ingest.ingest_paths([tmp_path / "a.txt"], repo, team="Growth", study="S"))
    if what == "doctor":
        (repo.home / "vectors.i8").unlink()
    (small / "ballast").write_bytes(bytes(max(0, shutil.disk_usage(small).free - 20_000)))

    def do() -> object:
        if what == "forget":
            return repo.forget("P-0007")
        if what == "reindex":
            return repo.reindex()
        if what == "backup":
            return repo.backup(small / "b.heard")
        return repo.doctor(repair=True)

    with pytest.raises(Unwritable, match="no room left on the disk"):
        do()
    (small / "ballast").unlink()
    if what == "forget":
        repo.doctor(repair=True)
        assert "P-0007" not in repo.choices().participants or do()
    else:
        do()
    repo.doctor(repair=True)
    assert whole(repo)
    assert repo.search("the calendar swallowed my appointment on day 44")


@pytest.mark.parametrize("somebody_has_it_open", [False, True])
def test_a_read_only_repository_is_searched_and_says_why_it_cannot_be_changed(
    sample_repo: Repository, tmp_path: Path, open_repo: Open, somebody_has_it_open: bool
) -> None:
    wanted = [hit.id for hit in sample_repo.search("export report spreadsheet")]
    if not somebody_has_it_open:
        sample_repo.close()
    folder = tmp_path / "read-only"
    folder.mkdir()
    with mounted(folder, "--bind", str(sample_repo.home)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        repo = open_repo(folder)
        found = repo.search("export report spreadsheet")
        assert ([hit.id for hit in found], found.notice) == (wanted, "")
        assert repo.search('"every single month"')
        assert repo.notes()
        said = {finding.check: finding.message for finding in repo.doctor() if not finding.ok}
        assert list(said) == ["index"]
        assert "read-only" in said["index"]
        for change in (
            lambda: repo.tag(wanted[0], "later"),
            lambda: list(ingest.ingest_paths([tmp_path / "files"], repo, team="Growth")),
            lambda: repo.reindex(),
            lambda: repo.doctor(repair=True),
            lambda: repo.forget("P-0001"),
        ):
            with pytest.raises(Unwritable, match=r"cannot be written to.*HEARD_HOME"):
                change()
        repo.backup(tmp_path / "b.heard")
        with pytest.raises(Unwritable, match="There is no repository"):
            open_repo(folder / "keywords")
        repo.close()


def test_a_file_that_may_grow_no_more_is_no_room(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(Unwritable, match="no room"), in_words():
            (tmp_path / "big").write_bytes(bytes(200))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_only_what_a_disk_refuses_is_said_to_be_so() -> None:
    assert refused(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert refused(OSError(errno.EROFS, os.strerror(errno.EROFS)))
    assert refused(FileNotFoundError(errno.ENOENT, "No such file")) is None
    with pytest.raises(FileNotFoundError), in_words():
        raise FileNotFoundError(errno.ENOENT, "No such file")


def test_a_use_that_cannot_be_noted_is_let_go(sample_repo: Repository) -> None:
    def full(_: object) -> None:
        raise Unwritable("no room")

    assert write_at_once(sample_repo.engine, full) is False
