from __future__ import annotations

import pytest

from trailhound.readers.aws_access_fields import FORMATS, made_columns


def made(kind, name, **fields):
    known = FORMATS[kind]
    columns = {field: [None] for field in known.names} | {
        known.request or "request": [fields.get("request")],
        known.peers[0]: [fields.get("client")],
        known.peers[1] or "-": [fields.get("target")],
    }
    return made_columns(known, columns)[name][0]


@pytest.mark.parametrize(
    ("request_line", "wanted"),
    [
        ("GET https://x.example:443/a?b HTTP/1.1",
         ("GET", "https://x.example:443/a?b", "HTTP/1.1", "x.example", "/a", "b")),
        ("PUT /a b HTTP/1.1", ("PUT", "/a b", "HTTP/1.1", None, "/a b", None)),
        ("- http://x.example:80- -", (None,) * 6),
        ("- - - ", (None,) * 6),
        (None, (None,) * 6),
    ],
)  # fmt: skip
def test_requests(request_line, wanted):
    names = ("method", "url", "version", "host", "path", "query")
    assert tuple(made("aws.alb", name, request=request_line) for name in names) == wanted


@pytest.mark.parametrize(
    ("client", "address", "port"),
    [
        ("192.0.2.3:80", "192.0.2.3", "80"),
        ("[2001:db8::7]:80", "2001:db8::7", "80"),
        ("2001:db8::7", "2001:db8::7", None),
        ("192.0.2.3", "192.0.2.3", None),
        (None, None, None),
    ],
)
def test_peers(client, address, port):
    assert made("aws.alb", "client_ip", client=client) == address
    assert made("aws.alb", "client_port", client=client) == port
    assert made("aws.alb", "target_ip", client=client) is None


def test_a_log_without_requests_has_none():
    assert made("aws.nlb", "method") is None


@pytest.mark.parametrize("known", FORMATS.values(), ids=FORMATS)
def test_formats_name_fields_they_have(known):
    fields = {known.time, known.request, *known.peers} - {""}
    assert fields <= set(known.names)
    assert known.least <= len(known.names) == len(set(known.names))
