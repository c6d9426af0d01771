"""A small piece of evidence and one rule, for the tests of the pipeline."""

from __future__ import annotations

import json

from trailhound.pipeline.options import ScanOptions
from trailhound.rules.library import RuleSet

RULE = """title: Who am I
id: 11111111-1111-4111-8111-111111111111
level: high
status: stable
tags: [attack.discovery, attack.t1033]
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
"""


def event(number, command="whoami /all", host="PC1", minute=0):
    return {
        "EventTime": f"2026-11-04T08:{minute:02d}:00Z",
        "Hostname": host,
        "Channel": "Security",
        "EventID": 4688,
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "RecordNumber": number,
        "SubjectUserName": "a.meyer",
        "NewProcessName": "C:\\x.exe",
        "CommandLine": command,
    }


def write(path, events):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in events))
    return path


def options(folder, **more):
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "whoami.yml").write_text(RULE)
    return ScanOptions(sets=(RuleSet("mine", str(rules)),), tables=False, **more)
