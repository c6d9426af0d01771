"""The first screen: what needs a person, why, what to do, and what could not be judged.

At most 40 lines of at most 80 columns, unless all is asked for. Everything from evidence is escaped
and defanged; colour is added only where the caller says the output is a terminal.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType, Role
from trailhound.model.finding import Severity
from trailhound.report.closing import closing
from trailhound.report.phrases import WIDTH, Moments, clip, columns, cut, listed, shown, wrapped
from trailhound.report.verdict import counted, counts, is_active, place, title, why
from trailhound.text.defang import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.entity import Entity
    from trailhound.model.finding import Finding
    from trailhound.model.incident import Incident, Step
    from trailhound.model.result import Result

SCREEN = 40
STEPS = ((7, 5), (7, 3), (6, 3), (5, 3), (4, 3), (3, 3), (7,), (5,), (3,))
"""Steps told of the incidents told in full; the first choice that fits the screen is taken."""
FEWEST_HEADS = 8
"""Lines kept free for the headings of further incidents while the first ones are told in full."""

_COLOURS = {
    Severity.CRITICAL: "\x1b[1;31m",
    Severity.HIGH: "\x1b[31m",
    Severity.MEDIUM: "\x1b[33m",
    Severity.LOW: "\x1b[36m",
    Severity.INFORMATIONAL: "\x1b[2m",
}
_RESET = "\x1b[0m"


class TextReport:
    """Writes one result; `zone` is what times are shown in."""

    def __init__(
        self, result: Result, *, colour: bool = False, zone: tzinfo = UTC, everything: bool = False
    ) -> None:
        self._result, self._colour, self._everything = result, colour, everything
        self._moments = Moments(zone, result.stats.first, result.stats.last)
        self._findings = {one.id: one for one in result.findings}

    def lines(self) -> Iterator[str]:
        """Give the lines of the screen, without line ends."""
        tail = list(closing(self._result, everything=self._everything))
        told = " . ".join(counts(self._result, hint=" (--all)"))
        head = [self._heading(), *wrapped("", told, most=2)]
        yield from head
        yield from self._all() if self._everything else self._screen(SCREEN - len(head) - len(tail))
        yield from tail

    def _all(self) -> Iterator[str]:
        for number, one in enumerate(self._result.incidents, 1):
            yield from self._head(number, one)
            yield from self._body(one, len(one.steps))

    def _screen(self, room: int) -> Iterator[str]:
        """Tell the first incidents in full while they fit, and name the others."""
        above = [one for one in self._result.incidents if one.above_fold]
        steps = self._plan(above, room)
        for number, one in enumerate(above, 1):
            behind = len(above) - number
            if room < 2 and behind:
                yield f"... and {behind + 1} more (--all)"
                return
            lines = self._head(number, one, most=2 if room - min(behind, FEWEST_HEADS) > 1 else 1)
            lines += self._body(one, steps[number - 1]) if number <= len(steps) else ()
            room -= len(lines)
            yield from lines

    def _plan(self, above: Sequence[Incident], room: int) -> tuple[int, ...]:
        """Choose which incidents are told in full: the number of steps for each of the first."""
        for steps in STEPS:
            if len(steps) <= len(above):
                kept = min(2 * (len(above) - len(steps)), FEWEST_HEADS)
                if kept + sum(map(self._height, above, steps)) <= room:
                    return steps
        return ()

    def _height(self, one: Incident, steps: int) -> int:
        return len([*self._head(1, one), *self._body(one, steps)])

    def _heading(self) -> str:
        result, stats = self._result, self._result.stats
        looked_at = sum(one.status == "read" for one in result.inputs) + stats.yara_only
        days = self._moments.days(stats.first, stats.last)
        parts = [
            f"{days} ({self._moments.zone})" if days else "",
            counted(looked_at, "source"),
            f"{_rounded(stats.events)} event{'' if stats.events == 1 else 's'}",
        ]
        facts = "  ".join(filter(None, parts))
        name = clip(title(result), max(WIDTH - len(facts) - 2, 10))
        return cut(f"{name}  {facts}", WIDTH)

    def _head(self, number: int, one: Incident, *, most: int = 2) -> list[str]:
        label = f"[{number}] {one.severity.word.upper()} {one.score}  "
        active = "  ACTIVE" if is_active(one, self._result.stats.last) else ""
        width = WIDTH - len(active)
        lines = list(wrapped(label, shown(one.title), most=most, width=width, indent=4))
        lines[0] += " " * (width - columns(lines[0])) * bool(active) + active
        return [self._tint(one.severity, line) for line in lines]

    def _body(self, one: Incident, steps: int) -> Iterator[str]:
        parts = [self._moments.span(one.start, one.end), *_who(one.entities)]
        yield from wrapped("    ", " . ".join(parts), most=2)
        yield from self._steps(one, steps)
        most_why, most_lines = (1_000, 1_000) if self._everything else (2, 3)
        yield from wrapped("    Why: ", shown(why(one)), most=most_why)
        for label, texts, glue in (
            ("Could be wrong if", one.doubts, "; "),
            ("Do now", one.actions, "; then "),
        ):
            if texts:
                yield from wrapped(f"    {label}: ", shown(glue.join(texts)), most=most_lines)

    def _steps(self, one: Incident, most: int) -> Iterator[str]:
        times = [step.time for step in one.steps if step.time is not None]
        days = bool(times) and not self._moments.same_day(min(times), max(times))
        known = [self._findings.get(step.finding) for step in one.steps]
        places = [place(finding.entities) if finding else "" for finding in known]
        apart = len(set(places)) > 1
        for number in _telling(known, most):
            yield self._step(one.steps[number], places[number] if apart else "", days=days)
        if len(one.steps) > most:
            how = "--all" if self._result.redacted else f"trailhound show {shown(one.id, 40)}"
            yield f"    ... {counted(len(one.steps) - most, 'more step')}: {how}"

    def _step(self, step: Step, where: str, *, days: bool) -> str:
        when = self._moments.day_and_clock(step.time) if days else self._moments.clock(step.time)
        kind = cut(f"{shown(step.kind):8}", 9)
        label = f"    {when} {step.nature.value} {kind} "
        label += f"{clip(where, 20)}: " if where else ""
        return cut(label + _shorter(shown(step.text), WIDTH - columns(label)), WIDTH)

    def _tint(self, severity: Severity, text: str) -> str:
        return f"{_COLOURS[severity]}{text}{_RESET}" if self._colour else text


def _shorter(text: str, width: int) -> str:
    """Leave out `(4 times)` where it does not fit."""
    head, _, count = text.rpartition(" (")
    return head if count.endswith(" times)") and columns(text) > width else text


def _telling(steps: Sequence[Finding | None], most: int) -> list[int]:
    """Choose the first step and the gravest others, in order of time."""
    grave = sorted(
        range(1, len(steps)), key=lambda n: -(found.severity if (found := steps[n]) else 0)
    )
    return sorted([0, *grave][:most]) if steps else []


def _who(entities: Sequence[Entity]) -> list[str]:
    """Say whom it is about and from where, the first of each kind."""
    users = [e.value for e in entities if e.type in (EntityType.USER, EntityType.MAILBOX)][:1]
    hosts = list(dict.fromkeys(place([e]) for e in entities if e.type is EntityType.HOST))
    addresses = [e for e in entities if e.type is EntityType.IP]
    addresses.sort(key=lambda e: is_internal(e.value) or e.value.startswith(PSEUDONYM))
    names = listed([clip(name, 40) for name in (*users, *hosts) if name], 3)
    places = [f"{_PREPOSITION.get(e.role, 'with')} {clip(e.value, 45)}" for e in addresses[:1]]
    return [*filter(None, [names]), *places]


PSEUDONYM = "ip-"
"""What a redacted result calls an internal address."""

_PREPOSITION = {Role.SOURCE: "from", Role.DESTINATION: "to"}


def _rounded(count: int) -> str:
    return f"{count / 1e6:.1f} M" if count >= 1_000_000 else f"{count:,}"
