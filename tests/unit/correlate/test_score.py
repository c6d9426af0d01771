from __future__ import annotations

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
