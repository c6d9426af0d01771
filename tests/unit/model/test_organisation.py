from __future__ import annotations

from datetime import date

import msgspec

from trailhound.model.organisation import Organisation


def test_nothing_is_required():
    assert msgspec.convert({}, Organisation) == Organisation()


def test_days_and_lists_read_as_toml_gives_them():
    raw = {"people": {"leavers": {"m.weber": date(2026, 10, 1)}, "vips": ["A <a@acme.example>"]}}
    found = msgspec.convert(raw, Organisation, strict=True)
    assert found.people.leavers["m.weber"] == date(2026, 10, 1)
    assert found.people.vips == ("A <a@acme.example>",)
