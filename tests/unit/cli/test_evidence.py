from __future__ import annotations

import pytest

from trailhound.cli.evidence import Asked, moment, table_engine, zone
from trailhound.model.errors import UsageError


def test_days_and_times_are_read_as_utc():
    assert moment(None, "--since") is None
    assert moment("1970-01-02", "--since") == 86_400_000_000
    assert moment("1970-01-01T01:00:00+01:00", "--since") == 0
    with pytest.raises(UsageError, match="--since"):
        moment("soon", "--since")


def test_a_zone_needs_a_name_that_exists():
    assert zone("fw*=Europe/Berlin") == ("fw*", "Europe/Berlin")
    for wrong in ("Europe/Berlin", "a=Nowhere/Town"):
        with pytest.raises(UsageError, match="--zone"):
            zone(wrong)


def test_what_could_not_be_read_is_said(tmp_path, capsys):
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\x02" * 500)
    with table_engine(Asked(paths=(tmp_path / "a.bin",), jobs=1, quiet=True)) as engine:
        assert engine.query("SELECT count(*) AS n FROM events").to_pylist() == [{"n": 0}]
    assert "a.bin" in capsys.readouterr().err
