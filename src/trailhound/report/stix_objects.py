"""STIX 2.1 domain and relationship objects with identifiers that are the same in every run.

An identifier is the UUIDv5 of what the object is about within one case, so a later run revises an
object and does not double it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from trailhound.report.machine import moment, well_formed, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trailhound.report.attack import Technique
    from trailhound.report.machine import Record

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "stix.trailhound")
Times = tuple[int | None, int | None]
MOST = 999_999_999
"""The highest count that STIX allows."""


def stix_id(kind: str, *about: str) -> str:
    """Name an object by its kind and what it is about."""
    text = well_formed("\x00".join((kind, *about)))
    return f"{kind}--{uuid.uuid5(NAMESPACE, text)}"


PRODUCER = stix_id("identity", "trailhound")


def domain_object(
    kind: str, name: str, times: Times = (None, None), /, **properties: object
) -> Record:
    """Make an object; `times` say when what it tells began and ended.

    They stand for when it was made and changed: evidence that comes later makes a newer version,
    and no clock is needed.
    """
    first, last = times
    return without_empty({
        "type": kind,
        "spec_version": "2.1",
        "id": name,
        "created_by_ref": PRODUCER if name != PRODUCER else "",
        "created": moment(first),
        "modified": moment(first if last is None else last),
        **properties,
    })  # fmt: skip


def producer() -> Record:
    """Give the identity that made the bundle."""
    return domain_object("identity", PRODUCER, name="Trailhound", identity_class="system")


def identity(name: str, kind: str, case: str) -> Record:
    """Give an organisation (`organization`) or a host (`system`) of a case."""
    uid = stix_id("identity", case, kind, name)
    shown = well_formed(name) or "unnamed"
    return domain_object("identity", uid, name=shown, identity_class=kind)


def attack_pattern(one: Technique, tactics: Iterable[str]) -> Record:
    """Give a technique with its ATT&CK identifier."""
    reference = {"source_name": "mitre-attack", "external_id": one.uid, "url": one.url}
    phases = [{"kill_chain_name": "mitre-attack", "phase_name": tactic} for tactic in tactics]
    return domain_object(
        "attack-pattern",
        stix_id("attack-pattern", one.uid),
        name=one.name,
        kill_chain_phases=phases,
        external_references=[reference],
    )


def relationship(source: str, kind: str, target: str, times: Times) -> Record:
    """Say how two objects belong together."""
    uid = stix_id("relationship", source, kind, target)
    return domain_object(
        "relationship", uid, times, relationship_type=kind, source_ref=source, target_ref=target
    )


def sighting(what: str, observed: str, where: Sequence[str], times: Times, count: int) -> Record:
    """Say that an indicator or a technique was seen, when, how often and on which systems."""
    first, last = times
    return domain_object(
        "sighting",
        stix_id("sighting", what, observed),
        times,
        first_seen=moment(first) if first is not None else "",
        last_seen=moment(last) if last is not None else "",
        count=min(count, MOST),
        sighting_of_ref=what,
        observed_data_refs=[observed],
        where_sighted_refs=list(where),
    )
