"""The command line: one file per command, loaded when it is called."""

from __future__ import annotations

import difflib
import errno
import gc
import os
import sys
import traceback
from importlib import import_module

import click

from trailhound import __version__

COMMANDS: dict[str, str] = {
    "scan": "scan:command",
    "show": "show:command",
    "demo": "demo:command",
    "simulate": "simulate:command",
    "rules": "rules:command",
    "org": "org:command",
    "allow": "allow:command",
    "workspace": "workspace:command",
    "sql": "sql:command",
    "timeline": "timeline:command",
    "pivot": "pivot:command",
    "hunt": "hunt:command",
    "formats": "formats:command",
    "map": "map:command",
    "config": "config:command",
}
"""Command to `module:attribute` below this package, in the order of the help."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order of `COMMANDS`."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command = getattr(import_module(f"trailhound.cli.{module}"), attribute)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Propose the command that was meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]}?", ctx) from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trailhound")
def cli() -> None:
    """Find indicators of compromise in logs and mail: what happened, why, what to do."""


_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def main() -> None:
    """Run the command line; errors an operator can act on are one line, never a traceback."""
    from trailhound.model.errors import TrailhoundError

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads nobody uses
    gc.set_threshold(200_000, 20, 100)  # a command makes much that lives and few cycles
    try:
        code = cli(prog_name="trailhound", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        _stop("interrupted", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except TrailhoundError as error:
        _stop(str(error), error.exit_code)
    except KeyboardInterrupt:
        _stop("interrupted", 130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001  # the last resort: said, never a bare traceback
        if isinstance(error, OSError) and (error.filename or error.errno in _FULL):
            _stop(_refused(error), 2)
        for frame in traceback.extract_tb(error.__traceback__):
            click.echo(f"  {frame.filename}:{frame.lineno} in {frame.name}", err=True)
        _stop(f"internal error, please report it: {type(error).__name__}: {error}", 4)


def _refused(error: OSError) -> str:
    """Say what the system refused, and where if it tells."""
    place = os.fsdecode(error.filename) if error.filename else "cannot write"
    return f"{place}: {error.strerror or error}"


def _stop(text: str, code: int) -> None:
    from trailhound.text.escape import printable

    click.echo(f"trailhound: {printable(text)}", err=True)
    sys.exit(code)
