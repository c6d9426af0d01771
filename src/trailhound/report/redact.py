"""A result without people's names or without contents, to be shown to others.

*People*: every known account, mailbox and host, every mail address, home folder, SID and internal
address gets a pseudonym (`user-7f3a90c2`), the same wherever it occurs, also inside command
lines, paths and titles. *Bodies*: command lines, script blocks, messages and other long texts are
left out. *All*: both, and the organisation's own names.

Pseudonyms are keyed hashes. Without the key nobody can try names against them, so the key must
not be derived from the result; it is drawn anew for each run unless the operator keeps one, and
only then do two runs agree. Identifiers of findings, incidents and events are hashes of names too
and are keyed the same way: `show` knows the ids of the result that was not redacted. What cannot
be seen stays: names in encoded content, nicknames, and who is meant by an outside address.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import msgspec

from trailhound.model.finding import Detector, Finding, Pointer, Reason, RuleInfo
from trailhound.model.incident import Incident, Step
from trailhound.model.oddity import Oddity
from trailhound.model.result import InputReport, NotJudged, Result, Stats
from trailhound.report.identities import Identities
from trailhound.report.names import replace

if TYPE_CHECKING:
    from collections.abc import Callable

What = Literal["people", "bodies", "all"]
Record = TypeVar("Record")

LONGEST = 120
"""A longer value of a field is content, whatever its name."""

_CONTENT = frozenset({
    "commandline", "parentcommandline", "scriptblocktext", "payload", "message", "statement",
    "text", "contextinfo", "data", "body", "subject", "csuriquery", "details", "hostapplication",
    "command",
})  # fmt: skip

_IDENTIFIERS: dict[type, frozenset[str]] = {
    Finding: frozenset({"id"}),
    Incident: frozenset({"id", "findings"}),
    Step: frozenset({"finding"}),
    Pointer: frozenset({"event_uid"}),
    InputReport: frozenset({"digest"}),
}
"""Fields that hold hashes of names: keyed, so that nobody tries names against them."""

_VOCABULARY: dict[type, frozenset[str]] = {
    Detector: frozenset({"version"}),
    Finding: frozenset({"techniques"}),
    InputReport: frozenset({"reader", "status", "oddity_counts"}),
    NotJudged: frozenset({"indicator", "missing", "switch_on"}),
    Oddity: frozenset({"kind"}),
    Reason: frozenset({"op", "unit"}),
    Result: frozenset({"version", "redacted"}),
    RuleInfo: frozenset({"language", "level", "status", "tags", "licence"}),
    Stats: frozenset({"by_reader", "by_table"}),
    Step: frozenset({"kind"}),
}
"""Fields whose words are ours: they name nobody, whatever somebody is called."""


def redacted(result: Result, what: What, *, key: bytes) -> Result:
    """Give a result to be shown to others; `key` is secret, at least 16 random bytes."""
    result = msgspec.structs.replace(result, redacted=what)
    if what != "people":
        result = _without_contents(result)
    if what == "bodies":
        return result
    identities = Identities(result, key, organisation=what == "all")
    return _Redactor(identities).record(result)


class _Redactor:
    """Replaces names in every text of a record, so that a new field of the model is not missed."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._known: dict[str, str] = {}

    def record(self, one: Record) -> Record:
        identifiers = _IDENTIFIERS.get(type(one), frozenset())
        kept = _VOCABULARY.get(type(one), frozenset())
        changed = {
            name: self._value(value, self._mark if name in identifiers else self._text)
            for name, value in _fields(one).items()
            if name not in kept
        }
        return _replaced(one, changed)

    def _value(self, value: Any, text: Callable[[str], str]) -> Any:  # noqa: ANN401 - any field
        if type(value) is str:  # words of a closed set are a subclass
            return text(value)
        if isinstance(value, list | tuple):
            return type(value)(self._value(one, text) for one in value)
        if isinstance(value, dict):
            return {self._text(k): self._value(one, text) for k, one in value.items()}
        if isinstance(value, Reason):
            return self.record(_with_numbers_as_text(value))
        return self.record(value) if _is_record(value) else value

    def _text(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = replace(text, self._identities.find(text))
        return self._known[text]

    def _mark(self, text: str) -> str:
        return self._identities.mark(text) if text else ""


def _is_record(value: object) -> bool:
    return isinstance(value, msgspec.Struct | Oddity)


def _fields(one: object) -> dict[str, Any]:
    names = dataclasses.fields(one) if isinstance(one, Oddity) else msgspec.structs.fields(one)  # type: ignore[arg-type]
    return {field.name: getattr(one, field.name) for field in names}


def _replaced(one: Record, changed: dict[str, Any]) -> Record:
    if isinstance(one, Oddity):
        return cast("Record", dataclasses.replace(one, **changed))
    return cast("Record", msgspec.structs.replace(cast("msgspec.Struct", one), **changed))


def _with_numbers_as_text(reason: Reason) -> Reason:
    """Write whole numbers as text where they may be somebody's number, e.g. a user id."""
    if isinstance(reason.value, int) and not isinstance(reason.value, bool) and not reason.unit:
        return msgspec.structs.replace(reason, value=str(reason.value))
    return reason


def _without_contents(result: Result) -> Result:
    findings = [
        msgspec.structs.replace(
            one,
            because=tuple(map(_reason, one.because)),
            evidence=msgspec.structs.replace(
                one.evidence, pointers=tuple(map(_pointer, one.evidence.pointers))
            ),
        )
        for one in result.findings
    ]
    inputs = [
        msgspec.structs.replace(one, oddities=list(map(_oddity, one.oddities)))
        for one in result.inputs
    ]
    return msgspec.structs.replace(result, findings=findings, inputs=inputs)


def _reason(one: Reason) -> Reason:
    if not isinstance(one.value, str) or not _is_content(one.feature, one.value):
        return one
    text = one.text.replace(one.value, _left_out(one.value)) if one.value else one.text
    return msgspec.structs.replace(one, value=_left_out(one.value), text=text)


def _pointer(one: Pointer) -> Pointer:
    fields = {
        name: _left_out(value) if _is_content(name, value) else value
        for name, value in one.fields.items()
    }
    return msgspec.structs.replace(one, fields=fields)


def _oddity(one: Oddity) -> Oddity:
    """Keep what is wrong and leave out what is quoted: it stands behind a colon."""
    reason, colon, quoted = one.detail.partition(":")
    return dataclasses.replace(one, detail=f"{reason}: {_left_out(quoted)}" if colon else reason)


def _is_content(name: str, value: str) -> bool:
    last = "".join(filter(str.isalpha, name.rpartition(".")[2].lower()))
    return last in _CONTENT or name == "(any value)" or len(value) > LONGEST or "\n" in value


def _left_out(text: str) -> str:
    return f"[{len(text):,} characters left out]"
