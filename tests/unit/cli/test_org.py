from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.model.errors import UsageError, WorkspaceError
from trailhound.store.workspace import Workspace

HOUR = 3_600_000_000
MONDAY = 1_730_678_400_000_000  # 2024-11-04 00:00 UTC


@pytest.fixture
def office(tmp_path):
    """A workspace with four weeks of logins of acme.example."""
    times = [
        MONDAY + (day * 24 + hour) * HOUR
        for day in range(28)
        for hour in range(7, 19)
        if day % 7 < 5
    ]
    rows = {
        "time": times,
        "user_name": ["a@acme.example"] * len(times),
        "status": ["Success"] * len(times),
        "src_endpoint_ip": ["10.1.0.5"] * len(times),
    }
    root = tmp_path / "office"
    Workspace.init(root, "0.1.0")
    with Workspace.open(root, write=True) as workspace:
        writer = workspace.events("run1")
        writer.add("authentication", pa.RecordBatch.from_pydict(rows))
        with workspace.transaction() as tx:
            tx.register_parquet(writer.flush(), run=1)
    return root


def test_learn_show_and_check_agree(run, office):
    printed = run("org", "learn", "--workspace", office).stdout
    assert '# assumed "acme.example": 100% of' in printed
    assert run("org", "learn", "--workspace", office, "--write").exit_code == 0
    assert (office / "org.toml").read_text() == printed
    assert 'domains = ["acme.example"]' in run("org", "show", "--workspace", office).stdout
    checked = run("org", "check", "--workspace", office)
    assert (checked.exit_code, "nothing in the evidence" in checked.stdout) == (0, True)
    again = run("org", "learn", "--workspace", office, "--write")
    assert isinstance(again.exception, UsageError)


def test_a_contradiction_is_exit_one(run, office):
    (office / "org.toml").write_text('[organisation]\ndomains = ["other.example"]\n')
    checked = run("org", "check", "--workspace", office)
    assert checked.exit_code == 1
    assert "acme.example: not listed" in checked.stdout


def test_people_are_imported(run, tmp_path):
    (tmp_path / "p.csv").write_text("name,email,role\nAnna,a@acme.example,CEO\nNobody,,\n")
    (tmp_path / "org.toml").write_text('[organisation]\nname = "ACME"\n')
    printed = run("org", "import", "p.csv")
    assert "1 people, 1 records without" in printed.stderr
    assert 'vips = ["Anna <a@acme.example>"]' in printed.stdout
    run("org", "import", "p.csv", "--write")
    assert (tmp_path / "org.toml").read_text() == printed.stdout
    assert 'name = "ACME"' in run("org", "show").stdout


def test_nothing_told_is_said(run):
    assert "says nothing" in run("org", "show").stdout
    assert isinstance(run("org", "show", "--workspace", "none").exception, WorkspaceError)


def test_there_is_nothing_to_check_where_nothing_is_told(run, office):
    checked = run("org", "check", "--workspace", office)
    assert checked.exit_code == 0
    assert "nothing can contradict it" in checked.stdout
    assert "org learn" in checked.stdout
