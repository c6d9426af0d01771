"""Results made for the tests of output: a small honest one, hostile ones, random ones."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from trailhound.correlate.triage import triage
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
from trailhound.model.oddity import Oddity
from trailhound.model.result import (
    Assumed,
    Folded,
    InputReport,
    Judged,
    NotJudged,
    Result,
    SkippedRule,
    Stats,
)

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_793_779_920_000_000  # 2026-11-04 08:12 UTC
COMMAND = r"C:\Users\a.meyer\x.exe -h fin-pc07 -u ACME\A.Meyer http://acrne.example/s 203.0.113.20"


def rule(title="LSASS memory read", **fields):
    return RuleInfo(
        "sigma",
        fields.pop("id", "b7d3"),
        title,
        author="J. Roe",
        level="high",
        status="test",
        tags=("attack.credential-access", "attack.t1003.001"),
        references=("https://blog.example/lsass",),
        falsepositives=fields.pop("falsepositives", ("Backup agents", "Unknown")),
        source="own",
        licence="DRL-1.1",
        description="Looks for it.",
    )


def finding(
    title="LSASS memory read",
    *,
    number=1,
    minute=0,
    severity=Severity.HIGH,
    user=r"ACME\a.meyer",
    host="fin-pc07.acme.example",
    pointers=1,
    **fields,
):
    time = START + minute * MINUTE
    entities = (
        Entity(EntityType.HOST, host, Role.TARGET),
        Entity(EntityType.USER, user, Role.ACTOR),
        Entity(EntityType.IP, "203.0.113.20", Role.SOURCE),
        Entity(EntityType.IP, "10.1.2.3", Role.TARGET),
        Entity(EntityType.DOMAIN, "acrne.example", Role.RELATED),
    )
    places = tuple(
        Pointer(
            "case/fin-pc07/Security.evtx",
            f"{host}/Security/{number}{n}",
            4096 + n,
            time + n,
            {"CommandLine": COMMAND, "SubjectUserName": "a.meyer"},
        )
        for n in range(pointers)
    )
    made = Finding(
        id=f"{number:016x}",
        time=time,
        title=title,
        severity=severity,
        nature=Nature.IOA,
        confidence=0.8,
        detector=Detector(DetectorKind.RULE, f"rule-{title}"),
        entities=entities,
        evidence=Evidence(pointers, time, time, places),
        because=(
            Reason("CommandLine", COMMAND, "contains", "-u", text="CommandLine contains '-u'"),
        ),
        techniques=("T1003.001",),
        rule=rule(title),
    )
    return msgspec.structs.replace(made, **fields)


def result(findings=None, **fields):
    """Make a result as a scan does, with something in each of its lists."""
    findings = [finding()] if findings is None else findings
    incidents, folded, _ = triage(findings)
    last = max((one.evidence.last or 0 for one in findings), default=START)
    made = Result(
        inputs=[
            InputReport(
                "case/fin-pc07/Security.evtx",
                "evtx",
                120,
                bytes=70_000,
                first=START,
                last=last,
                incomplete=True,
                oddity_counts={"evtx.chunk": 1},
                oddities=[Oddity("evtx.chunk", 65_536, 64, "bad checksum: <b>x</b>", lost=True)],
            ),
            InputReport("case/notes.txt", "", 0, status="unknown"),
        ],
        findings=findings,
        incidents=incidents,
        not_judged=[
            NotJudged(1, "unusual DNS", Judged.BLIND, "DNS look-ups", "log DNS queries"),
            NotJudged(2, "new applications", Judged.THIN, "14 days", "give older logs", 3),
            NotJudged(3, "sign-ins", Judged.JUDGED, days=20),
        ],
        assumed=[Assumed("own domain", "acme.example", "97 % of 1,204")],
        stats=Stats(
            files=2, events=120, bytes=70_000, first=START, last=last, rules=10, rules_total=20
        ),
        folded=[
            *folded,
            Folded(
                "Scanner seen", "rule-scan", 180, 12, "180 hits on 12 of 20 hosts", "allow 7f3a"
            ),
        ],
        skipped_rules=[SkippedRule("own/a.yml", 3, "unknown modifier")],
        not_read=["a.pst: the extra `pst` is not installed"],
        version="0.1.0",
    )
    return msgspec.structs.replace(made, **fields)


def everywhere(text):
    """Put one text of others into every field that evidence or rules can fill."""
    poisoned = finding(
        title=text,
        entities=tuple(Entity(kind, text, Role.RELATED) for kind in EntityType),
        evidence=Evidence(1, START, START, (Pointer(text, text, 1, START, {text: text}),)),
        because=(Reason(text, text, text, text, text, None, text, text, text),),
        techniques=(text,),
        detector=Detector(DetectorKind.RULE, text, text),
        rule=RuleInfo(*[text] * 6, *[(text,)] * 3, *[text] * 3),
        tenant=text,
    )
    made = result([poisoned, msgspec.structs.replace(poisoned, id="2", severity=Severity.LOW)])
    source = InputReport(
        text,
        text,
        1,
        status=text,
        incomplete=True,
        oddity_counts={text: 1},
        oddities=[Oddity(text, 1, 1, text, lost=True)],
    )
    return msgspec.structs.replace(
        made,
        inputs=[source],
        not_judged=[NotJudged(1, text, Judged.BLIND, text, text)],
        assumed=[Assumed(text, text, text)],
        folded=[Folded(text, text, 1, 1, text, text)],
        skipped_rules=[SkippedRule(text, 1, text)],
        not_read=[text],
        title=text,
        tenant=text,
        version=text,
    )


TEXTS = st.text(st.characters(), max_size=120) | st.text("漢\u0301\x1bab. \n", max_size=300)


@st.composite
def findings(draw, names=None):
    names = names or TEXTS
    number = draw(st.integers(1, 2**63))
    time = draw(st.none() | st.integers(0, 2**52) | st.integers(START, START + 3 * DAY))
    entities = draw(
        st.lists(
            st.builds(Entity, st.sampled_from(EntityType), names, st.sampled_from(Role)), max_size=5
        )
    )
    return finding(
        draw(st.sampled_from(["Log cleared", "Shell started"]) | TEXTS),
        number=number,
        severity=draw(st.sampled_from(Severity)),
        time=time,
        entities=tuple(entities),
        evidence=Evidence(draw(st.integers(1, 10**9)), time, time, ()),
        techniques=tuple(draw(st.lists(st.sampled_from(["T1003", "T1059.001", "T1"]), max_size=2))),
    )


def results(names=None):
    return st.builds(
        lambda found, title: result(found, title=title),
        st.lists(findings(names), max_size=12),
        TEXTS,
    )
