"""A small case written by hand: one login that a rule knows, one that it does not."""

from __future__ import annotations

LOG = """\
2026-11-04T08:12:00.000000+00:00 web1 sshd[101]: Accepted password for a.meyer from 203.0.113.20 port 40022 ssh2
2026-11-04T08:13:00.000000+00:00 web1 sshd[102]: Failed password for a.meyer from 203.0.113.20 port 40023 ssh2
"""
RULE = """\
title: Password log-in from outside
id: 5d2c9d3e-8a53-4b5b-9d0a-0c5f0f3f0a11
status: stable
author: J. Roe
logsource: {product: linux, service: sshd}
detection:
  words: ['Accepted password']
  condition: words
falsepositives: [A person on a journey]
level: high
tags: [attack.initial-access, attack.t1078]
"""


def write_case(folder):
    """Write evidence and a rule; gives the arguments that scan just these."""
    (folder / "evidence").mkdir()
    (folder / "evidence/auth.log").write_text(LOG, "utf-8")
    (folder / "rules").mkdir()
    (folder / "rules/login.yml").write_text(RULE, "utf-8")
    return ["evidence", "--no-default-rules", "--rules", "rules", "--jobs", "1", "-q"]
