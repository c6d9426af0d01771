"""A scan: from paths to a result. The same for one process and for many."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trailhound import __version__
from trailhound.correlate.triage import state, triage
from trailhound.model.oddity import Oddity, OddityLog
from trailhound.model.result import InputReport, Result, Stats
from trailhound.pipeline.analyse import Analyser, Analysis, Run, load_library, merged_inputs
from trailhound.pipeline.copies import without_copies
from trailhound.pipeline.judged import not_judged
from trailhound.pipeline.options import ScanOptions
from trailhound.pipeline.progress import Done, silent
from trailhound.pipeline.segments import SegmentSink, discard
from trailhound.pipeline.tasks import tasks
from trailhound.pipeline.worker import Order
from trailhound.rules.library import skipped_rule
from trailhound.rules.sigma.collect import findings, merge
from trailhound.rules.sigma.correlation import evaluate
from trailhound.rules.sigma.firings import correlation_findings
from trailhound.rules.sigma.logsource import bindings
from trailhound.sandbox import WorkerFailure, WorkerPool
from trailhound.unpack.walk import files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from trailhound.model.finding import Finding
    from trailhound.model.result import SkippedRule
    from trailhound.pipeline.progress import Progress
    from trailhound.pipeline.tasks import Task
    from trailhound.rules.library import Library
    from trailhound.rules.sigma.collect import Collected
    from trailhound.rules.sigma.correlation import Occurrence
    from trailhound.rules.sigma.rule import Correlation, LogSource, SigmaRule

WORKER = "trailhound.pipeline.worker"
WORKER_MEMORY = 1536 * 1024 * 1024
"""Data segment of one worker: compiled patterns of a whole feed and a batch, with room."""

TASK_SECONDS = 1_800.0


@dataclass(slots=True)
class _Gathered:
    """What the tasks gave, merged as it comes."""

    inputs: list[InputReport] = field(default_factory=list)
    collected: dict[int, Collected] = field(default_factory=dict)
    occurrences: dict[int, list[Occurrence]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    incomplete: bool = False
    interrupted: bool = False
    tables_lost: str = ""
    done: Done = field(default_factory=Done)

    def take(self, analysis: Analysis) -> None:
        self.inputs += analysis.inputs
        self.collected[analysis.number] = analysis.collected
        for rule, found in analysis.occurrences.items():
            self.occurrences.setdefault(rule, []).extend(found)
        self.findings += analysis.findings
        self.incomplete = self.incomplete or analysis.incomplete_correlations
        self.tables_lost = self.tables_lost or analysis.tables_lost
        for kind, rows in analysis.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, 0) + rows


def scan(
    paths: Sequence[Path],
    options: ScanOptions | None = None,
    progress: Progress = silent,
    *,
    known: Collection[str] = (),
) -> Result:
    """Scan paths. Never raises for bad evidence; UsageError for a path that does not exist.

    Files whose names are in `known` are listed and not read. With tables on and `options.segments`
    set, the rows are in that folder afterwards (`segments.segments`); the caller owns and removes
    it.
    """
    options = options or ScanOptions()
    gathered = _Gathered()
    library = load_library(options)
    work = _listed(paths, options, gathered, known)
    gathered.done.total = sum(task.bytes for task in work)
    if options.jobs > 1 and len(work) > 1:
        _in_workers(work, options, gathered, progress)
    else:
        _alone(work, Analyser(options, library), gathered, progress)
    gathered.done.phase = "Judging"
    progress(gathered.done)
    return _result(options, library, gathered)


def _listed(
    paths: Sequence[Path], options: ScanOptions, gathered: _Gathered, known: Collection[str]
) -> list[Task]:
    """List all files first: the total is known, and what cannot be listed is reported."""
    reported: dict[str, OddityLog] = {}

    def report(name: str, oddity: Oddity) -> None:
        reported.setdefault(name, OddityLog()).add(oddity)

    listed = without_copies(files(paths, report), report)
    gathered.inputs += [
        InputReport(file.name, "", 0, status="known", known=True)
        for file in listed
        if file.name in known
    ]
    fresh = (file for file in listed if file.name not in known)
    work = list(tasks(fresh, options.jobs))
    for name, log in reported.items():
        status = "refused" if log.lost else "skipped"
        gathered.inputs.append(
            InputReport(
                name,
                "",
                0,
                status=status,
                incomplete=log.lost,
                oddity_counts=dict(log.counts),
                oddities=list(log.kept),
            )
        )
    return work


def _alone(
    work: Sequence[Task], analyser: Analyser, gathered: _Gathered, progress: Progress
) -> None:
    """Do all tasks in this process; an interrupt leaves what was found so far."""
    options, done = analyser.options, gathered.done
    folder = options.segments if options.tables else ""
    with (
        SegmentSink(Path(folder), 0) if folder else nullcontext() as sink,
        Run(analyser, sink, 0) as run,
    ):
        try:
            for task in work:
                done.events, done.findings = run.add(task)
                done.bytes += task.bytes
                progress(done)
        except KeyboardInterrupt:
            gathered.interrupted = True
    run.analysis.tables_lost = sink.lost if sink else ""
    gathered.take(run.analysis)


def _in_workers(
    work: Sequence[Task], options: ScanOptions, gathered: _Gathered, progress: Progress
) -> None:
    """Divide the tasks among processes; an interrupt leaves what they have answered so far."""
    orders = (msgspec.msgpack.encode(Order(options, task)) for task in work)
    jobs = min(options.jobs, len(work))
    done = gathered.done
    try:
        with WorkerPool(
            WORKER, jobs=jobs, memory_bytes=WORKER_MEMORY, seconds=TASK_SECONDS
        ) as pool:
            for answer in pool.map_unordered(orders):
                task = work[answer.number]
                done.bytes += task.bytes
                if isinstance(answer, WorkerFailure):
                    _give_up(task, answer.reason, options, gathered)
                else:
                    analysis = msgspec.msgpack.decode(answer.data, type=Analysis)
                    done.events += sum(one.events for one in analysis.inputs)
                    done.findings += analysis.collected.size
                    gathered.take(analysis)
                progress(done)
    except KeyboardInterrupt:
        gathered.interrupted = True


def _give_up(task: Task, reason: str, options: ScanOptions, gathered: _Gathered) -> None:
    gathered.inputs += _lost(task, reason)
    if options.segments:
        discard(Path(options.segments), task.number)


def _lost(task: Task, reason: str) -> Iterator[InputReport]:
    """Report every file of a task whose worker died: what it held is not known."""
    for part in task.parts:
        oddity = Oddity("worker.failed", part.start, 0, reason, lost=True)
        yield InputReport(
            part.name, "", 0, status="refused", incomplete=True,
            oddity_counts={oddity.kind: 1}, oddities=[oddity],
        )  # fmt: skip


def _result(options: ScanOptions, library: Library, gathered: _Gathered) -> Result:
    parts = [gathered.collected[number] for number in sorted(gathered.collected)]
    fired = evaluate(library.rules, library.correlations, gathered.occurrences)
    found = [
        *findings(library.rules, merge(parts), options.tenant),
        *correlation_findings(library.correlations, fired, options.tenant),
        *gathered.findings,
    ]
    if options.hunt:
        found = [msgspec.structs.replace(finding, supporting=False) for finding in found]
    found.sort(key=lambda finding: (finding.time or 0, finding.id))
    incidents, folded, _ = triage(found)
    inputs = list(merged_inputs(gathered.inputs))
    skipped = [*library.skipped, *_skipped_yara(options)]
    stats = _stats(options, library, gathered, inputs)
    stats.rules_skipped = len(skipped)
    stats.folded = sum(state(one) == "weak" for one in incidents)
    return Result(
        inputs=inputs,
        findings=found,
        incidents=incidents,
        not_judged=not_judged(gathered.kinds, inputs),
        assumed=[],
        stats=stats,
        folded=folded,
        skipped_rules=skipped,
        tenant=options.tenant,
        not_read=["tables of events: no room to write them"] if gathered.tables_lost else [],
        interrupted=gathered.interrupted,
        tables_lost=gathered.tables_lost,
        version=__version__,
    )


def _asks_yara(options: ScanOptions) -> bool:
    return bool(options.yara and options.match)


def _skipped_yara(options: ScanOptions) -> list[SkippedRule]:
    """List YARA rules that do not compile; workers, which met them, know nothing of each other."""
    if not _asks_yara(options):
        return []
    from trailhound.rules.yara import refused

    return [skipped_rule(error) for error in refused(map(Path, options.yara))]


def _stats(
    options: ScanOptions, library: Library, gathered: _Gathered, inputs: Sequence[InputReport]
) -> Stats:
    by_reader: dict[str, int] = {}
    for one in inputs:
        if one.reader:
            by_reader[one.reader] = by_reader.get(one.reader, 0) + one.events
    times = [one.first for one in inputs if one.first is not None]
    ends = [one.last for one in inputs if one.last is not None]
    active = [rule for rule in library.rules if _looks_at(rule.logsource, gathered.kinds)]
    return Stats(
        files=len(inputs),
        events=sum(one.events for one in inputs),
        bytes=sum(one.bytes for one in inputs),
        first=min(times, default=None),
        last=max(ends, default=None),
        rules=len(active) + _fed(library.correlations, active),
        rules_total=library.total,
        rules_without_source=len(library.rules) - len(active),
        yara_only=sum(one.status == "unknown" for one in inputs) if _asks_yara(options) else 0,
        by_reader=dict(sorted(by_reader.items())),
        rule_sets=[one.name for one in options.sets],
    )


def _fed(correlations: Sequence[Correlation], active: Sequence[SigmaRule]) -> int:
    """Count the correlations that some rule can feed here; they are in order of what they name."""
    fed = {name for rule in active for name in (rule.info.id, rule.name)}
    count = 0
    for one in correlations:
        if not fed.isdisjoint(one.rules):
            fed |= {one.info.id, one.name}
            count += 1
    return count


def _looks_at(logsource: LogSource, kinds: dict[str, int]) -> bool:
    return any(binding.kind in kinds for binding in bindings(logsource))
