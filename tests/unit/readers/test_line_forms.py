"""Logs in forms that are no lines of UTF-8, read as if they were."""

from __future__ import annotations

import time

import pytest

from tests.unit.readers.reading import Reading, source_of
from trailhound.model.limits import Budget
from trailhound.readers import choose, line_forms
from trailhound.readers.line_forms import form_of

LINES = [
    "Nov  4 08:12:01 web01 sshd[911]: Accepted password for root from 192.0.2.14 port 1 ssh2",
    "Nov  4 08:12:02 web01 sshd[912]: Failed password for anna from 192.0.2.15 port 2 ssh2",
    "Nov  4 08:12:03 web01 su: (to root) gr\u00fcn on pts/0",
]
MESSAGES = [line.partition(": ")[2] for line in LINES]
MODERN = [
    "<38>1 2026-11-04T08:12:01Z web01 sshd 911 - - Accepted password for root",
    "<38>1 2026-11-04T08:12:02Z web01 app 912 - - two\nlines",
    "<38>1 2026-11-04T08:12:03Z web01 app 913 - - the last 3",
]


def read(data: bytes) -> Reading:
    source = source_of(data)
    reader = choose(source)
    assert reader is not None
    assert reader.name == "linux.syslog"
    budget = Budget()
    return Reading(list(reader.read(source, budget)), budget, len(data))


def framed(message: str, end: str = "") -> bytes:
    raw = (message + end).encode()
    return f"{len(raw)} ".encode() + raw


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_utf16_with_and_without_a_mark(codec, end):
    done = read((end.join(LINES) + end).encode(codec))
    assert done.column("message") == MESSAGES


def test_utf16_that_is_mostly_not_latin_is_not_guessed():
    assert form_of(("\u0436" * 40 + "\n").encode("utf-16-le")) is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0",
        b"a\0b\0",
        bytes(4096),
        b"ElfFile\0" + bytes(4000) + b"\r\r",
        b"a\0\1\0" * 100,
        "\n".join(LINES).encode(),
        "\r\n".join(LINES).encode(),
        b"12 <b>bold</b> text",
        b"5 <38>1 no\nsecond count",
        b"\xff\xfea\0b\0",
    ],
)
def test_the_usual_form(head):
    assert form_of(head) is None


def test_lines_that_end_with_a_return():
    data = "\r".join(LINES).encode()
    done = read(data)
    assert done.column("message") == MESSAGES
    assert min(int(offset) for batch in done.batches for offset in batch.offsets) == 0
    assert done.accounts()


@pytest.mark.parametrize("between", ["", "\n", "\r\n"])
@pytest.mark.parametrize("inside", ["", "\n"])
def test_octet_counts(between, inside):
    data = between.encode().join(framed(m, inside) for m in MODERN)
    done = read(data)
    assert done.column("message") == ["Accepted password for root", "two lines", "the last 3"]
    assert not done.odd
    assert done.accounts()
    for offset, message in zip(
        sorted(o for b in done.batches for o in b.offsets.tolist()), MODERN, strict=True
    ):
        assert data[offset:].decode().startswith(message)


def test_blocks_may_end_anywhere(monkeypatch):
    data = b"".join(map(framed, MODERN * 4))
    whole = read(data).column("message")
    for size in (1, 2, 7, 50):
        monkeypatch.setattr(line_forms, "BLOCK_BYTES", size)
        done = read(data)
        assert done.column("message") == whole
        assert not done.odd


@pytest.mark.parametrize("wrong", [-5, 3, 900])
def test_a_wrong_count_costs_little(wrong):
    raw = MODERN[0].encode()
    bad = f"{len(raw) + wrong} ".encode() + raw
    good = [framed(message) for message in MODERN]
    done = read(b"".join([*good, bad, *good, *good]))
    assert done.odd["syslog.frame"] >= 1
    assert done.accounts()
    said = done.column("message")
    assert said[:3] == ["Accepted password for root", "two lines", "the last 3"]
    if wrong < 900:
        assert said[-5:] == ["two lines", "the last 3", *said[:3]]


def test_a_torn_end_is_said():
    done = read(b"".join(map(framed, MODERN))[:-4])
    assert done.rows == 3
    assert done.odd == {"syslog.frame": 1}
    assert done.accounts()


@pytest.mark.parametrize(
    "tail", [b"9" * 2_000_000, b"9 <1>" * 400_000, b"\n" * 2_000_000, b"1 <1>x" * 300_000]
)
def test_hostile_frames_cost_little(tail):
    before = time.process_time()
    done = read(b"".join(map(framed, MODERN)) + tail)
    assert time.process_time() - before < 20
    assert done.rows >= 2
