"""Examples of rules: events that must match and near misses that must not.

An example file is YAML:

    rule: <id>              # or a list `examples:` of such entries
    kind: aws.cloudtrail    # optional: where the rule's log source looks and the record fits
    match:
      - {Channel: Security, EventID: 4625}            # a native record
      - events: [{time: '2026-01-05T10:00:00Z', kind: zeek.conn}, ...]    # for correlations
    near_miss: [...]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.batch import NO_TIME
from trailhound.model.errors import RuleError, Where
from trailhound.rules.failure import Failure
from trailhound.rules.records import Native, batches, kind_of
from trailhound.rules.regression import INFO, samples, try_samples
from trailhound.rules.sigma.correlation import Watcher, evaluate, needed_fields
from trailhound.rules.sigma.document import documents, line_of
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.logsource import bindings
from trailhound.text.timestamp import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from trailhound.rules.library import Library
    from trailhound.rules.sigma.correlation import Occurrence
    from trailhound.rules.sigma.logsource import Binding
    from trailhound.rules.sigma.rule import Correlation

SUFFIXES = (".yml", ".yaml")
BESIDE = (".test.yml", ".test.yaml")
"""Examples beside a rule: `NAME.test.yml` for `NAME.yml`."""


class Case(msgspec.Struct, frozen=True):
    """One thing to try: its events (several for correlations), and whether the rule must match."""

    rule: str
    must: bool
    events: tuple[dict[str, Any], ...]
    kind: str
    number: int
    where: Where


def example_files(root: Path) -> list[Path]:
    """Give the example files at a path: the file itself, or all YAML files below a folder."""
    if root.is_dir():
        return sorted(p for p in root.rglob("*") if p.suffix in SUFFIXES and not p.is_symlink())
    return [root]


def beside(rules: Iterable[Path]) -> list[Path]:
    """Give the example files that lie beside rules: in folders, and next to single files."""
    found: list[Path] = []
    for path in rules:
        if path.is_dir():
            found += [p for p in example_files(path) if p.name.endswith(BESIDE)]
        else:
            found += [p for ending in BESIDE if (p := path.with_name(path.stem + ending)).is_file()]
    return found


def try_all(
    library: Library, beside_of: Sequence[Path], roots: Sequence[Path], cache: Path | None = None
) -> tuple[int, list[Failure]]:
    """Try the examples beside rules and below `roots`; gives how many, and what failed."""
    paths = [*beside(beside_of), *(path for root in roots for path in example_files(root))]
    cases = [case for path in paths if path.name != INFO for case in load_cases(path)]
    found = [sample for root in (*beside_of, *roots) if root.is_dir() for sample in samples(root)]
    failures = Examiner(library, cache).examine(cases) if cases else []
    return len(cases) + len(found), [*failures, *try_samples(library, found, cache)]


def load_cases(path: Path, name: str = "") -> list[Case]:
    """Read one example file; RuleError says where and what is wrong."""
    text = path.read_bytes()
    source = name or str(path)
    cases: list[Case] = []
    for document, line in documents(text, source):
        entries = document.get("examples", [document])
        if not isinstance(entries, list):
            raise RuleError("`examples` must be a list", where=Where(source, line))
        for entry in entries:
            cases += _cases(entry, text, source, line)
    return cases


def _cases(entry: Any, text: bytes, source: str, line: int) -> Iterator[Case]:
    rule = entry.get("rule") if isinstance(entry, dict) else None
    if not isinstance(rule, str):
        todo = "write `rule: <id>`, `match:` and `near_miss:`"
        raise RuleError("an example names no rule", where=Where(source, line), todo=todo)
    where = Where(source, _line_with(text, rule, line))
    unknown = set(entry) - {"rule", "kind", "match", "near_miss"}
    if unknown:
        raise RuleError(f"unknown key {min(map(str, unknown))!r} in an example", where=where)
    kind = entry.get("kind")
    for key, must in (("match", True), ("near_miss", False)):
        found = entry.get(key) or []
        if not (isinstance(found, list) and all(isinstance(one, dict) for one in found)):
            raise RuleError(f"{key!r} must be a list of records", where=where)
        for number, record in enumerate(found, 1):
            events = _events(record, where)
            yield Case(rule, must, events, kind if isinstance(kind, str) else "", number, where)


def _events(record: dict[str, Any], where: Where) -> tuple[dict[str, Any], ...]:
    events = record["events"] if set(record) == {"events"} else [record]
    if not (isinstance(events, list) and events and all(isinstance(e, dict) for e in events)):
        raise RuleError("`events` must be a list of records", where=where)
    return tuple(events)


def _line_with(text: bytes, rule: str, line: int) -> int:
    place = text.find(rule.encode())
    return text.count(b"\n", 0, place) + 1 if place >= 0 else line_of(text, "rule", line)


class Examiner:
    """Tries examples against rules; one engine for all of them."""

    def __init__(self, library: Library, cache: Path | None = None) -> None:
        self._library = library
        self._engine = SigmaEngine(library.rules, cache)
        self._rules = {r.info.id: n for n, r in enumerate(library.rules)}
        self._correlations = {c.info.id: n for n, c in enumerate(library.correlations)}
        self._fields = needed_fields(library.rules, library.correlations)
        self._places: dict[str, tuple[Binding, ...]] = {}

    def examine(self, cases: Sequence[Case]) -> list[Failure]:
        """Give what failed, in the order of the cases."""
        single = [case for case in cases if case.rule in self._rules and len(case.events) == 1]
        verdicts = dict(zip(map(id, single), self._matched(single), strict=True))
        return [
            failure
            for case in cases
            if (failure := self._failure(case, verdict=verdicts.get(id(case)))) is not None
        ]

    def _failure(self, case: Case, *, verdict: bool | None) -> Failure | None:
        title = case.rule
        if case.rule in self._rules:
            title = self._library.rules[self._rules[case.rule]].info.title
            if verdict is None:
                verdict = any(self._matched([_alone(case, event) for event in case.events]))
        elif case.rule in self._correlations:
            title = self._library.correlations[self._correlations[case.rule]].info.title
            untimed = [
                n for n, e in enumerate(case.events, 1) if parse_time(e.get("time")) == NO_TIME
            ]
            if untimed:
                return Failure(
                    case.where, title, f"{_called(case)}: event {untimed[0]} has no `time`"
                )
            verdict = self._fired(case)
        else:
            return Failure(case.where, title, "no usable rule has this id")
        if verdict == case.must:
            return None
        said = "does not match but must" if case.must else "matches but must not"
        return Failure(case.where, title, f"{_called(case)} {said}")

    def _matched(self, cases: Sequence[Case]) -> list[bool]:
        """Tell for each case of one event whether its rule matches it."""
        records = [self._native(case.events[0], case) for case in cases]
        hits: set[tuple[int, int]] = set()
        for batch, positions in batches(records):
            for match in self._engine.run(batch):
                hits.update((match.rule, positions[row]) for row in match.rows)
        return [(self._rules[case.rule], place) in hits for place, case in enumerate(cases)]

    def _fired(self, case: Case) -> bool:
        watcher = Watcher(self._library.rules, self._fields)
        for batch, _ in batches([self._native(event, case) for event in case.events]):
            watcher.add(batch, list(self._engine.run(batch)))
        found: dict[int, list[Occurrence]] = watcher.found
        fired = evaluate(self._library.rules, self._library.correlations, found)
        return bool(fired[self._correlations[case.rule]])

    def _native(self, event: dict[str, Any], case: Case) -> Native:
        kind = _own_kind(event) or case.kind or kind_of(event, self._looks_at(case.rule))
        return Native(kind, event, parse_time(event.get("time")))

    def _looks_at(self, rule: str) -> tuple[Binding, ...]:
        if rule not in self._places:
            sources = dict.fromkeys(self._sources(rule))
            self._places[rule] = tuple(b for source in sources for b in bindings(source))
        return self._places[rule]

    def _sources(self, rule: str) -> Iterator[Any]:
        """Give the log sources of a rule, or of all rules below a correlation."""
        pending, seen = [rule], {rule}
        names = {name: r for r in self._library.rules for name in (r.info.id, r.name) if name}
        above: dict[str, Correlation] = {
            name: c for c in self._library.correlations for name in (c.info.id, c.name) if name
        }
        while pending:
            one = pending.pop()
            if one in names:
                yield names[one].logsource
            elif one in above:
                pending += [name for name in above[one].rules if name not in seen]
                seen.update(above[one].rules)


def _own_kind(event: dict[str, Any]) -> str:
    """Read the kind that an event of a correlation over several kinds of logs gives itself."""
    kind = event.get("kind") if "time" in event else None
    return kind if isinstance(kind, str) else ""


def _alone(case: Case, event: dict[str, Any]) -> Case:
    return msgspec.structs.replace(case, events=(event,))


def _called(case: Case) -> str:
    return f"{'match' if case.must else 'near_miss'} {case.number}"
