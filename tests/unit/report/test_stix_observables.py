from __future__ import annotations

import uuid

import pytest
from stix2patterns.validator import run_validator

from trailhound.model.entity import Entity, EntityType
from trailhound.report.stix_observables import observables, pattern, source_file

IP, DOMAIN, URL, HASH = EntityType.IP, EntityType.DOMAIN, EntityType.URL, EntityType.HASH


def made(kind, value):
    return observables(Entity(kind, value))


@pytest.mark.parametrize(
    ("kind", "value", "stix_type"),
    [
        (IP, "203.0.113.20", "ipv4-addr"),
        (IP, "2001:db8::1", "ipv6-addr"),
        (DOMAIN, "acrne.example", "domain-name"),
        (URL, "https://acrne.example/s?a=b%20c", "url"),
        (EntityType.USER, r"ACME\a.meyer", "user-account"),
        (EntityType.MAILBOX, "a.meyer@acme.example", "email-addr"),
        (EntityType.MAILBOX, "/o=acme/cn=a.meyer", "user-account"),
        (EntityType.APPLICATION, "Thunderbird", "software"),
        (EntityType.FILE, "x.exe", "file"),
    ],
)
def test_an_entity_becomes_the_object_that_stix_has_for_it(kind, value, stix_type):
    assert made(kind, value)[0]["type"] == stix_type


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IP, "ip-7f3a90c2"), (IP, "fe80::1%eth0"), (DOMAIN, "localhost"), (DOMAIN, "a b.example"),
        (DOMAIN, "-"), (URL, "javascript:alert(1)"), (URL, "https://a b"), (URL, "https://x/%zz"),
        (URL, "https://x/%4"), (URL, "https://x/<y>"), (HASH, "xyz"), (HASH, "0" * 33),
        (EntityType.HOST, "fin-pc07"), (EntityType.RESOURCE, "arn:aws:s3:::x"), (DOMAIN, ""),
        (DOMAIN, "a" * 300 + ".example"), (URL, "https://x/\n"),
    ],
)  # fmt: skip
def test_what_no_type_takes_makes_no_object(kind, value):
    assert made(kind, value) == []


def test_a_path_is_a_file_in_a_directory():
    file, directory = made(EntityType.PROCESS, r"C:\Windows\x.exe")
    assert (file["name"], directory["path"]) == ("x.exe", r"C:\Windows")
    assert file["parent_directory_ref"] == directory["id"]
    assert made(EntityType.FILE, "/etc/")[0]["name"] == "/etc/"


@pytest.mark.parametrize(
    ("length", "name"), [(32, "MD5"), (40, "SHA-1"), (64, "SHA-256"), (128, "SHA-512")]
)
def test_hashes_are_told_by_their_length(length, name):
    assert made(HASH, "AB" * (length // 2))[0]["hashes"] == {name: "ab" * (length // 2)}


def test_identifiers_are_those_of_the_specification():
    namespace = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
    expected = uuid.uuid5(namespace, '{"value":"203.0.113.20"}')
    assert made(IP, "203.0.113.20")[0]["id"] == f"ipv4-addr--{expected}"


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (IP, "203.0.113.20", "[ipv4-addr:value = '203.0.113.20']"),
        (DOMAIN, "acrne.example", "[domain-name:value = 'acrne.example']"),
        (URL, "https://x.example/'a", r"[url:value = 'https://x.example/\'a']"),
        (HASH, "ab" * 32, f"[file:hashes.'SHA-256' = '{'ab' * 32}']"),
        (IP, "10.1.2.3", ""),
        (IP, "::1", ""),
        (EntityType.USER, "root", ""),
        (EntityType.FILE, "x.exe", ""),
        (DOMAIN, "'] OR [x:y = '", ""),
    ],
)
def test_patterns_find_what_leads_outside(kind, value, expected):
    told = pattern(Entity(kind, value))
    assert told == expected
    assert not told or run_validator(told, stix_version="2.1") == []


def test_a_source_is_a_file():
    assert source_file("a/b.evtx!c")["name"] == "a/b.evtx!c"
    assert source_file("")["name"] == "unnamed"
