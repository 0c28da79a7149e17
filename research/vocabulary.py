"""The words that a team has settled on: its taxonomy, and what looks like a person's name and is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Engine

from research.store import assignments, named_values
from research.store.database import writing
from research.taxonomy import Taxonomy, default_taxonomy, dump_taxonomy, parse_taxonomy

_TAXONOMY, _NOBODY = "taxonomy", "nobodys_names"  # as they are named in the settings


def taxonomy(engine: Engine) -> Taxonomy:
    """The team's own taxonomy, or the one that comes with Heard."""
    with engine.connect() as connection:
        own = named_values.setting(connection, _TAXONOMY)
    return parse_taxonomy(own) if own else default_taxonomy()


def set_taxonomy(engine: Engine, new: Taxonomy) -> None:
    """Use another taxonomy from now on."""
    with writing(engine).begin() as connection:
        named_values.set_setting(connection, _TAXONOMY, new.source)


def rename_tag(engine: Engine, old: str, new: str) -> None:
    """Give a tag another name in the taxonomy and on every passage. Raises BadInput for one that is there."""
    new = " ".join(new.split())
    tags = tuple(replace(tag, name=new) if tag.name == old else tag for tag in taxonomy(engine).tags)
    set_taxonomy(engine, dump_taxonomy(tags))
    assignments.rename_tag(engine, old, new)


def nobodys_names(engine: Engine) -> tuple[str, ...]:
    """Words that look like people's names and are a product's or a bot's."""
    with engine.connect() as connection:
        return tuple(filter(None, named_values.setting(connection, _NOBODY).splitlines()))


def set_nobodys_names(engine: Engine, words: Sequence[str]) -> None:
    """Use other such words from now on; each once, without blanks around it."""
    kept = dict.fromkeys(" ".join(one.split()) for one in words if one.strip())
    with writing(engine).begin() as connection:
        named_values.set_setting(connection, _NOBODY, "\n".join(kept))
