from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from trailhound import log


@pytest.fixture(autouse=True)
def _restore():
    yield
    log.configure()


def written(form, level="info", **values):
    stream = io.StringIO()
    log.configure(level, form, stream)
    log.Log("scan").info("input.read", **values)
    return stream.getvalue()


def test_json_is_one_object_a_line_with_fixed_keys_first():
    line = written("json", name="a\nb\x1b[31m\u202e", rows=3)
    assert line.count("\n") == 1
    assert "\x1b" not in line
    record = json.loads(line)
    assert list(record)[:4] == ["ts", "level", "source", "event"]
    assert record["name"] == "a\nb\x1b[31m\u202e"
    assert record["rows"] == 3


def test_text_is_escaped():
    line = written("text", name="a\nb\x1b[31m\u202e")
    assert line.endswith("info  scan  input.read  name=a\\x0ab\\x1b[31m\\u202e\n")
    assert line[:-1].isprintable()


def test_auto_is_json_when_the_stream_is_no_terminal():
    assert json.loads(written("auto"))["event"] == "input.read"


def test_a_quieter_level_writes_nothing():
    assert written("json", level="warning") == ""


def test_structlog_is_not_imported_before_a_line_is_written():
    code = "import sys; from trailhound import log; log.Log('a').debug('b'); "
    code += "sys.exit('structlog' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
