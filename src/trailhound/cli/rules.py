"""`trailhound rules`: look at rules, check and try them, add sets of others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from trailhound.cli.paths import PathGiven
from trailhound.cli.scanning import rule_sets
from trailhound.model.finding import Severity
from trailhound.report.verdict import counted
from trailhound.text.escape import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from trailhound.rules.library import Library, RuleSet

LEVELS = tuple(one.word for one in Severity)


@click.group("rules")
def command() -> None:
    """List, check, test, explain, add and update rules."""


NO_EXAMPLES = (
    "name a PATH of rules with NAME.test.yml beside NAME.yml, or --examples; "
    "those of our own rules are in the source, tests/golden/rules"
)
EXISTING = PathGiven(exists=True)
EXPAND = click.option(
    "--expand",
    type=PathGiven(exists=True, dir_okay=False),
    help="TOML table with values for placeholders in rules.",
)


def chosen(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose rule sets."""
    default = click.option(
        "--no-default-rules", is_flag=True, help="Leave out our own and added rule sets."
    )
    named = click.option(
        "--rules",
        "rule_paths",
        multiple=True,
        type=EXISTING,
        help="Folder or file of Sigma rules. Repeatable.",
    )
    return EXPAND(named(default(function)))


def say(lines: Iterable[str]) -> None:
    """Write lines; text of rules is text of strangers."""
    for line in lines:
        click.echo(printable(line))


@command.command("list")
@chosen
@click.option("--level", type=click.Choice(LEVELS), help="At least this level.")
@click.option("--tag", help="Only rules with this tag, e.g. attack.t1059.")
@click.option("--product", help="Only rules for this product, e.g. windows.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def list_command(
    level: str | None, tag: str | None, product: str | None, form: str, **values: object
) -> None:
    """List rules, the most severe first."""
    import sys

    from trailhound.rules.listing import Wanted, as_data, listed, listing_lines

    least = Severity.parse(level) if level else Severity.INFORMATIONAL
    found = listed(_library(values), Wanted(least, tag or "", product or ""))
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode([as_data(rule) for rule in found]))
    else:
        say(listing_lines(found, narrow=sys.stdout.isatty()))


@command.command("check")
@click.argument("paths", nargs=-1, type=EXISTING)
@EXPAND
@click.option("-q", "--quiet", is_flag=True, help="Errors only, no warnings.")
def check_command(paths: tuple[Path, ...], expand: Path | None, *, quiet: bool) -> int:
    """Compile Sigma and YARA rules and say what is wrong, with file and line.

    Without PATHS: our own and the added sets, which scans use.
    Exit code: 0 all rules can be used, 2 some cannot.
    """
    from trailhound.rules.check import check
    from trailhound.rules.library import RuleSet, read_expand

    table = read_expand(expand) if expand else {}
    named = [RuleSet(path.name, str(path)) for path in paths]
    seen = check(named or _all_sets(), table)
    say(str(problem) for problem in seen.problems if problem.error or not quiet)
    warnings = len(seen.problems) - seen.errors
    click.echo(
        f"{counted(seen.files, 'file')}, {counted(seen.usable, 'usable rule')}, "
        f"{counted(seen.errors, 'error')}, {counted(warnings, 'warning')}",
        err=True,
    )
    return 2 if seen.errors else 0


@command.command("test")
@click.argument("paths", nargs=-1, type=EXISTING)
@click.option("--examples", multiple=True, type=EXISTING,
              help="Folder or file of examples, or SigmaHQ's regression_data.")  # fmt: skip
@chosen
def test_command(paths: tuple[Path, ...], examples: tuple[Path, ...], **values: object) -> int:
    """Try rules on their examples.

    Examples are events that must match and near misses that must not.
    Examples are NAME.test.yml beside NAME.yml under PATH, and what --examples names.
    Exit code: 0 all as expected, 1 some not, 2 there are no examples.
    """
    from trailhound.model.errors import UsageError
    from trailhound.rules.examples import try_all

    chosen_rules: dict[str, Any] = dict(values)
    if paths:
        named = (*chosen_rules["rule_paths"], *paths)
        chosen_rules |= {"no_default_rules": True, "rule_paths": named}
    tried, failures = try_all(_library(chosen_rules), paths, examples, _patterns())
    if not tried:
        raise UsageError("there are no examples here", todo=NO_EXAMPLES)
    say(map(str, failures))
    click.echo(f"{counted(tried, 'example')} tried, {len(failures)} failed", err=True)
    return 1 if failures else 0


@command.command("stats")
@click.argument("paths", nargs=-1, type=EXISTING)
@chosen
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text")
def stats_command(paths: tuple[Path, ...], form: str, **values: object) -> None:
    """Count rules by product, level and so on.

    With PATHs of evidence, also what each matches.
    """
    import msgspec

    from trailhound.rules.regression import matches
    from trailhound.rules.sigma.engine import SigmaEngine
    from trailhound.rules.statistics import hit_lines, statistics, statistics_lines

    library = _library(values)
    counted = statistics(library)
    engine = SigmaEngine(library.rules, _patterns())
    hits = sum((Counter(matches(engine, path)) for path in paths), Counter())
    if form == "json":
        click.echo(msgspec.json.encode({**msgspec.to_builtins(counted), "hits": hits}))
        return
    say(statistics_lines(counted))
    if paths:
        say(hit_lines(library, hits))


@command.command("explain")
@click.argument("identity", metavar="ID")
@chosen
def explain_command(identity: str, **values: object) -> None:
    """Say in plain words where a rule looks and what must hold.

    Also what else could cause it, and where it comes from.
    """
    from trailhound.rules.describe import describe
    from trailhound.rules.listing import find

    say(describe(find(_library(values), identity)))


@command.command("add")
@click.argument("source", metavar="DIR|FILE|URL|sigmahq")
@click.option("--name", default="", help="What to call the set.")
def add_command(source: str, name: str) -> None:
    """Add a set of rules; `sigmahq` is the largest public one.

    A set is a folder, a file, an archive, a URL, or `sigmahq` for SigmaHQ's release.
    Only here and in `update` does this program use the network. Scans use added sets by themselves.
    """
    from trailhound.pipeline.rulesets import add, added_lines

    say(added_lines(add(source, name)))


@command.command("update")
@click.argument("names", nargs=-1)
def update_command(names: tuple[str, ...]) -> None:
    """Fetch added sets again, all of them when none is named."""
    from trailhound.pipeline.rulesets import added_lines, update

    count = 0
    for added in update(names):
        count += 1
        say(added_lines(added))
    if not count:
        click.echo(
            "no rule sets are added; `trailhound rules add sigmahq` adds the largest public one"
        )


@command.command("remove")
@click.argument("name")
def remove_command(name: str) -> None:
    """Remove an added set."""
    from trailhound.pipeline.rulesets import remove

    say([f"removed: {remove(name)}"])


def _library(values: dict[str, Any]) -> Library:
    from trailhound.pipeline.folders import cache_folder
    from trailhound.rules.library import load, read_expand

    sets = rule_sets(values["rule_paths"], default=not values["no_default_rules"])
    expand = read_expand(values["expand"]) if values["expand"] else {}
    return load(sets, expand, cache_folder() / "rules")


def _all_sets() -> list[RuleSet]:
    """Give what scans use by themselves, our YARA rules, too."""
    from trailhound.rules.library import RuleSet
    from trailhound.rules.yara import BUILTIN

    return [*rule_sets((), default=True), RuleSet("trailhound", str(BUILTIN))]


def _patterns() -> Path:
    from trailhound.pipeline.folders import cache_folder

    return cache_folder() / "patterns"
