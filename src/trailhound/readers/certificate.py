"""Names and dates of an X.509 certificate, read without trusting or checking it (RFC 5280)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Value

SEQUENCE, SET, INTEGER, OID, OCTETS = 0x30, 0x31, 0x02, 0x06, 0x04
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
VERSION, EXTENSIONS = 0xA0, 0xA3
DNS_NAME = 0x82
MOST_NAMES = 256
ALTERNATIVE_NAMES = bytes.fromhex("551d11")
ATTRIBUTES = {
    "550403": "CN", "550404": "SN", "550405": "serialNumber", "550406": "C", "550407": "L",
    "550408": "ST", "550409": "street", "55040a": "O", "55040b": "OU", "55040c": "title",
    "55042a": "GN", "2a864886f70d010901": "emailAddress", "0992268993f22c640119": "DC",
    "0992268993f22c640101": "UID",
}  # fmt: skip


class Element(NamedTuple):
    """One element of DER: its tag, and where its content lies."""

    tag: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; fields that could not be read are None."""

    subject: str | None = None
    issuer: str | None = None
    serial: str | None = None
    not_before: float | None = None
    not_after: float | None = None
    names: tuple[str, ...] = ()

    def fields(self) -> dict[str, Value]:
        """Give it in the words of Zeek's x509.log."""
        return {
            "certificate.subject": self.subject,
            "certificate.issuer": self.issuer,
            "certificate.serial": self.serial,
            "certificate.not_valid_before": self.not_before,
            "certificate.not_valid_after": self.not_after,
            "san.dns": list(self.names) or None,
        }


def elements(data: bytes, start: int, stop: int) -> Iterator[Element]:
    """Give the elements in a stretch of DER, not those inside them; stops where they make no sense.

    Of BER's indefinite lengths nothing is understood here.
    """
    at = start
    while at + 2 <= stop:
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            if not 1 <= count <= 4 or at + count > stop:
                return
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > stop:
            return
        yield Element(tag, at, at + size)
        at += size


def certificate_of(raw: bytes) -> Certificate:
    """Read a certificate; one that is none gives nothing."""
    outer = next(elements(raw, 0, len(raw)), None)
    inner = next(elements(raw, outer.start, outer.stop), None) if outer else None
    if inner is None or inner.tag != SEQUENCE:
        return Certificate()
    parts = list(elements(raw, inner.start, inner.stop))
    if parts and parts[0].tag == VERSION:
        del parts[0]
    if len(parts) < 6 or parts[0].tag != INTEGER:
        return Certificate()
    dates = [_date(raw, part) for part in elements(raw, parts[3].start, parts[3].stop)]
    return Certificate(
        subject=_name(raw, parts[4]),
        issuer=_name(raw, parts[2]),
        serial=raw[parts[0].start : parts[0].stop].hex().upper(),
        not_before=dates[0] if dates else None,
        not_after=dates[1] if len(dates) > 1 else None,
        names=tuple(_names(raw, parts[6:])),
    )


def _name(raw: bytes, name: Element) -> str | None:
    """Write a name as Zeek does: the most special part first, commas between."""
    parts: list[str] = []
    for group in elements(raw, name.start, name.stop):
        for pair in elements(raw, group.start, group.stop):
            both = list(elements(raw, pair.start, pair.stop))
            if len(both) == 2 and both[0].tag == OID:
                oid = raw[both[0].start : both[0].stop].hex()
                value = _string(both[1].tag, raw[both[1].start : both[1].stop])
                parts.append(f"{ATTRIBUTES.get(oid, oid)}={value}")
    return ",".join(reversed(parts)) or None


def _string(tag: int, value: bytes) -> str:
    """Decode a string; commas are escaped, as RFC 4514 does."""
    codec = {0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x14: "latin-1"}.get(tag, "utf-8")
    return value.decode(codec, "replace").replace(",", "\\,")


def _date(raw: bytes, element: Element) -> float | None:
    """Read a date as seconds since 1970; years of two digits are 1950 to 2049."""
    text = raw[element.start : element.stop].decode("ascii", "replace")
    if element.tag == UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp()


def _names(raw: bytes, rest: list[Element]) -> Iterator[str]:
    """Give the DNS names among the alternative names."""
    for block in rest:
        if block.tag != EXTENSIONS:
            continue
        for listed in elements(raw, block.start, block.stop):
            for extension in elements(raw, listed.start, listed.stop):
                yield from _alternatives(raw, extension)


def _alternatives(raw: bytes, extension: Element) -> Iterator[str]:
    parts = list(elements(raw, extension.start, extension.stop))
    if not parts or raw[parts[0].start : parts[0].stop] != ALTERNATIVE_NAMES:
        return
    for inner in elements(raw, parts[-1].start, parts[-1].stop):
        names = elements(raw, inner.start, inner.stop)
        for name, _ in zip(names, range(MOST_NAMES), strict=False):
            if name.tag == DNS_NAME:
                yield raw[name.start : name.stop].decode("utf-8", "replace")
