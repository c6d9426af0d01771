"""What is wrong with rules, before a scan: errors that keep one out, and what makes one useless."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trailhound.rules.library import rule_files
from trailhound.rules.sigma.condition import frozen
from trailhound.rules.sigma.correlation import order
from trailhound.rules.sigma.logsource import bindings
from trailhound.rules.sigma.parse import parse_file
from trailhound.rules.sigma.rule import FALSE, Correlation, SigmaRule
from trailhound.rules.sigma.scope import Scope
from trailhound.rules.yara import YaraRules, yara_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trailhound.model.errors import RuleError
    from trailhound.rules.library import RuleSet
    from trailhound.rules.sigma.logsource import Binding
    from trailhound.rules.sigma.rule import LogSource, Tree

MAX_ROUTES = 200
"""Routes tried per rule when asking whether it can hold anywhere."""


class Problem(msgspec.Struct, frozen=True):
    """One thing about a rule. `error` tells whether the rule is unusable or only doubtful."""

    file: str
    line: int
    what: str
    todo: str = ""
    error: bool = True

    def __str__(self) -> str:
        """Give `file:line: what: what to do`."""
        word = "" if self.error else "warning: "
        todo = f": {self.todo}" if self.todo else ""
        return f"{self.file}:{self.line}: {word}{self.what}{todo}"


class Checked(msgspec.Struct):
    """What a check saw."""

    files: int
    rules: list[SigmaRule]
    correlations: list[Correlation]
    problems: list[Problem]
    yara: int = 0

    @property
    def usable(self) -> int:
        """Number of rules of every language that a scan could use."""
        return len(self.rules) + len(self.correlations) + self.yara

    @property
    def errors(self) -> int:
        """Number of problems that keep a rule out of a scan."""
        return sum(problem.error for problem in self.problems)


def check(sets: Sequence[RuleSet], expand: Mapping[str, Sequence[str]]) -> Checked:
    """Compile every rule and look at each; problems are in the order of files and lines."""
    seen = Checked(0, [], [], [])
    _check_yara([path for one in sets for path in yara_files(Path(one.path))], seen)
    for one in sets:
        for name, text in rule_files(one):
            seen.files += 1
            made, errors = parse_file(text, _place(one, name), expand)
            seen.rules += [rule for rule in made if isinstance(rule, SigmaRule)]
            seen.correlations += [rule for rule in made if isinstance(rule, Correlation)]
            seen.problems += map(_problem, errors)
    seen.problems += map(_problem, order(seen.rules, seen.correlations)[1])
    seen.problems += _twice([*seen.rules, *seen.correlations])
    for rule in seen.rules:
        seen.problems += _doubts(rule)
    seen.problems.sort(key=lambda problem: (problem.file, problem.line, problem.what))
    return seen


def _check_yara(files: Sequence[Path], seen: Checked) -> None:
    compiled = YaraRules.compile(files)
    seen.files += len(files)
    seen.yara = compiled.count
    seen.problems += map(_problem, compiled.errors)


def _place(one: RuleSet, name: str) -> str:
    """Give a file as the operator named it, so that an editor can open it."""
    path = Path(one.path)
    return (path / name if path.is_dir() else path).as_posix()


def _problem(error: RuleError) -> Problem:
    place = error.where
    return Problem(
        place.source if place else "", (place and place.line) or 1, error.what, error.todo
    )


def _twice(rules: Iterable[SigmaRule | Correlation]) -> Iterator[Problem]:
    """Only one rule of an id runs; a correlation cannot tell two apart."""
    known: dict[str, SigmaRule | Correlation] = {}
    for rule in rules:
        first = known.setdefault(rule.info.id, rule)
        if first is not rule:
            what = f"the id {rule.info.id} is already taken by {first.info.source}:{first.line}"
            yield Problem(rule.info.source, rule.line, what, "give one of the two a new id")


def _doubts(rule: SigmaRule) -> Iterator[Problem]:
    file, line = rule.info.source, rule.line
    tree = frozen(rule.tree)
    if not is_mapped(rule.logsource):
        kinds = " or ".join(binding.kind for binding in bindings(rule.logsource))
        what = f"no log we read is the log source {rule.logsource}"
        todo = f"it matches only logs that a mapping of yours calls {kinds}" if kinds else ""
        yield Problem(file, line, what, todo, error=False)
    if tree == FALSE or _contradicts(tree):
        todo = (
            "the condition asks for a thing and its opposite, or for more selections than there are"
        )
        yield Problem(file, line, "the condition can never be true", todo, error=False)
    elif is_mapped(rule.logsource) and not any(
        _can_hold(rule, binding) for binding in bindings(rule.logsource)
    ):
        what = f"the condition can never be true where {rule.logsource} looks"
        todo = "a channel or event id in the rule is not one of its log source"
        yield Problem(file, line, what, todo, error=False)


def is_mapped(source: LogSource) -> bool:
    """Tell whether a log source means logs that a reader of ours gives."""
    return any(not b.kind.startswith(("json.", "csv.")) for b in bindings(source))


def _contradicts(tree: Tree) -> bool:
    """Tell whether a tree asks for a part and its negation at once, all the way up."""
    if tree[0] == "and":
        parts = set(tree[1:])
        return any(("not", part) in parts or _contradicts(part) for part in tree[1:])
    return tree[0] == "or" and all(map(_contradicts, tree[1:]))


def _can_hold(rule: SigmaRule, binding: Binding) -> bool:
    """Tell whether any route of a binding leaves the rule alive."""
    if not binding.route:
        return True
    scope = Scope([rule], binding.kind, None)
    names, allowed = zip(*binding.route.items(), strict=True)
    routes = product(*(sorted(values) for values in allowed))
    tried = (
        dict(zip(names, route, strict=True))
        for route, _ in zip(routes, range(MAX_ROUTES), strict=False)
    )
    return any(scope.plan(route) is not None for route in tried)
