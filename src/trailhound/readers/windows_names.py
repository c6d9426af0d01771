"""What Windows' manifests say of events: the channel a provider writes to, the order of values."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def channel_of(provider: str, event_id: str) -> str:
    """Give the channel of an event by its provider where that is unambiguous, else an empty one."""
    if not provider:
        return ""
    table = _table("channels")
    found: str = table["channels"].get(provider, "")
    return found or table["events"].get(provider, {}).get(event_id, "")


def value_names(provider: str, event_id: str) -> list[str]:
    """Give the names of an event's values in their order, none for events that are not known."""
    names: str = _table("fields").get(provider, {}).get(event_id, "")
    return names.split()


@cache
def _table(name: str) -> dict[str, Any]:
    place = files("trailhound.content").joinpath("windows", f"{name}.toml")
    return tomllib.loads(place.read_text("utf-8"))
