"""The taxonomy: the tags a team uses, each with what it means and how to recognise it, kept as YAML people can edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import yaml

from research import plain_yaml
from research.errors import BadInput

_KEYS = {"name", "group", "description", "phrases", "examples", "threshold"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. `phrases` are matched by word (any inflection, any case), `examples` and `description` by meaning.

    `threshold` is the cosine similarity from which meaning alone gives the tag (None: the tagger's own).
    """

    name: str
    description: str = ""
    phrases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    group: str = ""
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of tags in the order people gave them, with the YAML they were read from."""

    tags: tuple[Tag, ...]
    source: str

    @property
    def version(self) -> str:
        """Twelve hex digits that change whenever the taxonomy does."""
        return sha256(self.source.encode()).hexdigest()[:12]


@cache
def default_taxonomy() -> Taxonomy:
    """The taxonomy for product research that comes with Heard."""
    return parse_taxonomy(files("research").joinpath("taxonomy.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)  # pages ask for it at every click, and reading YAML takes longer than everything else there
def parse_taxonomy(source: str) -> Taxonomy:
    """A taxonomy from YAML: a list of tags under `tags:`. Raises BadInput with the line or the tag that is wrong."""
    try:
        read = plain_yaml.load(source)
    except plain_yaml.NotPlain as error:
        raise BadInput(f"The taxonomy cannot be read{error.where}: {error.problem}. Nothing was changed.") from error
    entries = read.get("tags") if isinstance(read, dict) else None
    if not isinstance(entries, list) or not entries:
        raise BadInput("The taxonomy needs a list of tags under “tags:”, with a name each. Nothing was changed.")
    tags = tuple(_tag(entry, number) for number, entry in enumerate(entries, start=1))
    names = [tag.name.casefold() for tag in tags]
    twice = next((tag.name for n, tag in enumerate(tags) if tag.name.casefold() in names[:n]), None)
    if twice:
        raise BadInput(f"The taxonomy names the tag “{twice}” twice. Give each tag one entry. Nothing was changed.")
    return Taxonomy(tags=tags, source=source)


def dump_taxonomy(tags: Sequence[Tag]) -> Taxonomy:
    """A taxonomy from tags that were edited one by one, with the YAML that says the same."""
    entries = [
        {
            name: list(value) if isinstance(value, tuple) else value
            for name in ("name", "group", "description", "phrases", "examples", "threshold")
            if (value := getattr(tag, name))
        }
        for tag in tags
    ]
    return parse_taxonomy(yaml.safe_dump({"tags": entries}, sort_keys=False, allow_unicode=True, width=110))


def _tag(entry: Any, number: int) -> Tag:
    if not isinstance(entry, dict) or not str(entry.get("name") or "").strip():
        raise BadInput(f"Tag {number} of the taxonomy has no name. Nothing was changed.")
    name = " ".join(str(entry["name"]).split())
    unknown = sorted(str(key) for key in entry if key not in _KEYS)
    if unknown:
        raise BadInput(
            f"The tag “{name}” says “{unknown[0]}”, which the taxonomy does not know; it knows "
            f"{', '.join(sorted(_KEYS))}. Nothing was changed."
        )
    threshold = entry.get("threshold")
    if threshold is not None and not (isinstance(threshold, int | float) and 0 < threshold <= 1):
        raise BadInput(f"The threshold of the tag “{name}” must lie between 0 and 1. Nothing was changed.")
    return Tag(
        name=name,
        group=str(entry.get("group") or ""),
        description=str(entry.get("description") or ""),
        phrases=_texts(entry.get("phrases"), name, "phrases"),
        examples=_texts(entry.get("examples"), name, "examples"),
        threshold=threshold,
    )


def _texts(given: Any, name: str, what: str) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or any(isinstance(item, dict | list) for item in given):
        raise BadInput(f"The {what} of the tag “{name}” must be a list of texts. Nothing was changed.")
    return tuple(text for item in given if (text := " ".join(str(item).split())))
