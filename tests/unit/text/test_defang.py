from __future__ import annotations

import pytest

from trailhound.model.entity import EntityType
from trailhound.text.defang import defang, defang_entity


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("from 203.0.113.20 (NL)", "from 203.0.113[.]20 (NL)"),
        ("see 203.0.113.20.", "see 203.0.113[.]20."),
        (
            "https://acrne.example/s?u=http://b.example/",
            "hxxps://acrne[.]example/s?u=hxxp://b[.]example/",
        ),
        ("HTTP://A.B.example:8080/x", "HxxP://A.B[.]example:8080/x"),
        ("http://user:pw@evil.example/", "hxxp://user:pw[@]evil[.]example/"),
        ("ftp://files.example/x", "fxp://files[.]example/x"),
        ("mail a.meyer@acme.example now", "mail a.meyer[@]acme[.]example now"),
        ("2001:db8::1 spoke", "2001[:]db8::1 spoke"),
        ("http://203.0.113.20/x", "hxxp://203.0.113[.]20/x"),
    ],
)
def test_indicators_become_unclickable(raw, safe):
    assert defang(raw) == safe
    assert defang(safe) == safe


@pytest.mark.parametrize(
    "text",
    [
        "10.0.9.4 scanned 192.168.1.1 and 127.0.0.1",
        "fe80::1 and ::1",
        "08:12:31 sshd.log a.meyer C:\\Windows\\cmd.exe",
        "version 1.2.3.4.5",
        "999.1.1.1.1",
        "00:11:22:33:44:55",
    ],
)
def test_what_is_no_public_indicator_stays(text):
    assert defang(text) == text


def test_a_known_domain_is_bracketed_and_a_file_is_not():
    assert defang_entity(EntityType.DOMAIN, "www.acrne.example") == "www.acrne[.]example"
    assert defang_entity(EntityType.DOMAIN, "localhost") == "localhost"
    assert defang_entity(EntityType.FILE, "evil.example.exe") == "evil.example.exe"
    assert defang_entity(EntityType.IP, "203.0.113.20") == "203.0.113[.]20"


def test_a_long_hostile_text_takes_linear_time():
    for piece in ("a.", "1.1.1.", "::", "a@", "http://"):
        assert defang(piece * 100_000)
