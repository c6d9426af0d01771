from __future__ import annotations

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from trailhound.model.errors import WorkspaceError
from trailhound.store import cases
from trailhound.store.schema import metadata, runs


@pytest.fixture
def path(tmp_path):
    cases.migrate(tmp_path / "cases.sqlite")
    return tmp_path / "cases.sqlite"


def put(path, number):
    with cases.transaction(cases.connect(path, write=True), path) as connection:
        connection.execute(
            runs.insert(),
            {"run": number, "command": "", "release": "", "started": 0, "status": "", "stats": b""},
        )


def count(path):
    with cases.transaction(cases.connect(path, write=False), path) as connection:
        return len(connection.execute(runs.select()).all())


def test_migrations_make_what_queries_expect(path):
    with cases.connect(path, write=False).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_changes_nothing(path):
    put(path, 1)
    cases.migrate(path)
    assert count(path) == 1


def test_a_reader_sees_the_last_commit_while_another_writes(path):
    put(path, 1)
    with cases.transaction(cases.connect(path, write=True), path) as connection:
        connection.execute(runs.delete())
        assert count(path) == 1
    assert count(path) == 0


def remove_all(path, *, write):
    with cases.transaction(cases.connect(path, write=write), path) as connection:
        connection.execute(runs.delete())
        raise ZeroDivisionError


def test_what_fails_inside_a_transaction_is_undone(path):
    put(path, 1)
    with pytest.raises(ZeroDivisionError):
        remove_all(path, write=True)
    assert count(path) == 1


def test_a_reader_cannot_write(path):
    with pytest.raises(WorkspaceError, match="readonly"):
        remove_all(path, write=False)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_damaged_file_is_said(tmp_path, content):
    path = tmp_path / "cases.sqlite"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"cases\.sqlite"):
        count(path)


def test_damage_inside_is_found(path):
    with sqlite3.connect(path) as link:
        for number in range(200):
            link.execute("INSERT INTO runs VALUES (?, 'c', 'r', 0, 0, 's', x'00')", (number,))
    with sqlite3.connect(path) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cases.check(path)
    content = bytearray(path.read_bytes())
    content[-4096:] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="backup"):
        cases.check(path)


def test_the_journal_refuses_change(path):
    with sqlite3.connect(path) as link:
        link.execute("INSERT INTO journal VALUES (1, 0, 'a', 'b', '', '', '')")
        for statement in ("UPDATE journal SET actor = 'x'", "DELETE FROM journal"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                link.execute(statement)


def test_a_snapshot_is_one_plain_file(path, tmp_path):
    put(path, 1)
    (tmp_path / "to").mkdir()
    cases.snapshot(path, tmp_path / "to" / "copy")
    assert [p.name for p in (tmp_path / "to").iterdir()] == ["copy"]
    assert count(tmp_path / "to" / "copy") == 1
