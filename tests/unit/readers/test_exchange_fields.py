from __future__ import annotations

import pytest

from trailhound.readers.exchange_fields import MADE, SMTP, TRACKING


def made(kind, name, **native):
    columns = {key.replace("_", "-"): [value] for key, value in native.items()}
    return MADE[kind][name](columns, 1)[name][0]


@pytest.mark.parametrize(
    ("endpoint", "ip", "port"),
    [
        ("192.0.2.1:25", "192.0.2.1", 25),
        ("[2001:db8::1]:25", "2001:db8::1", 25),
        ("", None, None),
        ("x:y", None, None),
    ],
)
def test_endpoints(endpoint, ip, port):
    assert made(SMTP, "remote_ip", remote_endpoint=endpoint) == ip
    assert made(SMTP, "remote_port", remote_endpoint=endpoint) == port


@pytest.mark.parametrize(
    ("data", "context", "activity", "user"),
    [
        ("535 5.7.3 Authentication unsuccessful", "", "auth_failed", None),
        ("", "Inbound authentication failed for User Name: a", "auth_failed", "a"),
        ("ACME\\a", "authenticated", "authenticated", "ACME\\a"),
        ("EHLO x", "", "EHLO", None),
        ("250 ok", "", "250", None),
        ("CN=cert", "Certificate subject", None, None),
    ],
)
def test_lines_of_a_session(data, context, activity, user):
    assert made(SMTP, "activity", data=data, context=context) == activity
    assert made(SMTP, "user", data=data, context=context) == user


def test_addresses():
    assert made(SMTP, "mail_from", data="MAIL FROM:<a@x> SIZE=1") == "a@x"
    assert made(SMTP, "mail_from", data="MAIL FROM:<>") is None
    assert made(SMTP, "rcpt_to", data="rcpt to: <b@x>") == "b@x"
    assert made(TRACKING, "recipient-address", recipient_address="a@x;b@x") == ["a@x", "b@x"]
    assert made(TRACKING, "recipient-address", recipient_address="") is None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8?B?!?=", "=?utf-8?B?!?="),
        ("x", "x"),
        ("", None),
    ],
)
def test_subjects(text, subject):
    assert made(TRACKING, "@subject", message_subject=text) == subject


def test_fields_that_a_log_lacks():
    assert made(SMTP, "activity") is None
