"""Paths and uploads to sources: folders walked, zips unfolded, every file that cannot be taken named with a reason."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.models import ReadOptions, Source
from ingest.readers import FORMATS, extension
from research.exchange.folder import CONTENTS, is_part
from research.exchange.zipping import zipped
from research.litter import normalise

_JUNK = frozenset(("thumbs.db", "desktop.ini", "__macosx", "icon\r"))
_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1024 * 1024
_MOST_MEMBERS = 100_000
_WORST_RATIO = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that never became a source: its name as people know it, and one sentence with what to do."""

    name: str
    error: str


Found = Source | Failure


class _Once:
    """Which files are given: each once, and where there is an `only` no others than these."""

    def __init__(self, only: Collection[Path] | None) -> None:
        self._seen: set[Path] = set()
        self._only = only

    def __len__(self) -> int:
        return len(self._seen)

    def takes(self, path: Path) -> bool:
        """Whether a file is to be given now."""
        again = path in self._seen
        self._seen.add(path)
        return not again and (self._only is None or path in self._only)


def walk(paths: Iterable[str | Path], options: ReadOptions, only: Collection[Path] | None = None) -> Iterator[Found]:
    """Every file under the paths, read when its turn comes: folders in sorted order, zips unfolded, junk skipped.

    A file that is reached twice (a folder and a file in it, a link within it) is given once; with `only` no others than
    these, by their real paths.
    """
    seen = _Once(only)
    for path in paths:
        yield from _path(Path(path).expanduser(), seen, options)


def from_upload(name: str, data: bytes, options: ReadOptions) -> Iterator[Found]:
    """What an uploaded file holds: itself, or a zip's members. The same name uploaded again is the same source."""
    name = _shown(name.replace("\\", "/").rsplit("/", 1)[-1]) or "upload"
    key = f"upload:{name}"
    if extension(name) == ".zip":
        yield from _zip(io.BytesIO(data), name, os.fsencode(key), options)
    elif extension(name) not in FORMATS:
        yield Failure(name, _unsupported(name))
    elif len(data) > options.max_bytes:
        yield Failure(name, _too_big(name, len(data), options.max_bytes))
    else:
        yield Source(name, _key(os.fsencode(key)), data)


def _path(path: Path, seen: _Once, options: ReadOptions) -> Iterator[Found]:
    shown = _shown(str(path))
    try:
        real = path.resolve(strict=True)
        is_folder = real.is_dir()
    except FileNotFoundError:
        yield Failure(shown, f"{shown} does not exist. Check the path.")
        return
    except (OSError, RuntimeError, ValueError) as error:
        yield Failure(shown, _unreadable(shown, error))
        return
    if not is_folder:
        yield from _file(real, _shown(f"{real.parent.name}/{path.name or real.name}".lstrip("/")), seen, options)
        return
    before = len(seen)
    nothing = True
    for found in _folder(real, _shown(real.name), real, seen, options):
        nothing = False
        yield found
    if nothing and len(seen) == before:
        yield Failure(shown, f"{shown} holds no files that can be read. These can: {', '.join(FORMATS)}, .zip.")


def _folder(folder: Path, name: str, root: Path, seen: _Once, options: ReadOptions) -> Iterator[Found]:
    """The files of one folder and those below it; with a stack of iterators, so that depth is no danger."""
    if (folder / CONTENTS).is_file():
        yield from _handed_out(folder, name, seen, options)
        return
    stack = [iter(_entries(folder, name))]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
            continue
        if isinstance(item, Failure):
            yield item
            continue
        path, shown, is_link = item
        if is_link:
            real = _resolved(path)
            if real is None or not real.is_relative_to(root):
                yield Failure(
                    shown, f"{shown} is a link to outside its folder and was not followed. Give the file's own path."
                )
                continue
            if real.is_dir():
                continue  # it lies in the folder and is walked there
            path = real
        if path.is_dir() and (path / CONTENTS).is_file():
            yield from _handed_out(path, shown, seen, options)
        elif path.is_dir():
            stack.append(iter(_entries(path, shown)))
        else:
            yield from _file(path, shown, seen, options)


def _entries(folder: Path, name: str) -> list[tuple[Path, str, bool] | Failure]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        return [Failure(name, _unreadable(name, error))]
    return [
        (Path(entry.path), f"{name}/{_shown(entry.name)}" if name else _shown(entry.name), entry.is_symlink())
        for entry in entries
        if not _is_junk(entry.name)
    ]


def _file(path: Path, shown: str, seen: _Once, options: ReadOptions) -> Iterator[Found]:
    if not seen.takes(path):
        return
    key = os.fsencode(path)
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            yield Failure(shown, f"{shown} is not an ordinary file. Copy its content into one.")
        elif extension(shown) == ".zip":
            with path.open("rb") as stream:
                yield from _zip(stream, shown, key, options)
        elif extension(shown) not in FORMATS:
            yield Failure(shown, _unsupported(shown))
        elif facts.st_size > options.max_bytes:
            yield Failure(shown, _too_big(shown, facts.st_size, options.max_bytes))
        else:
            yield Source(shown, _key(key), path.read_bytes())
    except OSError as error:
        yield Failure(shown, _unreadable(shown, error))


def _handed_out(folder: Path, name: str, seen: _Once, options: ReadOptions) -> Iterator[Found]:
    """A folder that Heard wrote, as one source: a zip of all that belongs to it."""
    if not seen.takes(folder / CONTENTS):
        return
    shown = f"{name}/{CONTENTS}"
    try:
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        mine = {path.relative_to(folder).as_posix(): path for path in paths}
        mine = {inside: path for inside, path in mine.items() if is_part(inside)}
        size = sum(path.stat().st_size for path in mine.values())
        if size > options.max_unzipped_bytes:
            yield Failure(shown, _too_big(name, size, options.max_unzipped_bytes))
            return
        yield _together(shown, os.fsencode(folder), {inside: path.read_bytes() for inside, path in mine.items()})
    except OSError as error:
        yield Failure(shown, _unreadable(shown, error))


def _together(shown: str, key: bytes, files: Mapping[str, bytes]) -> Source:
    """Files that say something only together, as one source; the same bytes for the same files."""
    return Source(shown, _key(key), zipped(files, packed=False))


def _zip(stream: IO[bytes], shown: str, key: bytes, options: ReadOptions) -> Iterator[Found]:
    """The members of a zip, one at a time; what they claim and what they really unfold to are both counted."""
    try:
        archive = zipfile.ZipFile(stream)
        members = [member for member in archive.infolist() if not _is_skipped(member)]
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        UnicodeDecodeError,
        IndexError,
        OverflowError,
    ):
        stream.seek(0)
        what = "is password-protected" if stream.read(4) == _OLE else "is damaged or no zip"
        yield Failure(shown, f"{shown} {what}. Make it again and try once more.")
        return
    with archive:
        claimed = sum(member.file_size for member in members if extension(member.filename) in FORMATS)
        if claimed > options.max_unzipped_bytes or len(members) > _MOST_MEMBERS:
            yield Failure(
                shown,
                f"{shown} would unfold to {_size(claimed)} in {len(members):,} files, more than is allowed. Unpack "
                f"it and give the files.",
            )
            return
        if not members:
            yield Failure(shown, f"{shown} is an empty zip. Check that it is the right file.")
            return
        left = options.max_unzipped_bytes
        names: set[str] = set()
        folders = _folders(members)
        together: dict[str, dict[str, bytes]] = {folder: {} for folder in folders}
        for member in sorted(members, key=lambda member: member.filename):
            inside = _inside(member)
            folder = next((one for one in folders if inside.startswith(one)), None)
            if folder is not None and not is_part(inside.removeprefix(folder)):
                continue
            found = _member(archive, member, shown, key, names, left, options, whole=folder is not None)
            if isinstance(found, Source):
                left -= len(found.data)
            if isinstance(found, Source) and folder is not None:
                together[folder][inside.removeprefix(folder)] = found.data
            else:
                yield found
        for folder, files in together.items():
            where = f"{shown}/{folder}{CONTENTS}"
            yield _together(where, key + b"!" + folder.encode("utf-8", "replace"), files)


def _folders(members: Iterable[zipfile.ZipInfo]) -> list[str]:
    """The folders in a zip that Heard wrote, each with a slash at its end; those in others last."""
    contents = (inside for member in members if (inside := _inside(member)).rpartition("/")[2] == CONTENTS)
    return sorted({one.removesuffix(CONTENTS) for one in contents}, key=lambda one: (-one.count("/"), one))


def _inside(member: zipfile.ZipInfo) -> str:
    return _shown(member.filename.replace("\\", "/").lstrip("/"))


def _member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    zip_name: str,
    key: bytes,
    names: set[str],
    left: int,
    options: ReadOptions,
    *,
    whole: bool = False,
) -> Found:
    """A member by itself, or with `whole` as a part of what is one source."""
    raw = member.orig_filename.replace("\x00", "")
    inside, most = _inside(member), options.max_unzipped_bytes if whole else options.max_bytes
    shown = f"{zip_name}/{inside}"
    if _escapes(raw):
        return Failure(shown, f"{shown} points outside its zip and was not unpacked. Rename it inside the zip.")
    if inside in names:
        return Failure(shown, f"{shown} is in the zip twice; the first was taken. Rename the second.")
    names.add(inside)
    if stat.S_ISLNK(member.external_attr >> 16):
        return Failure(shown, f"{shown} is a link and was not followed. Put the file itself into the zip.")
    if extension(inside) == ".zip":
        return Failure(shown, f"{shown} is a zip inside a zip. Unpack it first.")
    if extension(inside) not in FORMATS and not whole:
        return Failure(shown, _unsupported(shown))
    if member.flag_bits & 0x1:
        return Failure(shown, f"{shown} is encrypted. Unpack the zip with its password and give the files.")
    if member.file_size > most:
        return Failure(shown, _too_big(shown, member.file_size, most))
    if member.file_size > _CHUNK and member.file_size > _WORST_RATIO * max(member.compress_size, 1):
        return Failure(
            shown,
            f"{shown} unfolds to {_size(member.file_size)} from almost nothing, as a zip bomb does, and was not "
            f"unpacked.",
        )
    try:
        data = _unpacked(archive, member, min(most, left))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
        MemoryError,
    ):
        return Failure(
            shown, f"{shown} cannot be unpacked: it is damaged or packed in an unknown way. Make the zip again."
        )
    except Exception as error:  # lzma and other packers raise errors of their own
        return Failure(shown, f"{shown} cannot be unpacked ({type(error).__name__}). Make the zip again.")
    if data is None:
        return Failure(
            shown, f"{shown} unfolds to more than is allowed and was left out. Unpack the zip and give the files."
        )
    return Source(shown, _key(key + b"!" + inside.encode("utf-8", "replace")), data)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes | None:
    """A member's bytes, or None as soon as they are more than `limit`, whatever the zip claims."""
    parts: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                return None
            parts.append(chunk)
    return b"".join(parts)


def _is_skipped(member: zipfile.ZipInfo) -> bool:
    parts = [part for part in member.filename.replace("\\", "/").split("/") if part and part != ".."]
    return member.is_dir() or member.filename.endswith("\\") or not parts or any(_is_junk(part) for part in parts)


def _is_junk(name: str) -> bool:
    """What computers leave in folders: hidden files, Office's lock files, thumbnails."""
    return name.startswith((".", "~$")) or name.casefold() in _JUNK


def _escapes(name: str) -> bool:
    plain = name.replace("\\", "/")
    return (
        plain.startswith("/") or re.match(r"[A-Za-z]:", plain) is not None or ".." in plain.split("/") or "\\" in name
    )


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None


def _key(identity: bytes) -> str:
    return hashlib.sha256(identity).hexdigest()


def _shown(name: str) -> str:
    """A file's name fit for a sentence: valid text in one line of some length, without control or direction marks."""
    plain = normalise(name.encode("utf-8", "replace").decode("utf-8")).replace("\n", "").replace("\t", "")
    return plain if len(plain) <= 1_000 else f"{plain[:300]}…{plain[-300:]}"


def _unsupported(shown: str) -> str:
    kind = extension(shown)
    if kind == ".doc":
        return f"{shown} is an old Word file. Save it as .docx and try again."
    if kind == ".xls":
        return f"{shown} is an old Excel file. Save it as .xlsx or .csv and try again."
    if kind in (".mp3", ".mp4", ".m4a", ".wav", ".mov", ".webm", ".ogg", ".avi", ".mkv"):
        return f"{shown} is a recording. Add its transcript instead."
    return (
        f"{shown} is of a kind that cannot be read{f' ({kind})' if kind else ''}. Save it as .txt, .docx, .pdf or .csv."
    )


def _unreadable(shown: str, error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return f"{shown} may not be read: permission denied. Ask for access or copy it."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return f"{shown} cannot be read ({reason}). Check the disk and the path."


def _too_big(shown: str, size: int, limit: int) -> str:
    return f"{shown} has {_size(size)}, more than the {_size(limit)} allowed. Split it and try again."


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:,.0f} MB" if count >= 1024 * 1024 else f"{count / 1024:.0f} KB"
