from __future__ import annotations

import codecs
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import source_of
from trailhound.model.limits import Budget, Limits
from trailhound.model.source import Source, Span
from trailhound.readers import lines as module
from trailhound.readers.lines import decoded, head_lines, line_blocks, whole_blocks


def given_lines(data, budget=None, **more):
    found = [
        pair
        for lines, offsets in line_blocks(source_of(data, **more), budget or Budget())
        for pair in zip(lines, offsets, strict=True)
    ]
    return [line for line, _ in found], [offset for _, offset in found]


def test_lines_come_without_their_ends_and_with_their_places():
    lines, offsets = given_lines(b"one\r\ntwo\n\n  \nthree")
    assert lines == [b"one", b"two", b"three"]
    assert offsets == [0, 5, 13]


def test_the_last_line_needs_no_end():
    assert given_lines(b"a\nb")[0] == given_lines(b"a\nb\n")[0] == [b"a", b"b"]


def test_a_carriage_return_within_a_line_stays():
    assert given_lines(b"a\rb\r\n")[0] == [b"a\rb"]


def test_an_empty_source_has_no_lines():
    budget = Budget()
    assert given_lines(b"", budget) == ([], [])
    assert budget.parsed_bytes == 0


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    budget = Budget()
    lines, offsets = given_lines(codecs.BOM_UTF8 + b"a\nb\n", budget)
    assert (lines, offsets) == ([b"a", b"b"], [3, 5])
    assert budget.parsed_bytes == 3 + 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_read_as_utf8(encoding):
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    text = "Größe\nпривет\n\U0001f600 end\n"
    lines, offsets = given_lines(mark + text.encode(encoding))
    assert lines == [line.encode() for line in text.splitlines()]
    assert offsets[1] == len("Größe\n".encode())


def test_utf16_survives_odd_reads(monkeypatch):
    class Dribble(io.RawIOBase):
        def __init__(self, data):
            self.data = data

        def read(self, size=-1):
            piece, self.data = self.data[:1], self.data[1:]
            return piece

    data = "ab\ncd\n".encode("utf-16")
    source = Source("x", lambda: Dribble(data), data[:4096])  # type: ignore[arg-type, return-value]
    assert [line for lines, _ in line_blocks(source, Budget()) for line in lines] == [b"ab", b"cd"]


def test_a_second_span_of_utf16_is_empty_because_the_first_reads_all():
    data = "a\nb\n".encode("utf-16")
    assert given_lines(data, span=Span(0, 4))[0] == [b"a", b"b"]
    assert given_lines(data, span=Span(4, 99))[0] == []


@pytest.mark.parametrize("extra", [1, 5, 1000, 5000])
def test_a_line_over_the_limit_is_lost_and_said(extra):
    budget = Budget(Limits(log_line_bytes=100))
    data = b"before\n" + b"x" * (100 + extra) + b"\nafter\n"
    assert given_lines(data, budget)[0] == [b"before", b"after"]
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.offset, oddity.lost) == ("line.too_long", 7, True)
    assert oddity.length == 101 + extra
    assert budget.parsed_bytes == 2


def test_a_line_at_the_limit_is_kept():
    data = b"x" * 100 + b"\n" + b"y" * 100
    assert given_lines(data, Budget(Limits(log_line_bytes=100)))[0] == [b"x" * 100, b"y" * 100]


def test_a_line_longer_than_a_block_is_kept_below_the_limit(monkeypatch):
    monkeypatch.setattr(module, "BLOCK_BYTES", 16)
    assert given_lines(b"a\n" + b"x" * 99 + b"\nb")[0] == [b"a", b"x" * 99, b"b"]


def test_an_endless_line_is_never_held():
    budget = Budget(Limits(log_line_bytes=50))
    assert given_lines(b"x" * 10_000, budget) == ([], [])
    assert budget.oddities.kept[0].length == 10_000


def test_bytes_that_are_no_utf8_are_replaced_and_noted():
    budget = Budget()
    lines = [b"good", b"caf\xe9", "fein ✓".encode()]
    assert decoded(lines, [0, 5, 10], budget) == ["good", "caf\ufffd", "fein ✓"]
    (oddity,) = budget.oddities.kept
    assert (oddity.kind, oddity.offset, oddity.lost) == ("line.encoding", 5, False)


def test_the_head_gives_whole_lines_only():
    assert head_lines(b"one\r\n\ntwo\nthr") == [b"one", b"two"]
    assert head_lines(b"only") == [b"only"]
    assert head_lines("a\nb\n".encode("utf-16")) == [b"a", b"b"]


TEXT = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from([b"\n", b"\r\n", b"  ", b"\0", b"x" * 40, b"\xff"]),
    ),
    max_size=60,
).map(b"".join)


def is_utf16(data):
    return data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@given(data=TEXT, limit=st.integers(4, 64))
def test_lines_and_oddities_account_for_all_bytes(data, limit):
    if is_utf16(data):
        return
    budget = Budget(Limits(log_line_bytes=limit))
    lines, offsets = given_lines(data, budget)
    lost = sum(oddity.length for oddity in budget.oddities.kept if oddity.lost)
    assert sum(map(len, lines)) + budget.parsed_bytes + lost == len(data)
    assert all(data[o : o + len(line)] == line for line, o in zip(lines, offsets, strict=True))


@given(data=TEXT, cuts=st.lists(st.integers(1, 300), max_size=5))
def test_spans_give_each_line_once(data, cuts):
    if is_utf16(data):
        return
    borders = [0, *sorted({cut for cut in cuts if cut < len(data)}), len(data)]
    parts: list[tuple[bytes, int]] = []
    accounted = 0
    for start, stop in pairwise(borders):
        budget = Budget()
        lines, offsets = given_lines(data, budget, span=Span(start, stop))
        parts += zip(lines, offsets, strict=True)
        accounted += budget.parsed_bytes + sum(map(len, lines))
    assert parts == list(zip(*given_lines(data), strict=True))
    assert accounted == len(data)


@given(data=TEXT)
def test_blocks_are_cut_at_line_borders(data):
    if is_utf16(data):
        return
    blocks = list(whole_blocks(source_of(data), Budget(Limits(log_line_bytes=100_000))))
    assert b"".join(block for block, _ in blocks) == data.removeprefix(codecs.BOM_UTF8)
    assert all(block.endswith(b"\n") for block, _ in blocks[:-1])
