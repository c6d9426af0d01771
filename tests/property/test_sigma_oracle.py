"""The engine agrees with a naive evaluator over pySigma's parse tree, on events made from rules."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.property.sigma_events import Maker
from tests.property.sigma_oracle import every_tree, holds, trees
from trailhound.model.batch import NO_TIME
from trailhound.rules.library import RuleSet, builtin_set, rule_files
from trailhound.rules.records import Native, batches, route_of
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.logsource import bindings
from trailhound.rules.sigma.parse import parse_file
from trailhound.rules.sigma.rule import SigmaRule

if TYPE_CHECKING:
    from trailhound.rules.sigma.logsource import Binding

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS = 10
SAMPLE = 150


class Subject(msgspec.Struct):
    """One rule, compiled by us and parsed by pySigma."""

    rule: SigmaRule
    trees: list[Any]


def subjects(one: RuleSet, every: int = 1) -> list[Subject]:
    """Pair each rule of a set, or every n-th, with pySigma's reading of it."""
    found = []
    for name, text in list(rule_files(one))[::every]:
        made, _ = parse_file(text, name, {})
        parts = text.decode().split("\n---")
        rules = [r for r in made if isinstance(r, SigmaRule)]
        texts = [part for part in parts if "\ndetection:" in part]
        if len(rules) == len(texts):
            found += [Subject(rule, trees(part)) for rule, part in zip(rules, texts, strict=True)]
    return found


def placed(event: dict[str, Any], binding: Binding, chance: random.Random) -> Native:
    """Put an event of a rule's words where one of its bindings looks."""
    record = {binding.fields.get(name, name): value for name, value in event.items()}
    for name in binding.route:
        allowed = sorted(binding.route[name])
        if str(record.get(name)).lower() not in allowed:
            record[name] = chance.choice(allowed)
    for name in route_of(binding.kind, {}):
        value = record.get(name)
        record[name] = "" if value is None or isinstance(value, list) else str(value)
    return Native(binding.kind, record, NO_TIME)


def expected(subject: Subject, native: Native) -> bool:
    texts = list(map(str, flat(native.record)))

    def lookup(binding: Binding) -> Callable[[str], Any]:
        return lambda name: native.record.get(binding.fields.get(name, name))

    return any(
        holds(tree, lookup(binding), texts)
        for binding in bindings(subject.rule.logsource)
        if binding.kind == native.kind and binding.fits(native.route)
        for tree in subject.trees
    )


def flat(record: dict[str, Any]) -> list[Any]:
    values = [
        v for value in record.values() for v in (value if isinstance(value, list) else [value])
    ]
    return [
        ("true" if value else "false") if isinstance(value, bool) else value
        for value in values
        if value not in (None, "")
    ]


def events(subject: Subject, chance: random.Random, count: int) -> list[Native]:
    maker = Maker(chance)
    places = bindings(subject.rule.logsource)
    made = []
    for number in range(count if places else 0):
        event = maker.event(chance.choice(subject.trees))
        for _ in range(0 if number < 2 else chance.randrange(3)):
            event = maker.near(event)
        made.append(placed(event, chance.choice(places), chance))
    return made


def disagreements(found: list[Subject], count: int) -> tuple[list[str], int]:
    """Compare both on events of each rule; also gives how many events matched."""
    chance = random.Random(7)
    engine = SigmaEngine([subject.rule for subject in found])
    mine = [(n, native) for n, one in enumerate(found) for native in events(one, chance, count)]
    hits: set[tuple[int, int]] = set()
    for batch, positions in batches([native for _, native in mine]):
        hits |= {(m.rule, positions[row]) for m in engine.run(batch) for row in m.rows}
    asked = hits | {(n, place) for place, (n, _) in enumerate(mine)}
    wrong = [
        f"{found[n].rule.info.source}: engine {(n, place) in hits} on {mine[place][1]}"
        for n, place in sorted(asked)
        if expected(found[n], mine[place][1]) != ((n, place) in hits)
    ]
    return wrong, sum((n, place) in hits for place, (n, _) in enumerate(mine))


ODD = (
    "Image|cased: 'Cmd.exe'",
    "Image|cased|endswith: '\\Cmd.exe'",
    "CommandLine|cased|contains|all: ['A', 'b']",
    "CommandLine: ['a*c', 'd?f', '*', '?']",
    "CommandLine: 'star\\*real\\?'",
    "CommandLine: 'back\\\\*'",
    "CommandLine|contains: 'end\\'",
    "CommandLine|startswith: '*x'",
    "CommandLine|endswith: 'x*'",
    "CommandLine|contains: 'a*b'",
    "CommandLine|contains|all: ['a', 'b', 'c']",
    "CommandLine: [1, 'two', null]",
    "CommandLine: ''",
    "CommandLine: null",
    "CommandLine|all: ['*a*', '*b*']",
    "CommandLine|exists: true",
    "CommandLine|exists: false",
    "CommandLine: ['', 'a']",
    "CommandLine: [null, 'a']",
    "CommandLine|cased: ''",
    "CommandLine|contains: ''",
    "CommandLine: 'caf?'",
    "CommandLine|endswith: '??x'",
    "CommandLine|cased: '?\u00e9*?'",
    "CommandLine|re: '^caf.$'",
    "CommandLine|re: '^caf.{2}$'",
    "CommandLine|re|i: '^[^a]{4}$'",
    "CommandLine|re: '^.{2,3}\u00e9?z$'",
    "CommandLine|re: 'x.+.+y'",
    "CommandLine|windash: '-a -b -c'",
    "CommandLine|neq: 'x'",
    "CommandLine|re: '^a.c$'",
    "CommandLine|re|i: '^a.c$'",
    "CommandLine|re|s: 'a.c'",
    "CommandLine|re|m: '^b$'",
    "CommandLine|re|i|m|s: '^b.*c$'",
    "CommandLine|re: ['a+', 'b{2,3}']",
    "CommandLine|windash: '-a b -c'",
    "CommandLine|windash|contains: [' -enc', ' /nop']",
    "CommandLine|windash|contains|all: [' -enc', ' -nop']",
    "CommandLine|base64: 'foobar'",
    "CommandLine|base64|contains: 'foobar'",
    "CommandLine|base64offset|contains: ['foobar', 'quux']",
    "CommandLine|wide|base64offset|contains: 'http://'",
    "CommandLine|utf16be|base64offset|contains: 'http://'",
    "CommandLine|utf16|base64offset|contains: 'http://'",
    "SourceIp|cidr: '192.0.2.0/24'",
    "SourceIp|cidr: ['2001:db8::/32', '10.0.0.0/8']",
    "ProcessId|lt: 5",
    "ProcessId|lte: 5",
    "ProcessId|gt: 5.5",
    "ProcessId|gte: -1",
    "ProcessId: 5",
    "ProcessId: '5'",
    "ProcessId: true",
    "Image|fieldref: ParentImage",
    "Image|fieldref|endswith: ParentImage",
    "Image|fieldref|startswith: ParentImage",
    "UtcTime|hour: 10",
    "UtcTime|minute: 0",
    "UtcTime|day: 5",
    "UtcTime|week: 2",
    "UtcTime|month: 1",
    "UtcTime|year: 2026",
)
"""Every modifier, and combinations that nobody's rules use."""


def odd(item: str) -> Subject:
    text = (
        "title: t\nlogsource: {category: process_creation, product: windows}\n"
        f"detection:\n  s:\n    {item}\n  condition: s\n"
    )
    made, errors = parse_file(text.encode(), item, {})
    assert not errors, errors
    assert isinstance(made[0], SigmaRule)
    return Subject(made[0], trees(text))


@pytest.mark.parametrize("item", ODD)
def test_every_modifier(item):
    wrong, matched = disagreements([odd(item)], 60)
    assert not wrong
    assert matched


SHARED = (
    (
        "action: global\n{head}detection: {{condition: s and not f}}\n---\n"
        "detection: {{s: {{Image: a}}, f: {{User: b}}}}\n---\n"
        "detection: {{s: {{Image: c}}, f: {{User: d}}, condition: s}}\n"
    ),
    (
        "{head}detection:\n  s: {{Image: a, User: b}}\n  f: {{Image: x}}\n  condition: s\n---\n"
        "action: repeat\ndetection: {{s: {{Image: c}}}}\n---\n"
        "action: repeat\ndetection: {{condition: s or f}}\n"
    ),
    (
        "action: global\n{head}detection: {{s: {{Image: a}}, condition: s}}\n---\n"
        "detection: {{s: {{User: b}}}}\n---\naction: repeat\ndetection: {{s: {{Image: c}}}}\n"
    ),
    (
        "action: global\ndetection: {{s: {{Image: a}}}}\n---\naction: reset\n---\n"
        "{head}detection: {{s: {{User: b}}, condition: s}}\n"
    ),
    (
        "{head}detection:\n  s: &s {{Image: a}}\n  t: {{<<: *s, User: b}}\n  u: [*s, {{User: c}}]\n"
        "  condition: t or not u\n"
    ),
)
HEAD = "title: t\nlogsource: {category: process_creation, product: windows}\n"


@pytest.mark.parametrize("text", SHARED)
def test_documents_that_share_content(text):
    text = text.format(head=HEAD)
    made, errors = parse_file(text.encode(), "shared.yml", {})
    assert not errors
    theirs = every_tree(text)
    assert len(made) == len(theirs)
    pairs = zip(made, theirs, strict=True)
    found = [Subject(rule, one) for rule, one in pairs if isinstance(rule, SigmaRule)]
    wrong, matched = disagreements(found, 60)
    assert not wrong
    assert matched


def test_our_rules():
    wrong, matched = disagreements(subjects(builtin_set()), EVENTS)
    assert not wrong
    assert matched > 300, "events that never match test nothing"


@pytest.fixture(scope="module")
def feed() -> RuleSet:
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "rules" / "sigmahq"
    if not folder.is_dir():
        pytest.skip("no community rules: set TRAILHOUND_REAL_DATA to a folder that has them")
    return RuleSet("feed", str(folder))


@pytest.mark.real
def test_a_sample_of_the_feed(feed):
    count = sum(1 for _ in rule_files(feed))
    wrong, matched = disagreements(subjects(feed, max(1, count // SAMPLE)), EVENTS)
    assert not wrong
    assert matched > SAMPLE


@pytest.mark.slow
@pytest.mark.real
def test_the_whole_feed(feed):
    wrong, matched = disagreements(subjects(feed), EVENTS)
    assert not wrong
    assert matched > 10 * SAMPLE
