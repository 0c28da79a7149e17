"""YAML that people write by hand: texts, numbers, dates, lists and named values; what it can do besides is refused.

References (&a, *a, <<) make gigabytes of a few lines, and tags (!!binary) make what nothing here asks for.
"""

from __future__ import annotations

from typing import Any

import yaml

from research.litter import normalise

LONGEST = 200_000  # characters; reading that many takes a second or two
_DEEPEST = 40  # levels of lists and named values in each other


class NotPlain(ValueError):
    """A text that is not YAML of this kind: what is wrong, in a few words, and the line from 1 on (0: not known)."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line

    @property
    def where(self) -> str:
        """The line, for a sentence: " near line 3", or ""."""
        return f" near line {self.line}" if self.line else ""


def load(text: str) -> Any:
    """The values of a text. Raises NotPlain, and nothing else."""
    if len(text) > LONGEST:
        raise NotPlain(f"it is longer than {LONGEST:,} characters")
    try:
        _checked(text)
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise NotPlain(getattr(error, "problem", None) or "it is not YAML", mark.line + 1 if mark else 0) from error
    except NotPlain:
        raise
    except Exception as error:  # a date that is none, a number of a million digits: PyYAML lets Python's own errors out
        raise NotPlain("a value in it is not what it looks like; put it in quotes") from error


def _checked(text: str) -> None:
    """Refuse references, tags and depth before anything is made of them."""
    depth = 0
    for token in yaml.scan(text, Loader=_Loader):
        line = token.start_mark.line + 1
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
            raise NotPlain("names after & and * are not read; write the value out, or put it in quotes", line)
        if isinstance(token, yaml.TagToken):
            raise NotPlain("types after ! are not read; put the value in quotes", line)
        if isinstance(token, _OPENS):
            depth += 1
            if depth > _DEEPEST:
                raise NotPlain(f"it goes more than {_DEEPEST} levels deep", line)
        elif isinstance(token, _CLOSES):
            depth -= 1


_OPENS = (
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
)
_CLOSES = (yaml.BlockEndToken, yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)


class _Loader(yaml.SafeLoader):
    """PyYAML's loader of plain values, whose texts are without control characters however they were written."""

    def construct_scalar(self, node: Any) -> Any:
        value = super().construct_scalar(node)
        return normalise(value) if isinstance(value, str) else value
