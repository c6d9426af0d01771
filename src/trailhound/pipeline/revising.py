"""A finding that a workspace has, and the same finding of a new scan: each event counts once.

A scan reads what is new, so it sees a part of a finding's evidence; of a log that has grown it also
sees what was seen before. `count` stays exact where the pointers of one side are complete, where a
log is the only one that gave evidence, and else by reading the known part of a grown log again. It
is estimated from the sample only where large exports overlap, and for correlations.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.batch import NO_TIME
from trailhound.model.finding import Evidence
from trailhound.pipeline.analyse import Analyser
from trailhound.pipeline.tasks import Part, Task
from trailhound.rules.sigma.collect import MAX_ENTITIES, findings, merge
from trailhound.rules.sigma.sample import kept
from trailhound.store.known import event_key, place_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from trailhound.model.finding import Finding, Pointer
    from trailhound.pipeline.fingerprints import Fingerprint
    from trailhound.pipeline.options import ScanOptions


class SeenBefore:
    """Which of the events of a scan the workspace had: by id, or by place."""

    def __init__(
        self, met: Collection[str], grown: Sequence[Fingerprint], options: ScanOptions
    ) -> None:
        self._met, self._grown, self._options = met, grown, options
        self._placed = {one.name: one.known for one in grown}
        self._torn = {one.torn for one in grown if one.torn}

    def has(self, pointer: Pointer) -> bool:
        """Tell whether a pointer leads to an event that was known before and was read again."""
        return _key(pointer) in self._met or (
            pointer.offset < self._placed.get(pointer.source, 0)
            and place_key(pointer.source, pointer.offset, pointer.time) in self._met
        )

    def whole(self, evidence: Evidence) -> Evidence:
        """Leave out what was the first part of a line that is whole now."""
        kept_ones = tuple(p for p in evidence.pointers if p.event_uid not in self._torn)
        count = evidence.count - len(evidence.pointers) + len(kept_ones)
        return msgspec.structs.replace(evidence, count=count, pointers=kept_ones)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Count what each finding has in the known parts of grown logs. Reads those again."""
        analyser = Analyser(msgspec.structs.replace(self._options, yara=()))
        parts = tuple(Part(one.name, one.path, 0, one.known) for one in self._grown)
        analysis = analyser.run(Task(0, parts, sum(one.known for one in self._grown)), None)
        found = findings(analyser.library.rules, merge([analysis.collected]), self._options.tenant)
        return {finding.id: finding.evidence.count for finding in found}


def revised(old: Finding, new: Finding, seen: SeenBefore) -> Finding:
    """Join the evidence of both; what is said of it follows the new finding, as rules do."""
    old = msgspec.structs.replace(old, evidence=seen.whole(old.evidence))
    one, two = old.evidence, new.evidence
    again = _again(old, new, seen)
    pointers = [*one.pointers, *(p for p in two.pointers if _key(p) not in again)]
    first = min((t for t in (one.first, two.first) if t is not None), default=None)
    evidence = Evidence(
        one.count + two.count - _doubled(old, new, seen),
        first,
        max((t for t in (one.last, two.last) if t is not None), default=None),
        tuple(pointer for _, pointer in kept((_place(p), p) for p in pointers)),
    )
    return msgspec.structs.replace(
        new,
        time=first,
        evidence=evidence,
        entities=tuple(dict.fromkeys((*old.entities, *new.entities)))[:MAX_ENTITIES],
        because=old.because if one.first is not None and one.first == first else new.because,
    )


def _again(old: Finding, new: Finding, seen: SeenBefore) -> set[str]:
    """Give the keys of the new finding's pointers whose events the old one counted."""
    complete = _complete(old)
    counted = {_key(pointer) for pointer in old.evidence.pointers}
    places = {(pointer.source, pointer.offset) for pointer in old.evidence.pointers}
    again = set()
    for pointer in new.evidence.pointers:
        known = seen.has(pointer)
        if complete and known:
            known = (pointer.source, pointer.offset) in places
        if known or _key(pointer) in counted:
            again.add(_key(pointer))
    return again


def _doubled(old: Finding, new: Finding, seen: SeenBefore) -> int:
    """Give the number of events that both findings counted."""
    again = _again(old, new, seen)
    most = min(old.evidence.count, new.evidence.count)
    if _complete(new):
        return min(most, sum(_key(p) in again for p in new.evidence.pointers))
    read = [pointer for pointer in old.evidence.pointers if seen.has(pointer)]
    if _complete(old):
        return min(most, len(read))
    if not read and not again:
        return 0
    if len(read) == len(old.evidence.pointers):
        return most
    if new.id in seen.counts:
        return min(most, seen.counts[new.id])
    return min(most, round(new.evidence.count * len(again) / len(new.evidence.pointers)))


def _complete(finding: Finding) -> bool:
    """Tell whether the pointers are all the evidence, not a sample."""
    return finding.evidence.count == len(finding.evidence.pointers)


def _key(pointer: Pointer) -> str:
    return event_key(pointer.event_uid, pointer.time)


def _place(pointer: Pointer) -> tuple[int, str, int]:
    time = NO_TIME if pointer.time is None else pointer.time
    return time, pointer.source, pointer.offset
