from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trailhound.readers.oracle_times import asctime, iso_time, iso_times

if TYPE_CHECKING:
    from trailhound.model.batch import Column


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("04-NOV-26 08.12.01.123456 AM", "2026-11-04T08:12:01.123456"),
        ("04-NOV-26 12.12.01 AM", "2026-11-04T00:12:01.0"),
        ("04-NOV-26 12.12.01,5 PM +01:00", "2026-11-04T12:12:01.5+01:00"),
        ("4-nov-2026 20:12:01", "2026-11-04T20:12:01.0"),
        ("04-NOX-26 08.12.01", "04-NOX-26 08.12.01"),
        ("yesterday", "yesterday"),
    ],
)
def test_forms(text, wanted):
    assert iso_time(text) == wanted


def test_columns():
    column: Column = ["2026-11-04 08:00:00", None, 5, "04-NOV-26 08.12.01", "04-NOV-26 08.12.01"]
    assert iso_times(column) == [*column[:3], *["2026-11-04T08:12:01.0"] * 2]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Wed Nov  4 08:12:01 2026 +01:00", "2026-11-04T08:12:01+01:00"),
        ("Wed Nov 14 08:12:01 2026", "2026-11-14T08:12:01"),
        ("Wed Nox  4 08:12:01 2026", "Wed Nox  4 08:12:01 2026"),
    ],
)
def test_times_of_files(text, wanted):
    assert asctime(text) == wanted
