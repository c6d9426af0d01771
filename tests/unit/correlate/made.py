"""Findings made for the tests of correlation: a rule, a host, a person, a minute."""

from __future__ import annotations

from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import (
    Detector,
    DetectorKind,
    Evidence,
    Finding,
    Nature,
    Pointer,
    Reason,
    RuleInfo,
    Severity,
)

MINUTE = 60_000_000
START = 1_793_000_000_000_000


def finding(
    title,
    *,
    host="pc1.corp.example",
    user="a.meyer",
    minute=0,
    severity=Severity.HIGH,
    supporting=False,
    tactic="execution",
    count=1,
    source="dc1.evtx",
    falsepositives=(),
):
    time = START + minute * MINUTE
    entities = []
    if host:
        entities.append(Entity(EntityType.HOST, host, Role.TARGET))
    if user:
        entities.append(Entity(EntityType.USER, user, Role.ACTOR))
    info = RuleInfo(
        "sigma", title, title, tags=(f"attack.{tactic}",), falsepositives=falsepositives
    )
    pointer = Pointer(source, f"{title}-{minute}", minute, time, {})
    return Finding(
        id=f"{title}-{host}-{user}-{minute}",
        time=time,
        title=title,
        severity=severity,
        nature=Nature.IOA,
        confidence=0.6,
        detector=Detector(DetectorKind.RULE, title),
        entities=tuple(entities),
        evidence=Evidence(count, time, time, (pointer,)),
        because=(Reason("Image", "x"),),
        rule=info,
        supporting=supporting,
    )
