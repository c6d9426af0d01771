from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given, settings

from tests.results import HOUR, START, finding, result, results
from trailhound.model.finding import Severity
from trailhound.report.phrases import columns
from trailhound.report.text import SCREEN, TextReport


def lines(made, **options):
    return list(TextReport(made, **options).lines())


def screen(made, **options):
    return "\n".join(lines(made, **options))


def test_the_first_screen_tells_what_where_who_why_and_what_to_do():
    text = screen(result([finding(severity=Severity.CRITICAL)]))
    assert "[1] CRITICAL" in text
    assert r"acme\a.meyer" in text.lower()
    assert "fin-pc07 . from" in text
    assert "from 203.0.113[.]20" in text
    for label in ("Why: ", "Could be wrong if: backup", "Do now: ", "Not judged: ", "Assumed: "):
        assert label.lower() in text.lower()
    assert "Usual here, folded: Scanner seen" in text
    assert "unusual DNS (no DNS look-ups) . new applications (3 d history)" in text
    assert "Read: 1 of 2 . 1 incomplete . 1 of unknown format" in text
    assert "Next: trailhound show " in text


def test_it_says_when_nothing_was_found():
    text = screen(result([]))
    assert "nothing asks for a person in what could be judged" in text
    assert "Next:" not in text


def test_sources_that_only_yara_looked_at_are_counted():
    made = result([])
    before = lines(made)[0]
    made.stats.yara_only = 2
    assert "1 source " in before
    assert "3 sources " in lines(made)[0]


def test_weak_signals_are_counted_and_one_option_away():
    weak = result([finding(severity=Severity.LOW)])
    assert "1 weak signal folded (--all)" in " ".join(screen(weak).split())
    assert "[1]" not in screen(weak)
    assert "[1] LOW" in screen(weak, everything=True)


def test_an_attack_near_the_end_of_the_evidence_is_active():
    made = result([finding(severity=Severity.CRITICAL)])
    head = next(line for line in lines(made) if line.startswith("[1]"))
    assert head.endswith("  ACTIVE")
    assert len(head) == 80
    made.stats.last = START + 2 * HOUR
    assert "ACTIVE" not in screen(made)


def test_steps_over_several_days_name_the_day():
    one_day = result([finding("a", number=1), finding("b", number=2, minute=30)])
    assert "    08:12 ioa secrets  a" in screen(one_day)
    two_days = result([finding("a", number=1), finding("b", number=2, minute=20 * 60)])
    assert "     4 Nov 08:12 ioa secrets  a" in screen(two_days)
    assert "     5 Nov 04:12 ioa secrets  b" in screen(two_days)


def test_times_are_in_the_zone_asked_for():
    text = screen(result(), zone=ZoneInfo("Europe/Berlin"))
    assert "(Europe/Berlin)" in text
    assert "09:12" in screen(
        result([finding(severity=Severity.CRITICAL)]), zone=ZoneInfo("Europe/Berlin")
    )


def test_colour_is_added_only_when_asked_for():
    made = result([finding(severity=Severity.CRITICAL)])
    assert "\x1b" not in screen(made)
    assert "\x1b[1;31m[1] CRITICAL" in screen(made, colour=True)


def test_an_interrupted_scan_says_so():
    assert "INTERRUPTED" in screen(result(interrupted=True))


def test_many_incidents_stay_on_one_screen_and_are_counted():
    many = [
        finding(f"t{n}", number=n, user=f"u{n}", host=f"h{n}", severity=Severity.CRITICAL)
        for n in range(60)
    ]
    shown = lines(result(many))
    assert len(shown) <= SCREEN
    assert any(line.startswith("... and ") and line.endswith("(--all)") for line in shown)


def test_everything_has_no_bottom():
    many = [finding(f"t{n}", number=n, host=f"h{n}", user=f"u{n}") for n in range(60)]
    text = screen(result(many), everything=True)
    assert "[60]" in text
    assert text.count("Do now:") == 60


def test_further_steps_are_counted():
    many = [finding(f"t{n}", number=n, minute=n) for n in range(20)]
    assert "13 more steps: trailhound show" in screen(result(many))


def test_large_counts_are_rounded():
    made = result()
    made.stats.events = 2_100_000
    assert "2.1 M events" in screen(made)


@settings(max_examples=150)
@given(results())
def test_the_first_screen_is_40_lines_of_80_columns_whatever_was_found(made):
    shown = lines(made)
    assert len(shown) <= SCREEN
    assert all(columns(line) <= 80 for line in shown)
    assert all(line.isprintable() for line in shown)


@settings(max_examples=50)
@given(results())
def test_everything_is_80_columns_too(made):
    shown = lines(made, everything=True)
    assert all(columns(line) <= 80 for line in shown)
    assert all(line.isprintable() for line in shown)


def test_steps_of_several_hosts_say_where():
    both = [finding("a"), finding("b", number=2, minute=5, host="srv1.acme.example")]
    text = screen(result(both))
    assert "ioa secrets  fin-pc07: a" in text
    assert "ioa secrets  srv1: b" in text
    assert "fin-pc07: " not in screen(result([finding("a"), finding("b", number=2, minute=5)]))


def test_where_not_all_fit_the_first_step_and_the_gravest_are_told():
    steps = [finding(f"t{n:02}", number=n, minute=n) for n in range(1, 20)]
    steps.append(finding("worst", number=20, minute=30, severity=Severity.CRITICAL))
    text = screen(result(steps))
    assert "secrets  t01" in text
    assert "secrets  worst" in text
    assert "secrets  t19" not in text
    assert text.index("secrets  t01") < text.index("secrets  worst")


def test_a_long_title_takes_two_lines():
    title = "A title of many words " * 4
    shown = lines(result([finding(title, severity=Severity.CRITICAL)]))
    assert shown[2].startswith("[1] CRITICAL")
    assert shown[2].endswith("  ACTIVE")
    assert shown[3].startswith("    ")
    assert "on fin-pc07" in shown[3]


def test_ids_of_a_redacted_result_are_not_offered():
    many = [finding(f"t{n}", number=n, minute=n) for n in range(20)]
    assert "13 more steps: --all" in screen(result(many, redacted="people"))


def test_everything_cuts_nothing_off():
    titles = [f"A quite long title of a step, the number is {n}" for n in range(5)]
    many = [finding(title, number=n, minute=n) for n, title in enumerate(titles)]
    shown = lines(result(many), everything=True)
    assert not [line for line in shown if line.endswith(" ...")]
    assert [line for line in lines(result(many)) if line.endswith(" ...")]
