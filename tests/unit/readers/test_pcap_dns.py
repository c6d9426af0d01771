from __future__ import annotations

import struct

import pytest

from tests.unit.readers.wire import (
    CLIENT,
    SERVER,
    Conversation,
    ethernet,
    internet,
    pcap,
    read,
    udp,
)  # fmt: skip
from trailhound.readers.pcap_dns import DnsError, message_of, name_at


def name(text):
    labels = [part.encode("latin-1") for part in text.split(".") if part]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def message(number=1, bits=0x0100, asked="www.example.org", kind=1, answers=()):
    head = struct.pack(">HHHHHH", number, bits, 1, len(answers), 0, 0)
    body = b"".join(
        b"\xc0\x0c" + struct.pack(">HHIH", answer_kind, 1, 60, len(data)) + data
        for answer_kind, data in answers
    )
    return head + name(asked) + struct.pack(">HH", kind, 1) + body


def exchange(*messages):
    """Put questions and answers into datagrams by their answer bit."""
    frames = []
    for at, data in enumerate(messages):
        answer = len(data) > 2 and data[2] & 0x80
        ports, ends = ((53, 4000), (SERVER, CLIENT)) if answer else ((4000, 53), (CLIENT, SERVER))
        frames.append((at * 1000, ethernet(internet(udp(*ports, data), 17, *ends))))
    return read(pcap(frames))[0].get("dns", [])


def test_question_and_answer_are_one_row():
    answers = [(5, name("cdn.example.net")), (1, bytes([203, 0, 113, 7]))]
    (one,) = exchange(message(), message(bits=0x8180, answers=answers))
    assert one["answers"] == ["cdn.example.net", "203.0.113.7"]
    assert (one["query"], one["qtype_name"], one["rcode_name"]) == (
        "www.example.org",
        "A",
        "NOERROR",
    )
    assert (one["rtt"], one["id.resp_p"], one["TTLs"]) == (0.001, 53, [60, 60])


def test_questions_without_answers_and_answers_without_questions():
    found = exchange(message(1), message(2, asked="b.example"), message(3, 0x8183, "c.example"))
    assert [(one["query"], one.get("rcode_name")) for one in found] == [
        ("c.example", "NXDOMAIN"), ("www.example.org", None), ("b.example", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        (28, bytes(15) + b"\x01", "::1"),
        (16, b"\x05hello\x02hi", "TXT 5 hello TXT 2 hi"),
        (15, b"\x00\x0a" + name("mail.example.org"), "mail.example.org"),
        (33, bytes(6) + name("sip.example.org"), "sip.example.org"),
        (12, b"\xc0\x0c", "www.example.org"),
        (65, b"\x00\x01\x00", "<HTTPS>"),
        (4711, b"abc", "<type-4711>"),
        (1, b"abc", "<A>"),
    ],
)
def test_answers_are_written_as_zeek_does(kind, data, text):
    made = message_of(message(bits=0x8180, answers=[(kind, data)]))
    assert made.fields["answers"] == [text]


def test_names_that_point_in_circles_end():
    with pytest.raises(DnsError):
        name_at(b"\xc0\x00", 0)
    with pytest.raises(DnsError):
        name_at(b"\x01a\xc0\x04\x01b\xc0\x00", 0)
    looped = struct.pack(">HHHHHH", 1, 0x100, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"
    assert exchange(looped) == []


def test_a_chain_of_pointers_costs_little():
    chain = b"".join(struct.pack(">H", 0xC000 | at + 2) for at in range(0, 2000, 2)) + b"\0"
    with pytest.raises(DnsError):
        name_at(chain, 0)


def test_bytes_that_are_no_letters_are_escaped():
    assert name_at(b"\x05a\x1b[b\xff\0", 0)[0] == "a\\x1b[b\\xff"
    assert name_at(b"\x03A.b\x03COM\0", 0)[0] == "a.b.com"


def test_answers_cut_off_leave_those_before():
    whole = message(bits=0x8180, answers=[(1, b"\x01\x02\x03\x04"), (1, b"\x05\x06\x07\x08")])
    assert message_of(whole[:-2]).fields["answers"] == ["1.2.3.4"]


@pytest.mark.parametrize(
    "data", [b"", bytes(11), b"\xff" * 40, message()[:20], bytes(12) + b"\x05abc"]
)
def test_what_is_not_dns_is_no_row(data):
    assert [one for one in exchange(data) if one.get("query")] == []


def test_over_tcp_messages_come_behind_their_lengths():
    question, answer = message(), message(bits=0x8180, answers=[(1, b"\x01\x02\x03\x04")])
    both = [struct.pack(">H", len(data)) + data for data in (question, answer)]
    talk = Conversation(port=53).open().send(0, both[0][:7]).send(0, both[0][7:])
    talk.send(1, both[1][:1]).send(1, both[1][1:]).close()
    (one,) = read(pcap(talk.frames))[0]["dns"]
    assert (one["proto"], one["answers"]) == ("tcp", ["1.2.3.4"])
