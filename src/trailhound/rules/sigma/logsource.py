"""Where a rule looks: its log source bound to log kinds, routes and native field names.

The table is `content/sigma/logsources.toml`. A log source nobody maps binds to nothing: an unmapped
category must never match everything.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from trailhound.rules.sigma.rule import LogSource


class Binding(msgspec.Struct, frozen=True):
    """One place a log source means: a kind, allowed route values (lower case), renamed fields."""

    kind: str
    route: dict[str, frozenset[str]] = {}
    fields: dict[str, str] = {}

    def fits(self, route: dict[str, str]) -> bool:
        """Tell whether rows of this route are meant; a route without the key is not."""
        return all(route.get(key, "").lower() in allowed for key, allowed in self.route.items())


class _Bind(msgspec.Struct):
    kind: str
    route: dict[str, list[str]] = {}
    fields: dict[str, str] = {}


class _Source(msgspec.Struct):
    bind: list[_Bind]
    category: str = ""
    product: str = ""
    service: str = ""


@cache
def _table() -> dict[LogSource, tuple[Binding, ...]]:
    text = files("trailhound.content").joinpath("sigma/logsources.toml").read_text("utf-8")
    sources = msgspec.convert(tomllib.loads(text)["source"], list[_Source])
    return {
        LogSource(s.category, s.product, s.service): tuple(_binding(bind) for bind in s.bind)
        for s in sources
    }


def _binding(bind: _Bind) -> Binding:
    route = {key: frozenset(v.lower() for v in values) for key, values in bind.route.items()}
    return Binding(bind.kind, route, bind.fields)


@cache
def bindings(source: LogSource) -> tuple[Binding, ...]:
    """Give where a log source looks: the exact entry, else every entry that fits what is given."""
    table = _table()
    if source in table:
        return table[source]
    loose = [b for entry, found in table.items() if _covers(entry, source) for b in found]
    if loose:
        return tuple(_unique(loose))
    wild = table.get(LogSource(product=source.product, service="*"), ())
    if wild and source.service:
        return tuple(Binding(b.kind.replace("{service}", source.service)) for b in wild)
    name = source.product or source.category
    return (Binding(f"json.{name}"), Binding(f"csv.{name}")) if name else ()


def _covers(entry: LogSource, source: LogSource) -> bool:
    """Tell whether an entry is one of those a less exact log source means.

    What the rule gives must be what the entry gives; a product left open is any product.
    """
    if source.category:
        return entry.category == source.category and entry.product in (
            "",
            source.product or entry.product,
        )
    return bool(source.service) and entry == LogSource("", source.product, source.service)


def _unique(found: list[Binding]) -> list[Binding]:
    unique: list[Binding] = []
    for binding in found:
        if binding not in unique:
            unique.append(binding)
    return unique
