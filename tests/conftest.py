"""What holds for every test: no network, skips that say why, the same examples on each run."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
OPT_IN = ("slow", "real", "fuzz", "postgres", "browser")
"""Marks that the default run leaves out, and reports as skipped."""

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what was not asked for by `-m`: seen in the report, never silently absent."""
    asked = config.getoption("markexpr")
    for item in items:
        for mark in OPT_IN:
            if mark not in asked and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=f"{mark}: run with -m {mark}"))


class NetworkUsedError(AssertionError):
    """A test reached for another machine. An assertion, so that no `except OSError` hides it."""


def is_local(host: object) -> bool:
    if host in ("", "localhost", b"localhost", None):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a socket method whose last argument is the address."""

    def checked(sock: socket.socket, *args: Any) -> Any:
        if sock.family != getattr(socket, "AF_UNIX", None) and not is_local(args[-1][0]):
            raise NetworkUsedError(f"{call.__name__} to {args[-1]!r}")
        return call(sock, *args)

    return checked


def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
    if not is_local(host):
        raise NetworkUsedError(f"look-up of {host!r}")
    return LOOKUP(host, *args, **kwargs)


LOOKUP = socket.getaddrinfo


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let sockets reach this machine only. Child processes are not covered: see tests/house."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real logs, which are not part of the project."""
    folder = Path(os.environ.get("TRAILHOUND_REAL_DATA") or ROOT / "../shared/data").resolve()
    if not folder.is_dir():
        pytest.skip("no real logs: set TRAILHOUND_REAL_DATA to a folder that has them")
    return folder
