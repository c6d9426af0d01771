from __future__ import annotations

from time import process_time

import pytest

from trailhound.readers.syslog_mail import dovecot, postfix


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            "connect from mail.example[192.0.2.1]",
            {"event": "connect", "client": "mail.example", "client_ip": "192.0.2.1"},
        ),
        ("connect from unknown[2001:db8::1]", {"client": "unknown", "client_ip": "2001:db8::1"}),
        ("disconnect from x[192.0.2.1] ehlo=1 quit=1 commands=2", {"event": "disconnect"}),
        (
            "32B9922A592: client=x[192.0.2.1], sasl_method=PLAIN, sasl_username=a@b.example",
            {"event": "client", "queue_id": "32B9922A592", "sasl_username": "a@b.example"},
        ),
        (
            "4cHk7Q2Zz7z9rGq: message-id=<x@y>",
            {"event": "message", "queue_id": "4cHk7Q2Zz7z9rGq", "message-id": "x@y"},
        ),
        (
            "32B9922A592: from=<>, size=12, nrcpt=3 (queue active)",
            {"event": "queued", "from": "", "size": 12, "nrcpt": 3},
        ),
        (
            (
                "32B9922A592: to=<a@b>, orig_to=<c>, relay=mx.b[192.0.2.9]:25, "
                "delay=1, dsn=5.1.1, status=bounced (host said: 550)"
            ),
            {
                "event": "delivery",
                "to": "a@b",
                "orig_to": "c",
                "relay_ip": "192.0.2.9",
                "status": "bounced",
                "reason": "host said: 550",
                "dsn": "5.1.1",
            },
        ),
        (
            (
                "NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 <t@u>: Relay "
                "access denied; from=<f@g> to=<t@u> proto=ESMTP helo=<h>"
            ),
            {
                "event": "reject",
                "reason": "554 5.7.1 <t@u>: Relay access denied",
                "from": "f@g",
                "to": "t@u",
                "helo": "h",
            },
        ),
        (
            "warning: x[192.0.2.1]: SASL LOGIN authentication failed: UGFz",
            {"event": "sasl_failed", "sasl_method": "LOGIN"},
        ),
        ("warning: something else", {"event": "warning"}),
    ],
)
def test_postfix(message, wanted):
    assert postfix(message).items() >= wanted.items()


@pytest.mark.parametrize(
    "message", ["warning: x", "statistics: max", "fatal: no", "daemon started"]
)
def test_words_are_no_queue_ids(message):
    assert "queue_id" not in postfix(message)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            (
                "imap-login: Login: user=<a>, method=PLAIN, rip=192.0.2.1, "
                "lip=192.0.2.2, mpid=5, TLS, session=<s>"
            ),
            {
                "event": "login",
                "service": "imap-login",
                "user": "a",
                "rip": "192.0.2.1",
                "tls": "TLS",
                "session": "s",
            },
        ),
        (
            "pop3-login: Info: Login: user=<a>, method=PLAIN, rip=2001:db8::1, secured",
            {
                "event": "login",
                "service": "pop3-login",
                "rip": "2001:db8::1",
                "tls": "secured",
                "level": "info",
            },
        ),
        (
            (
                "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): "
                "user=<b>, method=LOGIN, rip=192.0.2.1"
            ),
            {
                "event": "auth_failed",
                "user": "b",
                "reason": "Aborted login (auth failed, 1 attempts in 2 secs)",
            },
        ),
        (
            "imap-login: Disconnected (no auth attempts in 5 secs): user=<>, rip=192.0.2.1",
            {"event": "disconnected"},
        ),
        (
            "auth-worker(99): sql(bob,192.0.2.1): unknown user",
            {"event": "auth_failed", "user": "bob", "rip": "192.0.2.1"},
        ),
        (
            "imap(a@b.example)<77><s1>: Disconnected: Logged out in=1 out=2",
            {"event": "logout", "user": "a@b.example", "session": "s1"},
        ),
        (
            "imap(a): Disconnected: Connection closed in=1 out=2",
            {"event": "disconnected", "reason": "Connection closed"},
        ),
        (
            "lmtp(a)<7><s:1>: sieve: msgid=<m>: stored mail into mailbox 'Junk'",
            {"event": "saved", "mailbox": "Junk", "msgid": "m"},
        ),
        (
            "lmtp(a)<7><s>: sieve: msgid=<m>: forwarded to <x@y>",
            {"event": "forwarded", "forwarded_to": "x@y", "user": "a"},
        ),
        ("master: Warning: Killed", {"service": "master", "level": "warning", "event": None}),
        ("lmtp(301): Connect from 192.0.2.1", {"service": "lmtp"}),
    ],
)
def test_dovecot(message, wanted):
    found = dovecot(message)
    assert found.items() >= wanted.items()
    assert found.get("user") != "301"


@pytest.mark.parametrize("message", ["", "x", ": ", "imap(", "<><><>", "user=<"])
def test_nothing_breaks(message):
    assert isinstance(dovecot(message), dict)
    assert isinstance(postfix(message), dict)


@pytest.mark.parametrize(
    "start", ["", "NOQUEUE: reject: RCPT from ", "imap-login: Login: user=<", "auth: sql("]
)
@pytest.mark.parametrize("unit", ["a", "=", "<", "user=<", "x[", ", ", "client=", "forwarded to <"])
def test_long_messages_cost_little(start, unit):
    started = process_time()
    postfix(start + unit * (100_000 // len(unit)))
    dovecot(start + unit * (100_000 // len(unit)))
    assert process_time() - started < 0.5
