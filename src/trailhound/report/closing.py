"""The end of the first screen: folded rules, what was not judged, assumed, read; what next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.result import Judged
from trailhound.report.phrases import WIDTH, cut, shown, wrapped
from trailhound.report.verdict import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.result import InputReport, NotJudged, Result

FEW = 2
"""Lines of one kind on the first screen."""
MANY = 20
GAP_LINES = 3


def closing(result: Result, *, everything: bool) -> Iterator[str]:
    """Give the lines below the incidents."""
    yield from _folded(result, everything=everything)
    yield from _not_judged(result, everything=everything)
    if result.assumed:
        text = " . ".join(f"{one.what} {one.value} ({one.why})" for one in result.assumed)
        yield from wrapped("Assumed: ", shown(text), most=MANY if everything else FEW)
    yield from _read(result)
    yield from _incomplete(result, everything=everything)
    if result.stats.rule_sets in ([], ["trailhound"]):
        yield "Rules: only our own. More: trailhound rules update sigmahq"
    yield from _next(result, everything=everything)


def _folded(result: Result, *, everything: bool) -> Iterator[str]:
    most = MANY if everything else FEW
    for one in result.folded[:most]:
        yield from wrapped("Usual here, folded: ", shown(f"{one.title} ({one.why})"), most=2)
        if everything:
            yield from wrapped("  hide it: ", shown(one.allow))
    if len(result.folded) > most:
        yield f"  ... and {len(result.folded) - most} more rules that hit widely (--all)"


def _not_judged(result: Result, *, everything: bool) -> Iterator[str]:
    missing = [one for one in result.not_judged if one.state is not Judged.JUDGED]
    if everything:
        for one in missing:
            text = f"{one.indicator}: {one.missing}; {one.switch_on}"
            yield from wrapped("Not judged: ", shown(text), most=3)
        for one in result.not_judged:
            for gap in one.gaps:
                text = f"{one.indicator}, {gap.source}: {gap.missing}. {gap.switch_on}"
                yield from wrapped("Not told: ", shown(text), most=4)
    elif missing:
        yield from _fitting([shown(f"{one.indicator} ({_gap(one)})") for one in missing])


def _fitting(gaps: Sequence[str]) -> list[str]:
    """Name as many as fit, and count the others."""
    for kept in range(len(gaps), 0, -1):
        more = [f"{len(gaps) - kept} more (--all)"] if kept < len(gaps) else []
        lines = list(wrapped("Not judged: ", " . ".join([*gaps[:kept], *more])))
        if len(lines) <= GAP_LINES:
            return lines
    return [f"Not judged: {len(gaps)} classes of indicators (--all)"]


def _gap(one: NotJudged) -> str:
    return f"{one.days} d history" if one.state is Judged.THIN else f"no {one.missing}"


def _read(result: Result) -> Iterator[str]:
    inputs, stats = result.inputs, result.stats
    counts = {
        "incomplete": sum(one.incomplete for one in inputs),
        "of unknown format": sum(one.status == "unknown" for one in inputs),
        "skipped": sum(one.status == "skipped" for one in inputs),
        "refused": sum(one.status == "refused" for one in inputs),
        "known already": sum(one.known for one in inputs),
    }
    read = sum(one.status == "read" for one in inputs)
    parts = [
        f"{read:,} of {len(inputs):,}",
        *(f"{count:,} {word}" for word, count in counts.items() if count),
        f"rules for these logs: {stats.rules:,} of {stats.rules_total:,}",
    ]
    yield from wrapped("Read: ", " . ".join(parts), most=2)
    if stats.rules_skipped:
        which = counted(stats.rules_skipped, "rule")
        yield f"Rules refused: {which} (why: trailhound rules check [PATH of --rules])"
    if result.not_read:
        yield from wrapped("Not read: ", shown(" . ".join(result.not_read)), most=2)


def _incomplete(result: Result, *, everything: bool) -> Iterator[str]:
    worst = [one for one in result.inputs if one.incomplete]
    most = MANY if everything else FEW
    yield from (_trouble(one) for one in worst[:most])
    if len(worst) > most:
        more = "" if everything else " (--all)"
        yield f"  ... and {len(worst) - most} more incomplete sources{more}"


def _trouble(one: InputReport) -> str:
    """Name a source by the end of its path, which tells more than the start, and what was lost."""
    lost = next((o for o in one.oddities if o.lost), None)
    reason = shown(lost.detail or lost.kind) if lost else "not all could be read"
    name = shown(one.source)
    name = name if len(name) <= MAX_NAME else f"...{name[-MAX_NAME + 3 :]}"
    return cut(f"  incomplete: {cut(name, MAX_NAME)}: {reason}", WIDTH)


MAX_NAME = 40


def _next(result: Result, *, everything: bool) -> Iterator[str]:
    if result.redacted:
        yield f"Redacted ({result.redacted}): the ids here are not those that `show` knows."
        return
    shown_ones = [one for one in result.incidents if one.above_fold or everything]
    if shown_ones:
        name = shown(shown_ones[0].id, 24)
        yield cut(f"Next: trailhound show {name} PATH | scan --format html -o report.html", WIDTH)
    elif result.incidents:
        yield "Next: trailhound scan --all PATH"
