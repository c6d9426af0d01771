from __future__ import annotations

import msgspec
import pytest

from tests.unit.correlate.made import finding
from trailhound.correlate.score import score, weight, without
from trailhound.model.finding import Severity


def test_a_detector_counts_once_however_often_it_fires():
    one = score([finding("a")])[0]
    assert score([finding("a", minute=n) for n in range(50)])[0] == one


def test_two_witnesses_say_more_than_one_and_never_more_than_all():
    many = [finding(f"r{n}", severity=Severity.CRITICAL) for n in range(20)]
    assert score([finding("a")])[0] < score([finding("a"), finding("b")])[0] <= 100
    assert score(many)[0] <= 100


def test_the_parts_add_up():
    points, parts = score([finding("a"), finding("b", severity=Severity.MEDIUM)])
    assert sum(part.points for part in parts) == pytest.approx(points, abs=0.5)


def test_supporting_findings_alone_never_ask_for_a_person():
    weak = [finding(f"w{n}", supporting=True) for n in range(50)]
    assert score(weak)[0] <= 25


def test_severity_orders_weights():
    weights = [weight(finding("a", severity=one)) for one in Severity]
    assert weights == sorted(weights)


def test_without_leaves_one_out():
    both = [finding("a"), finding("b")]
    assert without(both, "a") == score([finding("b")])[0]


def same_record(title, **fields):
    one = finding(title, **fields)
    pointer = msgspec.structs.replace(one.evidence.pointers[0], event_uid="one record")
    evidence = msgspec.structs.replace(one.evidence, pointers=(pointer,))
    return msgspec.structs.replace(one, evidence=evidence)


def test_rules_that_saw_the_same_record_are_one_witness():
    both = [same_record("a"), same_record("b", severity=Severity.MEDIUM)]
    assert score(both)[0] == score([finding("a")])[0]
    apart = [finding("a"), finding("b", severity=Severity.MEDIUM)]
    assert score(apart)[0] > score(both)[0]


def test_odd_moments_of_different_days_do_not_add_up():
    day = 24 * 60
    week = [finding(f"r{n}", minute=n * 2 * day) for n in range(5)]
    assert score(week)[0] == score([finding("r0")])[0]
    busy = [finding(f"r{n}", minute=n * 60) for n in range(5)]
    assert score(busy)[0] > 90


def test_the_heaviest_day_counts_wherever_it_is():
    quiet = [finding(f"q{n}", minute=n * 1_440, severity=Severity.LOW) for n in range(30)]
    storm = [finding(f"s{n}", minute=17 * 1_440 + n, severity=Severity.HIGH) for n in range(3)]
    assert score([*quiet, *storm])[0] >= score(storm)[0]


def test_a_group_of_nothing_scores_nothing():
    assert score([]) == (0, ())
