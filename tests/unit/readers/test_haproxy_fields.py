from __future__ import annotations

import pytest

from trailhound.readers.haproxy_fields import MADE_NAMES, made_columns


def made(request, headers=None):
    columns = made_columns({"http_request": [request], "captured_request_headers": [headers]})
    return tuple(columns[name][0] for name in MADE_NAMES)


@pytest.mark.parametrize(
    ("request_line", "wanted"),
    [
        ("GET /a?b HTTP/1.1", ("GET", "/a?b", "/a", "b", "HTTP/1.1", None)),
        ("GET /a", ("GET", "/a", "/a", None, None, None)),
        ("GET http://x.example/a#22 HTTP/2.0",
         ("GET", 'http://x.example/a"', '/a"', None, "HTTP/2.0", "x.example")),
        ("<BADREQ>", (None, None, None, None, None, None)),
        ("#16#03", (None, "\x16\x03", None, None, None, None)),
        (None, (None, None, None, None, None, None)),
    ],
)  # fmt: skip
def test_requests(request_line, wanted):
    assert made(request_line)[:6] == wanted


@pytest.mark.parametrize(
    ("headers", "host", "agent"),
    [
        ("Mozilla/5.0 (X11)|www.example.org:8080", "www.example.org", "Mozilla/5.0 (X11)"),
        ("www.example.org|curl/8.1", "www.example.org", "curl/8.1"),
        ("a#7Cb/1.0", None, None),
        ("pipe|x#7Cy", None, None),
        ("agent/1.0 #22q#22", None, 'agent/1.0 "q"'),
        ("", None, None),
        (None, None, None),
    ],
)
def test_headers_are_known_by_their_looks(headers, host, agent):
    assert made("GET / HTTP/1.1", headers)[5:] == (host, agent)
