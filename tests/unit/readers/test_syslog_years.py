from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.readers.reading import source_of
from trailhound.readers import lines as line_module
from trailhound.readers.syslog_years import NO_HINT, NO_HINT_LEAP, years_of


def lines(*stamps, text="host prog[1]: message"):
    return "".join(f"{stamp} {text}\n" for stamp in stamps).encode()


def changed(year, month, day):
    return datetime(year, month, day, tzinfo=UTC).timestamp()


def each(data, **more):
    """Give the year of each line."""
    years = years_of(source_of(data, **more))
    offsets = [0, *(i + 1 for i, b in enumerate(data[:-1]) if b == ord("\n"))]
    return [years.at(offset) for offset in offsets]


def test_the_last_line_is_not_younger_than_the_file():
    data = lines("Nov  3 08:12:01", "Nov  4 08:12:01")
    assert each(data, modified=changed(2026, 11, 4)) == [2026, 2026]
    assert each(data, modified=changed(2026, 11, 2)) == [2025, 2025]
    assert each(data, modified=changed(2027, 1, 1)) == [2026, 2026]


def test_a_day_of_difference_is_a_matter_of_zones():
    data = lines("Nov  4 23:59:59")
    assert each(data, modified=changed(2026, 11, 3)) == [2026]


def test_the_year_turns_in_the_file():
    data = lines("Dec 30 08:00:00", "Dec 31 23:59:59", "Jan  1 00:00:01", "Jan  2 00:00:00")
    assert each(data, modified=changed(2027, 1, 2)) == [2026, 2026, 2027, 2027]


def test_several_new_years():
    data = lines("Nov  1 00:00:00", "Feb  1 00:00:00", "Dec  1 00:00:00", "Jan  1 00:00:00")
    assert each(data, modified=changed(2026, 3, 1)) == [2024, 2025, 2025, 2026]


def test_a_late_line_of_the_old_year_does_not_turn_back_what_follows():
    data = lines("Dec 31 23:59:58", "Jan  1 00:00:01", "Dec 31 23:59:59", "Jan  1 00:00:02")
    assert each(data, modified=changed(2027, 1, 1)) == [2026, 2027, 2026, 2027]


@pytest.mark.parametrize("first", ["Nov 20 00:00:00", "Aug 20 00:00:00"])
def test_rotated_logs_glued_in_the_wrong_order_stay_in_their_year(first):
    data = lines(first, "Jul  1 00:00:00", first)
    assert each(data, modified=changed(2026, 12, 1)) == [2026, 2026, 2026]


def test_a_stamp_with_a_year_in_the_file_beats_the_file_time():
    data = lines("Dec 31 23:59:59") + b"2027-01-01T00:00:01+01:00 host prog: x\n"
    assert each(data, modified=changed(2031, 5, 5)) == [2026, 2027]
    assert years_of(source_of(data)).known


def test_rfc5424_and_a_year_behind_the_day_count_too():
    data = lines("Nov  3 08:12:01") + b"<34>1 2024-11-03T08:12:02Z host app - - - x\n"
    assert each(data)[0] == 2024
    assert each(lines("Nov  3 08:12:01") + b"Nov  3 2023 08:12:02 host x: y\n")[0] == 2023


def test_the_kernel_is_believed_when_it_tells_the_date():
    data = lines(
        "Nov  3 08:12:01", text="host kernel: rtc_cmos: setting clock to 2019-11-03T08:12:01"
    )
    assert each(data, modified=changed(2026, 12, 1)) == [2019]


def test_anybody_else_is_not():
    data = lines(
        "Nov  3 08:12:01", text="host sshd[1]: Invalid user 2019-11-03T08:12: from 192.0.2.1"
    )
    assert each(data, modified=changed(2026, 12, 1)) == [2026]
    kernel = lines("Nov  3 08:12:01", text="host kernel: build of 2019-10-01T08:12:01")
    assert each(kernel, modified=changed(2026, 12, 1)) == [2026]


def test_a_date_in_the_name_beats_the_file_time():
    data = lines("Nov  3 08:12:01")
    assert each(data, name="auth.log-20241110", modified=changed(2026, 12, 1)) == [2024]
    assert each(data, name="a.zip!auth.log.2024-11-02.gz") == [2024]
    assert each(data, name="auth.log-20241101") == [2023]
    assert each(data, name="auth-99999999.log", modified=changed(2026, 12, 1)) == [2026]


def test_29_february_wants_a_leap_year():
    data = lines("Feb 28 00:00:00", "Feb 29 00:00:00", "Mar  1 00:00:00")
    assert each(data, modified=changed(2026, 12, 1)) == [2024, 2024, 2024]
    turned = lines("Feb 29 00:00:00", "Dec  1 00:00:00", "Jan  5 00:00:00")
    assert each(turned, modified=changed(2027, 1, 5)) == [2024, 2024, 2025]


def test_without_any_hint_the_order_is_kept_in_a_year_nobody_takes_for_real():
    years = years_of(source_of(lines("Dec 31 00:00:00", "Jan  1 00:00:00")))
    assert years.years == (NO_HINT, NO_HINT + 1)
    assert not years.hinted
    assert each(lines("Feb 29 00:00:00")) == [NO_HINT_LEAP]


def test_a_big_file_of_one_month_is_not_walked_line_by_line(monkeypatch):
    monkeypatch.setattr(line_module, "BLOCK_BYTES", 4096)
    monkeypatch.setattr("trailhound.readers.syslog_years._walk_lines", None)
    assert each(lines(*["Nov  3 08:12:01"] * 1000), modified=changed(2026, 12, 1))[0] == 2026


def test_the_turn_is_found_in_any_block(monkeypatch):
    monkeypatch.setattr(line_module, "BLOCK_BYTES", 4096)
    data = lines(*["Dec 31 08:12:01"] * 500, *["Jan  1 08:12:01"] * 500)
    found = each(data, modified=changed(2027, 1, 1))
    assert found == [2026] * 500 + [2027] * 500


def test_only_tells_when_there_is_one_year():
    data = lines("Dec 31 00:00:00", "Jan  1 00:00:00")
    years = years_of(source_of(data, modified=changed(2027, 1, 1)))
    second = data.index(b"Jan")
    assert years.only(0, second - 1) == 2026
    assert years.only(second, second) == 2027
    assert years.only(0, second) is None


def test_a_span_does_not_narrow_the_view():
    from trailhound.model.source import Span

    data = lines("Dec 31 00:00:00", "Jan  1 00:00:00")
    spanned = source_of(data, modified=changed(2027, 1, 1), span=Span(0, 5))
    assert years_of(spanned) == years_of(source_of(data, modified=changed(2027, 1, 1)))
