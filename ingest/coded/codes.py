"""Codes and their tree as tags: what a codebook says becomes part of the taxonomy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from research.taxonomy import Tag, Taxonomy, dump_taxonomy

_LONGEST = 100  # characters of a tag's name that are kept


@dataclass(frozen=True, slots=True)
class Code:
    """A code of another tool. `path` are the codes above it, from the top; one that only holds others is not
    `codable`."""

    id: str
    name: str
    path: tuple[str, ...] = ()
    description: str = ""
    codable: bool = True


def tags_of(codes: Sequence[Code]) -> dict[str, Tag]:
    """Code id -> the tag that it becomes. What stands above a code is its group; where two codes have one name, the
    group is told in the names too."""
    codable = [code for code in codes if code.codable and _short(code.name)]
    twice = {name for name, times in Counter(_short(code.name).casefold() for code in codable).items() if times > 1}
    found: dict[str, Tag] = {}
    for code in codable:
        path = [name for one in code.path if (name := _short(one))]
        name = _short(code.name)
        if name.casefold() in twice and path:
            name = _short(f"{path[-1]}: {name}")
        found[code.id] = Tag(name, " ".join(code.description.split()), group=" / ".join(path))
    return found


def learned(taxonomy: Taxonomy, tags: Iterable[Tag]) -> tuple[Taxonomy, tuple[Tag, ...]]:
    """The taxonomy with the tags that it did not know, and these. What it says about a tag stays; an empty description
    or group is filled in."""
    known = {tag.name.casefold(): tag for tag in taxonomy.tags}
    new: dict[str, Tag] = {}
    for tag in tags:
        mine = known.get(tag.name.casefold())
        if mine is None:
            new.setdefault(tag.name.casefold(), tag)
        elif (tag.description and not mine.description) or (tag.group and not mine.group):
            known[tag.name.casefold()] = replace(
                mine, description=mine.description or tag.description, group=mine.group or tag.group
            )
    after = (*known.values(), *new.values())
    return (dump_taxonomy(after) if after != taxonomy.tags else taxonomy), tuple(new.values())


def _short(name: str) -> str:
    plain = " ".join(name.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
