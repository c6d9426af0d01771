"""Real logs: each is read by the reader it is for, and no byte of it goes missing."""

from __future__ import annotations

import gzip
import io
from collections import Counter

import pytest

from trailhound.model.limits import Budget
from trailhound.model.source import HEAD_BYTES, Source
from trailhound.readers import choose
from trailhound.readers.mapping import table_rows

pytestmark = pytest.mark.real

EXPECTED = (
    ("auth/loghub-openssh/OpenSSH_2k.log", "linux.syslog", 2000),
    ("cloud/selfmade/postfix.log", "linux.syslog", 75),
    ("cloud/selfmade/dovecot.log", "linux.syslog", 251),
    ("cloud/selfmade/pgaudit.csv", "postgresql.log", 120),
    ("cloud/selfmade/pgaudit_jsonlog.json", "postgresql.log", 120),
    ("cloud/selfmade/pgaudit_stderr.log", "postgresql.log", 120),
    ("cloud/selfmade/mariadb_server_audit.log", "mysql.log", 43),
    ("cloud/selfmade/mariadb_slow.log", "mysql.log", 11),
)


def source_of(path):
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    name = path.name.removesuffix(".gz")
    return Source(
        name, lambda: io.BytesIO(data), data[:HEAD_BYTES], size=len(data),
        modified=path.stat().st_mtime,
    )  # fmt: skip


def told(source):
    """Read a source whole: its reader, rows, table rows, and whether each byte is accounted for."""
    reader = choose(source)
    assert reader is not None, source.name
    budget = Budget()
    batches = list(reader.read(source, budget))
    tables: Counter[str] = Counter()
    for batch in batches:
        for table, rows in table_rows(batch):
            tables[table] += rows.num_rows
    lost = sum(oddity.length for oddity in budget.oddities.kept if oddity.lost)
    whole = budget.parsed_bytes + lost == source.size and not lost
    return reader.name, sum(batch.rows for batch in batches), tables, whole


@pytest.mark.parametrize(("name", "reader", "rows"), EXPECTED)
def test_log(real_data, name, reader, rows):
    path = real_data / name
    if not path.is_file():
        pytest.skip(f"{name} is not among the real logs")
    found, count, tables, whole = told(source_of(path))
    assert (found, count) == (reader, rows)
    assert tables.total() == rows
    assert whole


def is_zeek(path):
    return ".log" in path.name and not path.name.startswith("conn-summary")


def test_zeek_logs(real_data):
    paths = [path for path in sorted((real_data / "net").rglob("*.log*")) if is_zeek(path)]
    if not paths:
        pytest.skip("no Zeek logs among the real logs")
    for path in paths:
        source = source_of(path)
        found, count, tables, whole = told(source)
        lines = sum(1 for line in source.open() if not line.startswith(b"#"))
        assert (found, count, whole) == ("zeek.tsv", lines, True), path
        assert tables.total() == count, path


def test_the_password_guessing_is_all_there(real_data):
    path = real_data / "auth/loghub-openssh/OpenSSH_2k.log"
    if not path.is_file():
        pytest.skip("the OpenSSH log is not among the real logs")
    source = source_of(path)
    reader = choose(source)
    assert reader is not None
    failed = [
        batch.columns(("src_ip",))["src_ip"][row]
        for batch in reader.read(source, Budget())
        for row in range(batch.rows)
        if batch.columns(("event",))["event"][row] == "failed"
    ]
    lines = path.read_bytes().count(b": Failed ") + path.read_bytes().count(b"[ Failed ")
    assert len(failed) == lines
    assert all(failed)
