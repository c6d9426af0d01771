"""The export format of the journal, field by field."""

from __future__ import annotations

import pytest

from tests.unit.readers.reading import read
from trailhound.model.limits import Limits
from trailhound.readers.journald_export import READER

HEAD = b"__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1793779200000000\n_HOSTNAME=web01\n"


def sized(value: bytes, name: bytes = b"MESSAGE") -> bytes:
    return name + b"\n" + len(value).to_bytes(8, "little") + value + b"\n"


def test_the_bid():
    assert READER.sniff(HEAD, "") == 0.95
    assert READER.sniff(b"__REALTIME_TIMESTAMP=1\nMESSAGE=x\n", "") == 0.95
    assert READER.sniff(b"__CURSOR=x\nMESSAGE=x\n", "") == 0
    assert READER.sniff(b"MESSAGE=x\n__REALTIME_TIMESTAMP=1\n", "") == 0
    assert READER.sniff(b'{"__REALTIME_TIMESTAMP": "1"}', "") == 0


@pytest.mark.parametrize("ending", [b"", b"\n", b"\n\n\n"])
def test_plain_and_sized_values(ending):
    data = HEAD + b"MESSAGE=a=b\n\n" + HEAD + sized(b"two\n\nlines \xff") + ending
    done = read(READER, data)
    assert done.column("message") == ["a=b", "two\n\nlines \ufffd"]
    assert done.times() == [1793779200000000] * 2
    assert not done.odd
    assert done.accounts()


@pytest.mark.parametrize(
    ("tail", "kind"),
    [
        (b"no field\n", "journal.syntax"),
        (b"lower=1\n", "journal.syntax"),
        (b"MESSAGE\n\1\0", "journal.syntax"),
        (b"MESSAGE\n" + b"\xff" * 8 + b"abc\n", "journal.syntax"),
        (sized(b"x" * 50)[:-20], "journal.truncated"),
        (b"MESSAGE=" + b"x" * 5_000 + b"\n", "journal.syntax"),
    ],
)
def test_damage_is_said_and_the_rest_is_read(tail, kind):
    data = HEAD + b"MESSAGE=one\n\n" + HEAD + tail
    done = read(READER, data, limits=Limits(log_line_bytes=1_000))
    assert done.column("message")[0] == "one"
    assert done.rows == 2
    assert done.odd[kind] >= 1
    assert done.accounts()


def test_nothing_but_unknown_fields_is_structure():
    done = read(READER, b"UNKNOWN=1\n\n")
    assert done.rows == 0
    assert done.accounts()
