from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.readers.syslog_header import NOBODY, Dated, HeadParser, structured


def head(text):
    return HeadParser().block([text])[0]


@pytest.mark.parametrize(
    ("text", "host", "program", "process", "message"),
    [
        ("Nov  3 08:12:01 web01 sshd[123]: hello: world", "web01", "sshd", "123]:", "hello: world"),
        ("Nov  3 08:12:01 web01 kernel: [ 1.0] up", "web01", "kernel", "", "[ 1.0] up"),
        ("Nov  3 08:12:01 web01 /usr/sbin/CRON[9]: x", "web01", "cron", "9]:", "x"),
        ("Nov  3 08:12:01 web01 sudo:    alice : TTY=x", "web01", "sudo", "", "alice : TTY=x"),
        ("Nov  3 08:12:01 web01 (systemd)[1]: x", "web01", "systemd", "1]:", "x"),
        ("Nov  3 08:12:01 web01 gdm-password]: x", "web01", "", "", "gdm-password]: x"),
        ("Nov  3 08:12:01 web01 -- MARK --", "web01", "", "", "-- MARK --"),
        ("Nov  3 08:12:01 web01", "web01", "", "", ""),
        ("Nov  3 08:12:01 kernel: no host", None, "kernel", "", "no host"),
        ("<38>Nov  3 08:12:01 web01 su: x", "web01", "su", "", "x"),
        ("Nov 03 08:12:01.123456 web01 app: precise", "web01", "app", "", "precise"),
    ],
)
def test_rfc3164(text, host, program, process, message):
    found = head(text)
    assert found.dated is Dated.DAY
    assert (found.host, found.tag.program, found.process, found.message) == (
        host, program, process, message,
    )  # fmt: skip


def test_priority_is_kept():
    assert head("<38>Nov  3 08:12:01 web01 su: x").pri == 38
    assert head("Nov  3 08:12:01 web01 su: x").pri is None


@pytest.mark.parametrize(
    ("text", "dated", "stamp"),
    [
        ("2026-11-03T08:12:01+01:00 h p[1]: m", Dated.FULL, "2026-11-03T08:12:01+01:00"),
        ("2026-11-03T08:12:01.5Z h p[1]: m", Dated.FULL, "2026-11-03T08:12:01.5Z"),
        ("2026-11-03T08:12:01+0100 h p[1]: m", Dated.FULL, "2026-11-03T08:12:01+0100"),
        ("<14>2026-11-03T08:12:01Z h p[1]: m", Dated.FULL, "2026-11-03T08:12:01Z"),
        ("2026-11-03T08:12:01 h p[1]: m", Dated.LOCAL, "2026-11-03T08:12:01"),
        ("2026-11-03 08:12:01.5 h p[1]: m", Dated.LOCAL, "2026-11-03 08:12:01.5"),
        ("Nov  3 2026 08:12:01 h p[1]: m", Dated.LOCAL, "Nov  3 08:12:01 2026"),
        ("Tue Nov  3 08:12:01 2026 h p[1]: m", Dated.LOCAL, "Nov  3 08:12:01 2026"),
    ],
)
def test_other_stamps(text, dated, stamp):
    found = head(text)
    assert (found.dated, found.stamp, found.host) == (dated, stamp, "h")
    assert (found.tag.program, found.process, found.message) == ("p", "1]:", "m")


def test_rfc5424():
    found = head('<165>1 2026-11-03T08:12:01.5Z fw fwd 99 ID47 [a@1 b="c] \\"d\\""][e] \ufeffit is')
    assert (found.dated, found.host, found.tag.program) == (Dated.FULL, "fw", "fwd")
    assert (found.process, found.msgid, found.pri) == ("99", "ID47", 165)
    assert found.message == "it is"


def test_rfc5424_may_leave_everything_out():
    found = head("<0>1 - - - - - -")
    assert (found.dated, found.host, found.tag, found.message) == (Dated.NIL, None, NOBODY, "")


def test_what_only_looks_like_structured_data_is_message():
    found = head('<4>1 2026-11-03T08:12:01Z fw kernel - - [UFW BLOCK] IN=eth0 MAC="x"] rest')
    assert found.data is None
    assert found.message == '[UFW BLOCK] IN=eth0 MAC="x"] rest'


def test_structured_data():
    text = '[ex@1 iut="3" note="a \\"b\\" \\] \\\\"][meta n="1"] message'
    data, end = structured(text)
    assert data == {"sd.ex@1.iut": "3", "sd.ex@1.note": 'a "b" ] \\', "sd.meta.n": "1"}
    assert text[end:] == " message"
    assert structured('[broken a="b') == ({}, 0)


@pytest.mark.parametrize(
    ("name", "kind", "program", "sub"),
    [
        ("postfix/smtpd[1]:", "postfix", "smtpd", None),
        ("postfix/submission/smtpd[1]:", "postfix", "smtpd", "submission"),
        ("postfix-out/smtp[1]:", "postfix", "smtp", None),
        ("dovecot:", "dovecot", "dovecot", None),
        ("sshd(pam_unix)[1]:", "linux.syslog", "sshd", "pam_unix"),
        ("not-postfix/x:", "linux.syslog", "x", None),
    ],
)
def test_kinds(name, kind, program, sub):
    assert head(f"Nov  3 08:12:01 h {name} m").tag == (kind, program, sub)


def test_dovecots_own_file_has_no_host():
    found = head("Nov 03 08:12:01 imap(bob)<1><s>: Info: Logged out")
    assert found.host is None
    assert found.tag.kind == "dovecot"
    assert found.message == "imap(bob)<1><s>: Info: Logged out"


@pytest.mark.parametrize(
    "text", ["", "free text", "\tcontinued", "Nov", "Foo  3 08:12:01 h p: m", "<999"]
)
def test_no_header(text):
    found = head(text)
    assert found.dated is Dated.NO
    assert found.message == text


def test_priorities_piled_up_do_not_go_deep():
    assert head("<1>" * 300_000).dated is Dated.NO


@given(st.text())
def test_any_text_gives_a_head(text):
    assert head(text).message in text


@given(
    st.lists(
        st.sampled_from(
            ["Nov  3 08:12:01", " ", "<34>", "1 ", "h", "p[1]:", '[a b="c"]', "-", "x" * 9]
        )
    )
)
def test_any_mixture_gives_a_head(pieces):
    text = "".join(pieces)
    assert head(text).message in text
