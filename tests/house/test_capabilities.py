"""Power lives in single places: sockets, child processes, databases, code from data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import calls, imported, inside, parse, place, python_files

if TYPE_CHECKING:
    from pathlib import Path

SOCKETS = ("net.py", "connect/", "console/", "share/")
"""Who may reach other machines, or be reached."""

ONLY_IN = {
    "socket": SOCKETS,
    "ssl": SOCKETS,
    "http": SOCKETS,
    "urllib.request": SOCKETS,
    "httpx": SOCKETS,
    "ftplib": SOCKETS,
    "smtplib": SOCKETS,
    "imaplib": SOCKETS,
    "asyncio": SOCKETS,
    "subprocess": ("sandbox.py",),
    "multiprocessing": ("sandbox.py",),
    "concurrent.futures.process": ("sandbox.py",),
    "concurrent.futures.ProcessPoolExecutor": ("sandbox.py",),
    "pty": (),
    "ctypes": ("sandbox.py",),
    "pickle": (),
    "marshal": (),
    "shelve": (),
    "dill": (),
    "duckdb": ("engine/",),
    "sqlite3": ("store/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "email": (),
    "sigma": (),
    "xml": (),
}
"""Import (and everything below it) to the files and folders that may have it."""

BANNED_CALLS = {
    "eval": "code from data",
    "exec": "code from data",
    "compile": "code from data",
    "__import__": "use importlib with a constant table",
    "os.system": "a shell",
    "os.popen": "a shell",
    "os.fork": "sandbox.py starts processes",
    "yaml.load": "the one YAML reader drives the C safe loader itself, with limits",
    "yaml.full_load": "builds objects",
    "yaml.unsafe_load": "builds objects",
    "numpy.load": "may unpickle",
    "np.load": "may unpickle",
}

PURE = {"model": {"msgspec"}, "text": {"msgspec"}}
"""Folders at the bottom, and what they may import beyond the standard library."""

PURE_EXTRA = {
    "model/batch.py": {"numpy", "pyarrow"},  # a batch is columns
    "text/timestamp.py": {"numpy"},  # whole columns of time stamps at once
}

SOURCES = python_files("src/trailhound")


def allowed(path: Path, places: tuple[str, ...]) -> bool:
    return any(
        inside(path) == p or (p.endswith("/") and inside(path).startswith(p)) for p in places
    )


def forbidden_imports(path: Path) -> list[str]:
    wrong = []
    for node, name in imported(parse(path)):
        for banned, places in ONLY_IN.items():
            if f"{name}.".startswith(f"{banned}.") and not allowed(path, places):
                wrong.append(f"{place(path, node)}: {name} belongs to {places or 'nobody'}")
    return wrong


@pytest.mark.parametrize("path", SOURCES, ids=inside)
def test_imports_stay_where_they_belong(path):
    assert not forbidden_imports(path)


@pytest.mark.parametrize("path", SOURCES, ids=inside)
def test_no_call_runs_data_as_code(path):
    wrong = [
        f"{place(path, node)}: {name}: {BANNED_CALLS[name]}"
        for node, name in calls(parse(path))
        if name in BANNED_CALLS
    ]
    assert not wrong


def test_one_place_reads_yaml():
    readers = {
        inside(p) for p in SOURCES if any(n.split(".")[0] == "yaml" for _, n in imported(parse(p)))
    }
    assert len(readers) <= 1, "one place limits aliases, depth and size"


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if inside(p).split("/")[0] in PURE], ids=inside
)
def test_the_bottom_layers_stay_pure(path):
    may = PURE[inside(path).split("/")[0]] | PURE_EXTRA.get(inside(path), set())
    may |= sys.stdlib_module_names | {"trailhound"}
    tops = {name.split(".")[0] for _, name in imported(parse(path))}
    assert not tops - may


def test_the_rules_can_fail(tmp_path, monkeypatch):
    planted = tmp_path / "detect" / "bad.py"
    planted.parent.mkdir()
    planted.write_text(
        "import socket\nfrom urllib import request\nimport subprocess as s\nimport json\n"
    )
    monkeypatch.setattr("tests.house.tree.SRC", tmp_path)
    monkeypatch.setattr("tests.house.tree.ROOT", tmp_path)
    assert [line.split()[1] for line in forbidden_imports(planted)] == [
        "socket",
        "urllib.request",
        "subprocess",
    ]
