"""Folders, zips and uploads to sources: order, names, keys, and a sentence for each thing that cannot be taken."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from ingest.models import ReadOptions, Source
from ingest.sources import Failure, from_upload, walk

NO_OPTIONS = ReadOptions()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def names(found: list[Source | Failure]) -> list[str]:
    return [item.name for item in found if isinstance(item, Source)]


def errors(found: list[Source | Failure]) -> dict[str, str]:
    return {item.name: item.error for item in found if isinstance(item, Failure)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "interviews"
    for name in ("b.md", "a.txt", "sub/c.vtt", "sub/deeper/d.md", ".hidden.md", ".git/x.md", "~$b.docx", "Thumbs.db",
                 ".DS_Store", "__MACOSX/a.md", "e.png"):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"P1: yes")
    return root


def test_folders_in_order_without_junk(folder: Path) -> None:
    found = list(walk([folder], NO_OPTIONS))
    assert names(found) == ["interviews/a.txt", "interviews/b.md", "interviews/sub/c.vtt", "interviews/sub/deeper/d.md"]
    assert list(errors(found)) == ["interviews/e.png"]
    assert "cannot be read (.png)" in errors(found)["interviews/e.png"]


def test_keys_stay_and_nothing_comes_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [item for item in walk([folder / "a.txt", folder, folder / "sub"], NO_OPTIONS) if isinstance(item, Source)]
    assert len({item.key for item in twice}) == len(twice) == 4
    assert twice[0].name == "interviews/a.txt"
    monkeypatch.chdir(folder)
    relative = [item for item in walk(["a.txt"], NO_OPTIONS) if isinstance(item, Source)]
    assert relative[0].key == twice[0].key
    assert len(relative[0].key) == 64
    assert names(list(walk(["."], NO_OPTIONS)))[0] == "interviews/a.txt"


def test_it_is_lazy(folder: Path) -> None:
    walking = walk([folder], NO_OPTIONS)
    next(walking)
    (folder / "b.md").write_bytes(b"P1: changed")
    second = next(walking)
    assert isinstance(second, Source)
    assert second.data == b"P1: changed"


def test_links(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("P1: secret")
    (folder / "leaves.md").symlink_to(outside)
    (folder / "stays.md").symlink_to(folder / "a.txt")
    (folder / "loop").symlink_to(folder)
    found = list(walk([folder], NO_OPTIONS))
    assert len(names(found)) == 4
    assert "link to outside" in errors(found)["interviews/leaves.md"]


def test_missing_empty_big_and_odd(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "big.txt").write_bytes(b"x" * 3000)
    os.mkfifo(tmp_path / "pipe.md")
    found = errors(list(walk([tmp_path / "nope", tmp_path / "empty", tmp_path / "big.txt", tmp_path / "pipe.md"],
                             ReadOptions(max_bytes=2048))))  # fmt: skip
    assert "does not exist" in found[str(tmp_path / "nope")]
    assert "holds no files" in found[str(tmp_path / "empty")]
    assert "more than the 2 KB allowed" in found[f"{tmp_path.name}/big.txt"]
    assert "not an ordinary file" in found[f"{tmp_path.name}/pipe.md"]


def test_permission_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("P1: yes")

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "permission denied" in errors(list(walk([tmp_path / "a.md"], NO_OPTIONS)))[f"{tmp_path.name}/a.md"]


def test_zip_members(tmp_path: Path) -> None:
    (tmp_path / "calls.zip").write_bytes(zipped({
        "q2/P2.md": b"P2: b", "q2/P1.md": b"P1: a", "__MACOSX/q2/._P1.md": b"x", ".DS_Store": b"x", "photo.jpg": b"x",
        "inner.zip": zipped({"a.md": b"x"}),
    }))  # fmt: skip
    found = list(walk([tmp_path], NO_OPTIONS))
    base = f"{tmp_path.name}/calls.zip/"
    assert names(found) == [base + "q2/P1.md", base + "q2/P2.md"]
    assert "zip inside a zip" in errors(found)[base + "inner.zip"]
    assert base + "photo.jpg" in errors(found)
    sources = [item for item in found if isinstance(item, Source)]
    assert sources[0].data == b"P1: a"
    assert len({item.key for item in sources}) == 2


@pytest.mark.parametrize("name", ["../../escape.md", "/etc/passwd.md", "C:/x.md", "..\\up.md", "a/../../b.md"])
def test_paths_that_escape(name: str) -> None:
    found = list(from_upload("x.zip", zipped({name: b"P1: bad", "good.md": b"P1: good"}), NO_OPTIONS))
    assert names(found) == ["x.zip/good.md"]
    assert "points outside its zip" in next(iter(errors(found).values()))


def test_zip_bombs() -> None:
    bomb = zipped({"a.txt": b"0" * 30_000_000, "b.txt": b"P1: fine"})
    found = list(from_upload("x.zip", bomb, NO_OPTIONS))
    assert "zip bomb" in errors(found)["x.zip/a.txt"]
    assert names(found) == ["x.zip/b.txt"]
    many = zipped({f"{n}.txt": bytes(os.urandom(600_000)) for n in range(3)})
    assert (
        "more than is allowed"
        in errors(list(from_upload("x.zip", many, ReadOptions(max_unzipped_bytes=1_000_000))))["x.zip"]
    )


def test_a_zip_that_lies_about_its_size() -> None:
    data = bytearray(zipped({"a.txt": b"P1: " + b"word " * 20_000}))
    size = (100_004).to_bytes(4, "little")
    assert data.count(size) == 2
    lying = bytes(data).replace(size, (10).to_bytes(4, "little"))
    found = list(from_upload("x.zip", lying, NO_OPTIONS))
    assert names(found) == []
    assert len(errors(found)) == 1


def test_encrypted_damaged_linked_and_doubled_members() -> None:
    data = bytearray(zipped({"a.md": b"P1: yes", "b.md": b"P1: no"}, zipfile.ZIP_STORED))
    central = data.find(b"PK\x01\x02")
    data[central + 8] |= 1
    found = list(from_upload("x.zip", bytes(data), NO_OPTIONS))
    assert "is encrypted" in errors(found)["x.zip/a.md"]
    assert names(found) == ["x.zip/b.md"]
    assert "damaged or no zip" in errors(list(from_upload("y.zip", b"PK\x03\x04 no", NO_OPTIONS)))["y.zip"]
    spoiled = zipped({"a.md": b"P1: yes"}, zipfile.ZIP_STORED).replace(b"P1: yes", b"P1: no!")
    assert "cannot be unpacked" in errors(list(from_upload("z.zip", spoiled, NO_OPTIONS)))["z.zip/a.md"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("d/../same.md", "x")
        archive.writestr("same.md", "P1: one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("same.md", "P1: two")
    found = list(from_upload("l.zip", out.getvalue(), NO_OPTIONS))
    assert "is a link" in errors(found)["l.zip/link.md"]
    assert names(found) == ["l.zip/same.md"]


def test_uploads() -> None:
    first, again = (next(iter(from_upload(name, b"P1: a", NO_OPTIONS))) for name in ("P1.md", "C:\\notes\\P1.md"))
    assert isinstance(first, Source)
    assert first == again
    assert "recording" in errors(list(from_upload("call.mp4", b"x", NO_OPTIONS)))["call.mp4"]
    assert "old Word file" in errors(list(from_upload("a.doc", b"x", NO_OPTIONS)))["a.doc"]
    assert "more than the 1 KB" in errors(list(from_upload("a.md", b"x" * 2000, ReadOptions(max_bytes=1024))))["a.md"]
