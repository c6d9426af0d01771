from __future__ import annotations

import pytest

from trailhound.cli.rows import write_rows


def test_rows_are_counted_and_aligned(capsys):
    assert write_rows(["a", "bb"], [(1, None), ("long\tvalue", "x")], "text") == 2
    assert capsys.readouterr().out.splitlines() == [
        "a              bb",
        "-------------  --",
        "1",
        r"long\x09value  x",
    ]


def test_a_terminal_gets_short_cells(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    write_rows(["a"], [("x" * 100,)], "text")
    assert capsys.readouterr().out.splitlines()[2] == "x" * 59 + "…"


@pytest.mark.parametrize("start", "=+-@")
def test_every_cell_and_title_of_a_csv_is_harmless(capsys, start):
    write_rows([f"{start}a"], [(f"{start}b",), ([f"{start}c"],), (-1,)], "csv")
    out = capsys.readouterr().out
    assert f"'{start}a" in out
    assert f"'{start}b" in out
    assert "\n-1\n" in out


def test_a_csv_has_one_line_a_row(capsys):
    write_rows(["a"], [("\tb\r\nc",), ('say "x", y',)], "csv")
    assert capsys.readouterr().out.splitlines() == ["a", r"\x09b\x0d\x0ac", '"say ""x"", y"']


def test_later_rows_may_be_wider(capsys):
    write_rows(["a"], [("x",)] * 1_000 + [("yyyy",)], "text")
    assert capsys.readouterr().out.endswith("yyyy\n")
