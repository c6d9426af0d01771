from __future__ import annotations

from pathlib import Path

import pytest

from trailhound.readers.certificate import Certificate, certificate_of, elements

RAW = bytes.fromhex((Path(__file__).parent / "certificate.hex").read_text())
"""Made by openssl: /C=DE/O=Example, Inc/CN=www.example.org with two alternative names."""


def test_names_dates_and_alternatives():
    made = certificate_of(RAW)
    assert made.subject == made.issuer == "CN=www.example.org,O=Example\\, Inc,C=DE"
    assert made.names == ("www.example.org", "example.org")
    assert made.not_after is not None
    assert made.not_before is not None
    assert made.not_after - made.not_before == 3 * 86_400
    assert len(made.serial or "") == 40


@pytest.mark.parametrize("size", [0, 1, 5, 30, 200])
def test_what_is_cut_off_gives_nothing(size):
    assert certificate_of(RAW[:size]) == Certificate()


def test_mutations_do_no_harm():
    for at in range(len(RAW)):
        changed = bytearray(RAW)
        changed[at] ^= 0xFF
        certificate_of(bytes(changed))


def test_lengths_that_make_no_sense_end_the_walk():
    assert list(elements(b"\x30\x80\x00\x00", 0, 4)) == []
    assert list(elements(b"\x30\x85" + bytes(9), 0, 11)) == []
    assert list(elements(b"\x30\x05ab", 0, 4)) == []
    assert [one.tag for one in elements(b"\x02\x01\x05\x04\x81\x01x", 0, 7)] == [2, 4]
