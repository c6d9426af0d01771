from __future__ import annotations

from tests.unit.readers.reading import read
from trailhound.readers.sendmail import READER

LINE = b"Nov  4 09:00:01 mail %b[42]: 6A48001x004242: from=<a@x>, size=9, relay=[192.0.2.1]\n"


def test_programs():
    for program in (b"sendmail", b"sm-mta", b"sm-msp-queue"):
        assert READER.sniff(LINE % program * 2, "x") > 0.8
        found = read(READER, LINE % program)
        assert found.batches[0].kind == "mail.sendmail"
        assert found.column("client_ip") == ["192.0.2.1"]


def test_other_programs_bid_nothing():
    assert READER.sniff(LINE % b"sshd", "x") == 0
