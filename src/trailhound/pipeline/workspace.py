"""A scan that a workspace keeps: evidence counts once, findings are revised, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow.parquet as pq

from trailhound import __version__
from trailhound.correlate.triage import state, triage
from trailhound.model.result import InputReport, Result, Stats
from trailhound.pipeline.clock import now
from trailhound.pipeline.fingerprints import fingerprints, known_files
from trailhound.pipeline.progress import silent
from trailhound.pipeline.raw import KEPT_EACH, each_record, worth_keeping
from trailhound.pipeline.revising import SeenBefore, revised
from trailhound.pipeline.scan import scan
from trailhound.pipeline.segments import no_room, segments
from trailhound.store.known import KnownEvents, event_key, place_key
from trailhound.store.records import RawRecord
from trailhound.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from trailhound.model.finding import Finding
    from trailhound.pipeline.fingerprints import Fingerprint
    from trailhound.pipeline.options import ScanOptions
    from trailhound.pipeline.progress import Progress
    from trailhound.store.events import ParquetFile


def scan_into(
    root: Path,
    paths: Sequence[Path],
    options: ScanOptions,
    progress: Progress = silent,
    *,
    wait_seconds: float = 0,
) -> Result:
    """Scan what the workspace does not know yet, keep it, and give the case as it then stands.

    `options.segments` must name an empty folder; tables are built whatever the options say, because
    evidence that is registered is not read again. The workspace is locked for writing meanwhile.
    """
    options = msgspec.structs.replace(options, tables=True)
    with Workspace.open(root, write=True, wait_seconds=wait_seconds) as workspace:
        with workspace.reading() as view:
            registered = view.inputs()
        found = fingerprints(paths, registered)
        known = known_files(found, {one.digest for one in registered})
        result = scan(paths, options, progress, known=known)
        if result.tables_lost:
            raise no_room(Path(options.segments), result.tables_lost)
        if not result.interrupted:
            new = [one for one in found if one.name not in known]
            _keep(workspace, result, new, paths, options)
        return _case(workspace, result)


def kept_records(root: Path, finding: str) -> dict[str, RawRecord]:
    """Give the raw records that a workspace keeps of a finding, by the id of their event."""
    with Workspace.open(root) as workspace, workspace.reading() as view:
        return {record.event_uid: record for record in view.raw(finding)}


def stored_result(root: Path) -> Result:
    """Give a workspace's case without reading anything new."""
    with Workspace.open(root) as workspace:
        return _case(workspace, Result([], [], [], [], [], Stats(), version=__version__))


def _keep(
    workspace: Workspace,
    result: Result,
    files: Sequence[Fingerprint],
    paths: Sequence[Path],
    options: ScanOptions,
) -> None:
    """Write events first, then let events, inputs and findings count together."""
    started = now()
    readers = {one.source: one.reader for one in result.inputs}
    grown = [one for one in files if one.beginning and readers.get(one.name) == one.reader]
    with workspace.reading() as view:
        old = {finding.id: finding for finding in view.findings()}
    known = _known(workspace, old, result.findings, grown)
    written = _write(workspace, f"scan-{started}", Path(options.segments), known)
    torn = known.torn_in()
    written += [whole for file in torn if (whole := known.whole(file))]
    seen = SeenBefore(known.met, grown, options)
    found = [revised(old[one.id], one, seen) if one.id in old else one for one in result.findings]
    found += _made_whole(old, {one.id for one in found}, seen)
    records = _records(workspace, found, result, paths)
    with workspace.transaction() as change:
        run = change.begin_run("scan", __version__, started)
        change.register_parquet(written, run=run)
        change.unregister_parquet(file.path for file in torn)
        change.forget_inputs(one.beginning for one in grown)
        for report in _registered(result, files):
            change.register_input(report, run=run)
        change.upsert_findings((one for one in found if one.evidence.count), run=run)
        change.forget_findings(one.id for one in found if not one.evidence.count)
        change.upsert_incidents(result.incidents, run=run)
        for finding, kept in records.items():
            change.keep_raw(finding, kept)
        change.journal(now(), "scan", "scan.kept", events=result.stats.events, findings=len(found))
        change.end_run(run, now(), "done", result.stats)


def _made_whole(
    old: Mapping[str, Finding], new: Collection[str], seen: SeenBefore
) -> Iterator[Finding]:
    """Give the findings of parts of lines that the whole lines did not revise."""
    for finding in old.values():
        evidence = seen.whole(finding.evidence)
        if finding.id not in new and evidence.count < finding.evidence.count:
            yield msgspec.structs.replace(finding, evidence=evidence)


def _known(
    workspace: Workspace,
    old: Mapping[str, Finding],
    new: Iterable[Finding],
    grown: Iterable[Fingerprint],
) -> KnownEvents:
    """Ask for known events, and for those that findings point to in particular."""
    both = [one for one in new if one.id in old]
    asked = (
        key
        for finding in (*both, *(old[one.id] for one in both))
        for one in finding.evidence.pointers
        for key in (event_key(one.event_uid, one.time), place_key(one.source, one.offset, one.time))
    )
    placed = {one.name: one.known for one in grown}
    torn = [one.torn for one in grown if one.torn]
    with workspace.reading() as view:
        return KnownEvents(workspace.root, view.event_files(), asked, placed, torn)


def _write(
    workspace: Workspace, prefix: str, folder: Path, known: KnownEvents
) -> list[ParquetFile]:
    """Write the events that the workspace lacks."""
    writer = workspace.events(prefix, known)
    for table, files in segments(folder).items():
        for file in files:
            for batch in pq.ParquetFile(file).iter_batches():
                writer.add(table, batch)
    return writer.flush()


def _records(
    workspace: Workspace, findings: Sequence[Finding], result: Result, paths: Sequence[Path]
) -> dict[str, list[RawRecord]]:
    """Give what is kept beside each finding: records kept before, and those that can be read."""
    sizes = {one.source: one.bytes for one in result.inputs if not one.known}
    pointers = worth_keeping(findings, sizes)
    places = {pointer.event_uid: pointer for pointer in pointers}
    read = {uid: RawRecord.of(places[uid], raw) for uid, raw in each_record(paths, pointers)}
    made: dict[str, list[RawRecord]] = {}
    with workspace.reading() as view:
        for finding in findings:
            uids = [pointer.event_uid for pointer in finding.evidence.pointers[:KEPT_EACH]]
            held = {record.event_uid: record for record in view.raw(finding.id)}
            held |= {uid: read[uid] for uid in uids if uid in read and uid not in held}
            made[finding.id] = list(held.values())
    return made


def _registered(result: Result, files: Iterable[Fingerprint]) -> list[InputReport]:
    """Give each source its digest; a file that is only a container is registered itself, too."""
    by_name = {one.name: one for one in files}
    made: dict[str, InputReport] = {}
    for report in result.inputs:
        name, _, inner = report.source.partition("!")
        file = by_name.get(name)
        nothing = not report.events and (report.incomplete or report.status == "unknown")
        if file is None or report.known or nothing:
            continue  # what gave nothing may be read again; what gave events must not count twice
        digest = f"{file.digest}!{inner}" if inner else file.digest
        size = report.bytes if inner else file.size
        made[digest] = msgspec.structs.replace(report, digest=digest, bytes=size)
        made.setdefault(file.digest, InputReport(name, report.reader, 0, digest=file.digest))
    return list(made.values())


def _case(workspace: Workspace, result: Result) -> Result:
    """Put the stored findings in the place of the scan's own."""
    with workspace.reading() as view:
        found: list[Finding] = view.findings()
        inputs = view.inputs()
    found.sort(key=lambda finding: (finding.time or 0, finding.id))
    incidents, folded, _ = triage(found)
    result.findings, result.incidents, result.folded = found, incidents, folded
    result.stats.folded = sum(state(one) == "weak" for one in incidents)
    if not result.inputs:
        result.inputs = [
            InputReport(i.source, i.reader, i.events, i.bytes, first=i.first, last=i.last,
                        incomplete=i.incomplete, oddity_counts=i.oddity_counts, known=True)
            for i in inputs
        ]  # fmt: skip
    return result
