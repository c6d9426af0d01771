from __future__ import annotations

import pytest

from tests.unit.readers.wire import Conversation, ethernet, internet, pcap, read, udp


@pytest.mark.parametrize(
    ("side", "payload", "service"),
    [
        (1, b"SSH-2.0-OpenSSH_9.2\r\n", "ssh"),
        (0, b"\x00\x00\x00\x85\xfeSMB", "smb"),
        (0, b"\x03\x00\x00\x13\x0e\xe0", "rdp"),
        (1, b"220 mail.example.org ESMTP Postfix\r\n", "smtp"),
        (1, b"220 (vsFTPd 3.0.3) FTP\r\n", "ftp"),
        (1, b"* OK IMAP4rev1\r\n", "imap"),
        (0, b"GET / HTTP/1.1\r\n\r\n", "http"),
        (1, b"HTTP/1.1 200 OK\r\n\r\n", "http"),
        (0, b"GET me something\r\n", None),
        (0, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", "ssl"),
        (0, b"\x16\x04\x01\x00\x05", None),
    ],
)  # fmt: skip
def test_tcp_is_known_by_what_is_said_not_by_its_port(side, payload, service):
    found, _ = read(pcap(Conversation(port=12_345).open().send(side, payload).frames))
    assert found["conn"][0].get("service") == service


def test_a_banner_may_come_after_other_packets():
    talk = Conversation(port=12_345).open().send(0, b"\n").send(1, b"SSH-2.0-x\r\n")
    found, _ = read(pcap(talk.frames))
    assert found["conn"][0]["service"] == "ssh"


@pytest.mark.parametrize(("port", "service"), [(123, "ntp"), (67, "dhcp"), (53, "dns"), (9, None)])
def test_udp_is_known_by_its_port(port, service):
    found, _ = read(pcap([(0, ethernet(internet(udp(4000, port, bytes(40)), 17)))]))
    assert found["conn"][0].get("service") == service
