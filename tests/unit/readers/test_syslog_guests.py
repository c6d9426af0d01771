from __future__ import annotations

from itertools import starmap

import pytest

from tests.unit.readers.reading import read
from trailhound.readers import syslog, syslog_guests
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.syslog import READER
from trailhound.readers.syslog_guests import Guest, parted

LINES = b"""Nov  3 08:12:01 h printer[1]: page 1
Nov  3 08:12:02 h printer[1]: out of paper
Nov  3 08:12:03 h sshd[2]: page 1
Nov  3 08:12:04 h printer[1]: page 2
"""


def pages(carried):
    columns = {"page": [message[5:] for message in carried.messages], "host": carried.hosts}
    times, basis = carried.times()
    yield ColumnBatch(
        "printer", {}, carried.source.name, carried.offsets, carried.lines, columns, times,
        digest=carried.digest, time_basis=basis,
    )  # fmt: skip


GUEST = Guest(lambda message: message.startswith("page "), pages)


@pytest.fixture
def printer(monkeypatch):
    known = {"printer": (GUEST,)}
    monkeypatch.setattr(syslog, "guests_of", lambda program: known.get(program, ()))


@pytest.mark.usefixtures("printer")
def test_a_guest_takes_the_messages_it_claims_of_its_program():
    found = read(READER, LINES)
    kinds = {batch.kind: batch.rows for batch in found.batches if batch.kind == "printer"}
    assert kinds == {"printer": 2}
    assert found.rows == 4
    assert found.column("page") == ["1", None, None, "2"]
    assert found.column("message") == [None, "out of paper", "page 1", None]
    assert found.accounts()


@pytest.mark.usefixtures("printer")
def test_a_guest_has_the_times_of_the_headers():
    assert sorted(found := read(READER, LINES).times()) == found
    assert found[0] > 0


def test_the_first_guest_that_claims_a_message_takes_it():
    claims = (str.isalpha, str.isalnum)
    guests = tuple(starmap(Guest, ((claim, pages) for claim in claims)))
    assert parted(guests, ["a1", "a", "-"]) == ([[1], [0]], [2])


@pytest.mark.parametrize("program", sorted(syslog_guests.PROGRAMS))
def test_guests_exist(program):
    assert program == program.lower()
    assert all(isinstance(guest, Guest) for guest in syslog_guests.guests_of(program))


def test_other_programs_have_none():
    assert syslog_guests.guests_of("sshd") == ()
