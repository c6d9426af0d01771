"""What `org.toml` explains weighs less: the work of administrators, scanners and planned changes.

Only what was told counts, never what was inferred: an intruder with rights behaves like an
administrator. Known-bad traces (ioc, indicators) and critical findings are never lowered, neither
is what administrators do not do at work: secrets taken, traces hidden, data taken out, damage.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from trailhound.correlate.tactics import tactics_of
from trailhound.correlate.triage import state, triage
from trailhound.model.entity import EntityType, Role
from trailhound.model.finding import DetectorKind, Nature, Reason, Severity
from trailhound.model.result import Assumed
from trailhound.pipeline.organisation import network, window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trailhound.model.finding import Finding
    from trailhound.model.organisation import Organisation
    from trailhound.model.result import Result
    from trailhound.pipeline.organisation import Network

WORK = frozenset(
    ("discovery", "execution", "lateral-movement", "persistence", "privilege-escalation")
)
"""Tactics whose traces administration leaves every day."""

PROBES = ("T1018", "T1046", "T1110", "T1190", "T1595")
"""Techniques a scanner tries: hosts, ports, passwords, holes of servers."""


class Cause(NamedTuple):
    """Why a finding weighs less: the words for it, the value of `org.toml`, its key there."""

    what: str
    value: str
    key: str


def lower(result: Result, told: Organisation) -> Result:
    """Lower what `org.toml` explains, and say so in `assumed`; the stored findings stay."""
    explained = _Explained(told)
    found: list[Finding] = []
    causes: Counter[Cause] = Counter()
    for finding in result.findings:
        cause = explained.cause(finding)
        found.append(_lowered(finding, cause) if cause else finding)
        causes.update([cause] if cause else [])
    if not causes:
        return result
    incidents, folded, _ = triage(found)
    weak = sum(state(one) == "weak" for one in incidents)
    return msgspec.structs.replace(
        result,
        findings=found,
        incidents=incidents,
        folded=folded,
        assumed=[*result.assumed, *map(_said, sorted(causes.items()))],
        stats=msgspec.structs.replace(result.stats, folded=weak),
    )


class _Explained:
    """Looks for the cause of a finding in one `org.toml`."""

    def __init__(self, told: Organisation) -> None:
        self._domains = {domain.lower() for domain in told.organisation.domains}
        self._administrators = {self._short(name) for name in told.accounts.administrators}
        self._scanners = [(text, network(text)) for text in told.networks.scanners]
        self._windows = [(text, window(text)) for text in told.changes.windows]

    def cause(self, finding: Finding) -> Cause | None:
        """Give what explains a finding, None when nothing does."""
        known_bad = finding.nature is Nature.IOC or finding.detector.kind is DetectorKind.INDICATOR
        if known_bad or finding.severity in (Severity.CRITICAL, Severity.INFORMATIONAL):
            return None
        if _probes(finding):
            return self._scanner(finding)
        tactics = tactics_of(finding)
        if not tactics or not WORK.issuperset(tactics):
            return None
        return self._administrator(finding) or self._change(finding)

    def _scanner(self, finding: Finding) -> Cause | None:
        """All addresses that the evidence came from must be scanners."""
        sources = [
            entity.value
            for entity in finding.entities
            if entity.type is EntityType.IP and entity.role is Role.SOURCE
        ]
        met = [_inside(source, self._scanners) for source in sources]
        return Cause("scanner", met[0], "networks.scanners") if met and all(met) else None

    def _administrator(self, finding: Finding) -> Cause | None:
        """All people who acted must be administrators; what names nobody is not theirs."""
        people = [e for e in finding.entities if e.type in (EntityType.USER, EntityType.MAILBOX)]
        actors = [e for e in people if e.role is Role.ACTOR] or people
        names = [self._short(entity.value) for entity in actors]
        if not names or not self._administrators.issuperset(names):
            return None
        return Cause("administrator", names[0], "accounts.administrators")

    def _change(self, finding: Finding) -> Cause | None:
        """All of the evidence must lie in one window."""
        first, last = finding.evidence.first, finding.evidence.last
        for text, (start, end) in self._windows:
            if first is not None and last is not None and start <= first <= last <= end:
                return Cause("change window", text, "changes.windows")
        return None

    def _short(self, name: str) -> str:
        """Write `a.meyer@own.example` as `a.meyer`: logs have both. Other domains are others."""
        account, _, domain = name.lower().partition("@")
        return account if domain in self._domains else name.lower()


def _probes(finding: Finding) -> bool:
    bases = {technique.upper().partition(".")[0] for technique in finding.techniques}
    return bool(bases) and bases.issubset(PROBES)


def _inside(address: str, networks: Iterable[tuple[str, Network]]) -> str:
    """Give the network an address is in, as `org.toml` writes it, else nothing."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return next((text for text, network in networks if known in network), "")


def _lowered(finding: Finding, cause: Cause) -> Finding:
    """One step down; a scanner's probes, which fail by the thousand, to low at once."""
    severity = Severity(finding.severity - 1)
    if cause.what == "scanner":
        severity = min(severity, Severity.LOW)
    text = f"{severity.word} instead of {finding.severity.word}: org.toml names {cause.value}"
    reason = Reason(cause.key, cause.value, "listed", text=f"{text} ({cause.key})")
    return msgspec.structs.replace(finding, severity=severity, because=(*finding.because, reason))


def _said(counted: tuple[Cause, int]) -> Assumed:
    cause, number = counted
    why = f"org.toml, {cause.key}: {number:,} finding{'' if number == 1 else 's'} lowered"
    return Assumed(cause.what, cause.value, why)
