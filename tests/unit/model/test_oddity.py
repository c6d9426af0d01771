from __future__ import annotations

from trailhound.model.oddity import MAX_KEPT, Oddity, OddityLog


def test_a_hostile_file_stays_cheap():
    log = OddityLog()
    for offset in range(MAX_KEPT + 50):
        log.add(Oddity("json.syntax", offset))
    assert [one.offset for one in log.kept] == list(range(MAX_KEPT))
    assert log.counts == {"json.syntax": MAX_KEPT + 50}
    assert log.total == MAX_KEPT + 50


def test_one_loss_is_enough():
    log = OddityLog()
    log.add(Oddity("file.empty"))
    before = log.lost
    log.add(Oddity("limit.depth", lost=True))
    log.add(Oddity("file.empty"))
    assert (before, log.lost) == (False, True)
    assert log.counts == {"file.empty": 2, "limit.depth": 1}


def test_a_loss_beyond_what_is_kept_counts():
    log = OddityLog()
    for _ in range(MAX_KEPT):
        log.add(Oddity("file.empty"))
    log.add(Oddity("limit.depth", lost=True))
    assert log.lost
    assert "limit.depth" not in {one.kind for one in log.kept}


def test_oddities_beyond_the_room_are_counted_only():
    log = OddityLog()
    for _ in range(MAX_KEPT - 1):
        log.add(Oddity("a.b"))
    assert log.room() == 1
    log.count("a.b", 5)
    assert log.counts == {"a.b": MAX_KEPT + 4}
    assert not log.lost
