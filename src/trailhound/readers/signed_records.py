"""Records divided by the signature they show, wrappers taken off.

Unlike `wrapping.Opener`, which looks for marks of one format, a record here is bare when the names
it has together show a kind: one name of a hundred kinds says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from trailhound.readers.json_records import bad_record
from trailhound.readers.projection import as_bytes, json_text, lenient_object
from trailhound.readers.signatures import kind_of
from trailhound.readers.well_known import TIMES
from trailhound.readers.wrapping import DEPTH, LISTS, OBJECTS, Opened, unwrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.limits import Budget
    from trailhound.readers.signature import Signature

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_WRAPPERS = (*OBJECTS, *LISTS, "properties")
_OWN_TIME = frozenset(TIMES[:30])
Payload = bytes | msgspec.Raw
Members = dict[str, msgspec.Raw]
Part = tuple[Payload, Members]
Signed = tuple[Payload, "Signature | None"]


def members_of(payload: Payload) -> Members | None:
    """Give the members of a record, undecoded; None when it is no JSON object."""
    try:
        return _MEMBERS.decode(payload)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        lenient = lenient_object(as_bytes(payload))
    try:
        return None if lenient is None else _MEMBERS.decode(json_text(lenient))
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None


def signature_of(members: Members) -> Signature | None:
    """Give the signature of a record."""
    return kind_of(frozenset(members), lambda name: _names_inside(members, name))


def _names_inside(members: Members, name: str) -> frozenset[str]:
    """Give the names inside a member: of an object, of the one in its quotes, or in its list."""
    content = members.get(name)
    objects = [] if content is None else unwrapped(content)
    return frozenset(members_of(objects[0]) or ()) if objects else frozenset()


def signed_records(
    raws: Sequence[bytes], offsets: Sequence[int], expected: Signature | None, budget: Budget
) -> dict[Signature | None, Opened]:
    """Divide records by signature, in order of first sight; None for strangers.

    A record that has names of the kind its source is of, but not enough, is of that kind: logs
    leave out what is empty. What is not JSON is quarantined in `budget`.
    """
    groups: defaultdict[Signature | None, Opened] = defaultdict(Opened)
    for raw, offset in zip(raws, offsets, strict=True):
        members = members_of(raw)
        if members is None:
            bad_record(raw, offset, budget)
            continue
        budget.parsed_bytes += len(raw)
        bare = signature_of(members)
        for payload, signature in [(raw, bare)] if bare else _signed(raw, members, expected):
            groups[signature].add(raw, offset, payload, None)
    return dict(groups)


def _signed(raw: bytes, members: Members, expected: Signature | None) -> list[Signed]:
    """Look into a record that shows no kind itself."""
    contents = _contents(members)
    found = _inside(contents, expected)
    if found:
        return found
    likely = _likely(members, expected)
    if likely is not None or not contents or not _OWN_TIME.isdisjoint(members):
        return [(raw, likely)]
    return [(payload, _likely(inner, expected)) for payload, inner in contents]


def _inside(level: list[Part], expected: Signature | None) -> list[Signed]:
    """Follow wrappers down to records that show a kind; beside them the others of their list."""
    for _ in range(DEPTH):
        found = [(payload, signature_of(inner), inner) for payload, inner in level]
        if any(signature for _, signature, _ in found):
            return [(payload, s or _likely(inner, expected)) for payload, s, inner in found]
        level = [part for _, inner in level for part in _contents(inner)]
    return []


def _likely(members: Members, expected: Signature | None) -> Signature | None:
    return expected if expected and expected.touches(frozenset(members)) else None


def _contents(members: Members) -> list[Part]:
    """Give what the wrappers among a record's members hold."""
    held = (members[name] for name in _WRAPPERS if name in members)
    parts = ((payload, members_of(payload)) for content in held for payload in unwrapped(content))
    return [(payload, inner) for payload, inner in parts if inner is not None]
