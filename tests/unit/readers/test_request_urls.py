from __future__ import annotations

from time import process_time

import pytest

from trailhound.readers.request_urls import parts_of, url_columns


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://x.example/a.php?b=c?d", ("x.example", "80", "/a.php", "b=c?d", "php")),
        ("https://x.example", ("x.example", "443", None, None, None)),
        ("https://u:p@x.example:8443/", ("x.example", "8443", "/", None, None)),
        ("http://[2001:db8::7]:81/a.tar.gz", ("2001:db8::7", "81", "/a.tar.gz", None, "gz")),
        ("http://[2001:db8::7]/", ("2001:db8::7", "80", "/", None, None)),
        ("x.example:443", ("x.example", "443", None, None, None)),
        ("/a?b", (None, None, "/a", "b", None)),
        ("error:invalid-request", (None, None, None, None, None)),
        ("http://x.example/a\n?b\n", ("x.example", "80", "/a\n", "b\n", None)),
        ("-", (None, None, None, None, None)),
        ("", (None, None, None, None, None)),
        (None, (None, None, None, None, None)),
    ],
)
def test_parts(url, parts):
    assert parts_of(url) == parts


def test_columns():
    columns = url_columns(["http://x.example/a", None, 7, "http://x.example/a"])
    assert columns["@host"] == ["x.example", None, None, "x.example"]
    assert set(columns) == {"@host", "@port", "@path", "@query", "@extension"}


def test_hostile_addresses_cost_little():
    started = process_time()
    for text in ("a" * 400_000, ":" * 400_000, "http://" * 60_000, "." * 400_000, "?" * 400_000):
        parts_of(text)
    assert process_time() - started < 1
