from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from trailhound.simulate.clock import chance
from trailhound.simulate.company import admin_account, found, guid, service
from trailhound.simulate.settings import Settings


@pytest.mark.parametrize("people", [5, 25, 2000])
def test_people_share_neither_account_nor_address(people):
    company = found(Settings(people=people))
    for field in ("account", "address", "vpn_address", "home", "computer"):
        assert len({getattr(person, field) for person in company.people}) == people


@pytest.mark.parametrize("people", [5, 6, 25])
def test_even_a_small_company_has_somebody_to_attack_and_somebody_to_administer(people):
    company = found(Settings(people=people))
    assert all(company.of(prefix) for prefix in ("FIN", "SAL", "ENG", "ITS"))
    assert company.administrators


def test_addresses_are_private_inside_and_documentation_outside():
    for person in found(Settings(people=2000)).people:
        assert ip_address(person.address) in ip_network("10.0.0.0/8")
        assert ip_address(person.vpn_address) in ip_network("10.99.0.0/16")
        assert ip_address(person.home) in ip_network("2001:db8::/32")


def test_an_administrator_has_a_second_account():
    person = found(Settings()).administrators[0]
    assert admin_account(person).name == f"adm-{person.account}"
    assert admin_account(person).sid != person.sid


def test_service_accounts_are_qualified():
    assert service("svc-backup").qualified == "ACME\\svc-backup"


def test_guids_have_the_form_of_version_four():
    assert guid(chance("x"))[14] == "4"
    assert len(guid(chance("x"))) == 36
