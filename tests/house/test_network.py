"""Tests reach no other machine, and neither does a scan."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

ELSEWHERE = ("192.0.2.1", 9)
"""An address reserved for documentation."""

PROBE = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)"
PROGRAM = "import sys; sys.path.insert(0, %r); from trailhound.cli import main; main()"


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_connections_are_refused(method):
    with socket.socket() as sock, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        getattr(sock, method)(ELSEWHERE)


def test_datagrams_are_refused():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(AssertionError, match=r"192\.0\.2\.1"),
    ):
        sock.sendto(b"", ELSEWHERE)


def test_look_ups_are_refused():
    with pytest.raises(AssertionError, match=r"example\.org"):
        socket.create_connection(("example.org", 80))


def test_loopback_works():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def without_network(*arguments: str, cwd) -> subprocess.CompletedProcess[str]:
    command = ["unshare", "--net", "--map-root-user", sys.executable, *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_a_scan_needs_no_network(tmp_path):
    if not shutil.which("unshare") or without_network("-c", "", cwd=tmp_path).returncode:
        pytest.skip("this system lets nobody make a network namespace")
    assert "unreachable" in without_network("-c", PROBE, cwd=tmp_path).stderr.lower()
    log = tmp_path / "access.log"
    log.write_text('198.51.100.7 - - [04/Nov/2026:08:31:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n')
    program = PROGRAM % str(ROOT / "src")
    result = without_network("-c", program, "scan", str(log), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
