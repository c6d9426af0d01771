"""Events made from a rule: some that satisfy it, some that only nearly do."""

from __future__ import annotations

import ipaddress
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parse  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
)
from sigma.types import (
    SigmaBool,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

if TYPE_CHECKING:
    import random

FILLER = ("", "x", "\\", " a-b ", "C:\\Temp\\", "ä", "\n", "zz.exe", "é%")
SINGLE = ("~", "q", "é", "日", "\U0001d11e", "éq", "")
"""For one character: one of one to four bytes, also two, and none."""
CLASSES = {
    sre.CATEGORY_DIGIT: "7",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "w",
    sre.CATEGORY_NOT_SPACE: "s",
    sre.CATEGORY_NOT_DIGIT: "d",
    sre.CATEGORY_NOT_WORD: "-",
}
Pieces = dict[str, list[tuple[int, Any]]]
"""Field to (order, value): texts of one field are joined, what must stand first first."""


class Maker:
    """Makes events for one tree."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def event(self, tree: Any) -> dict[str, Any]:
        """Give an event that satisfies the tree, as far as one straightforward try can."""
        pieces: Pieces = {}
        self._satisfy(tree, pieces, want=True)
        return {field: self._joined(found) for field, found in pieces.items()}

    def near(self, event: dict[str, Any]) -> dict[str, Any]:
        """Change one thing about an event."""
        changed = dict(event)
        if not changed:
            return changed
        field = self._chance.choice(sorted(changed))
        changed[field] = self._chance.choice(
            (self._case, self._cut, self._char, self._list, self._nothing, self._typed, self._more)
        )(changed[field])
        if self._chance.random() < 0.2:
            del changed[field]
        return changed

    def _satisfy(self, tree: Any, pieces: Pieces, *, want: bool) -> None:
        if isinstance(tree, ConditionNOT):
            self._satisfy(tree.args[0], pieces, want=not want)
        elif isinstance(tree, ConditionAND | ConditionOR):
            every = isinstance(tree, ConditionAND) == want
            for part in tree.args if every else [self._chance.choice(tree.args)]:
                self._satisfy(part, pieces, want=want)
        elif isinstance(tree, ConditionFieldEqualsValueExpression):
            if want or self._chance.random() < 0.15:
                pieces.setdefault(tree.field, []).append(self._value(tree.value))
            if isinstance(tree.value, SigmaFieldReference):
                pieces.setdefault(tree.value.field, []).append((0, "v"))
        elif want:
            pieces.setdefault("Data", []).append(self._value(tree.value))

    def _value(self, wanted: Any) -> tuple[int, Any]:
        if isinstance(wanted, SigmaExpansion):
            return self._value(self._chance.choice(wanted.values))
        if isinstance(wanted, SigmaString):
            return self._text(wanted)
        if isinstance(wanted, SigmaRegularExpression):
            return 1, self._regex(wanted.regexp.original)
        return 0, self._plain(wanted)

    def _plain(self, wanted: Any) -> Any:  # noqa: PLR0911 - one per type
        chance = self._chance
        if isinstance(wanted, SigmaBool):
            return chance.choice((bool(wanted), str(bool(wanted))))
        if isinstance(wanted, SigmaTimestampPart):
            return "2026-01-05T10:00:00+00:00"
        if isinstance(wanted, SigmaNumber):
            return chance.choice((wanted.number, str(wanted.number)))
        if isinstance(wanted, SigmaCIDRExpression):
            network = ipaddress.ip_network(wanted.cidr, strict=False)
            return str(network[chance.randrange(min(network.num_addresses, 2**32))])
        if isinstance(wanted, SigmaCompareExpression):
            return wanted.number.number + chance.choice((-1, 0, 1, 0.5))
        if isinstance(wanted, SigmaNull):
            return chance.choice((None, "", []))
        assert isinstance(wanted, SigmaExists | SigmaFieldReference), wanted
        return "v"

    def _text(self, wanted: SigmaString) -> tuple[int, str]:
        parts = list(wanted.s)
        free_start = bool(parts) and parts[0] is SpecialChars.WILDCARD_MULTI
        free_end = bool(parts) and parts[-1] is SpecialChars.WILDCARD_MULTI
        text = "".join(self._part(part) for part in parts)
        return (1 if free_end and free_start else 0 if free_end else 2), self._maybe_case(text)

    def _part(self, part: Any) -> str:
        if part is SpecialChars.WILDCARD_MULTI:
            return self._chance.choice(FILLER)
        return self._chance.choice(SINGLE) if part is SpecialChars.WILDCARD_SINGLE else str(part)

    def _maybe_case(self, text: str) -> str:
        return self._case(text) if self._chance.random() < 0.3 else text

    def _joined(self, found: list[tuple[int, Any]]) -> Any:
        if len(found) == 1:
            return found[0][1]
        if all(isinstance(value, str) for _, value in found):
            return "".join(value for _, value in sorted(found, key=lambda pair: pair[0]))
        return self._chance.choice(found)[1]

    def _regex(self, pattern: str) -> str:
        return self._sampled(sre_parse.parse(pattern))

    def _sampled(self, nodes: Any) -> str:
        return "".join(self._node(operation, argument) for operation, argument in nodes)

    def _node(self, operation: Any, argument: Any) -> str:  # noqa: PLR0911 - one per node
        if operation is sre.LITERAL:
            return chr(argument)
        if operation is sre.NOT_LITERAL or operation is sre.ANY:
            return self._chance.choice(SINGLE)
        if operation is sre.IN:
            return self._in(argument)
        if operation is sre.BRANCH:
            return self._sampled(self._chance.choice(argument[1]))
        if operation is sre.SUBPATTERN:
            return self._sampled(argument[-1])
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, inner = argument
            times = self._chance.randint(low, min(int(high), low + 2))
            return "".join(self._sampled(inner) for _ in range(times))
        return ""

    def _in(self, items: Any) -> str:
        kind, value = self._chance.choice(items)
        if kind is sre.NEGATE:
            return self._chance.choice(SINGLE)
        if kind is sre.LITERAL:
            return chr(value)
        return chr(value[0]) if kind is sre.RANGE else CLASSES[value]

    def _case(self, value: Any) -> Any:
        return value.swapcase() if isinstance(value, str) else value

    def _cut(self, value: Any) -> Any:
        if not isinstance(value, str) or not value:
            return value
        return value[1:] if self._chance.random() < 0.5 else value[:-1]

    def _char(self, value: Any) -> Any:
        if not isinstance(value, str) or not value:
            return value
        place = self._chance.randrange(len(value))
        return value[:place] + self._chance.choice("x\\*? \n") + value[place + 1 :]

    def _list(self, value: Any) -> Any:
        return value if isinstance(value, list) else ["other", value, None]

    def _nothing(self, value: Any) -> Any:
        return self._chance.choice((None, "", [], [None], [""]))

    def _typed(self, value: Any) -> Any:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 15:
            return int(value)
        return str(value) if isinstance(value, int | float) else value

    def _more(self, value: Any) -> Any:
        return f"{self._chance.choice(FILLER)}{value}" if isinstance(value, str) else value
