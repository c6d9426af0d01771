"""A result as one STIX 2.1 bundle.

| finding | in the bundle |
| --- | --- |
| what was seen | observed-data with observables; a note that says why |
| addresses, domains, URLs, hashes that lead outside | indicators |
| techniques | attack-patterns with their ATT&CK identifiers |
| where | a sighting of each indicator, else of each technique, on the hosts it names |

An incident is a grouping of what belongs together. Own domains and internal addresses make no
indicator, and neither does a finding that only supports others or is below medium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType
from trailhound.model.finding import Nature, Severity
from trailhound.report.attack import placed
from trailhound.report.machine import json_text, moment, named, well_formed
from trailhound.report.stix_objects import (
    MOST,
    attack_pattern,
    domain_object,
    identity,
    producer,
    relationship,
    sighting,
    stix_id,
)
from trailhound.report.stix_observables import observables, pattern, source_file
from trailhound.report.verdict import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident
    from trailhound.model.result import Result
    from trailhound.report.machine import Record


def stix_bundle(result: Result) -> Iterator[bytes]:
    """Give the bundle, its objects ordered by their identifiers."""
    objects = Bundle(result).objects()
    uid = stix_id("bundle", *(f"{one['id']}{one.get('modified', '')}" for one in objects))
    yield json_text({"type": "bundle", "id": uid, "objects": objects})


class Bundle:
    """Collects the objects of one result; an object that several findings need is there once."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._case = result.tenant or title(result)
        self._made: dict[str, Record] = {}
        self._of: dict[str, list[str]] = {}
        self._own = {one.value for one in result.assumed if one.what == "own domain"}

    def objects(self) -> list[Record]:
        """Give everything, in the same order in every run."""
        self._add(producer())
        for finding in self._result.findings:
            self._of[finding.id] = self._finding(finding)
        for incident in self._result.incidents:
            self._incident(incident)
        return [self._made[uid] for uid in sorted(self._made)]

    def _add(self, one: Record) -> str:
        """Keep the first of equal objects: what it tells began earliest."""
        kept = self._made.setdefault(one["id"], one)
        if one.get("created", "") < kept.get("created", ""):
            self._made[one["id"]] = one
        return str(one["id"])

    def _finding(self, one: Finding) -> list[str]:
        """Add what a finding tells; gives the identifiers of its own objects."""
        observed = self._observed(one)
        patterns = self._patterns(one)
        indicators = [uid for entity in one.entities if (uid := self._indicator(one, entity))]
        times, where = (one.evidence.first, one.evidence.last), self._where(one)
        links = [
            self._add(relationship(source, "indicates", target, times))
            for source in indicators
            for target in patterns
        ]
        seen = [
            self._add(sighting(what, observed, where, times, one.evidence.count))
            for what in indicators or patterns
        ]
        return list(dict.fromkeys([observed, *indicators, *patterns, *seen, *links]))

    def _observed(self, one: Finding) -> str:
        """Add what was seen, and the note that says why it is a finding."""
        seen = [made for entity in one.entities for made in observables(entity)]
        source = next((pointer.source for pointer in one.evidence.pointers), self._case)
        refs = [self._add(made) for made in seen or [source_file(source)]]
        observed = self._add(domain_object(
            "observed-data",
            stix_id("observed-data", self._case, one.id),
            (one.evidence.first, one.evidence.last),
            first_observed=moment(one.evidence.first),
            last_observed=moment(one.evidence.last),
            number_observed=min(max(one.evidence.count, 1), MOST),
            object_refs=list(dict.fromkeys(refs)),
        ))  # fmt: skip
        self._add(domain_object(
            "note",
            stix_id("note", self._case, one.id),
            (one.evidence.first, one.evidence.last),
            abstract=well_formed(one.title),
            content=_told(one),
            object_refs=[observed],
            confidence=round(one.confidence * 100),
        ))  # fmt: skip
        return observed

    def _patterns(self, one: Finding) -> list[str]:
        """Add the techniques; the tactics are those of all findings that name one."""
        tactics: dict[str, list[str]] = {}
        for tactic, technique in placed(one):
            uid = stix_id("attack-pattern", technique.uid)
            known = self._made.get(uid, {}).get("kill_chain_phases", [])
            told = tactics.setdefault(uid, [phase["phase_name"] for phase in known])
            told += [tactic] if tactic and tactic not in told else []
            self._made[uid] = attack_pattern(technique, sorted(told))
        return list(tactics)

    def _indicator(self, one: Finding, entity: Entity) -> str:
        """Add an indicator for what leads outside; gives "" for anything else."""
        own = entity.type is EntityType.DOMAIN and self._is_own(entity.value)
        found = "" if own or one.supporting or one.severity < Severity.MEDIUM else pattern(entity)
        if not found:
            return ""
        known_bad = one.nature is Nature.IOC and one.severity >= Severity.HIGH
        return self._add(domain_object(
            "indicator",
            stix_id("indicator", self._case, found),
            (one.evidence.first, one.evidence.last),
            name=well_formed(entity.value),
            description=f"Named by the finding: {well_formed(one.title)}",
            indicator_types=["malicious-activity" if known_bad else "anomalous-activity"],
            pattern=found,
            pattern_type="stix",
            valid_from=moment(one.evidence.first),
            confidence=round(one.confidence * 100),
        ))  # fmt: skip

    def _is_own(self, domain: str) -> bool:
        return any(domain == own or domain.endswith(f".{own}") for own in self._own)

    def _where(self, one: Finding) -> list[str]:
        """Add the hosts a finding is about, else the organisation."""
        hosts = named(one.entities, EntityType.HOST, EntityType.DEVICE)
        made = [identity(host, "system", self._case) for host in hosts]
        made = made or [identity(self._case, "organization", self._case)]
        return [self._add(one) for one in made]

    def _incident(self, one: Incident) -> None:
        members = [uid for name in one.findings for uid in self._of.get(name, ())]
        if members:
            self._add(domain_object(
                "grouping",
                stix_id("grouping", self._case, one.id),
                (one.start, one.end),
                name=well_formed(one.title),
                description=well_formed(one.summary),
                context="suspicious-activity",
                object_refs=list(dict.fromkeys(members)),
            ))  # fmt: skip


def _told(one: Finding) -> str:
    """Say everything that has no field of its own: why, by which rule, about whom, where."""
    why = [reason.text or reason.feature for reason in one.because]
    about = [f"{e.type.value} ({e.role.value}): {e.value}" for e in one.entities]
    places = [f"{p.source} @ {p.offset}" for p in one.evidence.pointers[:10]]
    told = [
        f"{one.severity.word}, {one.nature.value}, detector {one.detector.id}, finding {one.id}",
        *why, *about, *places,
    ]  # fmt: skip
    return well_formed("\n".join(told))
