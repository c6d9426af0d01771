from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import pytest

from tests.unit.readers.wire import Conversation, pcap, read

CERTIFICATE = bytes.fromhex((Path(__file__).parent / "certificate.hex").read_text())


def vector(data, size):
    return len(data).to_bytes(size, "big") + data


def extension(kind, data):
    return struct.pack(">H", kind) + vector(data, 2)


def client_hello(name=b"www.example.org", ciphers=(0x0A0A, 0x1301, 0xC02F), session=b""):
    sni = extension(0, vector(b"\0" + vector(name, 2), 2)) if name else b""
    groups = extension(10, vector(struct.pack(">HHH", 0x1A1A, 29, 23), 2))
    extensions = extension(0x2A2A, b"") + sni + groups + extension(11, b"\x01\x00")
    suites = b"".join(struct.pack(">H", one) for one in ciphers)
    body = b"\x03\x03" + bytes(32) + vector(session, 1) + vector(suites, 2) + b"\x01\x00"
    return b"\x01" + vector(body + vector(extensions, 2), 3)


def server_hello(cipher=0xC02F, extensions=b"", session=b"", random=bytes(32)):
    body = b"\x03\x03" + random + vector(session, 1) + struct.pack(">H", cipher) + b"\0"
    return b"\x02" + vector(body + vector(extensions, 2), 3)


def certificates(*chain):
    return b"\x0b" + vector(vector(b"".join(vector(one, 3) for one in chain), 3), 3)


def record(data, kind=22):
    return bytes([kind, 3, 3]) + vector(data, 2)


CHANGE, DATA = record(b"\x01", 20), record(bytes(40), 23)


def handshake(*said, port=443, drop=()):
    talk = Conversation(port=port).open()
    for side, payload in said:
        talk.send(side, payload)
    frames = [frame for at, frame in enumerate(talk.close().frames) if at - 3 not in drop]
    return read(pcap(frames))[0]


def test_what_is_in_clear_of_a_tls_1_2_handshake():
    answer = record(
        server_hello(extensions=extension(16, b"\0\x03\x02h2")) + certificates(CERTIFICATE)
    )
    found = handshake(
        (0, record(client_hello())), (1, answer), (0, CHANGE), (1, CHANGE), (0, DATA), (1, DATA)
    )
    (one,) = found["ssl"]
    text = "771,4865-49199,0-10-11,29-23,0"
    expected = {
        "server_name": "www.example.org", "version": "TLSv12", "next_protocol": "h2",
        "cipher": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "established": True, "resumed": False,
        "ja3": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
        "ja3s": hashlib.md5(b"771,49199,16", usedforsecurity=False).hexdigest(),
        "cert_chain_fps": [hashlib.sha256(CERTIFICATE).hexdigest()],
        "subject": "CN=www.example.org,O=Example\\, Inc,C=DE",
    }  # fmt: skip
    assert {name: one[name] for name in expected} == expected
    assert found["x509"][0]["fingerprint"] == one["cert_chain_fps"][0]
    assert found["conn"][0]["service"] == "ssl"


def test_tls_1_3_says_its_version_in_an_extension():
    chosen = extension(43, b"\x03\x04") + extension(51, b"\x00\x1d" + vector(bytes(32), 2))
    (one,) = handshake(
        (0, record(client_hello(session=bytes(32)))),
        (1, record(server_hello(0x1301, chosen, bytes(32))) + CHANGE + DATA),
        (0, CHANGE + DATA),
    )["ssl"]
    assert (one["version"], one["cipher"], one["curve"]) == (
        "TLSv13",
        "TLS_AES_128_GCM_SHA256",
        "x25519",
    )
    assert one["established"]
    assert "resumed" not in one


def test_a_session_taken_up_again():
    (one,) = handshake(
        (0, record(client_hello(session=b"s" * 32))),
        (1, record(server_hello(session=b"s" * 32)) + CHANGE),
        (0, CHANGE),
    )["ssl"]
    assert one["resumed"] is True


def test_a_request_for_another_hello_is_no_answer():
    retry = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    (one,) = handshake(
        (0, record(client_hello())),
        (1, record(server_hello(0x1302, random=retry))),
        (0, record(client_hello(b"other.example"))),
        (1, record(server_hello(0x1301)) + CHANGE),
    )["ssl"]
    assert (one["server_name"], one["cipher"]) == ("www.example.org", "TLS_AES_128_GCM_SHA256")


def test_a_hello_in_many_pieces_and_records():
    hello = client_hello(b"a" * 200 + b".example.org")
    records = record(hello[:50]) + record(hello[50:])
    pieces = [(0, records[at : at + 30]) for at in range(0, len(records), 30)]
    (one,) = handshake(*pieces)["ssl"]
    assert one["server_name"].startswith("aaaa")
    assert one["established"] is False


def test_a_refused_hello_says_why():
    (one,) = handshake((0, record(client_hello())), (1, record(b"\x02\x28", 21)))["ssl"]
    assert (one["last_alert"], one["established"]) == ("alert-40", False)


def test_a_gap_ends_what_can_be_read():
    hello = record(client_hello())
    parts = [(1, record(server_hello())), (1, bytes(100)), (1, record(certificates(CERTIFICATE)))]
    found = handshake((0, hello), *parts, drop={2})
    assert found["ssl"][0]["version"] == "TLSv12"
    assert "x509" not in found


@pytest.mark.parametrize(
    "body",
    [
        client_hello()[:60], b"\x01" + vector(bytes(20), 3), b"\x01\x00\x00\x00", certificates(b"abc"),
        b"\x01\xff\xff\xff" + bytes(200), server_hello()[:10], b"\x0b" + vector(b"\x00\x00\x50\x00", 3),
    ],
)  # fmt: skip
def test_malformed_handshakes_do_no_harm(body):
    found = handshake((0, record(body)), (1, record(body)))
    assert len(found["conn"]) == 1


def test_a_long_chain_is_cut():
    found = handshake((0, record(client_hello())), (1, record(certificates(*[b"abc"] * 50))))
    assert len(found["x509"]) == 10


def test_no_name_no_field():
    (one,) = handshake((0, record(client_hello(b""))))["ssl"]
    assert "server_name" not in one
