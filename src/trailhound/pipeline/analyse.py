"""What a worker does with a task: find sources, read them, match rules, build tables."""

from __future__ import annotations

import gc
import os
import traceback
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import msgspec
import numpy as np

from trailhound.model.batch import NO_TIME
from trailhound.model.finding import Finding
from trailhound.model.limits import Budget
from trailhound.model.oddity import OddityLog
from trailhound.model.result import InputReport
from trailhound.pipeline.clock import now
from trailhound.pipeline.waiting import Waiting
from trailhound.readers import choose, install
from trailhound.readers.mapping import table_rows
from trailhound.readers.user_mapping import parse_user_mapping
from trailhound.rules.library import load
from trailhound.rules.sigma.collect import Collected, Collector
from trailhound.rules.sigma.correlation import Occurrence, Watcher, needed_fields
from trailhound.rules.sigma.engine import Match, SigmaEngine
from trailhound.unpack.walk import STANDARD_INPUT, File, expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from trailhound.model.batch import Batch
    from trailhound.model.oddity import Oddity
    from trailhound.model.source import Source
    from trailhound.pipeline.options import ScanOptions
    from trailhound.pipeline.tasks import Part, Task
    from trailhound.readers.reader import Reader
    from trailhound.rules.library import Library
    from trailhound.rules.yara import YaraRules


LATEST = 2**63 - 1
INTERNAL = "internal.error"
"""The oddity of a bug."""


class TableSink(Protocol):
    """Where rows of tables go."""

    def add(self, table: str, rows: pa.RecordBatch) -> None:
        """Take the rows of one batch."""
        ...


class Analysis(msgspec.Struct):
    """What tasks gave. `kinds` are the log kinds met, with their rows; `number` orders analyses."""

    number: int
    inputs: list[InputReport]
    collected: Collected
    occurrences: dict[int, list[Occurrence]]
    findings: list[Finding]
    kinds: dict[str, int]
    incomplete_correlations: bool = False
    tables_lost: str = ""


class Analyser:
    """Keeps what tasks share: compiled rules, plans, value caches."""

    def __init__(self, options: ScanOptions, library: Library | None = None) -> None:
        self.options = options
        install([parse_user_mapping(Path(p).read_text("utf-8"), p) for p in options.mappings])
        cache = Path(options.cache) if options.cache else None
        self.library = library or load_library(options)
        self.engine = SigmaEngine(self.library.rules, cache and cache / "patterns")
        self.watched = needed_fields(self.library.rules, self.library.correlations)
        self.yara = _yara(options)

    def run(self, task: Task, sink: TableSink | None) -> Analysis:
        """Do one task and give all it gave."""
        with Run(self, sink, task.number) as run:
            run.add(task)
        return run.analysis


class Run:
    """Tasks in the doing; `analysis` is complete when the context ends, also by an interrupt.

    Small batches wait for others over all its tasks. Garbage is not collected meanwhile: batches
    hold no cycles, and walking them costs a tenth.
    """

    def __init__(self, analyser: Analyser, sink: TableSink | None, number: int) -> None:
        self._analyser, self._options = analyser, analyser.options
        self._sink = sink
        rules = analyser.library.rules
        self._emit = [rule.emit for rule in rules]
        self._collector = Collector(rules)
        self._watcher = Watcher(rules, analyser.watched)
        self.analysis = Analysis(number, [], Collected(), {}, [], {})
        self._budgets: list[tuple[InputReport, Budget]] = []
        self._waiting = Waiting()
        self._events = 0

    def __enter__(self) -> Self:
        gc.disable()
        return self

    def __exit__(self, *_error: object) -> None:
        try:
            self._finish()
        finally:
            gc.freeze()  # what was found is kept: the first collection need not walk it
            gc.enable()

    def add(self, task: Task) -> tuple[int, int]:
        """Do one task; gives the events read so far and the findings in the making."""
        known = len(self.analysis.inputs)
        for part in task.parts:
            self._part(part)
        self._events += sum(one.events for one in self.analysis.inputs[known:])
        return self._events, self._collector.size

    def _finish(self) -> None:
        for batch, reports in self._waiting.flush():
            self._judge(batch, reports)
        for report, budget in self._budgets:
            fill(report, budget.oddities)
        self.analysis.collected = self._collector.collected()
        self.analysis.occurrences = self._watcher.found
        self.analysis.incomplete_correlations = self._watcher.incomplete

    def _part(self, part: Part) -> None:
        reported: dict[str, OddityLog] = {}

        def report(name: str, oddity: Oddity) -> None:
            reported.setdefault(name, OddityLog()).add(oddity)

        known = len(self.analysis.inputs)
        file = File(part.name, Path(os.fsdecode(part.path)))
        for source in expand(file, self._options.limits, report):
            self._source(self._prepared(source, part))
        for name, log in reported.items():
            _attach(self.analysis.inputs, known, name, log)

    def _prepared(self, source: Source, part: Part) -> Source:
        """Tell a source its zone and span; what stands in a pipe is written now."""
        zone = _zone(source.name, self._options.zones)
        if zone or part.span is not None:
            source = replace(source, span=part.span, zone=zone)
        if part.path == bytes(STANDARD_INPUT):
            source = replace(source, modified=now() / 1_000_000)
        return source

    def _source(self, source: Source) -> None:
        budget = Budget(self._options.limits)
        reader = choose(source)
        report = InputReport(source.name, reader.name if reader else "", 0)
        self.analysis.inputs.append(report)
        self._budgets.append((report, budget))
        if reader is None:
            report.status = "unknown"
            self._match_files(source, budget)
        else:
            self._read(reader, source, report, budget)
        report.bytes = source.size or budget.parsed_bytes

    def _read(self, reader: Reader, source: Source, report: InputReport, budget: Budget) -> None:
        """Read one source. A bug met costs this source, is said, and ends with exit code 4."""
        try:
            for batch in reader.read(source, budget):
                self._count(batch, report)
                for ready, reports in self._waiting.add(batch, report):
                    self._judge(ready, reports)
        except Exception as error:  # noqa: BLE001 - other evidence must not be lost for it
            budget.lose(INTERNAL, -1, 0, _bug(error))

    def _judge(self, batch: Batch, reports: Sequence[InputReport]) -> None:
        """Judge one batch. A bug met costs the batch and is said of each of its sources."""
        try:
            self._batch(batch, reports)
        except Exception as error:  # noqa: BLE001 - other evidence must not be lost for it
            for report, budget in self._budgets:
                if any(report is one for one in reports):
                    budget.lose(INTERNAL, -1, 0, _bug(error))

    def _match_files(self, source: Source, budget: Budget) -> None:
        """YARA looks at what is no log: a log only mentions what an attacker's file contains."""
        if self._analyser.yara is not None:
            from trailhound.rules.yara import scan_source

            self.analysis.findings += scan_source(
                source, self._analyser.yara, self._options.limits, budget
            )

    def _count(self, batch: Batch, report: InputReport) -> None:
        report.events += batch.rows
        names = [batch.kind]
        if "EventID" in batch.route:
            names.append(f"{batch.kind}:{batch.route['EventID']}")
        kinds = self.analysis.kinds
        for name in names:
            kinds[name] = kinds.get(name, 0) + batch.rows

    def _batch(self, batch: Batch, reports: Sequence[InputReport]) -> None:
        if self._options.match:
            matches = self._within(batch, list(self._analyser.engine.run(batch)))
            if matches:
                self._keep(batch, matches)
        if self._sink is not None:
            _note_times(batch, reports)
            for table, rows in table_rows(batch):
                self._sink.add(table, rows)

    def _keep(self, batch: Batch, matches: list[Match]) -> None:
        """Look closely at the rows that matched, and at no others."""
        rows = sorted({row for match in matches for row in match.rows})
        place = {row: new for new, row in enumerate(rows)}
        moved = [Match(m.rule, [place[row] for row in m.rows], m.whys) for m in matches]
        taken = batch.take(rows)
        self._watcher.add(taken, moved)
        emit = self._emit
        self._collector.add(taken, [match for match in moved if emit[match.rule]])

    def _within(self, batch: Batch, matches: list[Match]) -> list[Match]:
        """Drop rows outside `since` and `until`; rows without a time stay."""
        since, until = self._options.since, self._options.until
        if not matches or (since is None and until is None):
            return matches
        times = batch.times()
        inside = (times == NO_TIME) | (
            (times >= (since if since is not None else NO_TIME))
            & (times <= (until if until is not None else LATEST))
        )
        kept = (_only(match, inside.tolist()) for match in matches)
        return [match for match in kept if match.rows]


def _only(match: Match, inside: Sequence[bool]) -> Match:
    pairs = [(r, w) for r, w in zip(match.rows, match.whys, strict=True) if inside[r]]
    return Match(match.rule, [row for row, _ in pairs], [why for _, why in pairs])


def _bug(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"internal error, please report: {type(error).__name__}: {error} ({where})"


def _note_times(batch: Batch, reports: Sequence[InputReport]) -> None:
    """Widen the time range of each source the rows come from."""
    times = batch.times()
    if not len(times):
        return
    starts = np.asarray(batch.starts, dtype=np.int64)
    latest = np.maximum.reduceat(times, starts).tolist()
    times = np.where(times == NO_TIME, LATEST, times)
    earliest = np.minimum.reduceat(times, starts).tolist()
    for report, first, last in zip(reports, earliest, latest, strict=True):
        if last != NO_TIME:
            report.first = first if report.first is None else min(report.first, first)
            report.last = last if report.last is None else max(report.last, last)


def load_library(options: ScanOptions) -> Library:
    """Compile or load the rules a scan asks for."""
    cache = Path(options.cache) / "rules" if options.cache else None
    return load(options.sets if options.match else (), options.expand, cache)


def _yara(options: ScanOptions) -> YaraRules | None:
    if not (options.yara and options.match):
        return None
    from trailhound.rules.yara import YaraRules

    return YaraRules.compile([Path(name) for name in options.yara])


def _zone(name: str, zones: Sequence[tuple[str, str]]) -> str:
    return next((zone for glob, zone in zones if fnmatchcase(name, glob)), "")


def _attach(inputs: list[InputReport], known: int, name: str, log: OddityLog) -> None:
    """Add what unpacking met to the report of its source, or make one for what gave no source."""
    mine = next((report for report in inputs[known:] if report.source == name), None)
    if mine is None:
        mine = InputReport(name, "", 0, status="refused" if log.lost else "skipped")
        inputs.append(mine)
    fill(mine, log)


def fill(report: InputReport, log: OddityLog) -> None:
    """Add oddities to a report."""
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
