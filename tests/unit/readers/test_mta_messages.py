from __future__ import annotations

import pytest

from trailhound.readers.mta_messages import EXIM_NAMES, SENDMAIL_NAMES, exim, sendmail

ID = "1xVybd-0005ov-1V "
LONG_ID = "1xVybd-00000000ov5-1V2a "


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (ID + "<= a@x H=mx.x (said) [192.0.2.1]:25 P=esmtpsa A=plain:a S=9 id=1@x",
         {"event": "received", "from": "a@x", "client": "mx.x", "helo": "said", "auth_user": "a",
          "client_ip": "192.0.2.1", "client_port": 25, "size": 9, "message_id": "1@x"}),
        (LONG_ID + "<= <> R=x U=mail P=local S=9",
         {"queue_id": LONG_ID.strip(), "from": None, "local_user": "mail", "proto": "local"}),
        (ID + "=> b <b@x> R=dns T=smtp H=mx.x [192.0.2.2]",
         {"event": "delivery", "to": "b@x", "orig_to": "b", "relay_ip": "192.0.2.2", "relay": "mx.x",
          "client_ip": None, "router": "dns", "transport": "smtp"}),
        (ID + "-> c@x R=dns T=smtp", {"event": "delivery", "to": "c@x"}),
        (ID + "== b@x R=dns T=smtp defer (-44): no: answer",
         {"event": "deferred", "reason": "no: answer"}),
        (ID + "** b@x: unknown user", {"event": "failed", "to": "b@x", "reason": "unknown user"}),
        (ID + "Completed", {"event": "completed"}),
        ("login authenticator failed for h.x (said) [192.0.2.1]:5: 535 Incorrect (set_id=a)",
         {"event": "auth_failed", "client_ip": "192.0.2.1", "auth_user": "a", "client": "h.x"}),
        ("login authenticator failed for (x) [192.0.2.1]: 535 Incorrect", {"auth_user": None}),
        ("H=(x) [192.0.2.1] F=<a@x> rejected RCPT <b@x>: relay: no",
         {"event": "reject", "from": "a@x", "to": "b@x", "reason": "relay: no"}),
        ("Start queue run: pid=1", {"event": None}),
    ],
)  # fmt: skip
def test_exim(line, wanted):
    found = exim(line)
    assert {name: found.get(name) for name in wanted} == wanted
    assert set(found) <= set(EXIM_NAMES)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("6A48001x004242: from=<a@x>, size=9, nrcpts=2, msgid=<1@x, y>, relay=mx.x [192.0.2.1]",
         {"event": "received", "from": "a@x", "client": "mx.x", "client_ip": "192.0.2.1",
          "relay_ip": None, "nrcpts": 2, "msgid": "<1@x, y>"}),
        ("6A48001x004242: to=<b@x>, relay=mx.x. [192.0.2.2], dsn=2.0.0, stat=Sent (ok)",
         {"event": "delivery", "to": "b@x", "relay": "mx.x", "relay_ip": "192.0.2.2",
          "client_ip": None}),
        ("6A48001x004242: to=<b@x>, stat=Deferred: refused", {"event": "deferred"}),
        ("6A48001x004242: to=<b@x>, stat=User unknown", {"event": "failed"}),
        ("NOQUEUE: ruleset=check_relay, arg1=x, relay=[192.0.2.1], reject=550 no",
         {"event": "reject", "queue_id": None, "client": None, "client_ip": "192.0.2.1"}),
        ("AUTH=client, relay=x, mech=PLAIN", {"event": None}),
        ("starting daemon", {"event": None, "from": None}),
    ],
)  # fmt: skip
def test_sendmail(line, wanted):
    found = sendmail(line)
    assert {name: found.get(name) for name in wanted} == wanted
    assert set(found) <= set(SENDMAIL_NAMES)


@pytest.mark.parametrize("parse", [exim, sendmail])
def test_hostile_lines_stay_cheap(parse):
    for text in ("a=" * 100_000, ", a=" * 100_000, "(" * 100_000, "<" * 100_000, " H=" * 50_000):
        parse(text)
