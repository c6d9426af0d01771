"""What could be judged with the evidence at hand, and how to judge the rest next time."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.result import Gap, Judged, NotJudged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trailhound.model.result import InputReport

DAY = 86_400_000_000


class ProductGap(Gap, frozen=True):
    """A gap of a product: it is `here` by these prefixes of kinds, and has none of `kinds`."""

    here: tuple[str, ...]
    kinds: tuple[str, ...]


class IndicatorClass(msgspec.Struct, frozen=True):
    """One of the eleven classes, as `content/indicators/classes.toml` gives it."""

    number: int
    name: str
    kinds: tuple[str, ...]
    days: int
    missing: str
    switch_on: str
    gap: tuple[ProductGap, ...] = ()


@cache
def classes() -> tuple[IndicatorClass, ...]:
    """Give the eleven classes in their order."""
    text = files("trailhound.content").joinpath("indicators/classes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["indicator"], tuple[IndicatorClass, ...])


def not_judged(kinds: Mapping[str, int], inputs: Sequence[InputReport]) -> list[NotJudged]:
    """Give the state of every class; `kinds`: log kinds (and `windows:EVENT`) with their rows."""
    days = _days(inputs)
    return [_state(one, kinds, days) for one in classes()]


def _state(one: IndicatorClass, kinds: Mapping[str, int], days: int) -> NotJudged:
    gaps = list(_gaps(one, kinds))
    if not any(_has(kinds, wanted) for wanted in one.kinds):
        told = one.missing, one.switch_on
        return NotJudged(one.number, one.name, Judged.BLIND, *told, days, gaps)
    if days < one.days:
        told = f"{one.days} days of history (here: {days})", "give older logs too"
        return NotJudged(one.number, one.name, Judged.THIN, *told, days, gaps)
    return NotJudged(one.number, one.name, Judged.JUDGED, days=days, gaps=gaps)


def _gaps(one: IndicatorClass, kinds: Mapping[str, int]) -> Iterator[Gap]:
    for gap in one.gap:
        here = any(kind.startswith(gap.here) for kind in kinds)
        if here and not any(_has(kinds, wanted) for wanted in gap.kinds):
            yield Gap(gap.source, gap.missing, gap.switch_on)


def _has(kinds: Mapping[str, int], wanted: str) -> bool:
    if wanted.endswith("*"):
        return any(kind.startswith(wanted[:-1]) for kind in kinds)
    return wanted in kinds


def _days(inputs: Sequence[InputReport]) -> int:
    """Give the length of the history in days, rounded up; 0 when no time is known."""
    first = min((one.first for one in inputs if one.first is not None), default=None)
    last = max((one.last for one in inputs if one.last is not None), default=None)
    return 0 if first is None or last is None else (last - first) // DAY + 1
