"""Finding rules in a library and listing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trailhound.model.errors import UsageError
from trailhound.model.finding import Severity
from trailhound.rules.sigma.rule import Correlation, SigmaRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.rules.library import Library

Rule = SigmaRule | Correlation
"""What a person calls a rule."""


class Wanted(msgspec.Struct, frozen=True):
    """Which rules to list; "" means any. A tag also means those below it: `attack.t1059`."""

    level: Severity = Severity.INFORMATIONAL
    tag: str = ""
    product: str = ""

    def takes(self, rule: Rule) -> bool:
        """Tell whether a rule is wanted."""
        tag = self.tag.lower()
        tags = [one.lower() for one in rule.info.tags]
        product = rule.logsource.product if isinstance(rule, SigmaRule) else ""
        return (
            rule.severity >= self.level
            and (not tag or any(one == tag or one.startswith(f"{tag}.") for one in tags))
            and (not self.product or product == self.product.lower())
        )


def listed(library: Library, wanted: Wanted) -> list[Rule]:
    """Give the wanted rules, the most severe first, then by title."""
    every: list[Rule] = [*library.rules, *library.correlations]
    return sorted(
        filter(wanted.takes, every),
        key=lambda rule: (-rule.severity, rule.info.title.lower(), rule.info.id),
    )


def find(library: Library, identity: str) -> Rule:
    """Give the one rule that an id, the start of an id, a name or a title means."""
    rules: list[Rule] = [*library.rules, *library.correlations]
    exact = [r for r in rules if identity in (r.info.id, r.name, r.info.title)]
    found = exact or [r for r in rules if r.info.id.startswith(identity)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"no rule here is called {identity!r}", todo="`trailhound rules list` shows them"
        )
    some = ", ".join(sorted(rule.info.id for rule in found)[:5])
    raise UsageError(
        f"{len(found)} rules begin with {identity!r}", todo=f"give more of the id: {some}"
    )


def listing_lines(rules: Sequence[Rule], *, narrow: bool = False) -> Iterator[str]:
    """Give one line per rule; narrow ones fit 80 columns, and `find` takes their part of the id."""
    for rule in rules:
        level, name = rule.severity.word, rule.info.id
        if narrow:
            yield f"{level:13} {name:8.8}  {where(rule):20.20}  {_clipped(rule.info.title, 34)}"
        else:
            yield f"{level:13} {name:36}  {where(rule):34.34}  {rule.info.title}"
    yield f"{len(rules)} rules"


def _clipped(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3].rstrip()}..."


def where(rule: Rule) -> str:
    """Say where a rule looks, in a few words."""
    return str(rule.logsource) if isinstance(rule, SigmaRule) else f"correlation {rule.type.value}"


def as_data(rule: Rule) -> dict[str, Any]:
    """Give a rule for JSON output."""
    data: dict[str, Any] = msgspec.to_builtins(rule.info)
    return data | {
        "level": rule.severity.word,
        "nature": rule.nature.value,
        "where": where(rule),
        "techniques": list(rule.techniques),
        "line": rule.line,
        "supporting": rule.support_only,
    }
