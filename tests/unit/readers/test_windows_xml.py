"""Cutting events out of a stream; samples of whole files are in the golden folder."""

from __future__ import annotations

import time

import pytest

from tests.unit.readers.reading import read
from trailhound.model.limits import Limits
from trailhound.readers.windows_xml import READER

SPACE = "http://schemas.microsoft.com/win/2004/08/events/event"


def event(number: int, text: str = "x") -> str:
    return (
        f"<Event xmlns='{SPACE}'><System><Provider Name='P'/><EventID>1</EventID>"
        f"<TimeCreated SystemTime='2026-11-04T08:00:00.0000000Z'/><EventRecordID>{number}"
        f"</EventRecordID><Channel>C</Channel></System><EventData><Data Name='A'>{text}</Data>"
        "</EventData></Event>"
    )


@pytest.mark.parametrize(
    ("head", "bid"),
    [
        (event(1).encode(), 0.95),
        (b'<?xml version="1.0"?><Events>' + event(1).encode(), 0.95),
        (event(1).encode("utf-16"), 0.95),
        (b"<Event><System><Provider", 0.95),
        (b"<ns0:Event><ns0:System>", 0.95),
        (b"<Event><Name>x</Name></Event>", 0),
        (b"<EventData><System>", 0),
        (b"Nov  4 host app: " + event(1).encode(), 0),
        (b'{"a": "<Event><System>"}', 0),
        (b"", 0),
    ],
)
def test_the_bid(head, bid):
    assert READER.sniff(head, "x.evtx") == bid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_events_in_any_encoding(encoding):
    text = "<Events>\r\n" + event(1, "gr\u00fcn") + event(2) + "\r\n</Events>"
    done = read(READER, text.encode(encoding))
    assert done.column("A") == ["gr\u00fcn", "x"]
    assert not done.odd


def test_blocks_may_end_anywhere(monkeypatch):
    data = b"<Events>" + b"\n".join(event(n, "y" * n).encode() for n in range(9)) + b"</Events>\n"
    whole = read(READER, data)
    assert whole.rows == 9
    assert whole.accounts()
    for size in (1, 3, 17, 100):
        monkeypatch.setattr("trailhound.readers.windows_xml.BLOCK_BYTES", size)
        parts = read(READER, data)
        assert parts.column("A") == whole.column("A")
        assert [b.offsets.tolist() for b in parts.batches] == [
            b.offsets.tolist() for b in whole.batches
        ]
        assert parts.accounts()
        assert not parts.odd


def test_an_event_over_the_limit_is_lost_and_the_next_is_not(monkeypatch):
    monkeypatch.setattr("trailhound.readers.windows_xml.BLOCK_BYTES", 500)
    data = (event(1) + event(2, "z" * 5000) + event(3)).encode()
    done = read(READER, data, limits=Limits(log_line_bytes=1000))
    assert done.column("EventRecordID") == [1, 3]
    assert done.odd["line.too_long"] == 1
    assert done.accounts()


@pytest.mark.parametrize("piece", ["<Event ", "</Event>", "<", "<Event><System>", "<!--", "<?"])
def test_hostile_text_costs_little(piece):
    before = time.process_time()
    data = (event(1) + piece * (3_000_000 // len(piece))).encode()
    done = read(READER, data)
    assert time.process_time() - before < 4
    assert done.rows == 1
    assert done.accounts()
