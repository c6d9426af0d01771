"""The first screen: what needs a person, why, what to do, and what could not be judged.

At most 40 lines of at most 80 columns, unless all is asked for. Everything from evidence is escaped
and defanged; colour is added only where the caller says the output is a terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from trailhound.model.entity import Entity, EntityType
from trailhound.model.finding import Nature, Severity
from trailhound.model.incident import NEEDS_YOU, Incident, Step
from trailhound.model.result import InputReport, Judged, Result
from trailhound.text.defang import defang, defang_entity
from trailhound.text.escape import printable

WIDTH = 80
SCREEN = 40
FULL_INCIDENTS = 2
MAX_STEPS = 7
FEWEST_LINES = 8
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

    def __init__(self, result: Result, *, colour: bool = False, zone: tzinfo = UTC, everything: bool = False) -> None:
        self._result, self._colour, self._zone, self._everything = result, colour, zone, everything

    def lines(self) -> Iterator[str]:
        """Give the lines of the screen, without line ends."""
        result = self._result
        above = [one for one in result.incidents if one.above_fold]
        shown = result.incidents if self._everything else above
        tail = list(self._tail())
        room = SCREEN - len(tail) - 3
        yield self._heading()
        yield self._counts()
        used = 0
        for number, one in enumerate(shown, 1):
            block = list(self._incident(number, one, full=self._everything or number <= FULL_INCIDENTS))
            if not self._everything:
                left = room - used - min(len(shown) - number, FEWEST_LINES)
                block = block if len(block) <= left else block[:1]
                if used >= room - 1 and number < len(shown):
                    yield f"... and {len(shown) - number + 1} more (--all)"
                    break
            used += len(block)
            yield from block
        yield from tail

    def _heading(self) -> str:
        result = self._result
        title = result.title or (result.inputs[0].source.split("/")[0] if result.inputs else "nothing")
        parts = [clip(title, 30)]
        if result.stats.first is not None and result.stats.last is not None:
            parts.append(f"{self._day(result.stats.first)} to {self._day(result.stats.last)} ({self._zone_name()})")
        read = sum(1 for one in result.inputs if one.status == "read")
        parts += [f"{read:,} source{'s' if read != 1 else ''}", f"{result.stats.events:,} events"]
        return "  ".join(parts)[:WIDTH]

    def _counts(self) -> str:
        incidents = self._result.incidents
        needs = sum(one.above_fold and one.score >= NEEDS_YOU for one in incidents)
        look = sum(one.above_fold for one in incidents) - needs
        weak = len(incidents) - needs - look
        parts = []
        if needs:
            parts.append(f"{needs} incident{'s need' if needs > 1 else ' needs'} you")
        if look:
            parts.append(f"{look} to look at")
        if not parts:
            parts.append("nothing found in what could be judged that asks for a person")
        if weak:
            parts.append(f"{weak} weak signal{'s' if weak > 1 else ''} folded (--all)")
        text = " . ".join(parts)
        return f"INTERRUPTED: partial result. {text}" if self._result.interrupted else text

    def _incident(self, number: int, one: Incident, *, full: bool) -> Iterator[str]:
        head = f"[{number}] {one.severity.word.upper()} {one.score}  "
        active = "  ACTIVE" if self._is_active(one) else ""
        title = clip(one.title, WIDTH - len(head) - len(active))
        yield self._tint(one.severity, f"{head}{title}{active}")
        if not full:
            return
        where = self._where(one.entities)
        yield clip(f"    {self._span(one)}{' . ' + where if where else ''}", WIDTH)
        yield from (self._step(step) for step in one.steps[:MAX_STEPS])
        if len(one.steps) > MAX_STEPS:
            yield f"    ... {len(one.steps) - MAX_STEPS} more steps: trailhound show {one.id}"
        why = "; ".join(f"{clip(p.name, 40)} {p.points:g}" for p in one.parts[:3])
        yield from _wrapped("    Why: ", why, 2)
        if one.doubts:
            yield from _wrapped("    Could be wrong if: ", "; ".join(one.doubts[:2]), 2)
        yield from _wrapped("    Do now: ", ", then ".join(one.actions[:2]), 2)

    def _is_active(self, one: Incident) -> bool:
        """An attack whose last trace is within an hour of the end of the evidence may still go on."""
        last = self._result.stats.last
        return one.nature is Nature.IOA and None not in (last, one.end) and last - one.end <= _HOUR  # type: ignore[operator]

    def _step(self, step: Step) -> str:
        when = self._clock(step.time)
        return clip(f"    {when} {step.nature.value} {step.kind[:12]:12} {printable(step.text)}", WIDTH)

    def _where(self, entities: Sequence[Entity]) -> str:
        users = [e for e in entities if e.type in (EntityType.USER, EntityType.MAILBOX)][:1]
        hosts = [e for e in entities if e.type is EntityType.HOST][:2]
        addresses = [e for e in entities if e.type is EntityType.IP][:1]
        names = [printable(e.value) for e in (*users, *hosts)]
        outside = [f"from {printable(defang_entity(e.type, e.value))}" for e in addresses]
        return " . ".join([", ".join(names), *outside] if names else outside)

    def _span(self, one: Incident) -> str:
        if one.start is None:
            return "no time known"
        start, end = self._moment(one.start), self._moment(one.end or one.start)
        head = f"{start:%a} {start.day} {start:%b %H:%M}"
        if end - start < _MINUTE:
            return head
        same_day = start.date() == end.date()
        return f"{head} to {end:%H:%M}" if same_day else f"{head} to {end:%a} {end.day} {end:%b %H:%M}"

    def _tail(self) -> Iterator[str]:
        result = self._result
        for one in result.folded[: 6 if self._everything else 2]:
            yield clip(f"Usual here, folded: {printable(one.title)} ({one.why})", WIDTH)
        if len(result.folded) > 2 and not self._everything:  # noqa: PLR2004
            yield f"... and {len(result.folded) - 2} more rules that hit widely (--all)"
        missing = [one for one in result.not_judged if one.state is not Judged.JUDGED]
        if missing:
            names = " . ".join(
                f"{one.indicator} ({one.missing if one.state is Judged.BLIND else 'thin'})" for one in missing
            )
            yield from _wrapped("Not judged: ", names, 6 if self._everything else 3)
        if result.assumed:
            yield from _wrapped("Assumed: ", " . ".join(f"{a.what}: {a.value}" for a in result.assumed), 2)
        yield from self._read()
        if result.stats.rule_sets in ([], ["trailhound"]):
            yield "Rules: only our own. More: trailhound rules update sigmahq"
        if result.incidents:
            yield f"Next: trailhound show {result.incidents[0].id} PATH | scan --format html -o report.html"

    def _read(self) -> Iterator[str]:
        result = self._result
        read = sum(1 for one in result.inputs if one.status == "read")
        parts = [f"{read} of {len(result.inputs)}"]
        parts += [f"{count} {word}" for word, count in self._troubles().items()]
        stats = result.stats
        rules = f"rules for these logs: {stats.rules:,} of {stats.rules_total:,}"
        yield from _wrapped("Read: ", " . ".join([*parts, rules]), 3)
        worst = [one for one in result.inputs if one.incomplete]
        for one in worst[: 20 if self._everything else 2]:
            yield clip(f"  incomplete: {printable(one.source)}: {_trouble(one)}", WIDTH)
        if len(worst) > 2 and not self._everything:  # noqa: PLR2004
            yield f"  ... and {len(worst) - 2} more incomplete sources (--all)"

    def _troubles(self) -> dict[str, int]:
        inputs = self._result.inputs
        counts = {
            "incomplete": sum(one.incomplete for one in inputs),
            "of unknown format": sum(one.status == "unknown" for one in inputs),
            "skipped": sum(one.status == "skipped" for one in inputs),
            "known already": sum(one.known for one in inputs),
        }
        return {word: count for word, count in counts.items() if count}

    def _tint(self, severity: Severity, text: str) -> str:
        return f"{_COLOURS[severity]}{text}{_RESET}" if self._colour else text

    def _moment(self, micros: int) -> datetime:
        return datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(self._zone)

    def _day(self, micros: int) -> str:
        moment = self._moment(micros)
        return f"{moment.day} {moment:%b %Y}"

    def _clock(self, micros: int | None) -> str:
        return "     " if micros is None else f"{self._moment(micros):%H:%M}"

    def _zone_name(self) -> str:
        return str(self._zone)


_MINUTE = datetime(2000, 1, 1, 0, 1, tzinfo=UTC) - datetime(2000, 1, 1, tzinfo=UTC)


def clip(text: str, width: int) -> str:
    """Cut escaped text to a width, with an ellipsis where it was cut."""
    text = defang(printable(text))
    return text if len(text) <= width else text[: max(width - 3, 0)] + "..."


def _wrapped(label: str, text: str, most: int) -> Iterator[str]:
    """Give a labelled paragraph of at most `most` lines."""
    indent = " " * (len(label) - len(label.lstrip()) + 2)
    lines = textwrap.wrap(label + defang(printable(text)), WIDTH, subsequent_indent=indent, break_long_words=True)
    if len(lines) > most:
        lines = lines[:most]
        lines[-1] = lines[-1][: WIDTH - 4] + " ..."
    yield from lines


def _trouble(one: InputReport) -> str:
    lost = next((o for o in one.oddities if o.lost), None)
    return lost.detail or lost.kind if lost else "not all could be read"

