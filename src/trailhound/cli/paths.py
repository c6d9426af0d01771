"""Paths as a command line gives them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click import Context, Parameter


class PathGiven(click.Path):
    """A path somebody wrote. An empty one is no path: a shell's variable was not set.

    One that is not `evidence` goes to workers and into caches as text, so it must be text.
    """

    def __init__(self, *, evidence: bool = False, **more: Any) -> None:  # noqa: ANN401
        super().__init__(path_type=Path, **more)
        self._evidence = evidence

    def convert(
        self, value: str | os.PathLike[str], param: Parameter | None, ctx: Context | None
    ) -> Any:  # noqa: ANN401  # as click has it
        """Refuse what can be no path here."""
        if not os.fspath(value):
            self.fail("the path is empty; is a variable of the shell not set?", param, ctx)
        if not self._evidence and not _is_text(os.fspath(value)):
            self.fail("the name is not text (UTF-8); rename it", param, ctx)
        return super().convert(value, param, ctx)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
