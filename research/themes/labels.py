"""What to call a theme: phrases that tell it from the others, written as people wrote them. Pure functions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from research.nouns import never_names
from research.query import EMPTY_WORDS
from research.themes import alike
from research.themes.models import Kept, Label, Passages
from research.words import stem

if TYPE_CHECKING:
    from research.themes.models import Floats

Meaning = Callable[[Sequence[str]], "Floats"]  # a row of length 1 for each phrase

_PHRASES = 5  # at most, of a theme
_CANDIDATES = 24  # of a theme, whose meaning is asked for
_MEANS = 3  # power of the cosine to the theme's middle: chosen on CLINC (docs/benchmarks.md, Themes)
# What tells less names nothing: nats, as of a phrase that 3 in 10 of the theme's texts have and 1 in 20 of all; where
# the theme is much of all that was said, a fifth of what a phrase can tell at most.
_TELLS, _OF_MOST = 0.3 * log(6), 0.2
_GROWN = 1.5  # times as many passages as a label was found by, from which it is found anew
_LONGEST = 3  # words of a phrase
_SHARE = 0.1  # share of a theme's texts that must have a phrase, and two of them
_GLUED = 0.2  # and one with an empty word inside, such as "change my PIN"
_LONGER = 0.5  # share of the texts with a phrase; where more have a longer one, that stands for both
_ASKED = 2.0  # what counts a phrase in the words of those who ask
_WORTH = (1.0, 1.5, 1.7)  # of a phrase of one, two, three words: more say more

# Where a phrase cannot go on: the ends of sentences and of their parts, marks that redaction left, pseudonyms.
_BREAK = re.compile(r"\[[A-Z]+(?:_[A-Z]+)*\]|\bP-\d{4,}\b|[^\w\s'’&/+-]|\s[-–—]\s|[-–—]{2,}|\n")
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’&](?=[^\W_]))*")
_ENDING = re.compile(r"['’](?:s|t|re|ve|ll|m|d)$", re.IGNORECASE)

# Said of everything, beside the words that carry no meaning when one searches.
_EMPTY = EMPTY_WORDS | frozenset(
    """able above actually again already always another anymore anyway aren aren't around ask asked away back
    bad basically below best better big bit both can't cannot cant come comes coming cool couldn couldn't
    couple day days definitely didn didn't different doesn doesn't don don't eg else's especially etc even
    example examples far few find first five forth found four full gonna good great guess happen happened
    happens hasn hasn't haven haven't hello help hey hi however i'd i'll i'm i've ie instead interesting isn
    isn't it's keep keeps kept kind last let's likely little long look looked looking looks lot made make
    makes making many maybe mean means need needed needs never new next nice obviously oh ok okay once one's
    part per please pretty probably put quite rather re really right same see seem seems seen shouldn show
    since soon sort still stuff such sure take taken takes tell ten thank thanks that's there's think three
    three's time times today together towards tried try trying two uh um under use used useful using usually
    via wanna want wanted wants wasn wasn't way ways well went weren what's without won won't work worked
    working works wouldn wouldn't yeah yes yet you're
    until lately ago while during else none nothing something anything everything everybody everyone somebody someone
    anybody anyone nobody others six seven eight nine eleven twelve twenty thirty forty fifty hundred thousand once
    twice second third half moment minute minutes hour hours week weeks month months year years morning afternoon
    evening night tonight tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday told said sit sat
    stay start stop end ends side hand hands whole exactly itself herself himself myself themselves mr mrs ms
    dr""".split()  # noqa: SIM905
)

_PARTICLES = frozenset(
    ["up", "out", "off", "down", "in", "back", "on", "over"]
)  # with them a verb means something else: "top up"

Key = tuple[str, ...]  # a phrase by the stems of its words


def labels(
    kept: Kept, now: Passages, asked: Sequence[str] = (), *, meaning: Meaning, known: Mapping[str, int] | None = None
) -> dict[str, Label]:
    """The label of every theme that has not ended, larger ones by all their parts, except where it has one that was
    found by nearly as many passages (`known`: by how many). Empty where nothing that its texts share tells it from all.

    A phrase of one to three words scores p · log(p/q), p being the share of the theme's texts that have it and q the
    share of all texts in themes: what the phrase adds to their divergence (Kullback and Leibler, Ann. Math. Stat. 22,
    1951), and longer phrases count more. Among the best, those come first that mean what the theme means: their score
    counts by the cube of their cosine to its middle. Texts that say the same count once.
    """
    rows = kept.rows(now)
    texts = {now.texts[row] for mine in rows.values() for row in mine}
    for theme, mine in list(rows.items()):
        if above := kept.themes[theme].parent:
            rows.setdefault(above, []).extend(mine)
    before = known or {}
    rows = {id_: mine for id_, mine in sorted(rows.items()) if len(mine) > _GROWN * before.get(id_, 0)}
    if not rows:
        return {}
    said = _Said(texts, _vocabulary(asked))
    tried = {id_: said.candidates({now.texts[row] for row in mine}) for id_, mine in rows.items()}
    written = sorted({said.as_written(key) for phrases in tried.values() for key in phrases.scores})
    means = dict(zip(written, meaning(written), strict=True)) if written else {}
    found = {}
    for id_, mine in rows.items():
        middle = alike.middle(now.vectors[mine])
        near = {key: max(0.0, float(means[said.as_written(key)] @ middle)) for key in tried[id_].scores}
        found[id_] = Label(tuple(map(said.as_written, tried[id_].chosen(near))), len(mine))
    return found


class _Said:
    """The phrases of texts, how many texts have each, and how people wrote them."""

    def __init__(self, texts: Set[str], vocabulary: Set[str]) -> None:
        self._vocabulary = vocabulary
        self._of: dict[str, frozenset[Key]] = {}
        self._held: Counter[Key] = Counter()
        self._written: dict[Key, Counter[str]] = defaultdict(Counter)
        for text in sorted(texts):
            found = dict(_phrases(text))
            self._of[text] = frozenset(found)
            self._held.update(found.keys())
            for key, written in found.items():
                self._written[key][written] += 1

    def candidates(self, texts: Set[str]) -> _Candidates:
        """The phrases that tell some of the texts best from all; none where no phrase tells them well enough."""
        held = Counter(key for text in texts for key in self._of[text])
        least = max(2.0, _SHARE * len(texts))
        tells = {
            key: self._tells(count / len(texts), key)
            for key, count in held.items()
            if count >= (max(least, _GLUED * len(texts)) if _EMPTY_STEMS & set(key) else least)
        }
        if max(tells.values(), default=0.0) < min(_TELLS, _OF_MOST * log(len(self._of) / len(texts))):
            return _Candidates({}, held)
        scores = {key: self._worth(key) * told for key, told in tells.items() if told > 0}
        best = sorted(scores, key=lambda key: (-scores[key], key))[:_CANDIDATES]
        return _Candidates({key: scores[key] for key in best}, held)

    def _tells(self, share: float, key: Key) -> float:
        return share * log(share * len(self._of) / self._held[key])

    def _worth(self, key: Key) -> float:
        theirs = _ASKED if self._vocabulary and self._vocabulary >= set(key) - _EMPTY_STEMS else 1.0
        return theirs * _WORTH[len(key) - 1]

    def as_written(self, key: Key) -> str:
        """As most people wrote it."""
        written = self._written[key]
        folded: Counter[str] = Counter()
        for one, count in written.items():
            folded[one.lower()] += count
        usual = min(folded, key=lambda one: (-folded[one], one))
        return min((one for one in written if one.lower() == usual), key=lambda one: (-written[one], one != usual, one))


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Phrases with how well they tell some texts from all, and in how many of these texts each phrase stands."""

    scores: Mapping[Key, float]
    held: Mapping[Key, int]

    def chosen(self, near: Mapping[Key, float]) -> list[Key]:
        """The best of them, each saying something of its own; `near` is their cosine to what the texts mean."""
        scores = {key: score * near[key] ** _MEANS for key, score in self.scores.items()}
        chosen: list[Key] = []
        for key in sorted(scores, key=lambda key: (-scores[key], key)):
            if scores[key] <= 0 or len(chosen) == _PHRASES:
                break
            whole = _longest(key, self.held, scores)
            if not any(_same(whole, other) for other in chosen):
                chosen.append(whole)
        return chosen


def _vocabulary(asked: Sequence[str]) -> frozenset[str]:
    """The stems of the words that stand in at least two of the texts."""
    held = Counter(one for text in set(asked) for one in {stem(_ENDING.sub("", w[0])) for w in _WORD.finditer(text)})
    return frozenset(one for one, count in held.items() if count > 1)


def _longest(key: Key, mine: Mapping[Key, int], scores: Mapping[Key, float]) -> Key:
    """The longer phrase around a phrase that most texts with it have, if there is one."""
    around = [
        other for other in scores if len(other) > len(key) and _within(key, other) and mine[other] > _LONGER * mine[key]
    ]
    return max(around, key=lambda other: (scores[other], other), default=key)


def _within(key: Key, other: Key) -> bool:
    return any(other[n : n + len(key)] == key for n in range(len(other) - len(key) + 1))


def _same(one: Key, other: Key) -> bool:
    """Whether two phrases would say twice what one says: all that either tells stands in the other."""
    mine, theirs = set(one) - _EMPTY_STEMS, set(other) - _EMPTY_STEMS
    return mine <= theirs or theirs <= mine


def _phrases(text: str) -> Iterator[tuple[Key, str]]:
    """Every phrase of a text, with how it is written: none across a comma or a mark, no empty word at its beginning,
    and at its end a word that can name something, or a particle."""
    for piece in _BREAK.split(text):
        words = list(_WORD.finditer(piece))
        empty = [_empty(word[0]) for word in words]
        keys = [stem(_ENDING.sub("", word[0])) for word in words]
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                last = words[end - 1][0]
                closes = end == start + 2 and last.lower() in _PARTICLES
                closes = closes or not (empty[end - 1] or never_names(_ENDING.sub("", last)))
                if closes and not empty[start] and not any(a == b for a, b in pairwise(keys[start:end])):
                    yield tuple(keys[start:end]), " ".join(piece[words[start].start() : words[end - 1].end()].split())


def _empty(word: str) -> bool:
    plain = word.lower().replace("’", "'")
    return plain in _EMPTY or _ENDING.sub("", plain) in _EMPTY or len(plain) < 2 or plain.isdigit()


_EMPTY_STEMS = frozenset(stem(word) for word in _EMPTY)
