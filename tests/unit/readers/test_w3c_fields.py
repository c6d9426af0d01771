from __future__ import annotations

import pytest

from trailhound.readers.w3c_fields import made_columns


def made(kind, name, **fields):
    native = {field.replace("__", "-"): (value,) for field, value in fields.items()}
    return made_columns(kind, native)[name]()[name][0]


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("webserver.iis", "a+b%20c", "a b%20c"),
        ("webserver.cloudfront", "a%2520b%20c", "a b c"),
        ("proxy.w3c", '"a+b"', "a+b"),
        ("webserver.iis", "-", None),
    ],
)
def test_agents_are_decoded_as_the_product_encodes_them(kind, value, wanted):
    native = {"cs(User-Agent)": (value,)}
    assert made_columns(kind, native)["cs-user-agent"]()["cs-user-agent"] == [wanted]


@pytest.mark.parametrize(
    ("stem", "query", "wanted"),
    [("/a", "b=c", "/a?b=c"), ("/a", "?b", "/a?b"), ("/a", "-", "/a"), ("-", "-", None)],
)
def test_paths_and_queries_are_put_together(stem, query, wanted):
    fields = {"cs__uri__stem": stem, "cs__uri__query": query}
    assert made("webserver.iis", "cs-uri", **fields) == wanted


def test_a_proxy_calls_it_path():
    assert made("proxy.w3c", "cs-uri-stem", cs__uri__path="/a") == "/a"


@pytest.mark.parametrize(
    ("uri", "wanted"),
    [("/a", "http://x.example/a"), ("http://y.example/a", "http://y.example/a")],
)
def test_whole_addresses(uri, wanted):
    fields = {"cs__uri": uri, "cs__host": "x.example", "cs__uri__scheme": "http"}
    assert made("proxy.w3c", "c-uri", **fields) == wanted


def test_without_scheme_an_address_is_the_path():
    assert made("webserver.iis", "c-uri", cs__uri__stem="/a") == "/a"


def test_the_host_a_client_asked_for_comes_first():
    native = {"cs(Host)": ("edge", "edge"), "x-host-header": ("www", "-")}
    assert made_columns("webserver.cloudfront", native)["cs-host"]()["cs-host"] == ["www", "edge"]


def test_fields_that_are_logged_are_not_made():
    assert "cs-host" not in made_columns("webserver.iis", {"cs-host": ("x",)})


def test_other_logs_have_their_own_fields_only():
    assert made_columns("firewall.windows", {"src-ip": ("x",)}) == {}
