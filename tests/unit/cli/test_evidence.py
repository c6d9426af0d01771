from __future__ import annotations

from trailhound.cli.evidence import Asked, table_engine


def test_what_could_not_be_read_is_said(tmp_path, capsys):
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\x02" * 500)
    with table_engine(Asked(paths=(tmp_path / "a.bin",), jobs=1, quiet=True)) as engine:
        assert engine.query("SELECT count(*) AS n FROM events").to_pylist() == [{"n": 0}]
    assert "a.bin" in capsys.readouterr().err
