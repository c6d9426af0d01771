from __future__ import annotations

from trailhound.readers.signature import Signature, aliases, named

PLAIN = Signature("door.log", ("door gate", "badge"), named("at", "id"))
DEEP = Signature("door.log", ("door",), named("at", ""), inside=("data", "badge card"))


def inside(*names):
    return lambda member: frozenset(names) if member == "data" else frozenset()


def test_one_name_of_each_group():
    assert PLAIN.allowed_by(frozenset(["gate", "badge", "x"]))
    assert not PLAIN.allowed_by(frozenset(["gate", "door"]))
    assert PLAIN.shown_by(inside())


def test_what_lies_inside():
    assert DEEP.allowed_by(frozenset(["door"]))
    assert DEEP.shown_by(inside("card"))
    assert not DEEP.shown_by(inside("x"))


def test_touching_takes_one_name():
    assert PLAIN.touches(frozenset(["badge"]))
    assert not PLAIN.touches(frozenset(["x"]))


def test_names():
    assert PLAIN.names.times == ("at", "p_event_time")
    assert PLAIN.names.uids == ("id",)
    assert aliases({"a": ("b",)})("a") == ("a", "b")
    assert aliases({"a": ("b",)})("c") == ("c",)
