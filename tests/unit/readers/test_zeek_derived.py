from __future__ import annotations

from trailhound.readers.zeek_derived import derived


def make(name, *values):
    return derived(name, lambda field: list(values) if field else [])


def test_intervals_become_microseconds():
    assert make("duration_us", 1.5, None, 0, "text") == [1_500_000, None, 0, None]


def test_an_address_is_parted_at_its_question_mark():
    assert make("uri_stem", "/a?b=c?d", "/a", None) == ["/a", "/a", None]
    assert make("uri_query", "/a?b=c?d", "/a", None) == ["b=c?d", None, None]


def test_a_kerberos_client_is_user_and_realm():
    assert make("client_user", "a.meyer/EXAMPLE.ORG", None) == ["a.meyer", None]
    assert make("client_realm", "a.meyer/EXAMPLE.ORG", "x") == ["EXAMPLE.ORG", None]


def test_other_names_are_not_derived():
    assert make("uri", "/a") is None
