"""Sample logs that others ship with their rules: SigmaHQ's `regression_data` layout.

A folder with `info.yml` names the rules (`rule_metadata`) and the sample files
(`regression_tests_info`: path, how many records match); the samples lie beside it.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.errors import RuleError, Where
from trailhound.model.limits import Budget, Limits
from trailhound.readers import choose
from trailhound.rules.failure import Failure
from trailhound.rules.sigma.document import documents
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.unpack.walk import discover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.rules.library import Library

INFO = "info.yml"


class Sample(msgspec.Struct, frozen=True):
    """One sample file and the rule that must match in it; `count` records, 0 for at least one."""

    rule: str
    path: Path
    count: int
    where: Where


def samples(root: Path) -> Iterator[Sample]:
    """Give the samples below a folder; RuleError for a description that cannot be read."""
    for info in sorted(root.rglob(INFO)):
        for document, line in documents(info.read_bytes(), str(info)):
            yield from _of_info(document, info, Where(str(info), line))


def _of_info(document: dict[str, Any], info: Path, where: Where) -> Iterator[Sample]:
    rules, tests = document.get("rule_metadata"), document.get("regression_tests_info")
    if not (isinstance(rules, list) and isinstance(tests, list)):
        raise RuleError("no `rule_metadata` or no `regression_tests_info`", where=where)
    ids = [str(rule["id"]) for rule in rules if isinstance(rule, dict) and "id" in rule]
    for test in tests:
        if isinstance(test, dict) and isinstance(test.get("path"), str):
            count = test.get("match_count")
            path = info.parent / PurePosixPath(test["path"]).name
            yield from (
                Sample(one, path, count if isinstance(count, int) else 0, where) for one in ids
            )


def try_samples(
    library: Library, found: Sequence[Sample], cache: Path | None = None
) -> Iterator[Failure]:
    """Read each sample once and give what its rules fail to do."""
    engine = SigmaEngine(library.rules, cache)
    titles = {rule.info.id: rule.info.title for rule in library.rules}
    hits: dict[Path, dict[str, int]] = {}
    for sample in found:
        if sample.rule not in titles:
            yield Failure(sample.where, sample.rule, "no usable rule has this id")
            continue
        if sample.path not in hits:
            hits[sample.path] = matches(engine, sample.path)
        count = hits[sample.path].get(sample.rule, 0)
        if count == 0 or (sample.count and count != sample.count):
            why = (
                f"matches {count} records of {sample.path.name}, expected {sample.count or 'some'}"
            )
            yield Failure(sample.where, titles[sample.rule], why)


def matches(engine: SigmaEngine, path: Path) -> dict[str, int]:
    """Count matching records per rule id below a path; a path that is not there has none."""
    counts: dict[str, int] = {}
    limits = Limits()
    for source in discover([path], limits, lambda *_: None) if path.exists() else ():
        reader = choose(source)
        for batch in reader.read(source, Budget(limits)) if reader else ():
            for match in engine.run(batch):
                name = engine.rules[match.rule].info.id
                counts[name] = counts.get(name, 0) + len(match.rows)
    return counts
