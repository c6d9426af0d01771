from __future__ import annotations

import base64

import pytest

from tests.unit.readers.wire import Conversation, pcap, read


def requests(*said, close=True, drop=(), shuffle=()):
    """Say payloads by turns: (side, bytes); packets in `drop` are not captured."""
    talk = Conversation().open()
    for side, payload in said:
        talk.send(side, payload)
    frames = (talk.close() if close else talk).frames
    for a, b in shuffle:
        frames[3 + a], frames[3 + b] = frames[3 + b], frames[3 + a]
    kept = [frame for at, frame in enumerate(frames) if at - 3 not in drop]
    return read(pcap(kept))[0].get("http", [])


GET = b"GET /a?b=c HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: x/1\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def shown(found, *names):
    return [tuple(one.get(name) for name in names) for one in found]


def test_a_request_and_its_response():
    (one,) = requests((0, GET), (1, OK))
    assert (one["method"], one["uri"], one["version"], one["host"]) == (
        "GET", "/a?b=c", "1.1", "www.example.org",
    )  # fmt: skip
    assert (one["status_code"], one["status_msg"], one["response_body_len"]) == (200, "OK", 5)
    assert one["user_agent"] == "x/1"


def test_pipelined_requests_are_answered_in_order():
    second = GET.replace(b"/a", b"/two")
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    found = requests((0, GET + second), (1, OK + missing))
    assert shown(found, "uri", "status_code", "trans_depth") == [
        ("/a?b=c", 200, 1), ("/two?b=c", 404, 2),
    ]  # fmt: skip


def test_messages_are_cut_anywhere_and_come_in_any_order():
    pieces = [
        (0, GET[:9]),
        (0, GET[9:40]),
        (0, GET[40:]),
        (1, OK[:20]),
        (1, OK[20:44]),
        (1, OK[44:]),
    ]
    for shuffle in ([], [(1, 2)], [(3, 4)], [(4, 5)]):
        found = requests(*pieces, shuffle=shuffle)
        assert shown(found, "uri", "host", "status_code") == [("/a?b=c", "www.example.org", 200)]


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n",
            7,
        ),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 500, 500),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 0),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n", 0),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 5),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", 2),
    ],
)
def test_bodies_end_where_the_head_says(answer, length):
    (one,) = requests((0, GET), (1, answer))
    assert one["response_body_len"] == length
    assert one["status_code"] != 100


def test_the_answer_to_head_has_no_body():
    found = requests(
        (0, GET.replace(b"GET", b"HEAD")), (1, OK.removesuffix(b"hello")), (0, GET), (1, OK)
    )
    assert shown(found, "method", "status_code", "response_body_len") == [
        ("HEAD", 200, 0), ("GET", 200, 5),
    ]  # fmt: skip


def test_a_gap_in_a_body_changes_no_count():
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"
    parts = [(1, large + b"x" * 600), (1, b"x" * 1200), (1, b"x" * 1200)]
    found = requests((0, GET), *parts, (0, GET), (1, OK), drop={2})
    assert shown(found, "status_code", "response_body_len") == [(200, 3000), (200, 5)]


def test_behind_a_lost_head_the_next_answer_belongs_to_the_last_request():
    second = GET.replace(b"/a", b"/two")
    found = requests((0, GET), (1, OK), (0, second), (1, OK), drop={1})
    assert shown(found, "uri", "status_code") == [("/a?b=c", None), ("/two?b=c", 200)]


def test_answers_alone_and_questions_alone():
    assert shown(requests((0, GET)), "uri", "status_code") == [("/a?b=c", None)]
    assert shown(requests((1, OK)), "uri", "status_code") == [(None, 200)]


def test_users_and_proxies_are_named_and_passwords_are_not():
    token = base64.b64encode(b"anna:secret").decode()
    ask = f"GET / HTTP/1.1\r\nAuthorization: Basic {token}\r\nVia: 1.1 p\r\n\r\n".encode()
    (one,) = requests((0, ask))
    assert (one["username"], one["proxied"]) == ("anna", ["VIA -> 1.1 p"])
    assert "secret" not in str(one)
    (one,) = requests((0, b"GET / HTTP/1.1\r\nAuthorization: Basic !!\r\n\r\n"))
    assert "username" not in one


def test_programs_are_known_by_their_first_bytes():
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\nMZ" + b"x" * 698
    (one,) = requests((0, GET), (1, answer))
    assert one["resp_mime_types"] == ["application/x-dosexec"]


def test_behind_connect_nothing_is_read():
    ask = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"
    found = requests((0, ask), (1, b"HTTP/1.1 200 OK\r\n\r\n"), (0, GET), (1, OK))
    assert shown(found, "method", "uri") == [("CONNECT", "a.example:443")]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 abc\r\nContent-Length: -5\r\n\r\n", b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n" + bytes(100),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", b"HTTP/1." + b"\xff" * 900,
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"x" * 70_000,
    ],
)  # fmt: skip
def test_malformed_answers_do_not_lose_the_request(answer):
    pieces = [(1, answer[at : at + 1400]) for at in range(0, len(answer), 1400)]
    found = requests((0, GET), *pieces)
    assert [one["uri"] for one in found if "uri" in one] == ["/a?b=c"]


def test_many_requests_without_answers_are_told():
    found = requests(*[(0, GET)] * 200)
    assert len(found) == 200
