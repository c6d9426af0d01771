"""What rules cost: start-up, and growth with their number."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.evidence import RULES, mutated_json
from bench.measure import Figure, command, scan
from trailhound.model.limits import Budget
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.readers.windows_json import READER
from trailhound.rules.library import RuleSet, load
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.rule import Op, Predicate

if TYPE_CHECKING:
    from trailhound.rules.sigma.rule import SigmaRule

EVIDENCE_BYTES = 150_000_000


def run() -> list[Figure]:
    """Measure first and second scan, 1,000 against 3,000 rules, and ten times the rules."""
    version = command(sys.executable, "-m", "trailhound", "--version")
    figures = [Figure("--version", f"{version.cpu:.2f} CPU s", "<= 0.3 s", "<= 0.15 s")]
    if not RULES.is_dir():
        return [*figures, Figure("rules", "skipped: no community feed", "", "")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "events.json"
        mutated_json(path, EVIDENCE_BYTES)
        return [*figures, *_startup(folder, path), *_growth(folder, path), _ten_times(path)]


def _startup(folder: Path, path: Path) -> list[Figure]:
    small = folder / "one.json"
    with path.open("rb") as stream:
        small.write_bytes(stream.readline())
    options = ["--rules", str(RULES), "--no-default-rules", "--only", "rules", "--jobs", "1"]
    first = scan(*options, str(path), cache=folder / "cache")
    events = scan(*options, str(path), cache=folder / "cache")
    second = scan(*options, str(small), cache=folder / "cache")
    return [
        Figure("first scan with 3,700 rules, beyond the events themselves",
               f"{first.cpu - events.cpu + second.cpu:.1f} CPU s", "<= 20 s", "<= 10 s"),
        Figure("second scan, one event", f"{second.cpu:.2f} CPU s", "<= 1.0 s", "<= 0.5 s"),
    ]  # fmt: skip


def _growth(folder: Path, path: Path) -> list[Figure]:
    costs = []
    files = sorted(RULES.rglob("*.yml"))
    for count in (1_000, 3_000):
        chosen = folder / f"rules-{count}"
        for place, file in enumerate(files[:: len(files) // count][:count]):
            target = chosen / f"{place:05d}.yml"
            target.parent.mkdir(exist_ok=True)
            shutil.copy(file, target)
        options = [
            "--rules",
            str(chosen),
            "--no-default-rules",
            "--only",
            "rules",
            "--jobs",
            "1",
            str(path),
        ]
        scan(*options)
        costs.append(min(scan(*options).cpu for _ in range(2)))
    return [
        Figure(
            "whole scan, 3,000 rules against 1,000",
            f"{costs[1] / costs[0]:.2f}x",
            "<= 1.25x",
            "<= 1.1x",
        )
    ]


def _ten_times(path: Path) -> Figure:
    """Match and evaluate with every rule ten times, literals changed so that no two are alike."""
    rules = load([RuleSet("feed", str(RULES))], {}, None).rules
    many = [_changed(rule, copy) for copy in range(10) for rule in rules]
    one, ten = _matching(rules, path), _matching(many, path)
    return Figure(
        "match and evaluate, ten times the rules", f"{ten / one:.2f}x", "<= 1.5x", "<= 1.2x"
    )


def _changed(rule: SigmaRule, copy: int) -> SigmaRule:
    if not copy:
        return rule
    predicates = tuple(_renamed(p, copy) for p in rule.predicates)
    return msgspec.structs.replace(rule, predicates=predicates)


def _renamed(predicate: Predicate, copy: int) -> Predicate:
    """Change long literals; event ids and channels stay, or the rules would never look."""
    if predicate.op in (Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH) and len(predicate.value) > 3:
        text = predicate.value
        changed = f"{text[:-1]}{copy}{text[-1]}"
        return Predicate(predicate.field, predicate.op, changed, predicate.cased, predicate.flags)
    return predicate


def _matching(rules: list[SigmaRule], path: Path) -> float:
    """CPU seconds of matching alone: plans, patterns and decoded columns are there already."""
    engine = SigmaEngine(rules)
    head = path.open("rb").read(HEAD_BYTES)
    source = Source(path.name, lambda: path.open("rb"), head, path)
    batches = list(READER.read(source, Budget()))
    for batch in batches:
        list(engine.run(batch))
    for matcher in engine.scope("windows").matchers():
        matcher.clear()  # values are matched again, not remembered
    start = time.process_time()
    for batch in batches:
        list(engine.run(batch))
    return time.process_time() - start
