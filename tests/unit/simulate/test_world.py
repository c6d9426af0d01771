from __future__ import annotations

from trailhound.simulate.company import WEB
from trailhound.simulate.truth import Plan


def test_a_step_is_told_once_its_record_is_written(world, at, finished):
    step = world.plan(Plan("s-01", at, "s", "T1", "title", ("web1",)))
    world.syslog.say(at, WEB, "sshd", "hello", step=step)
    (told,) = finished().truth.steps
    assert (told.id, told.source) == ("s-01", "linux/web1/var/log/auth.log.2.gz")


def test_a_step_whose_record_lies_behind_the_end_is_not_told(world, finished):
    after = world.span.end + 1
    step = world.plan(Plan("s-01", after, "s", "T1", "title"))
    world.syslog.say(after, WEB, "sshd", "hello", step=step)
    assert not finished().truth.steps


def test_who_was_attacked_is_not_called_innocent(world, at, finished):
    world.innocent("svc-print", "stale")
    world.innocent("a.meyer", "travels")
    step = world.plan(Plan("s-01", at, "s", "T1", "t", users=("a.meyer@acme.example",)))
    world.syslog.say(at, WEB, "sshd", "hello", step=step)
    assert [person.name for person in finished().truth.innocent] == ["svc-print"]


def test_noise_scales_oddities(world):
    assert world.noisy(12) == 12
