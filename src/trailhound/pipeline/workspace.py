"""A scan that a workspace keeps: evidence counts once, findings are revised, all or nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow.parquet as pq

from trailhound import __version__
from trailhound.correlate.triage import state, triage
from trailhound.model.limits import MIB
from trailhound.model.result import InputReport, Result, Stats
from trailhound.pipeline.clock import now
from trailhound.pipeline.progress import silent
from trailhound.pipeline.scan import scan
from trailhound.pipeline.segments import segments
from trailhound.store.workspace import Workspace
from trailhound.unpack.walk import STANDARD_INPUT, files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trailhound.model.finding import Finding
    from trailhound.pipeline.options import ScanOptions
    from trailhound.pipeline.progress import Progress
    from trailhound.unpack.walk import File

BLOCK = 4 * MIB


def scan_into(
    root: Path,
    paths: Sequence[Path],
    options: ScanOptions,
    progress: Progress = silent,
    *,
    wait_seconds: float = 0,
) -> Result:
    """Scan what the workspace does not know yet, keep it, and give the case as it then stands.

    `options.segments` must name an empty folder. The workspace is locked for writing meanwhile.
    """
    with Workspace.open(root, write=True, wait_seconds=wait_seconds) as workspace:
        digests = _digests(paths)
        with workspace.reading() as view:
            known = _known(digests, set(view.known(digests.values())))
        result = scan(paths, options, progress, known=known)
        if not result.interrupted:
            _keep(workspace, result, digests, Path(options.segments))
        return _case(workspace, result)


def stored_result(root: Path) -> Result:
    """Give a workspace's case without reading anything new."""
    with Workspace.open(root) as workspace:
        return _case(workspace, Result([], [], [], [], [], Stats(), version=__version__))


def _digests(paths: Sequence[Path]) -> dict[str, str]:
    """Name every file by its content, whatever it is called; what cannot be read has no digest."""
    found = {}
    for file in files(paths, lambda *_: None):
        digest = _digest(file)
        if digest:
            found[file.name] = digest
    return found


def _known(digests: Mapping[str, str], registered: set[str]) -> set[str]:
    """Give the files to leave out: registered before, or a copy of one that is read now."""
    seen = set(registered)
    known = set()
    for name, digest in digests.items():
        if digest in seen:
            known.add(name)
        seen.add(digest)
    return known


def _digest(file: File) -> str:
    if file.path == STANDARD_INPUT or not file.path.is_file() or file.path.is_symlink():
        return ""
    digest = hashlib.blake2b(digest_size=16)
    try:
        with file.path.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _keep(workspace: Workspace, result: Result, digests: Mapping[str, str], folder: Path) -> None:
    """Write events first, then let events, inputs and findings count together."""
    started = now()
    writer = workspace.events(f"scan-{started}")
    for table, paths in segments(folder).items():
        for path in paths:
            for batch in pq.ParquetFile(path).iter_batches():
                writer.add(table, batch)
    written = writer.flush()
    with workspace.transaction() as change:
        run = change.begin_run("scan", __version__, started)
        change.register_parquet(written, run=run)
        for report in _registered(result, digests):
            change.register_input(report, run=run)
        change.upsert_findings(result.findings, run=run)
        change.upsert_incidents(result.incidents, run=run)
        change.journal(
            now(), "scan", "scan.kept", events=result.stats.events, findings=len(result.findings)
        )
        change.end_run(run, now(), "done", result.stats)


def _registered(result: Result, digests: Mapping[str, str]) -> list[InputReport]:
    """Give each source its digest; a file that is only a container is registered itself, too."""
    made: dict[str, InputReport] = {}
    for report in result.inputs:
        name = report.source.partition("!")[0]
        digest = digests.get(name, "")
        if not digest or report.known or (report.incomplete and not report.events):
            continue  # what gave nothing may be read again; what gave events must not count twice
        inner = report.source[len(name) :]
        made[digest + inner] = msgspec.structs.replace(report, digest=digest + inner)
        made.setdefault(digest, InputReport(name, report.reader, 0, digest=digest))
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
