from __future__ import annotations

import random

import msgspec
import pytest

from tests.unit.rules.sigma.small_rules import rule, sysmon
from trailhound.model.batch import NO_TIME
from trailhound.model.entity import Entity, EntityType
from trailhound.rules.records import RecordBatch, batches
from trailhound.rules.sigma import collect
from trailhound.rules.sigma.collect import (
    Collected,
    Collector,
    earliest,
    findings,
    key_of,
    merge,
    ordered_entities,
)
from trailhound.rules.sigma.engine import SigmaEngine

RULES = [rule("s: {Image|contains: a}", "1"), rule("s: {CommandLine|contains: b}", "2")]
HOST, USER = Entity(EntityType.HOST, "h"), Entity(EntityType.USER, "u")


def records(count: int) -> list[dict]:
    return [
        {
            "time": f"2026-01-0{1 + n % 3}T10:{n % 60:02}:00Z",
            "Computer": f"pc{n % 4}",
            "User": f"D\\user{n % 3}",
            "Image": "a" if n % 2 else "x",
            "CommandLine": "b" if n % 5 else "y",
            "n": n,
        }
        for n in range(count)
    ]


def collected(some: list[dict]) -> Collected:
    collector = Collector(RULES)
    engine = SigmaEngine(RULES)
    for batch, _ in batches([sysmon(record) for record in some]):
        collector.add(batch, list(engine.run(batch)))
    return collector.collected()


def as_data(parts: list[Collected]) -> bytes:
    return msgspec.json.encode(findings(RULES, merge(parts)))


def counts(parts: list[Collected]) -> list[int]:
    return sorted(finding.evidence.count for finding in findings(RULES, merge(parts)))


def test_one_finding_per_rule_host_user_and_day():
    made = findings(RULES, merge([collected(records(12))]))
    keys = {(f.detector.id, f.entities[:2], (f.time or 0) // collect.DAY) for f in made}
    assert len(keys) == len(made) == len({f.id for f in made})
    assert sum(f.evidence.count for f in made) == 6 + 9


@pytest.mark.parametrize("seed", range(4))
def test_merging_does_not_depend_on_how_work_was_divided(seed):
    chance = random.Random(seed)
    some = records(60)
    whole = counts([collected(some)])
    cuts = sorted(chance.sample(range(1, 60), 3))
    pieces = [some[a:b] for a, b in zip([0, *cuts], [*cuts, 60], strict=True)]
    parts = [collected(piece) for piece in pieces]
    assert counts(parts) == whole
    ids = [finding.id for finding in findings(RULES, merge(parts))]
    assert ids == [finding.id for finding in findings(RULES, merge([collected(some)]))]


def test_merging_is_associative_and_ignores_order():
    parts = [collected(records(60)[n::3]) for n in range(3)]
    expected = as_data(parts)
    assert as_data(parts[::-1]) == expected
    travelled = [
        msgspec.msgpack.decode(msgspec.msgpack.encode(part), type=Collected) for part in parts
    ]
    assert as_data(travelled) == expected


def test_times_of_records_without_one():
    assert earliest(5, NO_TIME) == earliest(NO_TIME, 5) == 5
    assert earliest(5, 3) == 3
    (found,) = findings(RULES, merge([collected([{"Image": "a", "Computer": "pc"}] * 3)]))
    assert (found.time, found.evidence.first, found.evidence.count) == (None, None, 3)


def everywhere(count: int) -> list[dict]:
    return [
        {"Image": "a", "Computer": f"pc{n}", "time": f"2026-01-01T00:00:{n:02}Z"}
        for n in range(count)
    ]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_a_rule_that_hits_everywhere_stays_small(monkeypatch, workers):
    monkeypatch.setattr(collect, "MAX_KEYS", 5)
    parts = [collected(everywhere(50)[n::workers]) for n in range(workers)]
    made = findings(RULES, merge(parts))
    assert [len(f.entities) and f.entities[0].value for f in made[:5]] == [
        f"pc{n}" for n in range(5)
    ]
    assert len(made) == 6
    assert sum(finding.evidence.count for finding in made) == 50


def test_a_worker_stays_small_too(monkeypatch):
    monkeypatch.setattr(collect, "MAX_GROWING", 5)
    made = findings(RULES, merge([collected(everywhere(50))]))
    assert len(made) == 6
    assert sum(finding.evidence.count for finding in made) == 50


@pytest.mark.parametrize(
    ("entities", "key"),
    [
        ([USER, HOST], [HOST, USER]),
        ([HOST, Entity(EntityType.USER, "system")], [HOST]),
        ([HOST, Entity(EntityType.USER, "pc1$"), USER], [HOST, USER]),
        ([Entity(EntityType.USER, "S-1-5-18".lower())], [Entity(EntityType.USER, "s-1-5-18")]),
        (
            [Entity(EntityType.IP, "1.2.3.4"), Entity(EntityType.FILE, "x")],
            [Entity(EntityType.IP, "1.2.3.4")],
        ),
        ([Entity(EntityType.FILE, "x")], [Entity(EntityType.FILE, "x")]),
        ([], []),
    ],
)
def test_key_of(entities, key):
    assert list(key_of(entities)) == key


def test_entities_are_ordered_by_key_then_count():
    others = {Entity(EntityType.IP, str(n)): n for n in range(60)}
    found = ordered_entities((HOST,), others | {HOST: 1})
    assert found[0] == HOST
    assert found[1].value == "59"
    assert len(found) == collect.MAX_ENTITIES


def test_a_finding_says_which_rule_and_why():
    found = findings(RULES, merge([collected(records(2)[1:])]), tenant="acme")
    one = next(f for f in found if f.detector.id == "1")
    assert one.rule
    assert (one.title, one.rule.licence, one.tenant) == ("1", "L", "acme")
    assert [reason.text for reason in one.because] == ["Image contains 'a'"]
    assert one.evidence.pointers[0].fields["Image"] == "a"


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_an_event_met_twice_counts_once(monkeypatch, workers):
    def uids(self: RecordBatch, rows: list[int]) -> list[str]:
        return [str(self.record(row)["n"]) for row in rows]

    monkeypatch.setattr(RecordBatch, "uids", uids)
    some = records(12)
    once = counts([collected(some)])
    twice = some + some[::2]
    parts = [collected(twice[n::workers]) for n in range(workers)]
    assert counts(parts) == once
    named = [p.event_uid for f in findings(RULES, merge(parts)) for p in f.evidence.pointers]
    assert len(named) == sum(once)
