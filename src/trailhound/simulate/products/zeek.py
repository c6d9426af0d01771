"""Zeek's tab-separated logs, one folder a day: conn, dns, http, ssl, files, with their headers.

The columns are those of a default Zeek 6 with JA3. Records are written when the connection ends,
so `ts` is not in order, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, SECOND, chance, day_of, iso
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import Series

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from trailhound.simulate.evidence import Schedule

_ID = "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port "
COLUMNS = {
    "conn": _ID + "proto:enum service:string duration:interval orig_bytes:count resp_bytes:count "
    "conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string "
    "orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count "
    "tunnel_parents:set[string]",
    "dns": _ID + "proto:enum trans_id:count rtt:interval query:string qclass:count "
    "qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool "
    "TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool",
    "http": _ID + "trans_depth:count method:string host:string uri:string referrer:string "
    "version:string user_agent:string origin:string request_body_len:count "
    "response_body_len:count status_code:count status_msg:string info_code:count info_msg:string "
    "tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] "
    "orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] "
    "resp_filenames:vector[string] resp_mime_types:vector[string]",
    "ssl": _ID + "version:string cipher:string curve:string server_name:string resumed:bool "
    "last_alert:string next_protocol:string established:bool ssl_history:string "
    "cert_chain_fps:vector[string] client_cert_chain_fps:vector[string] sni_matches_cert:bool "
    "ja3:string ja3s:string",
    "files": "ts:time fuid:string tx_hosts:set[addr] rx_hosts:set[addr] conn_uids:set[string] "
    "source:string depth:count analyzers:set[string] mime_type:string filename:string "
    "duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count "
    "missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string md5:string "
    "sha1:string sha256:string extracted:string extracted_cutoff:bool extracted_size:count",
}
"""Name and type of every column, by log."""

BROWSER_JA3 = "cd08e31494f9531f560d64c695473da9"
AGENT_JA3 = "3b5074b1b5d032e5620f69f9f700ff0e"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Flow:
    """One connection: who, where, how long (microseconds), how much (bytes)."""

    source: str
    target: str
    port: int
    length: int = SECOND
    sent: int = 0
    received: int = 0
    state: str = "SF"
    protocol: str = "tcp"
    service: str = "-"
    history: str = "ShADadFf"


@dataclass(frozen=True, slots=True)
class Request:
    """One plain HTTP request that was answered with 200, and the file that it brought."""

    host: str
    path: str
    agent: str
    mime: str = "text/html"
    filename: str = "-"


class Zeek:
    """The network sensor between the company and the Internet."""

    def __init__(self, schedule: Schedule, root: Path, seed: int) -> None:
        self._schedule = schedule
        self._random = chance(seed, "zeek")
        self._logs = {log: ZeekLog(root, log) for log in COLUMNS}
        self.products = tuple(self._logs.values())

    def flow(self, at: int, flow: Flow, *, port: int = 0, step: str | None = None) -> str:
        """Write a connection and return its uid."""
        uid = "C" + _unique(self._random, 17)
        source_port = port or self._random.randrange(49_152, 65_000)
        self._write("conn", at, flow.length, _connection(at, uid, source_port, flow), step)
        return uid

    def lookup(
        self,
        at: int,
        client: str,
        server: str,
        name: str,
        answers: tuple[str, ...],
        *,
        kind: tuple[int, str] = (1, "A"),
        step: str | None = None,
    ) -> None:
        """Write a DNS question, its answers (none: no such name) and its packets."""
        rtt = self._random.randrange(300, 24_000)
        size = len(name) + 29
        flow = Flow(
            client, server, 53, rtt, size, size + 16 * len(answers), "SF", "udp", "dns", "Dd"
        )
        port = self._random.randrange(49_152, 65_000)
        uid = self.flow(at, flow, port=port)
        code = ("0", "NOERROR") if answers else ("3", "NXDOMAIN")
        row = [_seconds(at), uid, client, str(port), server, "53", "udp"]
        row += [str(self._random.randrange(65_536)), _seconds(rtt), name, "1", "C_INTERNET"]
        row += [str(kind[0]), kind[1], *code, "F", "F", "T", "T", "0"]
        row += [",".join(answers) or "-", ",".join("300.000000" for _ in answers) or "-", "F"]
        self._write("dns", at, rtt, row, step)

    def tls(
        self,
        at: int,
        flow: Flow,
        name: str,
        *,
        ja3: str = BROWSER_JA3,
        port: int = 0,
        step: str | None = None,
    ) -> str:
        """Write a connection that carried TLS to the server `name`, and return its uid."""
        port = port or self._random.randrange(49_152, 65_000)
        uid = self.flow(at, _with_service(flow, "ssl"), port=port)
        row = [_seconds(at), uid, flow.source, str(port), flow.target, str(flow.port)]
        row += ["TLSv13", "TLS_AES_256_GCM_SHA384", "x25519", name or "-", "F", "-", "-", "T"]
        row += ["CsiI", "-", "-", "-", ja3, "15af977ce25de452b96affa2addb1036"]
        self._write("ssl", at, SECOND // 20, row, step)
        return uid

    def request(self, at: int, flow: Flow, request: Request, *, step: str | None = None) -> None:
        """Write a request, its connection and the file it brought."""
        port = self._random.randrange(49_152, 65_000)
        uid = self.flow(at, _with_service(flow, "http"), port=port)
        fuid = "F" + _unique(self._random, 17)
        row = [_seconds(at), uid, flow.source, str(port), flow.target, str(flow.port), "1", "GET"]
        row += [request.host, request.path, "-", "1.1", request.agent, "-", "0"]
        row += [str(flow.received), "200", "OK", "-", "-", "(empty)", "-", "-", "-", "-", "-", "-"]
        row += [fuid, request.filename, request.mime]
        self._write("http", at, flow.length, row, step)
        self._file(at, flow, request, (uid, fuid))

    def _file(self, at: int, flow: Flow, request: Request, ids: tuple[str, str]) -> None:
        size = str(flow.received)
        row = [_seconds(at), ids[1], flow.target, flow.source, ids[0], "HTTP", "0", "(empty)"]
        row += [request.mime, request.filename, "0.000000", "F", "F", size, size, "0", "0", "F"]
        row += ["-", "-", "-", "-", "-", "-", "-"]
        self._write("files", at, flow.length, row, None)

    def _write(self, log: str, at: int, length: int, row: list[str], step: str | None) -> None:
        self._schedule.add(at + length, self._logs[log].write, row, step)


class ZeekLog:
    """One log of the sensor, cut at midnight."""

    def __init__(self, root: Path, log: str) -> None:
        self._log = log
        self._series = Series(
            root,
            lambda at: f"zeek/{day_of(at):%Y-%m-%d}/{log}.00-00-00_24-00-00.log.gz",
            lambda at: _header(log, at),
            lambda at: f"#close\t{_stamp(at // DAY * DAY + DAY)}\n".encode(),
        )

    def write(self, at: int, row: list[str]) -> Pointer:
        self._series.write(at, ("\t".join(row) + "\n").encode())
        return Pointer(self._series.source, f"uid {row[1]}")

    def tick(self, at: int) -> None:
        """Write as things happen."""

    def close(self) -> None:
        self._series.close()


def _header(log: str, at: int) -> bytes:
    columns = [column.split(":") for column in COLUMNS[log].split()]
    lines = (
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        f"#path\t{log}",
        f"#open\t{_stamp(at)}",
        "\t".join(["#fields", *(name for name, _ in columns)]),
        "\t".join(["#types", *(kind for _, kind in columns)]),
    )
    return ("\n".join(lines) + "\n").encode()


def _stamp(at: int) -> str:
    return iso(at).replace("T", "-").replace(":", "-")


def _seconds(at: int) -> str:
    return f"{at // SECOND}.{at % SECOND:06d}"


def _unique(random: Random, length: int) -> str:
    return "".join(random.choices(_BASE62, k=length))


def _with_service(flow: Flow, service: str) -> Flow:
    return replace(flow, service=service)


def _connection(at: int, uid: str, port: int, flow: Flow) -> list[str]:
    attempt = flow.state in ("S0", "REJ")
    packets = (1, int(flow.state == "REJ")) if attempt else _packets(flow)
    inside = ["T" if a.startswith(("10.", "192.168.")) else "F" for a in (flow.source, flow.target)]
    size = ["-", "-"] if flow.state == "S0" else [str(flow.sent), str(flow.received)]
    row = [_seconds(at), uid, flow.source, str(port), flow.target, str(flow.port), flow.protocol]
    row += [flow.service, "-" if flow.state == "S0" else _seconds(flow.length), *size, flow.state]
    row += [*inside, "0", flow.history]
    row += [str(packets[0]), str(packets[0] * 40 + flow.sent)]
    return [*row, str(packets[1]), str(packets[1] * 40 + flow.received), "-"]


def _packets(flow: Flow) -> tuple[int, int]:
    if flow.protocol == "udp":
        return 1, 1
    return 5 + flow.sent // 1400 + flow.received // 2800, 4 + flow.received // 1400
