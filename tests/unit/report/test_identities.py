from __future__ import annotations

import pytest

from tests.results import finding, result
from trailhound.model.entity import Entity, EntityType
from trailhound.report.identities import Identities
from trailhound.report.names import replace

KEY = b"k" * 32


def renamed(text, made=None, key=KEY, *, organisation=False):
    identities = Identities(made or result(), key, organisation=organisation)
    return replace(text, identities.find(text))


def test_every_form_of_a_person_is_one_pseudonym():
    digest = renamed("a.meyer").removeprefix("user-")
    assert len(digest) == 8
    assert renamed(r"ACME\a.meyer") == rf"ACME\user-{digest}"
    assert renamed("a.meyer@acme.example") == f"mail-{digest}"


def test_every_form_of_a_host_is_one_pseudonym():
    name = renamed("FIN-PC07")
    assert name.startswith("host-")
    assert renamed("fin-pc07.acme.example") == name
    assert renamed("FIN-PC07$") == f"{name}$"


def test_another_key_gives_another_name():
    assert renamed("a.meyer") != renamed("a.meyer", key=b"z" * 32)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x@y.example", "mail-"),
        (r"C:\Users\unknown.person\x", r"C:\Users\user-"),
        ("/home/nobodyknown/x", "/home/user-"),
        ("S-1-5-21-1-2-3-1001", "sid-"),
        ("10.9.8.7:445", "ip-"),
        ("fe80::1", "ip-"),
    ],
)
def test_what_names_somebody_by_its_form_is_replaced_without_being_known(text, start):
    assert renamed(text).startswith(start)


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.20", "127.0.0.1", "NT AUTHORITY\\SYSTEM", "root", r"C:\Users\Public\x",
        "S-1-5-18", "08:12:00", "acrne.example",
    ],
)  # fmt: skip
def test_what_names_nobody_stays(text):
    assert renamed(text) == text


def test_fields_that_hold_names_are_known_too():
    made = result([finding(entities=())])
    assert renamed("a.meyer", made).startswith("user-")


def test_two_letters_are_replaced_only_where_they_are_the_whole_name():
    made = result([finding(entities=(Entity(EntityType.USER, "jo"),))])
    assert renamed("jo", made).startswith("user-")
    assert renamed(r"acme\jo", made).startswith(r"acme\user-")
    assert renamed("so it is: jo", made) == "so it is: jo"


def test_the_organisation_is_replaced_when_asked_for():
    assert renamed("acme.example") == "acme.example"
    assert renamed("acme.example", organisation=True).startswith("org-")
    assert renamed("ACME", organisation=True).startswith("org-")


def test_identifiers_are_keyed():
    one, two = (Identities(result(), key, organisation=False) for key in (KEY, b"z" * 32))
    assert one.mark("x") != two.mark("x")
    assert one.mark("\ud800")
