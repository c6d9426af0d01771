from __future__ import annotations

import pytest

from tests.unit.rules.sigma.small_rules import compiled
from trailhound.model.entity import Entity, EntityType
from trailhound.rules.sigma.correlation import Firing, Occurrence
from trailhound.rules.sigma.firings import correlation_findings, span_text
from trailhound.rules.sigma.rule import Correlation

DAY = 86_400_000_000
T0 = 20_000 * DAY
HOST = Entity(EntityType.HOST, "pc1")


def correlation(more: str = "condition: {gte: 3}\n  type: event_count") -> Correlation:
    text = f"title: c\nid: c\nlevel: high\ncorrelation:\n  rules: [a]\n  timespan: 15m\n  {more}\n"
    (made,) = compiled(text)
    assert isinstance(made, Correlation)
    return made


def firing(first: int, count: int = 3, group: tuple[str, ...] = ()) -> Firing:
    records = [
        ("a", Occurrence(first + n, "s", n, f"u{first + n}", {}, {"F": "v"}, (HOST,)))
        for n in range(count)
    ]
    return Firing(group, records, count, first, first + count - 1, float(count))


def test_a_firing_is_a_finding():
    (found,) = correlation_findings([correlation()], {0: [firing(T0)]}, "acme")
    assert (found.title, found.severity.word, found.tenant) == ("c", "high", "acme")
    assert (found.evidence.count, found.evidence.first, found.evidence.last) == (3, T0, T0 + 2)
    assert found.entities == (HOST,)
    assert found.because[0].text == "3 matching events within 15 minutes"
    assert (found.because[0].op, found.because[0].expected) == ("gte", 3.0)
    assert found.evidence.pointers[0].fields == {"F": "v"}


def test_firings_of_one_group_and_day_are_one_finding():
    one = correlation("condition: {gte: 3}\n  type: event_count\n  group-by: [User]")
    fired = [firing(T0, group=("Anna",)), firing(T0 + DAY // 2, 5, group=("anna",))]
    (found,) = correlation_findings([one], {0: fired})
    assert (found.evidence.count, len(found.evidence.pointers)) == (8, 8)
    assert (found.evidence.first, found.evidence.last) == (T0, T0 + DAY // 2 + 4)
    apart = [*fired, firing(T0 + DAY, group=("anna",)), firing(T0, group=("ben",))]
    assert len(correlation_findings([one], {0: apart})) == 3
    assert correlation_findings([one], {0: fired}) == correlation_findings([one], {0: fired[::-1]})


def test_the_group_is_a_reason():
    one = correlation("condition: {gte: 3}\n  type: event_count\n  group-by: [User]")
    (found,) = correlation_findings([one], {0: [firing(T0, group=("Anna",))]})
    assert found.because[1].text == "all with User 'Anna'"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("{type: value_count, condition: {field: F, gte: 2}}", "3 different values of F"),
        ("{type: value_sum, condition: {field: F, gte: 2}}", "F adds up to 3"),
        ("{type: value_avg, condition: {field: F, gte: 2}}", "F is 3 on average"),
        (
            "{type: value_percentile, condition: {field: F, percentile: 90, gte: 2}}",
            "percentile 90 of F is 3",
        ),
        ("{type: temporal}", "3 of 1 different rules matched"),
        ("{type: temporal_ordered}", "all 1 steps happened in this order"),
    ],
)
def test_words_for_each_type(more, text):
    lines = more.strip("{}") if more.count("{") == 1 else more[1:-1]
    head, mark, condition = lines.partition(", condition: ")
    one = correlation(head + (f"\n  condition: {condition}" if mark else ""))
    (found,) = correlation_findings([one], {0: [firing(T0)]})
    assert text in found.because[0].text


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (1_000_000, "1 seconds"),
        (90_000_000, "90 seconds"),
        (60_000_000, "1 minute"),
        (7_200_000_000, "2 hours"),
        (86_400_000_000, "1 day"),
        (7 * 86_400_000_000, "7 days"),
    ],
)
def test_span_text(micros, text):
    assert span_text(micros) == text
