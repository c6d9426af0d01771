"""A workspace with a few logins, and a runner of commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from tests.unit.cli.case import write_case
from trailhound.cli import cli, main
from trailhound.store.workspace import Workspace

NOON = 1_730_721_600_000_000  # 2024-11-04 12:00 UTC


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(cli, [str(part) for part in arguments])

    return invoke


@pytest.fixture
def called(monkeypatch, capsys):
    """Run the program as a shell does: gives its exit code, output and messages."""

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["trailhound", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        output = capsys.readouterr()
        return stopped.value.code, output.out, output.err

    return call


@pytest.fixture
def case(tmp_path):
    return write_case(tmp_path)


@pytest.fixture
def filled(tmp_path):
    root = tmp_path / "case"
    Workspace.init(root, "0.1.0")
    rows = {
        "metadata_uid": ["u1", "u2", "u3"],
        "time": pa.array([NOON + 60_000_000, NOON, None], pa.int64()),
        "metadata_time_basis": ["exact", "zone_assumed", None],
        "activity_name": ["Logon", "Logon", None],
        "status": ["Success", "Failure", None],
        "user_name": ["a.meyer", "=cmd()", "evil\x1b[31m\n\u202ename"],
        "src_endpoint_ip": ["203.0.113.20", "10.0.0.1", None],
        "device_hostname": ["FIN-PC07", None, None],
    }
    with Workspace.open(root, write=True) as workspace:
        writer = workspace.events("run000001")
        writer.add("authentication", pa.RecordBatch.from_pydict(rows))
        with workspace.transaction() as tx:
            tx.register_parquet(writer.flush(), run=tx.begin_run("scan", "0.1.0", NOON))
    return root


RULE = """title: Who am I
id: 11111111-1111-4111-8111-111111111111
level: high
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
"""
EVENT = {
    "EventTime": "2026-11-04T08:00:00Z",
    "Hostname": "PC1",
    "Channel": "Security",
    "EventID": 4688,
    "SourceName": "s",
    "RecordNumber": 1,
    "SubjectUserName": "a.meyer",
    "CommandLine": "whoami",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "rule.yml").write_text(RULE)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.json").write_text(json.dumps(EVENT) + "\n")
    return tmp_path


@pytest.fixture
def scan(place):
    def invoke(*more):
        rules = ("--rules", place / "rule.yml", "--no-default-rules", "--jobs", "1", "-q")
        arguments = ["scan", place / "logs", *rules, *more]
        return CliRunner().invoke(cli, list(map(str, arguments)), standalone_mode=False)

    return invoke


def wait_for_a_child(pid):
    """Wait until one of the program's threads has started a process."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if any(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")):
            return
        time.sleep(0.005)


@pytest.fixture
def program(tmp_path):
    """Run the program in a process of its own, or press Ctrl-C when its first worker starts."""

    def run(*arguments, stdout=subprocess.PIPE, interrupt=False, **more):
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = {"PYTHONPATH": paths, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [sys.executable, "-m", "trailhound", *map(str, arguments)]
        with subprocess.Popen(
            command, stdout=stdout, stderr=subprocess.PIPE, env=os.environ | environment,
            text=True, start_new_session=True, **more,
        ) as started:  # fmt: skip
            if interrupt:
                wait_for_a_child(started.pid)
                os.killpg(started.pid, signal.SIGINT)
            out, err = started.communicate(timeout=60)
        return subprocess.CompletedProcess(command, started.returncode, out, err)

    return run
