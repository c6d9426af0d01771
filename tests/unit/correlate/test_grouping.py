from __future__ import annotations

from msgspec.structs import replace

from tests.unit.correlate.made import finding
from trailhound.correlate.grouping import (
    groups,
    is_strong,
    link_keys,
    names_somebody,
    person,
    short_host,
    short_user,
)
from trailhound.model.entity import Entity, EntityType, Role
from trailhound.model.finding import Severity

DAY = 24 * 60


def titles(findings):
    return [[one.title for one in group] for group in groups(findings)]


def test_one_host_within_a_day_is_one_group():
    assert titles([finding("a"), finding("b", minute=DAY)]) == [["a", "b"]]


def test_more_than_a_day_apart_is_two():
    assert titles([finding("a"), finding("b", minute=DAY + 1)]) == [["a"], ["b"]]


def test_a_person_links_hosts_by_the_short_name():
    one = finding("a", host="pc1", user="ACME\\a.meyer")
    two = finding("b", host="pc2", user="a.meyer@acme.example")
    assert titles([one, two]) == [["a", "b"]]


def test_an_account_for_administration_is_the_same_person():
    one = finding("a", host="fs01", user="adm-g.walter")
    two = finding("b", host="jump1", user="g.walter")
    other = finding("c", host="srv2", user="adm-g.walters")
    assert titles([one, two, other]) == [["a", "b"], ["c"]]


def test_persons_behind_accounts():
    for account in ("adm-a.meyer", "admin_a.meyer", "a.meyer-adm", "a.meyer.admin", "a.meyer"):
        assert person(account) == "a.meyer"
    for account in ("admin", "adm-x", "admeyer", "admin-", "adminmeyer", "a-meyer", "db-admin"):
        assert person(account) == account


def test_an_outside_address_links_nothing():
    address = Entity(EntityType.IP, "203.0.113.20", Role.SOURCE)
    found = [finding("a", host="pc1", user="x"), finding("b", host="pc2", user="y")]
    shared = [replace(one, entities=(*one.entities, address)) for one in found]
    assert len(groups(shared)) == 2


def test_accounts_that_every_host_has_link_nothing():
    assert (
        len(
            groups([finding("a", host="pc1", user="system"), finding("b", host="pc2", user="pc2$")])
        )
        == 2
    )


def test_weak_findings_join_but_do_not_link():
    weak = finding("w", host="srv", user="", severity=Severity.LOW, supporting=True)
    one = finding("a", host="pc1", user="x")
    two = finding("b", host="pc2", user="y")
    assert len(groups([one, two, weak])) == 3
    near = finding("n", host="pc1", user="", severity=Severity.LOW, supporting=True)
    assert sorted(map(len, groups([one, two, near]))) == [1, 2]


def test_each_finding_is_in_exactly_one_group():
    many = [finding(f"f{n}", host=f"pc{n % 3}", user=f"u{n % 5}", minute=n) for n in range(40)]
    grouped = [one.id for group in groups(many) for one in group]
    assert sorted(grouped) == sorted(one.id for one in many)


def test_names():
    assert short_host("pc1.corp.example") == "pc1"
    assert short_host("10.0.0.1") == "10.0.0.1"
    assert short_user("ACME\\a.meyer") == short_user("a.meyer@acme.example") == "a.meyer"
    assert names_somebody("a.meyer")
    assert not any(map(names_somebody, ("system", "pc1$", "s-1-5-18", "root")))


def test_strength_and_links():
    assert is_strong(finding("a", severity=Severity.MEDIUM))
    assert not is_strong(finding("a", severity=Severity.LOW))
    assert not is_strong(finding("a", supporting=True))
    assert link_keys(finding("a")) == ["host:pc1", "user:a.meyer"]
