"""Inputs made from others, without knowing what they cover: for the short run in the tests, and to make large ones."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_NUMBERS = (b"0", b"-1", b"255", b"65536", b"2147483648", b"99999999999999999999", b"1e309", b"9" * 5000)
_ODD = ("\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "\U0001f469\u200d\U0001f467", "\u0301", "²", "İ", "ﬁ")


def mutated(data: bytes, others: Sequence[bytes], tokens: Sequence[str], random: Random, most: int) -> bytes:
    """The input with up to eight changes: bytes flipped, pieces cut, doubled, exchanged or put in."""
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.choice((1, 1, 4, 16, 64)))
        piece = data[at:end]
        match random.randrange(7):
            case 0:
                piece = bytes(byte ^ (1 << random.randrange(8)) for byte in piece)
            case 1:
                piece = b""
            case 2:
                piece = piece * random.choice((2, 3, 40))
            case 3 if tokens:
                piece = random.choice(tokens).encode("utf-8", "surrogatepass") + piece
            case 4:
                other = random.choice(others)
                from_ = random.randrange(len(other) + 1)
                piece = other[from_ : from_ + random.choice((8, 64, 512))]
            case 5:
                piece = random.choice(_NUMBERS)
            case _:
                piece = random.choice(_ODD).encode()
        data = (data[:at] + piece + data[end:])[:most]
    return data


def enlarged(data: bytes, tokens: Sequence[str], random: Random, most: int) -> bytes:
    """A large input: one to three pieces, of the input or out of the tokens, over and over; then perhaps the input."""
    pieces = []
    for _ in range(random.randint(1, 3)):
        if tokens and random.random() < 0.6:
            pieces.append(random.choice(tokens).encode("utf-8", "surrogatepass"))
        else:
            at = random.randrange(len(data) + 1)
            pieces.append(data[at : at + random.choice((1, 3, 20, 200))])
    unit = b"".join(pieces) or b"a"
    times = random.choice((2_000, 20_000, most)) // len(unit) + 1
    before, after = (data, b"") if random.random() < 0.5 else (b"", data)
    return (before + unit * times + after)[:most]
