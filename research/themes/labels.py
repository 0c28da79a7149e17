"""What to call a theme: phrases that tell it from the others, written as people wrote them. Pure functions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from math import log

from research.nouns import never_names
from research.query import EMPTY_WORDS
from research.themes.models import Kept, Label, Passages
from research.words import stem

_PHRASES = 5  # at most, of a theme
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


def labels(kept: Kept, now: Passages, asked: Sequence[str] = ()) -> dict[str, Label]:
    """The label of every theme that has not ended, larger ones by all their parts. Empty where no phrase is shared.

    A phrase of one to three words scores p · log(p/q), p being the share of the theme's texts that have it and q the
    share of all texts in themes: what the phrase adds to their divergence (Kullback and Leibler, Ann. Math. Stat. 22,
    1951), and longer phrases count more. Texts that say the same count once.
    """
    leaves: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for id_, text in zip(now.ids, now.texts, strict=True):
        if theme := kept.placed.get(id_):
            leaves[theme].add(text)
            counts[theme] += 1
    larger: dict[str, set[str]] = defaultdict(set)
    for theme, mine in leaves.items():
        if above := kept.themes[theme].parent:
            larger[above] |= mine
            counts[above] += counts[theme]
    said = _Said({text for mine in leaves.values() for text in mine}, _vocabulary(asked))
    return {
        theme: Label(said.phrases(mine), counts[theme])
        for level in (leaves, larger)
        for theme, mine in sorted(level.items())
    }


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

    def phrases(self, texts: Set[str]) -> tuple[str, ...]:
        """The phrases that tell some of the texts from all, the most telling first."""
        mine = Counter(key for text in texts for key in self._of[text])
        least = max(2.0, _SHARE * len(texts))
        scores = {
            key: self._score(key, count, len(texts))
            for key, count in mine.items()
            if count >= (max(least, _GLUED * len(texts)) if _EMPTY_STEMS & set(key) else least)
        }
        chosen: list[Key] = []
        for key in sorted(scores, key=lambda key: (-scores[key], key)):
            if scores[key] <= 0 or len(chosen) == _PHRASES:
                break
            whole = _longest(key, mine, scores)
            if not any(_same(whole, other) for other in chosen):
                chosen.append(whole)
        return tuple(self._as_written(key) for key in chosen)

    def _score(self, key: Key, count: int, texts: int) -> float:
        share, everywhere = count / texts, self._held[key] / len(self._of)
        theirs = _ASKED if self._vocabulary and self._vocabulary >= set(key) - _EMPTY_STEMS else 1.0
        return theirs * _WORTH[len(key) - 1] * share * log(share / everywhere)

    def _as_written(self, key: Key) -> str:
        """As most people wrote it."""
        written = self._written[key]
        folded: Counter[str] = Counter()
        for one, count in written.items():
            folded[one.lower()] += count
        usual = min(folded, key=lambda one: (-folded[one], one))
        return min((one for one in written if one.lower() == usual), key=lambda one: (-written[one], one != usual, one))


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
