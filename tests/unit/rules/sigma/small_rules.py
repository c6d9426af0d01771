"""Rules in a few words, and records to run them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trailhound.rules.records import Native, batches
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.parse import parse_file
from trailhound.rules.sigma.rule import SigmaRule
from trailhound.text.timestamp import parse_time

if TYPE_CHECKING:
    from trailhound.rules.sigma.rule import Correlation

SYSMON = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "Provider_Name": "S"}
HEAD = """title: '{title}'
id: '{title}'
name: '{title}'
logsource: {{category: process_creation, product: windows}}
detection:
"""


def compiled(text: str | bytes, **more: Any) -> list[SigmaRule | Correlation]:
    """Compile a file that must be right."""
    text = text.encode() if isinstance(text, str) else text
    made, errors = parse_file(text, "set/a.yml", more.get("expand", {}), licence="L")
    assert not errors, errors
    return made


def rule(detection: str, title: str = "t") -> SigmaRule:
    """Compile one rule on process starts; without a condition, it is `s`."""
    lines = "".join(f"  {line}\n" for line in detection.splitlines())
    if "condition:" not in lines:
        lines += "  condition: s\n"
    (made,) = compiled(HEAD.format(title=title) + lines)
    assert isinstance(made, SigmaRule)
    return made


def sysmon(record: dict[str, Any]) -> Native:
    return Native(
        "windows",
        SYSMON | record,
        parse_time(record.get("time")),
    )


def matched(one: SigmaRule | list[SigmaRule], *records: dict[str, Any]) -> list[int]:
    """Give the numbers of the records that the rule matches."""
    rules = one if isinstance(one, list) else [one]
    engine = SigmaEngine(rules)
    return sorted(
        positions[row]
        for batch, positions in batches([sysmon(record) for record in records])
        for match in engine.run(batch)
        for row in match.rows
    )


def item(line: str, *values: Any) -> list[bool]:
    """Tell for each value of the field `CommandLine` whether `CommandLine<line>` matches it."""
    records = [{} if value is MISSING else {"CommandLine": value} for value in values]
    found = matched(rule(f"s:\n  CommandLine{line}"), *records)
    return [n in found for n in range(len(values))]


MISSING = object()
