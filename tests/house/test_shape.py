"""Files and functions stay short, and names say what is inside."""

from __future__ import annotations

import ast
from fnmatch import fnmatch

import pytest

from tests.house.tree import SRC, UNIT, inside, parse, place, python_files, tracked

FILE_LINES = 600
FUNCTION_LINES = 60
"""Hard limits. The aim is 150 and 8."""

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "core"}

NO_UNIT_TEST: dict[str, str] = {
    "store/migrations/*": "a migration is tested by opening the workspaces it migrates",
    "correlate/advice.py": "told by every incident of the tests of story and triage",
    "correlate/naming.py": "told by every incident of the tests of story and triage",
    "correlate/tactics.py": "a table, used by every incident of the tests of story",
    "correlate/techniques.py": "a table, used by every incident of the tests of story",
    "pipeline/redaction_key.py": "tested with the redaction it makes a key for",
    "readers/bind.py": "every row of the golden samples of its formats passes it",
    "readers/cef_records.py": "every row of the golden samples of its formats passes it",
    "readers/cisco.py": "every row of the golden samples of its formats passes it",
    "readers/cisco_messages.py": "every row of the golden samples of its formats passes it",
    "readers/cisco_patterns.py": "every row of the golden samples of its formats passes it",
    "readers/device_guest.py": "every row of the golden samples of its formats passes it",
    "readers/device_records.py": "every row of the golden samples of its formats passes it",
    "readers/device_times.py": "every row of the golden samples of its formats passes it",
    "readers/dhcp_messages.py": "every row of the golden samples of its formats passes it",
    "readers/dns_messages.py": "every row of the golden samples of its formats passes it",
    "readers/field_batch.py": "every row of the golden samples of its formats passes it",
    "readers/fortigate_records.py": "every row of the golden samples of its formats passes it",
    "readers/kea.py": "every row of the golden samples of its formats passes it",
    "readers/leef_records.py": "every row of the golden samples of its formats passes it",
    "readers/nfdump.py": "every row of the golden samples of its formats passes it",
    "readers/panos_fields.py": "every row of the golden samples of its formats passes it",
    "readers/panos_records.py": "every row of the golden samples of its formats passes it",
    "readers/pf_messages.py": "every row of the golden samples of its formats passes it",
    "readers/stamped_reader.py": "every row of the golden samples of its formats passes it",
    "readers/suricata.py": "every row of the golden samples of its formats passes it",
    "readers/umbrella.py": "every row of the golden samples of its formats passes it",
    "readers/unbound.py": "every row of the golden samples of its formats passes it",
    "readers/vpc_flow.py": "every row of the golden samples of its formats passes it",
    "readers/windows_dhcp.py": "every row of the golden samples of its formats passes it",
    "readers/windows_dns.py": "every row of the golden samples of its formats passes it",
    "readers/cells.py": "every cell of the golden samples passes it",
    "readers/json_batch.py": "tested by the batches of Windows and of the clouds, which extend it",
    "readers/mapping.py": "every table row of the golden samples passes it",
    "report/document.py": "tested by the outputs of scan in every format",
    "report/json_output.py": "tested by the outputs of scan in every format",
}
"""Files with code that no unit test mirrors, each with its reason."""

PYTHON = python_files("src", "tests", "bench")


def file_name(path):
    return place(path)


@pytest.mark.parametrize("path", PYTHON, ids=file_name)
def test_files_and_functions_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES
    assert not [place(path, f) for f in functions(path) if code_lines(f) > FUNCTION_LINES]


def functions(path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(parse(path)) if isinstance(node, kinds)]


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring, which may be as long as the reason is."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    doc = function.body[0] if ast.get_docstring(function) else None
    return total - ((doc.end_lineno or doc.lineno) - doc.lineno + 1 if doc else 0)


@pytest.mark.parametrize("path", PYTHON, ids=file_name)
def test_names_say_what_is_inside(path):
    words = {part.removesuffix(".py") for part in path.parts}
    assert not words & SAYS_NOTHING


def test_every_folder_with_modules_is_a_package():
    folders = {p.parent for p in python_files("src/trailhound")}
    parents = {q for f in folders for q in f.parents if q.is_relative_to(SRC)} | folders
    missing = [place(f) for f in sorted(parents) if not (f / "__init__.py").is_file()]
    assert not missing, "without __init__.py the layer check does not see the folder"


def test_every_file_says_what_it_is():
    silent = [place(p) for p in python_files("src") if not ast.get_docstring(parse(p))]
    assert not silent


def unit_test_of(path):
    """Give the place of a module's unit test; a package's own code is tested under its name."""
    folder = UNIT / path.relative_to(SRC).parent
    return folder / f"test_{path.parent.name if path.stem == '__init__' else path.stem}.py"


def has_code(path) -> bool:
    """Tell whether a module has a function that does something; a protocol's do not."""
    return any(not is_stub(function) for function in functions(path))


def is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant) for s in function.body)


def test_every_module_has_its_unit_test():
    wanted = {unit_test_of(p) for p in python_files("src/trailhound") if needs_unit_test(p)}
    assert not [place(path) for path in sorted(wanted) if not path.is_file()]


def needs_unit_test(path) -> bool:
    exempt = any(fnmatch(inside(path), pattern) for pattern in NO_UNIT_TEST)
    return has_code(path) and not exempt


def test_every_unit_test_has_its_module():
    expected = {unit_test_of(p) for p in python_files("src/trailhound")}
    strays = [
        place(p)
        for p in python_files("tests/unit")
        if p.name.startswith("test_") and not any(is_part_of(p, e) for e in expected)
    ]
    assert not strays


def is_part_of(path, expected) -> bool:
    """Tell whether a test file is the expected one or a part of it: `test_zips_bombs.py`."""
    same_folder = path.parent == expected.parent
    return same_folder and (path == expected or path.stem.startswith(f"{expected.stem}_"))


def test_exceptions_still_exist():
    modules = [inside(p) for p in python_files("src/trailhound")]
    assert not [name for name in NO_UNIT_TEST if not any(fnmatch(m, name) for m in modules)]


def test_the_tree_was_found():
    assert len(tracked()) > 10
    assert SRC / "__init__.py" in tracked()
