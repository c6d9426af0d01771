"""The techniques that were found, as a layer for the ATT&CK Navigator (layer format 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.report.attack import techniques_of
from trailhound.report.machine import json_text, named
from trailhound.report.verdict import counted, title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.finding import Finding
    from trailhound.model.result import Result
    from trailhound.report.machine import Record

LAYER, NAVIGATOR = "4.5", "5.1.0"
TITLES = 10
"""Titles of findings told in the comment of one technique."""

_COLOURS = ("#fff3e0", "#ff9800", "#b71c1c")


def navigator_layer(result: Result) -> Iterator[bytes]:
    """Give the layer: a technique's score is the number of its findings."""
    found = _by_technique(result.findings)
    yield json_text({
        "name": f"Trailhound: {title(result)}",
        "versions": {"navigator": NAVIGATOR, "layer": LAYER},
        "domain": "enterprise-attack",
        "description": "Techniques that findings name; the score is the number of findings.",
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "expandedSubtechniques": "annotated"},
        "hideDisabled": False,
        "techniques": [_technique(uid, found[uid]) for uid in sorted(found)],
        "gradient": {
            "colors": list(_COLOURS),
            "minValue": 0,
            "maxValue": max(map(len, found.values()), default=1),
        },
        "metadata": [{"name": "made by", "value": f"Trailhound {result.version}"}],
    })  # fmt: skip


def _by_technique(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        for one in techniques_of(finding):
            found.setdefault(one.uid, []).append(finding)
    return found


def _technique(uid: str, findings: Sequence[Finding]) -> Record:
    worst = max(one.severity for one in findings)
    hosts = {host for one in findings for host in named(one.entities, EntityType.HOST)}
    titles = list(dict.fromkeys(one.title for one in findings))
    more = f"; and {len(titles) - TITLES} more" if len(titles) > TITLES else ""
    return {
        "techniqueID": uid,
        "score": len(findings),
        "comment": "; ".join(titles[:TITLES]) + more,
        "enabled": True,
        "metadata": [
            {"name": "worst", "value": worst.word},
            {"name": "seen on", "value": counted(len(hosts), "host")},
        ],
        "showSubtechniques": "." not in uid,
    }
