from __future__ import annotations

import re

from trailhound.simulate.products.mail_log import Letter

LETTER = Letter(
    "a@b.example", ("c@acme.example", "d@acme.example"), ("m.b.example", "192.0.2.9"), "i@b", 9
)


def test_a_letter_leaves_one_chain_under_its_queue_id(world, at, finished):
    world.mail.deliver(at, LETTER)
    lines = finished().lines("linux/mx1/var/log/mail.log*")
    ids = {found.group(1) for line in lines if (found := re.search(r": ([0-9A-F]{11}): ", line))}
    assert len(ids) == 1
    assert sum("status=sent" in line for line in lines) == 2
    assert lines[0].endswith("connect from m.b.example[192.0.2.9]")
    assert lines[-1].endswith("removed")


def test_what_is_refused_is_said(world, at, finished):
    world.mail.reject(at, "x@y.example", "z@acme.example", ("unknown", "203.0.113.9"))
    world.mail.sasl_failure(at, ("unknown", "203.0.113.9"))
    world.mail.imap(at, "info", "203.0.113.9", succeeds=False)
    world.mail.imap(at, "shop", "10.20.0.80")
    text = finished().text("linux/mx1/var/log/mail.log*")
    assert "NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1" in text
    assert "SASL LOGIN authentication failed" in text
    assert "auth failed, 1 attempts" in text
    assert "Login: user=<shop>, method=PLAIN, rip=10.20.0.80" in text
