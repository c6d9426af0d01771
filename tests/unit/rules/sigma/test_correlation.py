from __future__ import annotations

import random
import time

import pytest

from tests.unit.rules.sigma.small_rules import compiled, rule, sysmon
from trailhound.model.entity import Entity, EntityType
from trailhound.rules.records import batches
from trailhound.rules.sigma.correlation import (
    Firing,
    Occurrence,
    Watcher,
    entities_of,
    evaluate,
    needed_fields,
    order,
    pointers_of,
)
from trailhound.rules.sigma.engine import SigmaEngine
from trailhound.rules.sigma.rule import Correlation

SECOND = 1_000_000
T0 = 1_767_607_200 * SECOND
RULES = [rule("s: {Image: a}", "a"), rule("s: {Image: b}", "b"), rule("s: {Image: c}", "c")]


def correlation(body: str, name: str = "x", rules: str = "[a]") -> Correlation:
    lines = "".join(f"  {line}\n" for line in body.splitlines())
    text = f"title: {name}\nid: id-{name}\nname: {name}\ncorrelation:\n  rules: {rules}\n{lines}"
    (made,) = compiled(text)
    assert isinstance(made, Correlation)
    return made


def at(seconds: float, offset: int = 0, **values: str) -> Occurrence:
    uid = f"u{offset} {seconds} {sorted(values.items())}"
    return Occurrence(T0 + round(seconds * SECOND), "src", offset, uid, values, values, ())


def fired(one: Correlation | list[Correlation], found: dict[str, list[Occurrence]]) -> list[Firing]:
    """Evaluate; gives the firings of the last correlation."""
    places = {"a": 0, "b": 1, "c": 2}
    correlations = one if isinstance(one, list) else [one]
    result = evaluate(RULES, correlations, {places[name]: o for name, o in found.items()})
    return result[len(correlations) - 1]


def spans(firings: list[Firing]) -> list[tuple[float, float, int]]:
    return [((f.first - T0) / SECOND, (f.last - T0) / SECOND, f.count) for f in firings]


COUNT = "type: event_count\ntimespan: 10s\ncondition: {gte: 3}"


def test_event_count():
    assert spans(fired(correlation(COUNT), {"a": [at(0), at(5), at(9)]})) == [(0, 9, 3)]
    assert fired(correlation(COUNT), {"a": [at(0), at(5)]}) == []


def test_the_window_ends_before_its_length():
    """Ten seconds apart is not within ten seconds."""
    assert fired(correlation(COUNT), {"a": [at(0), at(5), at(10)]}) == []
    assert len(fired(correlation(COUNT), {"a": [at(0), at(5), at(9.999999)]})) == 1


def test_overlapping_windows_are_one_firing():
    found = fired(correlation(COUNT), {"a": [at(n * 2) for n in range(20)]})
    assert spans(found) == [(0, 38, 20)]


def test_windows_apart_are_two_firings():
    times = [0, 1, 2, 100, 101, 102]
    assert spans(fired(correlation(COUNT), {"a": [at(n) for n in times]})) == [
        (0, 2, 3),
        (100, 102, 3),
    ]


def test_order_of_arrival_does_not_matter():
    records = [at(n * 3, n) for n in range(12)]
    expected = fired(correlation(COUNT), {"a": records})
    for seed in range(5):
        mixed = list(records)
        random.Random(seed).shuffle(mixed)
        assert fired(correlation(COUNT), {"a": mixed}) == expected


@pytest.mark.parametrize(
    ("bound", "holds"),
    [("gt: 3", 0), ("gt: 2", 1), ("gte: 3", 1), ("eq: 3", 1), ("lte: 0", 0), ("gte: 3, lt: 4", 1)],
)
def test_bounds(bound, holds):
    one = correlation(f"type: event_count\ntimespan: 10s\ncondition: {{{bound}}}")
    assert len(fired(one, {"a": [at(0), at(1), at(2)]})) == holds


@pytest.mark.parametrize("bound", ["lt: 3", "lte: 2", "neq: 3", "eq: 2"])
def test_few_can_only_be_told_of_a_whole_window(bound):
    one = correlation(f"type: event_count\ntimespan: 10s\ncondition: {{{bound}}}")
    assert fired(one, {"a": [at(0), at(1), at(9)]}) == []
    two_windows = [at(0), at(1), at(9), at(10), at(19)]
    assert spans(fired(one, {"a": two_windows})) == [(10, 19, 2)]


def test_an_event_counts_once_however_often_it_was_collected():
    again = [at(0), at(5), at(5), at(5)]
    assert fired(correlation(COUNT), {"a": again}) == []


def test_groups_are_apart_and_ignore_case():
    one = correlation(COUNT + "\ngroup-by: [User, Host]")
    records = [at(n, n, User=u, Host="h") for n, u in enumerate(["Anna", "ben", "ANNA", "anna"])]
    (found,) = fired(one, {"a": records})
    assert found.group == ("Anna", "h")
    assert found.count == 3


def test_a_record_without_the_group_belongs_to_none():
    one = correlation(COUNT + "\ngroup-by: [User]")
    assert fired(one, {"a": [at(n) for n in range(5)]}) == []


def test_several_rules_count_together():
    one = correlation(COUNT, rules="[a, b]")
    assert len(fired(one, {"a": [at(0), at(1)], "b": [at(2)]})) == 1


def test_aliases_join_fields_of_different_names():
    one = correlation(
        "type: temporal\ntimespan: 1m\ngroup-by: [ip]\naliases: {ip: {a: src, b: dst}}",
        rules="[a, b]",
    )
    (found,) = fired(one, {"a": [at(0, src="1.1.1.1")], "b": [at(5, dst="1.1.1.1")]})
    assert found.group == ("1.1.1.1",)
    assert fired(one, {"a": [at(0, src="1.1.1.1")], "b": [at(5, dst="2.2.2.2")]}) == []
    assert fired(one, {"a": [at(0, dst="1.1.1.1")], "b": [at(5, src="1.1.1.1")]}) == []


def test_value_count():
    one = correlation("type: value_count\ntimespan: 10s\ncondition: {field: User, gte: 2}")
    assert fired(one, {"a": [at(0, User="x"), at(1, User="X"), at(2)]}) == []
    (found,) = fired(one, {"a": [at(0, User="x"), at(1, User="y"), at(2, User="y")]})
    assert found.value == 2
    assert fired(one, {"a": [at(0, User="x"), at(11, User="y")]}) == []


def test_value_count_over_several_fields():
    one = correlation("type: value_count\ntimespan: 9s\ncondition: {field: [User, Ip], gte: 3}")
    pairs = [at(0, User="x", Ip="1"), at(1, User="x", Ip="2"), at(2, User="y", Ip="1")]
    (found,) = fired(one, {"a": pairs})
    assert found.value == 3
    same = at(2, User="X", Ip="1")
    half = [at(2, 1, User="z"), at(2, 2, Ip="9")]
    assert fired(one, {"a": [*pairs[:2], same, *half]}) == []
    swapped = [at(0, User="1", Ip="2"), at(1, User="2", Ip="1"), at(2, User="12", Ip="")]
    assert fired(one, {"a": swapped[:2]}) == []
    assert needed_fields(RULES, [one]) == {0: frozenset({"User", "Ip"})}


def test_a_value_of_several_that_leaves_the_window():
    one = correlation("type: value_count\ntimespan: 9s\ncondition: {field: [User, Ip], gte: 2}")
    assert fired(one, {"a": [at(0, User="x", Ip="1"), at(9, User="x", Ip="2")]}) == []
    assert fired(one, {"a": [at(0, User="x", Ip="1"), at(8, User="x", Ip="2")]})


@pytest.mark.parametrize(
    ("kind", "bound", "numbers", "value"),
    [
        ("value_sum", "gt: 100", [50, 51], 101),
        ("value_sum", "gt: 101", [50, 51], None),
        ("value_avg", "gte: 20", [10, 30], 20),
        ("value_avg", "gte: 20.5", [10, 30], None),
        ("value_percentile", "gte: 20", [10, 20, 90], 20),
        ("value_percentile", "gte: 90, percentile: 100", [10, 20, 90], 90),
        ("value_percentile", "lte: 10, percentile: 0", [10, 20, 90], 10),
        ("value_percentile", "gte: 55, percentile: 75", [10, 20, 90], 55),
    ],
)
def test_values(kind, bound, numbers, value):
    one = correlation(f"type: {kind}\ntimespan: 1m\ncondition: {{field: Size, {bound}}}")
    records = [at(n, n, Size=str(number)) for n, number in enumerate(numbers)]
    found = fired(one, {"a": [*records, at(5, 9, Size="many"), at(6, 10)]})
    assert [firing.value for firing in found][:1] == ([] if value is None else [value])


def test_old_numbers_leave_the_window():
    one = correlation("type: value_sum\ntimespan: 10s\ncondition: {field: Size, gt: 100}")
    assert fired(one, {"a": [at(0, Size="90"), at(20, Size="90")]}) == []


def test_temporal_asks_for_every_rule():
    one = correlation("type: temporal\ntimespan: 10s", rules="[a, b]")
    assert spans(fired(one, {"a": [at(5)], "b": [at(0)]})) == [(0, 5, 2)]
    assert fired(one, {"a": [at(0), at(1)]}) == []
    assert fired(one, {"a": [at(0)], "b": [at(10)]}) == []


def test_temporal_with_a_bound_asks_for_some_rules():
    one = correlation("type: temporal\ntimespan: 10s\ncondition: {gte: 2}", rules="[a, b, c]")
    assert len(fired(one, {"a": [at(0)], "c": [at(1)]})) == 1
    assert fired(one, {"a": [at(0), at(1)]}) == []


def test_temporal_with_a_condition():
    one = correlation("type: temporal\ntimespan: 10s\ncondition: a and (b or c)", rules="[a, b, c]")
    assert len(fired(one, {"a": [at(0)], "c": [at(1)]})) == 1
    assert fired(one, {"b": [at(0)], "c": [at(1)]}) == []


def test_temporal_ordered():
    one = correlation("type: temporal_ordered\ntimespan: 10s", rules="[a, b, c]")
    assert len(fired(one, {"a": [at(0)], "b": [at(1)], "c": [at(2)]})) == 1
    assert fired(one, {"a": [at(1)], "b": [at(0)], "c": [at(2)]}) == []
    assert fired(one, {"a": [at(0)], "b": [at(5)], "c": [at(10)]}) == []
    late = {"a": [at(0), at(8)], "b": [at(1), at(9)], "c": [at(12)]}
    assert len(fired(one, late)) == 1


def test_temporal_ordered_takes_one_record_for_one_step():
    one = correlation("type: temporal_ordered\ntimespan: 10s", rules="[a, a]")
    assert fired(one, {"a": [at(0)]}) == []
    assert len(fired(one, {"a": [at(0), at(1)]})) == 1


def test_a_correlation_of_correlations():
    inner = correlation(COUNT + "\ngroup-by: [User]", "many")
    outer = correlation(
        "type: temporal_ordered\ntimespan: 1m\ngroup-by: [User]", "then", "[many, b]"
    )
    guesses = [at(n, n, User="u") for n in range(3)]
    assert len(fired([inner, outer], {"a": guesses, "b": [at(9, 9, User="U")]})) == 1
    assert fired([inner, outer], {"a": guesses, "b": [at(9, 9, User="v")]}) == []
    assert fired([inner, outer], {"a": guesses[:2], "b": [at(9, 9, User="u")]}) == []


def test_order_puts_what_is_named_first():
    outer, inner = correlation(COUNT, "outer", "[inner]"), correlation(COUNT, "inner", "[a]")
    ordered, errors = order(RULES, [outer, inner])
    assert [one.name for one in ordered] == ["inner", "outer"]
    assert errors == []


def test_order_by_id_and_bad_references():
    good = correlation(COUNT, "good", "[a]")
    by_id, bad = correlation(COUNT, "by", "[id-good]"), correlation(COUNT, "bad", "[nobody]")
    ordered, errors = order(RULES, [by_id, bad, good])
    assert [one.name for one in ordered] == ["good", "by"]
    assert "'nobody'" in str(errors[0])


def test_needed_fields():
    one = correlation(
        "type: value_count\ntimespan: 1m\ngroup-by: [ip]\naliases: {ip: {a: src}}\n"
        "condition: {field: User, gte: 2}",
        rules="[a, b]",
    )
    assert needed_fields(RULES, [one]) == {0: {"src", "User"}, 1: {"ip", "User"}}
    assert needed_fields(RULES, []) == {}


def test_the_watcher_keeps_what_is_named_with_its_values():
    one = correlation(COUNT + "\ngroup-by: [User]")
    watcher = Watcher(RULES, needed_fields(RULES, [one]))
    engine = SigmaEngine(RULES)
    records = [
        {"time": "2026-01-05T10:00:00Z", "Image": "a", "User": "anna"},
        {"time": "2026-01-05T10:00:01Z", "Image": "b", "User": "anna"},
        {"Image": "a", "User": "no time"},
    ]
    for batch, _ in batches([sysmon(record) for record in records]):
        watcher.add(batch, list(engine.run(batch)))
    assert list(watcher.found) == [0]
    assert [(o.time, o.values["User"]) for o in watcher.found[0]] == [(T0, "anna")]
    assert watcher.incomplete, "a record without a time cannot be placed, and that is said"


def test_renamed_fields_reach_the_group():
    """The same rule on Security 4688, where the product calls its fields differently."""
    one = correlation(COUNT + "\ngroup-by: [Image]")
    watcher = Watcher(RULES, needed_fields(RULES, [one]))
    record = {"Channel": "Security", "EventID": 4688, "NewProcessName": "a"}
    native = sysmon({"time": "2026-01-05T10:00:00Z"} | record)
    for batch, _ in batches([native]):
        watcher.add(batch, list(SigmaEngine(RULES).run(batch)))
    assert watcher.found[0][0].values == {"Image": "a"}


def test_evidence_is_bounded_and_keeps_both_ends():
    found = fired(correlation(COUNT), {"a": [at(n, n) for n in range(500)]})
    assert found[0].count == 500
    pointers = pointers_of(found[0])
    assert len(pointers) == 100
    assert (pointers[0].offset, pointers[-1].offset) == (0, 499)


def test_entities_most_frequent_first():
    host, user = Entity(EntityType.HOST, "h"), Entity(EntityType.USER, "u")
    records = [
        Occurrence(T0, "s", n, "", {}, {}, e) for n, e in enumerate([(user,), (host,), (host,)])
    ]
    firing = Firing((), [("a", one) for one in records], 3, T0, T0, 3.0)
    assert entities_of(firing) == (host, user)


@pytest.mark.parametrize("junk", ["nan", "inf", "-inf", "1e400", "1e308", "-1e308", "NaN", ""])
@pytest.mark.parametrize("kind", ["value_sum", "value_avg", "value_percentile"])
def test_words_that_floats_understand_do_not_hide_a_number(kind, junk):
    one = correlation(f"type: {kind}\ntimespan: 10s\ncondition: {{field: Size, gte: 10}}")
    records = [at(0, 0, Size=junk), at(1, 1, Size=junk), at(2, 2, Size="10"), at(20, 3, Size=junk)]
    assert [firing.value for firing in fired(one, {"a": records})] == [10]


@pytest.mark.parametrize("bound", ["neq: 5", "lt: 5", "gte: 0"])
def test_no_number_fulfils_no_bound(bound):
    one = correlation(f"type: value_sum\ntimespan: 10s\ncondition: {{field: Size, {bound}}}")
    assert fired(one, {"a": [at(0, Size="x"), at(1)]}) == []


@pytest.mark.parametrize("kind", ["value_sum", "value_avg", "value_count"])
def test_a_long_window_costs_linear_time(kind):
    one = correlation(f"type: {kind}\ntimespan: 7d\ncondition: {{field: Size, gte: 1000000000}}")
    records = [at(n, n, Size=str(n % 1000)) for n in range(100_000)]
    start = time.monotonic()
    assert fired(one, {"a": records}) == []
    assert time.monotonic() - start < 5
