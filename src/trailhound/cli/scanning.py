"""Options that every command that reads evidence shares, and what they become."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trailhound.cli.paths import PathGiven
from trailhound.cli.times import span, zone
from trailhound.model.limits import Limits
from trailhound.pipeline.folders import cache_folder, rules_folder
from trailhound.pipeline.options import ScanOptions
from trailhound.rules.library import RuleSet, builtin_set, licence_of, read_expand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trailhound.pipeline.progress import Done

YARA_BUILTIN = Path(__file__).parent.parent / "content" / "rules" / "yara"


def evidence_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is read and with which rules."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def view_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a result is seen."""
    for option in reversed(_VIEW_OPTIONS):
        function = option(function)
    return function


def view_file(values: dict[str, Any], name: str) -> Path | None:
    """Give `org.toml` or `allow.toml`: the named one, else the workspace's, else none."""
    if values[name]:
        return Path(values[name])
    place = Path(values["workspace"] or "", f"{name}.toml")
    return place if values["workspace"] and place.exists() else None


_VIEW_OPTIONS = (
    click.option("--org", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                 help="org.toml: what the organisation is; default: the workspace's."),
    click.option("--allow", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                 help="allow.toml: what is tolerated; default: the workspace's."),
)  # fmt: skip

_OPTIONS = (
    click.option("--since", metavar="TIME", help="Judge only events from then on (ISO 8601, UTC)."),
    click.option("--until", metavar="TIME", help="Judge only events up to this time."),
    click.option("--zone", "zones", multiple=True, metavar="GLOB=Area/City",
                 help="Time zone of sources that carry none. Repeatable."),
    click.option("--only", type=click.Choice(["rules"]),
                 help="Run one kind of detector; `rules` builds no tables."),
    click.option("--rules", "rule_paths", multiple=True, type=PathGiven(),
                 help="Folder or file of Sigma rules (and YARA files). Repeatable."),
    click.option("--no-default-rules", is_flag=True, help="Leave out our own and added rule sets."),
    click.option("--expand", type=PathGiven(exists=True, dir_okay=False),
                 help="TOML table with values for placeholders in rules."),
    click.option("--mapping", "mappings", multiple=True,
                 type=PathGiven(exists=True, dir_okay=False),
                 help="Mapping TOML for JSON or CSV of your own. Repeatable."),
    click.option("--jobs", type=click.IntRange(1, 64), help="Worker processes; one a core."),
    click.option("--profile", type=click.Choice(["default", "hunt"]),
                 help="`hunt` lets weak and experimental rules ask for a person, too."),
)  # fmt: skip


def configured(values: dict[str, Any]) -> dict[str, Any]:
    """Fill in from the settings what the command line leaves open, and set up the log."""
    from trailhound import config, log

    settings = config.load().settings
    log.configure(settings.log.level, settings.log.format)
    scan = settings.scan
    return values | {
        "jobs": values["jobs"] or scan.jobs or None,
        "profile": values["profile"] or scan.profile,
        "fail_on": values.get("fail_on") or scan.fail_on,
        "rule_paths": (*map(Path, scan.rules), *values["rule_paths"]),
        "no_default_rules": values["no_default_rules"] or not scan.default_rules,
        "workspace": values["workspace"] or (Path(scan.workspace) if scan.workspace else None),
        "limits": settings.limits,
        "lock_wait_seconds": settings.store.lock_wait_seconds,
    }


def scan_options(values: dict[str, Any], *, segments: str = "") -> ScanOptions:
    """Make scan options of command-line values, `configured` before."""
    paths: Sequence[Path] = values["rule_paths"]
    default = not values["no_default_rules"]
    expand = read_expand(values["expand"]) if values["expand"] else {}
    since, until = span(values["since"], values["until"])
    return ScanOptions(
        sets=rule_sets(paths, default=default),
        yara=tuple(map(str, _yara_files(paths, default=default))),
        expand={name: tuple(texts) for name, texts in expand.items()},
        cache=str(cache_folder()),
        tables=values["only"] != "rules" and bool(segments),
        since=since,
        until=until,
        zones=tuple(map(zone, values["zones"])),
        mappings=tuple(map(str, values["mappings"])),
        jobs=values["jobs"] or os.cpu_count() or 1,
        segments=segments,
        hunt=values["profile"] == "hunt",
        limits=values.get("limits") or Limits(),
    )


def rule_sets(paths: Sequence[Path], *, default: bool) -> tuple[RuleSet, ...]:
    """Give the named sets, after our own and the added ones when wanted."""
    return (*(_default_sets() if default else ()), *map(_named_set, paths))


def _default_sets() -> tuple[RuleSet, ...]:
    """Give our own rules and the sets the user added."""
    folder = rules_folder()
    added = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return (builtin_set(), *(RuleSet(path.name, str(path), licence_of(path)) for path in added))


def _named_set(path: Path) -> RuleSet:
    return RuleSet(path.resolve().name, str(path), licence_of(path) if path.is_dir() else "")


def _yara_files(paths: Sequence[Path], *, default: bool) -> list[Path]:
    folders = [*([YARA_BUILTIN, rules_folder()] if default else []), *paths]
    found = [f for path in folders if path.is_dir() for f in sorted(path.rglob("*.yar*"))]
    return found + [path for path in paths if path.suffix in (".yar", ".yara")]


class ProgressLine:
    """One line on stderr that says how far a scan is; silent where stderr is no terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = sys.stderr.isatty() and not quiet
        self._start = time.monotonic()
        self._last = 0.0

    def __call__(self, done: Done) -> None:
        """Show the state, at most five times a second."""
        now = time.monotonic()
        if not self._shown or (now - self._last < 0.2 and done.bytes < done.total):
            return
        self._last = now
        share = done.bytes / done.total if done.total else 1.0
        elapsed = max(now - self._start, 0.001)
        left = elapsed / share - elapsed if share > 0.02 else 0.0
        rate = done.events / elapsed
        text = (
            f"{done.phase} {share:4.0%}  {done.bytes / 1e6:,.0f} of {done.total / 1e6:,.0f} MB  "
            f"{done.events:,} events ({rate:,.0f}/s)  {done.findings:,} findings"
        )
        text += f"  {left:,.0f} s left" if left >= 1 else ""
        sys.stderr.write(f"\r{text[:110]:110}")
        sys.stderr.flush()

    @property
    def seconds(self) -> float:
        """Wall time since the start; for the log, never for a result."""
        return round(time.monotonic() - self._start, 3)

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write(f"\r{'':110}\r")
            sys.stderr.flush()
