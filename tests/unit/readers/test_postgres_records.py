from __future__ import annotations

import pytest

from tests.unit.readers.reading import source_of
from trailhound.model.limits import Budget, Limits
from trailhound.readers.postgres_records import CSV_WIDTH, csv_entries, json_entries, text_entries

CSV = (
    '2026-11-04 08:00:0{} CET,"app","shop",201,"192.0.2.1:40",s1,3,"ps",x,3/9,0,LOG,00000,"{}"'
    ',,,,,,,,,"psql"'
)


def entries(read, data, limits=None):
    budget = Budget(limits or Limits())
    found = list(read(source_of(data.encode()), budget))
    columns: dict[str, list[object]] = {}
    for part in found:
        for name, column in part.columns.items():
            columns.setdefault(name, []).extend(column)
    raws = [raw for part in found for raw in part.raws]
    return columns, raws, budget


def csv_line(second, message):
    return CSV.format(f"{second}.000", message) + "\n"


def test_csvlog_of_any_version():
    columns, _, budget = entries(
        csv_entries, csv_line(1, "m") + csv_line(2, "n")[:-1] + ',"client backend",,0\n'
    )
    assert columns["message"] == ["m", "n"]
    assert columns["client"] == ["192.0.2.1", "192.0.2.1"]
    assert columns["port"] == ["40", "40"]
    assert columns["backend"] == [None, "client backend"]
    assert columns["detail"] == [None, None]
    assert budget.oddities.total == 0


def test_a_statement_may_span_lines():
    columns, raws, _ = entries(csv_entries, csv_line(1, 'a ""q""\n\nb') + csv_line(2, "c"))
    assert columns["message"] == ['a "q"\nb', "c"]
    assert raws[0].count(b"\n") == 1


def test_an_open_quotation_mark_ends_where_the_next_entry_begins():
    columns, _, budget = entries(
        csv_entries, '2026-11-04 08:00:01.000 CET,"open\nmore\n' + csv_line(2, "c")
    )
    assert columns["message"] == ["c"]
    assert budget.oddities.counts == {"postgres.syntax": 1}


def test_an_open_quotation_mark_at_the_end_is_said():
    columns, _, budget = entries(
        csv_entries, csv_line(1, "a") + csv_line(2, "b")[:-20].replace('"b"', '"b')
    )
    assert columns["message"] == ["a"]
    assert budget.oddities.lost


def test_an_endless_entry_is_given_up():
    data = '2026-11-04 08:00:01.000 CET,"open\n' + "x" * 40 + "\n" + "y" * 40 + "\n" + "z\n" * 9
    columns, _, budget = entries(csv_entries, data, Limits(log_line_bytes=64))
    assert columns.get("message", []) == []
    lost = sum(oddity.length for oddity in budget.oddities.kept)
    assert budget.parsed_bytes + lost == len(data)


def test_too_few_columns():
    columns, _, budget = entries(csv_entries, csv_line(1, "a") + "2026-11-04 08:00:02.000 CET,x\n")
    assert columns["message"] == ["a"]
    assert f"{CSV_WIDTH} or more" in budget.oddities.kept[0].detail


@pytest.mark.parametrize(
    ("prefix", "wanted"),
    [
        ("[201] app@shop ", {"pid": "201", "user": "app", "database": "shop", "client": None}),
        ("[201] app@shop 192.0.2.1 psql ", {"client": "192.0.2.1", "application": "psql"}),
        ("[201] app@shop 2001:db8::1(40) ", {"client": "2001:db8::1", "port": "40"}),
        ("[201] app@shop [local] my app ", {"client": "[local]", "application": "my app"}),
        ("[201] [unknown]@[unknown] ", {"user": None, "database": None}),
        (
            "[201-1] user=app,db=shop,app=psql,client=192.0.2.1 ",
            {
                "pid": "201",
                "user": "app",
                "database": "shop",
                "application": "psql",
                "client": "192.0.2.1",
            },
        ),
        ("[201] ", {"pid": "201", "user": None, "client": None}),
        ("", {"pid": None}),
    ],
)
def test_prefixes(prefix, wanted):
    columns, _, _ = entries(text_entries, f"2026-11-04 08:00:01.000 CET {prefix}LOG:  m\n")
    assert {name: columns[name][0] for name in wanted} == wanted
    assert (columns["message"], columns["severity"]) == (["m"], ["LOG"])


def test_lines_that_belong_to_an_entry():
    head = "2026-11-04 08:00:01 CET "
    data = (
        f"{head}[1] ERROR:  e1\n{head}[2] LOG:  two\n{head}[1] DETAIL:  d\n"
        f"{head}[1] STATEMENT:  select\n"
        f"\t1\n{head}[2] LOG:  three\n"
    )
    columns, _, budget = entries(text_entries, data)
    assert columns["message"] == ["e1", "two\n1", "three"]
    assert columns["detail"] == ["d", None, None]
    assert columns["query"] == ["select", None, None]
    assert budget.parsed_bytes == len(data)


def test_lines_before_the_first_entry_are_lost_and_said():
    columns, _, budget = entries(text_entries, "junk\n2026-11-04 08:00:01 CET [1] LOG:  m\n")
    assert columns["message"] == ["m"]
    assert budget.oddities.counts == {"postgres.syntax": 1}


def test_jsonlog():
    data = (
        '{"timestamp":"t","user":"a","dbname":"d","remote_host":"h","remote_port":5,'
        '"message":"m"}\nx\n'
    )
    columns, _, budget = entries(json_entries, data)
    assert (columns["user"], columns["database"], columns["client"], columns["port"]) == (
        ["a"],
        ["d"],
        ["h"],
        [5],
    )
    assert budget.oddities.counts == {"json.syntax": 1}
