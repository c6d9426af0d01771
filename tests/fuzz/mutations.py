"""Ways in which evidence is damaged, by accident or on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

NASTY = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b"\\", b"\x1b[31m", b"=cmd()",
    b"<script>", b"\xed\xa0\x80", b"{", b"]", b"null", b"1e999", b"-9223372036854775809",
    b"9" * 400, b"%s%n", b"\xe2\x80\xae", b"2026-02-30T25:61:61Z", b"[" * 2_000, b"\t" * 50,
)  # fmt: skip
LONGEST = 2_000_000


def mutated(chance: random.Random, known: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """Damage one of `known` once to eight times; `others` may be mixed in."""
    data = bytearray(chance.choice(known))
    for _ in range(chance.randint(1, 8)):
        chance.choice(MUTATIONS)(chance, data, others)
        del data[LONGEST:]
    return bytes(data)


def _place(chance: random.Random, data: bytearray) -> int:
    return chance.randrange(len(data) + 1)


def _flip(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 20)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)


def _insert(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    place = _place(chance, data)
    data[place:place] = chance.choice(NASTY)


def _cut(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    start = _place(chance, data)
    del data[start : start + chance.randint(1, 1 + len(data) // 4)]


def _truncate(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    del data[_place(chance, data) :]


def _repeat(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    start = _place(chance, data)
    piece = data[start : start + chance.randint(1, 500)]
    data[start:start] = piece * chance.randint(1, 50)


def _shuffle(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    data[:] = b"\n".join(lines)


def _mix(chance: random.Random, data: bytearray, others: Sequence[bytes]) -> None:
    other = chance.choice(others)
    start = chance.randrange(len(other) + 1)
    place = _place(chance, data)
    data[place:place] = other[start : start + chance.randint(1, 2_000)]


def _swap(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    """Exchange two fields: separators stay, values move."""
    separator = chance.choice((b",", b"\t", b" ", b'"', b":", b"="))
    parts = data.split(separator)
    if len(parts) > 2:
        one, two = chance.sample(range(len(parts)), 2)
        parts[one], parts[two] = parts[two], parts[one]
        data[:] = separator.join(parts)


def _long(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    place = _place(chance, data)
    data[place:place] = bytes([chance.randrange(32, 127)]) * 1_000_001


MUTATIONS = (
    _flip, _flip, _flip, _insert, _insert, _insert, _cut, _cut, _truncate, _repeat, _shuffle, _mix,
    _mix, _swap, _swap, _long,
)  # fmt: skip
"""The gentle ones more often: what is wholly destroyed is not read at all."""
