"""What was said to one line: passages that say alike as one answer, and who said otherwise. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Literal

from research.search import Ranked, Said
from research.words import stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# A passage counts as an answer when it has half of the best one's score and six tenths of the best cosine. Of people so
# counted on the samples, 56% were found by reading too, and 39% of those found by reading are counted: rather too few
# than too many, since what counts here keeps a question from being asked (docs/check.md).
_AS_GOOD, _AS_NEAR = 0.5, 0.6
_ALIKE = 0.55  # cosine from which two passages surely say alike (docs/search.md)

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_TAKES_YES_OR_NO = re.compile(
    r"(?:(?:and|so|but|or|um+|well|okay|ok)\W+)*(?:do|does|did|is|are|was|were|has|have|had|can|could|would|will|"
    r"should|(?:is|are|was|were|do|does|did|have|has|had|can|could|would|wo|should)n['’]t)\b",
    re.I,
)
_FIRST = r"\W*(?:(?:oh|well|um+|uh+|god|honestly|huh|hm+)\W+)*"
_NO = re.compile(_FIRST + r"(?:no|nope|never|not (?:really|at all|yet|once))\b(?! (?:one|idea|problem|doubt))", re.I)
_YES = re.compile(_FIRST + r"(?:yes|yeah|yep|sure|of course|absolutely|definitely|always)\b", re.I)

Reply = Literal["yes", "no", ""]


def counted(found: Sequence[Ranked]) -> list[Ranked]:
    """Those among the passages that a search brought, best first, which are taken for answers."""
    best = max((one.why.cosine or 0.0 for one in found), default=0.0)
    top = max((one.score for one in found), default=0.0)
    return [one for one in found if (one.why.cosine or 0.0) >= _AS_NEAR * best and one.score >= _AS_GOOD * top]


def apart(ids: Sequence[str], vectors: Mapping[str, Floats]) -> list[list[str]]:
    """Passages, best first, grouped into distinct answers: each stands with the first that it says alike with."""
    groups: list[list[str]] = []
    for id_ in ids:
        mine = vectors.get(id_)
        for group in groups:
            theirs = vectors.get(group[0])
            if mine is not None and theirs is not None and float(mine @ theirs) >= _ALIKE:
                group.append(id_)
                break
        else:
            groups.append([id_])
    return groups


def reply(said: Said, wanted: Set[str]) -> Reply:
    """The yes or no with which a passage answers a question of the line's; "" where it does neither.

    The passage must open with it, and the question that it answers must take a yes or a no and hold one of the
    line's words.
    """
    asked = [one for one in _SENTENCE.split(said.context) if one.endswith("?") and _TAKES_YES_OR_NO.match(one)]
    if not asked or not wanted & set(stems(" ".join(asked))):
        return ""
    return "no" if _NO.match(said.text) else "yes" if _YES.match(said.text) else ""


def otherwise(found: Sequence[Said], wanted: Set[str]) -> set[str]:
    """The ids of passages that say otherwise than most: no where more people say yes, or yes where more say no.

    Where as many say yes as no, those are marked who contradict the best passage that says either.
    """
    said = {one.id: (reply(one, wanted), one.participant) for one in found}
    yes, no = ({person for answer, person in said.values() if answer == wanted_one} for wanted_one in ("yes", "no"))
    if not yes or not no:
        return set()
    first = next(answer for answer, _ in said.values() if answer)
    most = "yes" if len(yes) > len(no) else "no" if len(no) > len(yes) else first
    return {id_ for id_, (answer, _) in said.items() if answer and answer != most}
