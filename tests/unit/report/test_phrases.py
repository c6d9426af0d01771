from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.results import DAY, HOUR, MINUTE, START
from trailhound.model.entity import Entity, EntityType
from trailhound.report.phrases import (
    LONGEST,
    Moments,
    clip,
    columns,
    cut,
    listed,
    shown,
    shown_entity,
    wrapped,
)


def test_text_of_others_is_escaped_defanged_and_bounded():
    assert shown("a\x1b[31m\nb") == r"a\x1b[31m\x0ab"
    assert shown("http://acrne.example/s") == "hxxp://acrne[.]example/s"
    assert len(shown("x" * 1_000_000)) < LONGEST + 40
    assert "1,000,000 characters" in shown("x" * 1_000_000)


def test_a_domain_is_defanged_because_its_kind_is_known():
    assert shown_entity(Entity(EntityType.DOMAIN, "acrne.example")) == "acrne[.]example"
    assert shown_entity(Entity(EntityType.FILE, "sshd.log")) == "sshd.log"


def test_wide_letters_take_two_columns():
    assert columns("ab") == 2
    assert columns("漢字") == 4
    assert cut("漢字漢字漢字", 9) == "漢字漢..."


def test_what_fits_is_not_cut():
    assert clip("abc", 3) == "abc"
    assert clip("abcd", 3) == "..."


@given(st.text(), st.integers(0, 90))
def test_a_cut_text_fits(text, width):
    assert columns(clip(text, width)) <= width


@given(st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" ")), st.integers(1, 4))
def test_a_paragraph_fits_and_loses_nothing_unsaid(text, most):
    lines = list(wrapped("  Why: ", text, most=most, width=40))
    assert len(lines) <= most
    assert all(columns(line) <= 40 for line in lines)
    told = "".join("".join(lines).split())
    whole = "".join(f"Why:{text}".split())
    assert told == whole or (lines[-1].endswith(" ...") and whole.startswith(told[:-3]))


def test_lists_say_what_they_leave_out():
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_a_span_names_the_day_once():
    assert Moments(UTC).span(START, START + 95 * MINUTE) == "Wed 4 Nov 08:12 to 09:47"
    assert Moments(UTC).span(START, START) == "Wed 4 Nov 08:12"
    assert Moments(UTC).span(START, START + DAY) == "Wed 4 Nov 08:12 to Thu 5 Nov 08:12"
    assert Moments(UTC).span(None, None) == "no time known"


def test_years_are_told_when_the_evidence_spans_several():
    moments = Moments(UTC, START - 400 * DAY, START)
    assert moments.span(START, START) == "Wed 4 Nov 2026 08:12"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (START, START + HOUR, "4 Nov 2026"),
        (START, START + DAY, "4-5 Nov 2026"),
        (START - 10 * DAY, START, "25 Oct to 4 Nov 2026"),
        (START - 400 * DAY, START, "30 Sep 2025 to 4 Nov 2026"),
        (None, START, ""),
    ],
)
def test_days_are_told_shortly(first, last, words):
    assert Moments(UTC, first, last).days(first, last) == words


def test_times_are_shown_in_the_zone_asked_for():
    moments = Moments(ZoneInfo("Europe/Berlin"))
    assert moments.full(START) == "2026-11-04 09:12:00"
    assert moments.clock(START) == "09:12"
    assert moments.day_and_clock(START) == " 4 Nov 09:12"
    assert not moments.same_day(START, START + 15 * HOUR)
    assert moments.same_day(START, START + 14 * HOUR)


@pytest.mark.parametrize("micros", [2**63 - 1, -(2**63), None])
def test_a_time_no_calendar_has_is_said(micros):
    moments = Moments(ZoneInfo("Asia/Tokyo"))
    assert moments.full(micros) == "no time"
    assert moments.clock(micros).strip() == "?"
    assert moments.day_and_clock(micros).strip() == "?"
    assert moments.same_day(micros, START)


def test_a_word_in_pieces_gets_no_blank_inside():
    for length in range(1, 120):
        (line, *others) = wrapped("", "x" * length, width=40)
        assert " " not in line
        assert "".join([line, *others]).count("x") == length
        assert not [one for one in others if " " in one.strip()]


def test_later_lines_are_indented_as_asked():
    lines = list(wrapped("[1] ", "word " * 30, width=40, indent=6))
    assert all(line.startswith("      word") for line in lines[1:])
