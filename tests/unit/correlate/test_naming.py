from __future__ import annotations

import pytest

from trailhound.correlate.naming import hosts, listed, outside, people, where
from trailhound.model.entity import Entity, EntityType, Role

PC = Entity(EntityType.HOST, "fin-pc07.acme.example")
PC2 = Entity(EntityType.HOST, "srv01")
MEYER = Entity(EntityType.USER, r"acme\a.meyer")
SYSTEM = Entity(EntityType.USER, "system")
FAR = Entity(EntityType.IP, "203.0.113.20", Role.SOURCE)
FARTHER = Entity(EntityType.IP, "198.51.100.9", Role.DESTINATION)
NEAR = Entity(EntityType.IP, "10.0.0.4", Role.SOURCE)


def test_hosts_and_people_are_told_by_short_name_once():
    assert hosts([PC, PC, PC2]) == ["fin-pc07", "srv01"]
    assert people([MEYER, SYSTEM, Entity(EntityType.MAILBOX, "a.meyer@acme.example")]) == [
        "a.meyer"
    ]


def test_only_outside_addresses_count_and_those_that_act_come_first():
    assert outside([NEAR, FARTHER, FAR]) == ["203.0.113.20", "198.51.100.9"]


@pytest.mark.parametrize(
    ("entities", "told"),
    [
        ([PC, MEYER], " on fin-pc07 (a.meyer)"),
        ([PC, PC2, SYSTEM], " on fin-pc07 and 1 other host"),
        ([MEYER], " for a.meyer"),
        ([FAR, NEAR], " from 203.0.113.20"),
        ([NEAR], ""),
    ],
)
def test_where_it_happened(entities, told):
    assert where(entities) == told


def test_lists_are_sentences():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and 1 more"
