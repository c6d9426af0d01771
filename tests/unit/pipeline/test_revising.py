from __future__ import annotations

import msgspec

from tests.results import START, finding
from trailhound.model.finding import Evidence, Pointer
from trailhound.pipeline.fingerprints import Fingerprint
from trailhound.pipeline.options import ScanOptions
from trailhound.pipeline.revising import SeenBefore, revised
from trailhound.store.known import event_key, place_key


def pointer(number, source="a.log"):
    return Pointer(source, f"{source}-{number}", number, START + number, {})


def found(numbers, *, source="a.log", count=0, **more):
    pointers = tuple(pointer(n, source) for n in numbers)
    last = pointers[-1].time
    evidence = Evidence(count or len(pointers), pointers[0].time, last, pointers)
    return msgspec.structs.replace(finding(time=pointers[0].time), evidence=evidence, **more)


def seen(met=(), grown=()):
    prints = [Fingerprint(one, one, "d", 99, "old", 5) for one in grown]
    keys = {event_key(one.event_uid, one.time) for one in met}
    keys |= {place_key(one.source, one.offset, one.time) for one in met}
    return SeenBefore(keys, prints, ScanOptions())


def numbers(made):
    return [one.offset for one in made.evidence.pointers]


def test_evidence_of_two_scans_is_joined():
    made = revised(found([1, 5], title="old"), found([3], source="b.log", title="new"), seen())
    assert (made.evidence.count, numbers(made), made.title) == (3, [1, 3, 5], "new")
    assert (made.evidence.first, made.evidence.last) == (START + 1, START + 5)


def test_an_earlier_record_brings_its_reasons():
    early, late = found([1], because=()), found([9])
    assert revised(late, early, seen()).because == ()
    assert revised(early, late, seen()).because == ()
    assert revised(late, early, seen()).time == START + 1


def test_entities_of_both_stay_those_it_is_about_first():
    one, two = found([1], entities=()), found([2])
    assert revised(one, two, seen()).entities == two.entities
    assert revised(two, two, seen()).entities == two.entities


def test_known_places_of_a_grown_log_count_once_whatever_their_ids():
    old, new = found([1, 2]), found([1, 2, 3])
    other = tuple(
        msgspec.structs.replace(p, event_uid=f"x{p.offset}") for p in new.evidence.pointers
    )
    new = msgspec.structs.replace(
        new, evidence=msgspec.structs.replace(new.evidence, pointers=other)
    )
    held = seen([pointer(1), pointer(2)], ["a.log"])
    made = revised(old, new, held)
    assert (made.evidence.count, numbers(made)) == (3, [1, 2, 3])
    assert made.evidence.pointers[0].event_uid == "a.log-1"


def test_an_event_that_a_new_rule_version_adds_is_counted_though_its_row_was_known():
    old, new = found([1]), found([1, 2])
    made = revised(old, new, seen(met=new.evidence.pointers))
    assert (made.evidence.count, numbers(made)) == (2, [1, 2])


def test_a_sample_that_meets_nothing_known_adds_up():
    made = revised(found([1], count=500), found([2], source="b.log", count=300), seen())
    assert made.evidence.count == 800


def test_one_log_that_was_read_again_counts_as_the_new_scan_says():
    old, new = found([1, 2], count=500), found([1, 2], count=520)
    assert revised(old, new, seen([pointer(1), pointer(2)])).evidence.count == 520


def test_a_complete_new_finding_tells_what_is_known():
    old, new = found([1, 2], count=500), found([4, 5, 6])
    made = revised(old, new, seen(met=[pointer(4), pointer(5)]))
    assert (made.evidence.count, numbers(made)) == (501, [1, 2, 6])


def test_a_complete_old_finding_tells_what_was_read_again():
    old, new = found([1, 2, 3]), found([1, 2], count=700)
    made = revised(old, new, seen(met=[pointer(1), pointer(2)]))
    assert made.evidence.count == 701


def test_a_mixed_sample_is_counted_again_else_estimated():
    old = found([1, 2], count=500)
    new = found([2, 7], count=300)
    before = seen(met=[pointer(2)])
    before.counts = {}
    assert revised(old, new, before).evidence.count == 500 + 300 - 150
    before.counts = {new.id: 40}
    assert revised(old, new, before).evidence.count == 500 + 300 - 40


def test_a_finding_without_times_is_joined_too():
    timeless = Evidence(1, None, None, (Pointer("a.bin", "u", 0, None, {}),))
    one = msgspec.structs.replace(finding(), evidence=timeless, time=None)
    made = revised(one, one, seen())
    assert (made.evidence, made.time) == (timeless, None)


def test_the_part_of_a_line_that_is_whole_now_no_longer_counts():
    grown = [Fingerprint("a.log", b"a.log", "d", 99, "old", 5, "r", "a.log-5")]
    made = revised(found([1, 5]), found([1, 6]), SeenBefore((), grown, ScanOptions()))
    assert (made.evidence.count, numbers(made)) == (2, [1, 6])
