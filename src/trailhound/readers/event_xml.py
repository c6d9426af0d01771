"""Windows events as XML text, cut into the shape that the `evtx` package gives.

One pass over the tags, no recursion. Only the five entities of XML and numbers of characters are
undone: entities that a document defines itself stay as they are written.
Shape: https://learn.microsoft.com/windows/win32/wes/eventschema-schema
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

MAX_DEPTH = 32
"""Elements within elements; what lies deeper is left out."""

_TAG = re.compile(r"<([^<>]+)>([^<]*)")
_NAME = re.compile(r"[^\s/]+")
_ATTRIBUTE = re.compile(
    r"(?<![\w:.-])([\w:.-]{1,256})[ \t\r\n]{0,16}=[ \t\r\n]{0,16}(?:\"([^\"]*)\"|'([^']*)')"
)
_DATA = re.compile(r"<Data Name=(?:'([^'<>]*)'|\"([^\"<>]*)\")(?:/>|>([^<]*)</Data>)")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_WHOLE = frozenset(["EventID", "Version", "Level", "Task", "Opcode", "EventRecordID"])
_HUNDREDS_OF_NANOSECONDS = len("2024-11-04T12:00:00.0000000Z")
_CDATA = "<![CDATA["


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str]
    text: str
    members: dict[str, Any] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)


def event_of(text: str) -> dict[str, Any] | None:
    """Read one event; None when there is no `System` in it, or it ends too early."""
    return _usual(text) or _any(text)


def _usual(text: str) -> dict[str, Any] | None:
    """Read the shape of nearly every event: what its system part repeats is read once."""
    start = text.find("<System>") + len("<System>")
    moment = text.find("<TimeCreated", start)
    channel = text.find("<Channel>", moment)
    end = text.find("</System><EventData>", channel)
    data = text[end + len("</System><EventData>") :]
    values = _DATA.findall(data)
    tags = data.count("<") + data.count("/>")
    if min(moment, channel, end) < 0 or tags != 2 * len(values) + 2:  # any other tag: not usual
        return None
    if not data.endswith(("</EventData></Event>", "</EventData>\n</Event>")):
        return None
    system = _repeated(text[start:moment]) | _part(text[moment:channel])
    fields = {plain(a or b): plain(value) or None for a, b, value in reversed(values)}
    fields = dict(reversed(fields.items()))
    return {"Event": {"System": system | _repeated(text[channel:end]), "EventData": fields or None}}


def _part(text: str) -> dict[str, Any]:
    """Read some elements of `System`."""
    members = _tree(text)
    for name in _WHOLE.intersection(members):
        members[name] = _whole(members[name])
    _cut_fraction(members.get("TimeCreated"))
    return members


_repeated = lru_cache(maxsize=4096)(_part)
"""The elements around time and number are the same in many events; nobody changes them."""


def _any(text: str) -> dict[str, Any] | None:
    root = _tree(text)
    event = root.get("Event")
    if not isinstance(event, dict) or not isinstance(event.get("System"), dict):
        return None
    system = event["System"]
    for name in _WHOLE.intersection(system):
        system[name] = _whole(system[name])
    _cut_fraction(system.get("TimeCreated"))
    event.setdefault("EventData", None)
    return {"Event": event}


def data_of(text: str) -> dict[str, Any]:
    """Read named values out of a fragment: `<EventData>`, or what a wrapper left of it."""
    found: dict[str, Any] = {}
    root = _tree(f"<EventData>{text}</EventData>").get("EventData")
    pending = [root] if isinstance(root, dict) else []
    while pending:
        for name, value in pending.pop().items():
            if name.startswith("#"):
                continue
            if isinstance(value, dict) and "#text" not in value:
                pending.append(value)
            else:
                found.setdefault(name, value)
    return found


def _tree(text: str) -> dict[str, Any]:
    """Read elements to objects; what is not closed at the end is no part of it."""
    if "<!" in text:
        text = _plain_text(text)
    root = _Element("", {}, "")
    stack = [root]
    skipped = 0
    for tag, tail in _TAG.findall(text):
        mark = tag[0]
        if mark in "?!":
            continue
        if mark == "/":
            if skipped:
                skipped -= 1
            elif len(stack) > 1:
                _close(stack.pop(), stack[-1])
        elif tag[-1] == "/":
            if not skipped:
                _close(_opened(tag[:-1], ""), stack[-1])
        elif len(stack) >= MAX_DEPTH:
            skipped += 1
        else:
            stack.append(_opened(tag, tail))
    return root.members


def _opened(tag: str, text: str) -> _Element:
    match = _NAME.match(tag)
    name = match[0].rpartition(":")[2] if match else ""
    if len(tag) == len(name):
        return _Element(name, {}, text)
    found = _ATTRIBUTE.findall(tag)
    return _Element(
        name, {key: plain(a or b) for key, a, b in found if not key.startswith("xmlns")}, text
    )


def _close(element: _Element, parent: _Element) -> None:
    """Put a finished element into its parent; `Data` goes by the name in its attribute."""
    if element.name == "Data":
        name = element.attributes.get("Name")
        text = plain(element.text)
        if name is None:
            parent.unnamed.append(text)
        else:
            parent.members.setdefault(name, text or None)
        return
    if element.unnamed:
        element.members.setdefault("Data", {"#text": element.unnamed})
    value: Any = element.members or plain(element.text) or None
    if element.attributes:
        inner = element.members or ({"#text": value} if value else {})
        value = {"#attributes": element.attributes, **inner}
    parent.members.setdefault(element.name, value)


def plain(text: str) -> str:
    """Undo the entities that XML itself defines."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _plain_text(text: str) -> str:
    """Leave comments out, and write what CDATA quotes as ordinary text."""
    pieces: list[str] = []
    place = 0
    while (start := text.find("<!", place)) >= 0:
        pieces.append(text[place:start])
        if text.startswith(_CDATA, start):
            end = text.find("]]>", start)
            pieces.append(html.escape(text[start + len(_CDATA) : end], quote=False))
            place = end + 3
        else:
            end = text.find("-->" if text.startswith("<!--", start) else ">", start)
            place = end + (3 if text.startswith("<!--", start) else 1)
        if end < 0:
            return "".join(pieces)
    return "".join([*pieces, text[place:]])


def _whole(value: object) -> object:
    """Give whole numbers as the binary log has them."""
    if isinstance(value, dict) and "#text" in value:
        return {**value, "#text": _whole(value["#text"])}
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    return value


def _cut_fraction(created: object) -> None:
    """Write the time as the binary log's reader does: six digits behind the second."""
    inner: Any = created.get("#attributes", {}) if isinstance(created, dict) else {}
    stamp = inner.get("SystemTime", "")
    if len(stamp) == _HUNDREDS_OF_NANOSECONDS and stamp.endswith("Z"):
        inner["SystemTime"] = f"{stamp[:26]}Z"
