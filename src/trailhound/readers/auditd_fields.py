"""Records of the Linux audit system taken apart, and the fields of the event they tell together.

Values the kernel does not trust are written in hexadecimal where they hold a blank, a quotation
mark or a control character; which fields these are is known by name (as libauparse knows it).
Source: https://github.com/linux-audit/audit-documentation/wiki
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trailhound.model.batch import Value

    Fields = dict[str, Value]
    Records = list[tuple[str, str]]
    """The type and the text of each record of one event."""

_PAIR = re.compile(r"(?<![\w.\[\]-])([A-Za-z_][\w.\[\]-]*)=(\"[^\"]*\"|[^\s\"']*)")
_OPERATION = re.compile(r"\bop=([^=\"]*?) [\w-]+=")
_ARGUMENT = re.compile(r"a\d{1,6}(?:\[\d{1,6}\])?\Z")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+\Z")
_NOTHING = frozenset({"", "?", "(null)", "(none)", "{", '"?"', '"(null)"'})
ESCAPED = frozenset(
    {"acct", "cmd", "comm", "cwd", "data", "device", "dir", "exe", "file", "grp", "key", "name",
     "ocomm", "path", "sw", "vm", "watch", "root_dir", "invalid_context"}
)  # fmt: skip
_POINTERS = frozenset({"a0", "a1", "a2", "a3"})
_EXEC = frozenset({"execve", "execveat"})
_SENDING = frozenset({"connect", "sendto", "sendmsg", "sendmmsg"})
_IN_STEP = frozenset({"name", "nametype"})
"""Lists whose places correspond: the name of a path and what was done to it."""
_UNSET = "4294967295"
_INET, _INET6, _UNIX = 2, 10, 1


def event_fields(records: Records) -> Fields:
    """Give the fields of an event: native names, and those that begin with `@` for the mapping.

    A name that several records have is a list of its distinct values; the pointers of an execve are
    left out, because its arguments have the same names.
    """
    kinds = list(dict.fromkeys(kind for kind, _ in records))
    fields: Fields = {"type": kinds if len(kinds) > 1 else kinds[0]}
    paths: list[Fields] = []
    for kind, text in records:
        found = _READ.get(kind, _plain)(text)
        if kind == "SYSCALL" and "EXECVE" in kinds:
            found = {name: value for name, value in found.items() if name not in _POINTERS}
        elif kind == "PATH":
            paths.append(found)
        _merge(fields, found)
    _name_call(fields)
    _make(fields, kinds, paths)
    return fields


def _merge(fields: Fields, found: Fields) -> None:
    shared = fields.keys() & found.keys()
    merged = {name: _both(name, fields[name], found[name]) for name in shared}
    fields |= found
    fields |= merged


def _both(name: str, first: Value, second: Value) -> Value:
    if first == second and name not in _IN_STEP:
        return first
    values = [*_listed(first), *_listed(second)]
    return values if name in _IN_STEP else list(dict.fromkeys(values))


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _plain(text: str) -> Fields:
    """Read `name=value` pairs, also those inside `msg='...'`, and what a daemon did (`op`)."""
    found: Fields = {
        name: value[1:-1] if value[0] == '"' else value
        for name, value in _PAIR.findall(text)
        if value not in _NOTHING
    }
    for name in found.keys() & ESCAPED:
        if f"{name}={found[name]}" in text:
            found[name] = _decoded(str(found[name]))
    if '"unknown(' in text:
        found = {n: value for n, value in found.items() if not str(value).startswith("unknown(")}
    if "op" in found and (operation := _OPERATION.search(text)):
        found["op"] = operation[1]
    if isinstance(key := found.get("key"), str) and "\x01" in key:
        found["key"] = list(key.split("\x01"))
    return found


def _decoded(value: str) -> str:
    """Undo the kernel's escaping: a value in quotation marks is itself, any other hexadecimal."""
    if value[:1] == '"':
        return value.strip('"')
    if not _HEX.match(value):
        return value
    return bytes.fromhex(value).decode("utf-8", "replace")


def _execve(text: str) -> Fields:
    """Read arguments; long ones come in pieces, `a1[0]=`, `a1[1]=`, with their length before."""
    pieces: dict[str, str] = {}
    found: Fields = {}
    for name, value in _PAIR.findall(text):
        if _ARGUMENT.match(name):
            whole = name.partition("[")[0]
            pieces[whole] = pieces.get(whole, "") + value
        elif name == "argc":
            found[name] = value
    return found | {name: _decoded(value.replace('""', "")) for name, value in pieces.items()}


def _proctitle(text: str) -> Fields:
    value = text.partition("proctitle=")[2].partition("\x1d")[0].strip()
    return {"proctitle": _decoded(value).rstrip("\0").replace("\0", " ")} if value else {}


def _sockaddr(text: str) -> Fields:
    """Read an address, in the words that auditd itself uses where it explains one."""
    found = _plain(text.replace("saddr_fam=", " saddr_fam="))
    found.pop("SADDR", None)
    saddr = str(found.get("saddr", ""))
    return found | _address(bytes.fromhex(saddr)) if _HEX.match(saddr) else found


def _address(raw: bytes) -> Fields:
    """Read a `struct sockaddr` of a little-endian machine."""
    family = int.from_bytes(raw[:2], "little")
    port = str(int.from_bytes(raw[2:4], "big"))
    if family == _INET and len(raw) >= 8:
        address = ipaddress.IPv4Address(raw[4:8])
        return {"saddr_fam": "inet", "laddr": str(address), "lport": port}
    if family == _INET6 and len(raw) >= 24:
        long_address = ipaddress.IPv6Address(raw[8:24])
        return {"saddr_fam": "inet6", "laddr": str(long_address), "lport": port}
    if family == _UNIX:
        name = raw[2:].lstrip(b"\0").partition(b"\0")[0].decode("utf-8", "replace")
        return {"saddr_fam": "local", "path": name}
    return {}


_READ: dict[str, Callable[[str], Fields]] = {
    "EXECVE": _execve,
    "PROCTITLE": _proctitle,
    "SOCKADDR": _sockaddr,
}


@cache
def _calls() -> dict[str, dict[str, str]]:
    """Give the names of system calls by architecture and number, both as the log has them."""
    text = files("trailhound.content").joinpath("linux/syscalls.toml").read_text("utf-8")
    return {
        arch: {
            str(number): name
            for start, names in runs.items()
            for number, name in enumerate(names.split(), int(start))
        }
        for arch, runs in tomllib.loads(text).items()
    }


def _name_call(fields: Fields) -> None:
    """Let `syscall` match by number and by name; `SYSCALL` is the name."""
    number = fields.get("syscall")
    if number is None:
        return
    arch = str(fields.get("arch", "")).lower()
    name = fields.get("SYSCALL") or _calls().get(arch, {}).get(str(number))
    if name and name != number:
        fields["SYSCALL"], fields["syscall"] = name, [number, name]


def _make(fields: Fields, kinds: Iterable[str], paths: list[Fields]) -> None:
    fields["@class"] = _class(fields, set(kinds))
    _make_actor(fields)
    if fields["@class"] == "process":
        arguments = [fields[f"a{n}"] for n in range(len(fields)) if f"a{n}" in fields]
        written = " ".join(map(str, arguments)) if "EXECVE" in kinds else None
        fields["@command"] = written or fields.get("proctitle")
    elif fields["@class"] == "network":
        fields["@initiated"] = "true" if fields.get("SYSCALL") in _SENDING else "false"
    if paths:
        _make_file(fields, paths)


def _class(fields: Fields, kinds: set[str]) -> str:
    """Tell what an event is about: process, configuration, network, created, file or other."""
    if "EXECVE" in kinds or fields.get("SYSCALL") in _EXEC:
        return "process"
    if "CONFIG_CHANGE" in kinds:
        return "configuration"
    if fields.get("saddr_fam") in ("inet", "inet6") and fields.get("lport") != "0":
        return "network"
    if "CREATE" in _listed(fields.get("nametype")):
        return "created"
    return "file" if "PATH" in kinds else "other"


def _make_actor(fields: Fields) -> None:
    """Name who acted: the log-on's user, who stays the same under sudo, else the effective one."""
    number, name = fields.get("auid"), fields.get("AUID")
    if number in (None, _UNSET, "-1"):
        number, name = fields.get("uid"), fields.get("UID")
    fields["@actor_uid"] = number
    fields["@actor"] = name or ("root" if number == "0" else None)


def _make_file(fields: Fields, paths: list[Fields]) -> None:
    """Find the file an event is about, and let relative names match by their whole path, too."""
    folder = str(fields.get("cwd", ""))
    whole = {str(path.get("name", "")): _whole(folder, path.get("name")) for path in paths}
    names = [name for path in paths if (name := path.get("name"))]
    added = [full for name in names if (full := whole[str(name)]) and full != name]
    if added:
        fields["name"] = list(dict.fromkeys([*names, *added]))
    done = {str(path.get("nametype")): path for path in paths}
    chosen = done.get("CREATE") or done.get("DELETE") or done.get("NORMAL") or paths[-1]
    fields["@file"] = whole[str(chosen.get("name", ""))]
    fields["@file_activity"] = _activity(set(done), str(fields.get("SYSCALL", "")))


def _whole(folder: str, name: Value) -> str | None:
    if not isinstance(name, str):
        return None
    return posixpath.normpath(posixpath.join(folder, name)) if folder or name[:1] == "/" else name


def _activity(done: set[str], call: str) -> str:
    if {"CREATE", "DELETE"} <= done:
        return "Rename"
    if "CREATE" in done:
        return "Create"
    if "DELETE" in done:
        return "Delete"
    if call.startswith(("chmod", "fchmod", "chown", "fchown", "lchown", "setxattr", "fsetxattr")):
        return "Set Attributes"
    return "Update" if "truncate" in call else "Open"
