"""The one tree of errors. Bad evidence is never an error: it is an `Oddity` (see `oddity.py`).

TrailhoundError              what an operator can act on; the CLI prints it without a traceback
    UsageError               wrong arguments or settings                        exit 2
        ConfigError          a configuration, org.toml or allow.toml file       exit 2
        RuleError            a rule file that cannot be used                    listed, scan goes on
        MappingError         a mapping TOML that cannot be used                 exit 2
        QueryError           a query given to `sql` that cannot be run          exit 2
    WorkspaceError           a workspace that cannot be opened or written       exit 2
    RoomError                no room for what a command has to write            exit 3
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file: `line` and `column` count from 1, `offset` counts bytes from 0."""

    source: str
    line: int | None = None
    column: int | None = None
    offset: int | None = None

    def __str__(self) -> str:
        """Give `file:line:column` as editors understand it."""
        parts = [self.source]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        elif self.offset is not None:
            parts.append(f"byte {self.offset}")
        return ":".join(parts)


class TrailhoundError(Exception):
    """An error that says what is wrong, where, and what to do about it."""

    exit_code = 4

    def __init__(self, what: str, *, where: Where | None = None, todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        """Give one line: where, what, what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} ({self.todo})" if self.todo else head


class UsageError(TrailhoundError):
    """The operator asked for something that cannot be done as asked."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file has an unknown key or a bad value."""


class RuleError(UsageError):
    """A rule file cannot be used; the rule is listed and the scan goes on without it."""


class MappingError(UsageError):
    """A mapping TOML names an unknown table, column or cast."""


class QueryError(UsageError):
    """A query cannot be run over the tables."""


class WorkspaceError(TrailhoundError):
    """A workspace is missing, damaged, newer than this release, or in use."""

    exit_code = 2


class RoomError(TrailhoundError):
    """A disk is full: evidence could not be worked through to its end."""

    exit_code = 3
