"""What a worker does with a task: find sources, read them, match rules, build tables."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from trailhound.model.batch import NO_TIME, Batch
from trailhound.model.finding import Finding
from trailhound.model.limits import Budget
from trailhound.model.oddity import Oddity, OddityLog
from trailhound.model.result import InputReport
from trailhound.model.source import Source
from trailhound.pipeline.options import ScanOptions
from trailhound.pipeline.tasks import Part, Task
from trailhound.readers import choose
from trailhound.readers.mapping import table_rows
from trailhound.rules.library import Library, load
from trailhound.rules.sigma.collect import Collected, Collector
from trailhound.rules.sigma.correlation import Occurrence, Watcher
from trailhound.rules.sigma.engine import Match, SigmaEngine
from trailhound.unpack.walk import File, expand

if TYPE_CHECKING:
    import pyarrow as pa

    from trailhound.rules.yara import YaraRules


class TableSink(Protocol):
    """Where rows of tables go."""

    def add(self, table: str, rows: pa.RecordBatch) -> None:
        """Take the rows of one batch."""
        ...


class Analysis(msgspec.Struct):
    """What one task gave. `kinds` are the log kinds met, with their rows."""

    number: int
    inputs: list[InputReport]
    collected: Collected
    occurrences: dict[int, list[Occurrence]]
    findings: list[Finding]
    kinds: dict[str, int]
    incomplete_correlations: bool = False


class Analyser:
    """Keeps what tasks share: compiled rules, plans, value caches."""

    def __init__(self, options: ScanOptions, library: Library | None = None) -> None:
        self._options = options
        cache = Path(options.cache) if options.cache else None
        self.library = library or load_library(options)
        self._engine = SigmaEngine(self.library.rules, cache and cache / "patterns")
        self._yara = _yara(options)

    def run(self, task: Task, sink: TableSink | None) -> Analysis:
        """Do one task. Collecting garbage is left for between tasks: batches hold no cycles."""
        rules = self.library.rules
        collector = Collector(rules)
        watcher = Watcher(rules, self.library.correlations)
        result = Analysis(task.number, [], Collected(), {}, [], {})
        gc.disable()
        try:
            for part in task.parts:
                self._part(part, result, collector, watcher, sink)
        finally:
            gc.enable()
        result.collected = collector.collected()
        result.occurrences = watcher.found
        result.incomplete_correlations = watcher.incomplete
        return result

    def _part(
        self,
        part: Part,
        result: Analysis,
        collector: Collector,
        watcher: Watcher,
        sink: TableSink | None,
    ) -> None:
        reported: dict[str, OddityLog] = {}

        def report(name: str, oddity: Oddity) -> None:
            reported.setdefault(name, OddityLog()).add(oddity)

        file = File(part.name, Path(part.path))
        known = len(result.inputs)
        for source in expand(file, self._options.limits, report):
            placed = replace(source, span=part.span, zone=_zone(source.name, self._options.zones))
            result.inputs.append(self._source(placed, result, collector, watcher, sink))
        for name, log in reported.items():
            _attach(result.inputs, known, name, log)

    def _source(
        self,
        source: Source,
        result: Analysis,
        collector: Collector,
        watcher: Watcher,
        sink: TableSink | None,
    ) -> InputReport:
        budget = Budget(self._options.limits)
        reader = choose(source)
        if reader is None:
            if self._yara is not None:
                from trailhound.rules.yara import scan_source  # noqa: PLC0415 - 0.1 s, seldom needed

                result.findings += scan_source(source, self._yara, self._options.limits, budget)
            report = InputReport(source.name, "", 0, status="unknown")
        else:
            report = InputReport(source.name, reader.name, 0)
            for batch in reader.read(source, budget):
                self._batch(batch, report, result, collector, watcher, sink)
        report.bytes = source.size or budget.parsed_bytes
        _fill(report, budget.oddities)
        return report

    def _batch(
        self,
        batch: Batch,
        report: InputReport,
        result: Analysis,
        collector: Collector,
        watcher: Watcher,
        sink: TableSink | None,
    ) -> None:
        report.events += batch.rows
        names = [batch.kind]
        if "EventID" in batch.route:
            names.append(f"{batch.kind}:{batch.route['EventID']}")
        for name in names:
            result.kinds[name] = result.kinds.get(name, 0) + batch.rows
        if self._options.match:
            matches = self._within(batch, list(self._engine.run(batch)))
            if matches:
                watcher.add(batch, matches)
                rules = self.library.rules
                collector.add(batch, [match for match in matches if rules[match.rule].emit])
        if sink is not None:
            self._tables(batch, report, sink)

    def _within(self, batch: Batch, matches: list[Match]) -> list[Match]:
        """Drop rows outside `since` and `until`; rows without a time stay."""
        since, until = self._options.since, self._options.until
        if not matches or (since is None and until is None):
            return matches
        times = batch.times()
        inside = (times == NO_TIME) | (
            (times >= (since if since is not None else NO_TIME))
            & (times <= (until if until is not None else 2**63 - 1))
        )
        kept = (Match(m.rule, [r for r in m.rows if inside[r]], m.predicates) for m in matches)
        return [match for match in kept if match.rows]

    def _tables(self, batch: Batch, report: InputReport, sink: TableSink) -> None:
        times = batch.times()
        known = times[times != NO_TIME]
        if len(known):
            first, last = int(known.min()), int(known.max())
            report.first = first if report.first is None else min(report.first, first)
            report.last = last if report.last is None else max(report.last, last)
        for table, rows in table_rows(batch):
            sink.add(table, rows)


def load_library(options: ScanOptions) -> Library:
    """Compile or load the rules a scan asks for."""
    cache = Path(options.cache) / "rules" if options.cache else None
    return load(options.sets if options.match else (), options.expand, cache)


def _yara(options: ScanOptions) -> YaraRules | None:
    if not (options.yara and options.match):
        return None
    from trailhound.rules.yara import YaraRules  # noqa: PLC0415 - 0.1 s, seldom needed

    return YaraRules.compile([Path(name) for name in options.yara])


def _zone(name: str, zones: Sequence[tuple[str, str]]) -> str:
    return next((zone for glob, zone in zones if fnmatchcase(name, glob)), "")


def _attach(inputs: list[InputReport], known: int, name: str, log: OddityLog) -> None:
    """Add what unpacking met to the report of its source, or make one for what gave no source."""
    mine = next((report for report in inputs[known:] if report.source == name), None)
    if mine is None:
        mine = InputReport(name, "", 0, status="refused" if log.lost else "skipped")
        inputs.append(mine)
    _fill(mine, log)


def _fill(report: InputReport, log: OddityLog) -> None:
    for kind, count in log.counts.items():
        report.oddity_counts[kind] = report.oddity_counts.get(kind, 0) + count
    report.oddities = [*report.oddities, *log.kept]
    report.incomplete = report.incomplete or log.lost


def merged_inputs(inputs: Sequence[InputReport]) -> Iterator[InputReport]:
    """Join the reports of the spans of one source, in order of names."""
    by_name: dict[str, InputReport] = {}
    for one in inputs:
        known = by_name.get(one.source)
        if known is None:
            by_name[one.source] = one
            continue
        known.events += one.events
        known.bytes = max(known.bytes, one.bytes)
        known.incomplete = known.incomplete or one.incomplete
        known.first = min(filter(None, (known.first, one.first)), default=None)
        known.last = max(filter(None, (known.last, one.last)), default=None)
        for kind, count in one.oddity_counts.items():
            known.oddity_counts[kind] = known.oddity_counts.get(kind, 0) + count
        known.oddities = sorted([*known.oddities, *one.oddities], key=lambda o: (o.offset, o.kind))
    return iter(sorted(by_name.values(), key=lambda report: report.source))
