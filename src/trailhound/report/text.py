"""The first screen: what needs a person, why, what to do, and what could not be judged.

At most 40 lines of at most 80 columns, unless all is asked for. Everything from evidence is escaped
and defanged; colour is added only where the caller says the output is a terminal.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from trailhound.model.entity import EntityType, Role
from trailhound.model.finding import Nature, Severity
from trailhound.model.incident import NEEDS_YOU
from trailhound.report.closing import closing
from trailhound.report.phrases import WIDTH, Moments, clip, columns, cut, shown, wrapped
from trailhound.text.defang import is_internal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from trailhound.model.entity import Entity
    from trailhound.model.incident import Incident, Step
    from trailhound.model.result import Result

SCREEN = 40
FULL_INCIDENTS = 2
STEPS = (7, 5, 3)
"""Steps told of an incident; fewer when the screen is too short for more."""
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
_HOUR = 3_600_000_000


class TextReport:
    """Writes one result; `zone` is what times are shown in."""

    def __init__(
        self, result: Result, *, colour: bool = False, zone: tzinfo = UTC, everything: bool = False
    ) -> None:
        self._result, self._colour, self._everything = result, colour, everything
        self._moments = Moments(zone, result.stats.first, result.stats.last)

    def lines(self) -> Iterator[str]:
        """Give the lines of the screen, without line ends."""
        tail = list(closing(self._result, everything=self._everything))
        head = [self._heading(), *wrapped("", self._counts(), most=2)]
        yield from head
        yield from self._all() if self._everything else self._screen(SCREEN - len(head) - len(tail))
        yield from tail

    def _all(self) -> Iterator[str]:
        for number, one in enumerate(self._result.incidents, 1):
            yield self._head(number, one)
            yield from self._body(one, len(one.steps))

    def _screen(self, room: int) -> Iterator[str]:
        """Tell the first incidents in full while they fit, and name the others."""
        above = [one for one in self._result.incidents if one.above_fold]
        for number, one in enumerate(above, 1):
            behind = len(above) - number
            if room < 2 and behind:
                yield f"... and {behind + 1} more (--all)"
                return
            yield self._head(number, one)
            room -= 1
            if number <= FULL_INCIDENTS:
                body = self._fitting(one, room - min(behind, FEWEST_HEADS))
                room -= len(body)
                yield from body

    def _fitting(self, one: Incident, room: int) -> list[str]:
        bodies = (list(self._body(one, steps)) for steps in STEPS)
        return next((body for body in bodies if len(body) <= room), [])

    def _heading(self) -> str:
        result, stats = self._result, self._result.stats
        read = sum(one.status == "read" for one in result.inputs)
        days = self._moments.days(stats.first, stats.last)
        parts = [
            f"{days} ({self._moments.zone})" if days else "",
            f"{read:,} source{'' if read == 1 else 's'}",
            f"{_rounded(stats.events)} event{'' if stats.events == 1 else 's'}",
        ]
        facts = "  ".join(filter(None, parts))
        first = result.inputs[0].source.split("/")[0] if result.inputs else "nothing"
        title = clip(result.title or first, max(WIDTH - len(facts) - 2, 10))
        return cut(f"{title}  {facts}", WIDTH)

    def _counts(self) -> str:
        if not self._result.inputs and not self._result.incidents:
            return "no evidence here: nothing was judged"
        incidents = self._result.incidents
        needs = sum(one.above_fold and one.score >= NEEDS_YOU for one in incidents)
        look = sum(one.above_fold for one in incidents) - needs
        weak = len(incidents) - needs - look
        calm = "" if needs or look else "nothing asks for a person in what could be judged"
        parts = [
            "INTERRUPTED, this is a part" if self._result.interrupted else "",
            f"{needs} incident{'s need' if needs > 1 else ' needs'} you" if needs else calm,
            f"{look} to look at" if look else "",
            f"{weak} weak signal{'s' if weak > 1 else ''} folded (--all)" if weak else "",
        ]
        return " . ".join(filter(None, parts))

    def _head(self, number: int, one: Incident) -> str:
        head = f"[{number}] {one.severity.word.upper()} {one.score}  "
        active = "  ACTIVE" if self._is_active(one) else ""
        title = clip(one.title, WIDTH - len(head) - len(active))
        gap = " " * (WIDTH - len(head) - columns(title) - len(active)) if active else ""
        return self._tint(one.severity, f"{head}{title}{gap}{active}")

    def _is_active(self, one: Incident) -> bool:
        """An attack whose last trace is within an hour of the end of the evidence may go on."""
        last = self._result.stats.last
        if one.nature is not Nature.IOA or last is None or one.end is None:
            return False
        return last - one.end <= _HOUR

    def _body(self, one: Incident, most: int) -> Iterator[str]:
        parts = [self._moments.span(one.start, one.end), *_who(one.entities)]
        yield from wrapped("    ", " . ".join(parts), most=2)
        yield from self._steps(one, most)
        yield from wrapped("    Why: ", _why(one), most=2)
        if one.doubts:
            yield from wrapped("    Could be wrong if: ", shown("; ".join(one.doubts)), most=3)
        if one.actions:
            yield from wrapped("    Do now: ", shown("; then ".join(one.actions)), most=3)

    def _steps(self, one: Incident, most: int) -> Iterator[str]:
        times = [step.time for step in one.steps if step.time is not None]
        days = bool(times) and not self._moments.same_day(min(times), max(times))
        yield from (self._step(step, days=days) for step in one.steps[:most])
        if len(one.steps) > most:
            yield f"    ... {len(one.steps) - most} more steps: trailhound show {shown(one.id, 40)}"

    def _step(self, step: Step, *, days: bool) -> str:
        when = self._moments.day_and_clock(step.time) if days else self._moments.clock(step.time)
        kind = cut(f"{shown(step.kind):8}", 9)
        return cut(f"    {when} {step.nature.value} {kind} {shown(step.text)}", WIDTH)

    def _tint(self, severity: Severity, text: str) -> str:
        return f"{_COLOURS[severity]}{text}{_RESET}" if self._colour else text


def _who(entities: Sequence[Entity]) -> list[str]:
    """Say whom it is about and from where, the first of each kind."""
    users = [e for e in entities if e.type in (EntityType.USER, EntityType.MAILBOX)][:1]
    hosts = [e for e in entities if e.type is EntityType.HOST][:2]
    addresses = [e for e in entities if e.type is EntityType.IP]
    addresses.sort(key=lambda e: is_internal(e.value) or e.value.startswith(PSEUDONYM))
    names = ", ".join(clip(e.value, 40) for e in (*users, *hosts))
    places = [f"{_PREPOSITION.get(e.role, 'with')} {clip(e.value, 45)}" for e in addresses[:1]]
    return [*filter(None, [names]), *places]


PSEUDONYM = "ip-"
"""What a redacted result calls an internal address."""

_PREPOSITION = {Role.SOURCE: "from", Role.DESTINATION: "to"}


def _why(one: Incident) -> str:
    """Give the heaviest parts of the score, which add up to most of it."""
    parts = [f"{shown(part.name)} ({part.points:g})" for part in one.parts[:3]]
    rest = sum(part.points for part in one.parts[3:])
    more = [f"{len(one.parts) - 3} more ({rest:.0f})"] if len(one.parts) > 3 else []
    return f"{one.score} of 100 from {', '.join([*parts, *more])}"


def _rounded(count: int) -> str:
    return f"{count / 1e6:.1f} M" if count >= 1_000_000 else f"{count:,}"
