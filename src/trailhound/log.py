"""The program's own log, on stderr: text on a terminal, JSON lines elsewhere.

Events are constant words; whatever comes from evidence is a value, and values are escaped.
structlog is imported at the first line written, so that a command that logs nothing does not pay.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

from trailhound.text.escape import printable

if TYPE_CHECKING:
    from collections.abc import MutableMapping

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


@dataclass(slots=True)
class Log:
    """What writes lines of one part of the program, named by `source`."""

    source: str

    def debug(self, event: str, **values: object) -> None:
        """Write what only a developer wants."""
        _write("debug", self.source, event, values)

    def info(self, event: str, **values: object) -> None:
        """Write what an operator may want."""
        _write("info", self.source, event, values)

    def warning(self, event: str, **values: object) -> None:
        """Write what an operator should know."""
        _write("warning", self.source, event, values)

    def error(self, event: str, **values: object) -> None:
        """Write what stopped something."""
        _write("error", self.source, event, values)


@dataclass(slots=True)
class _Output:
    level: int = LEVELS["warning"]
    as_json: bool | None = None
    stream: TextIO | None = None
    logger: Any = field(default=None)


_OUTPUT = _Output()


def configure(level: str = "warning", form: str = "auto", stream: TextIO | None = None) -> None:
    """Choose level, `auto|json|text` and stream; call before anything is logged."""
    _OUTPUT.level = LEVELS[level]
    _OUTPUT.as_json = None if form == "auto" else form == "json"
    _OUTPUT.stream = stream
    _OUTPUT.logger = None


def _write(level: str, source: str, event: str, values: dict[str, object]) -> None:
    if LEVELS[level] < _OUTPUT.level:
        return
    if _OUTPUT.logger is None:
        _OUTPUT.logger = _logger(_OUTPUT.stream or sys.stderr)
    getattr(_OUTPUT.logger, level)(event, source=source, **values)


def _logger(stream: TextIO) -> object:
    import structlog

    as_json = not stream.isatty() if _OUTPUT.as_json is None else _OUTPUT.as_json
    return structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            _json_line if as_json else _text_line,
        ],
        wrapper_class=structlog.BoundLogger,
    )


def _json_line(_logger: object, _method: str, values: MutableMapping[str, Any]) -> str:
    head = {key: values.pop(key) for key in ("ts", "level", "source", "event")}
    return json.dumps(head | dict(sorted(values.items())), default=str)


def _text_line(_logger: object, _method: str, values: MutableMapping[str, Any]) -> str:
    head = [str(values.pop(key)) for key in ("ts", "level", "source", "event")]
    tail = [f"{key}={value}" for key, value in sorted(values.items())]
    return printable("  ".join([*head, *tail]))
