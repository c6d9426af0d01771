from __future__ import annotations

import itertools
from collections import Counter

import pytest

from trailhound.simulate.clock import chance
from trailhound.simulate.life.browsing import BEACON, Browsing, Customers, address_of, some, spread


def test_people_look_names_up_before_they_talk(live):
    written = live(Browsing)
    asked = {(row["id.orig_h"], row["query"]) for row in written.zeek("dns")}
    talked = {(row["id.orig_h"], row["server_name"]) for row in written.zeek("ssl")}
    assert len(talked) > 20
    assert {pair for pair in talked if pair[1] != BEACON} <= asked


def test_the_management_agent_calls_home_at_fixed_intervals(live):
    calls = [row for row in live(Browsing).zeek("ssl") if row["server_name"] == BEACON]
    source = calls[0]["id.orig_h"]
    times = [float(row["ts"]) for row in calls if row["id.orig_h"] == source]
    assert {round(b - a) for a, b in itertools.pairwise(times)} == {1200}


def test_customers_and_the_monitoring_visit_the_shop(live):
    lines = live(lambda world, _: Customers(world)).lines("linux/web1/**/access.log*")
    clients = Counter(line.split()[0] for line in lines)
    assert clients["10.0.0.70"] == 24 * 12
    assert len(clients) > 50


def test_a_service_always_has_the_same_documentation_address():
    assert address_of("a.example") == address_of("a.example")
    assert address_of("a.example").startswith("198.51.100.")


@pytest.mark.parametrize("mean", [0, 1, 5])
def test_counts_scatter_around_their_mean(mean):
    random = chance("test")
    draws = [some(random, mean) for _ in range(2000)]
    assert abs(sum(draws) / 2000 - mean) < 0.1 + mean / 20
    assert max(draws) <= 2 * mean


def test_sizes_scatter_around_the_usual():
    assert all(50 <= spread(chance(n), 100) <= 150 for n in range(50))
