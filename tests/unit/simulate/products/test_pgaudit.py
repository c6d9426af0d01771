from __future__ import annotations

import csv

from trailhound.simulate.products.pgaudit import Statement


def test_a_row_has_the_columns_of_postgresql_and_a_message_of_pgaudit(world, at, finished):
    session = world.database.connect(at, "app", "shop", "10.0.0.1", "psql")
    text = 'select a, "b" from t'
    world.database.run(at + 5000, session, 1, Statement("READ", "SELECT", "public.t", text, 20_000))
    rows = list(csv.reader(finished().lines("linux/db1/var/log/postgresql/*.csv")))
    assert [len(row) for row in rows] == [26, 26]
    assert rows[1][0] == "2026-11-02 09:00:00.005 UTC"
    message = rows[1][13]
    assert next(csv.reader([message.removeprefix("AUDIT: ")])) == [
        "SESSION", "1", "1", "READ", "SELECT", "TABLE", "public.t", text, "<not logged>", "20000",
    ]  # fmt: skip


def test_a_refused_password_is_fatal(world, at, finished):
    world.database.refuse(at, "app", "10.0.0.1")
    (row,) = csv.reader(finished().lines("linux/db1/var/log/postgresql/*.csv"))
    assert row[11:13] == ["FATAL", "28P01"]
