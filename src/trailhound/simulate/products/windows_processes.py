"""What programs on Windows hosts do: started, connected, written, looked up."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from trailhound.simulate.clock import blank_separated, chance
from trailhound.simulate.company import APP, SYSTEM, guid, machine
from trailhound.simulate.products.windows_images import IMAGES
from trailhound.simulate.products.windows_kinds import (
    KINDS,
    SECURITY,
    SYSMON,
)
from trailhound.simulate.products.windows_shippers import (
    Nxlog,
    WindowsEvent,
    Winlogbeat,
    writer_of,
)

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from trailhound.simulate.company import Account, Host
    from trailhound.simulate.evidence import Schedule


@dataclass(frozen=True, slots=True)
class Process:
    """A running program, as its children and its network connections name it."""

    pid: int
    guid: str
    image: str
    command: str
    user: Account


@dataclass(slots=True)
class HostState:
    """What a host counts up: process numbers and logon sessions."""

    random: Random
    prefix: str
    next_pid: int = 4000
    roots: dict[str, Process] = field(default_factory=dict)


class Processes:
    """Writes what programs do, as Sysmon and the process audit tell it."""

    def __init__(self, schedule: Schedule, root: Path, seed: int, start: int, days: int) -> None:
        self._schedule = schedule
        self._seed = seed
        self._beat = Winlogbeat(root, seed, start, days)
        self._nxlog = Nxlog(root, seed)
        self._states: dict[str, HostState] = {}
        self.products = (self._beat, self._nxlog)

    def emit(
        self,
        at: int,
        host: Host,
        place: tuple[str, str, str],
        code: int,
        data: dict[str, str],
        *,
        user: Account | None = None,
        step: str | None = None,
    ) -> None:
        """Write one event of any provider."""
        kind = KINDS[place, code]
        event = WindowsEvent(host, kind, data, user or writer_of(kind))
        shipper = self._nxlog if host is APP else self._beat
        self._schedule.add(at, shipper.write, event, step)

    def root(self, host: Host, image: str, user: Account = SYSTEM) -> Process:
        """Return the process of `image` that has been running on the host since it was started."""
        roots = self.state(host).roots
        key = f"{image}|{user.name}"
        if key not in roots:
            roots[key] = self._process(host, image, image, user)
        return roots[key]

    def start(
        self,
        at: int,
        host: Host,
        command: str,
        *,
        parent: Process,
        user: Account | None = None,
        image: str = "",
        step: str | None = None,
    ) -> Process:
        """Start a program: Sysmon 1 everywhere, and 4688 where the audit policy asks for it."""
        owner = user or parent.user
        child = self._process(host, image or image_of(command), command, owner)
        self.emit(at, host, SYSMON, 1, self._creation(at, host, child, parent), step=step)
        if host.name[:3] in ("DC0", "FS0", "APP"):
            self.emit(at + 700, host, SECURITY, 4688, _audit(host, child, parent))
        return child

    def connect(
        self,
        at: int,
        host: Host,
        process: Process,
        target: tuple[str, int],
        *,
        name: str = "-",
        step: str | None = None,
    ) -> int:
        """Write Sysmon 3 for a connection and return the local port it came from."""
        port = 49_152 + self.state(host).random.randrange(16_000)
        data = _acting(at, process) | {
            "User": process.user.qualified,
            "Protocol": "tcp",
            "Initiated": "true",
            "SourceIsIpv6": "false",
            "SourceIp": host.address,
            "SourceHostname": host.fqdn,
            "SourcePort": str(port),
            "SourcePortName": "-",
            "DestinationIsIpv6": "true" if ":" in target[0] else "false",
            "DestinationIp": target[0],
            "DestinationHostname": name,
            "DestinationPort": str(target[1]),
            "DestinationPortName": {443: "https", 80: "http"}.get(target[1], "-"),
        }
        self.emit(at, host, SYSMON, 3, data, step=step)
        return port

    def resolve(
        self,
        at: int,
        host: Host,
        process: Process,
        name: str,
        answer: str,
        *,
        step: str | None = None,
    ) -> None:
        """Write Sysmon 22 for a name that a process looked up."""
        data = _acting(at, process)
        data |= {"QueryName": name, "QueryStatus": "0", "QueryResults": f"::ffff:{answer};"}
        data |= {"Image": process.image, "User": process.user.qualified}
        self.emit(at, host, SYSMON, 22, data, step=step)

    def create_file(
        self, at: int, host: Host, process: Process, path: str, *, step: str | None = None
    ) -> None:
        """Write Sysmon 11 for a new file."""
        data = _acting(at, process)
        data |= {"TargetFilename": path, "CreationUtcTime": blank_separated(at)}
        data |= {"User": process.user.qualified}
        self.emit(at, host, SYSMON, 11, data, step=step)

    def set_value(
        self,
        at: int,
        host: Host,
        process: Process,
        value: tuple[str, str],
        *,
        step: str | None = None,
    ) -> None:
        """Write Sysmon 13 for a registry value (path, details)."""
        data = {"RuleName": "-", "EventType": "SetValue"} | _acting(at, process)
        data |= {"TargetObject": value[0], "Details": value[1], "User": process.user.qualified}
        self.emit(at, host, SYSMON, 13, data, step=step)

    def load(self, at: int, host: Host, process: Process, library: str) -> None:
        """Write Sysmon 7 for a signed library that a process loaded."""
        about = IMAGES.get(PureWindowsPath(library).name.lower(), _UNKNOWN)
        data = _acting(at, process) | {"ImageLoaded": library}
        data |= {"FileVersion": about[0], "Description": about[1], "Product": about[2]}
        data |= {"Company": about[3], "OriginalFileName": PureWindowsPath(library).name.upper()}
        data |= {"Hashes": hashes(library), "Signed": "true", "Signature": "Microsoft Windows"}
        data |= {"SignatureStatus": "Valid", "User": process.user.qualified}
        self.emit(at, host, SYSMON, 7, data)

    def open_process(
        self,
        at: int,
        host: Host,
        source: Process,
        target: Process,
        *,
        access: str,
        step: str | None = None,
    ) -> None:
        """Write Sysmon 10 for one process reading another."""
        trace = (
            r"C:\Windows\SYSTEM32\ntdll.dll+9d4c4|C:\Windows\System32\KERNELBASE.dll+2c13e|"
            r"C:\Windows\System32\dbgcore.dll+71f3|C:\Windows\System32\comsvcs.dll+1a2bc"
        )
        data = {
            "RuleName": "-",
            "UtcTime": blank_separated(at),
            "SourceProcessGUID": source.guid,
            "SourceProcessId": str(source.pid),
            "SourceThreadId": str(source.pid + 12),
            "SourceImage": source.image,
            "TargetProcessGUID": target.guid,
            "TargetProcessId": str(target.pid),
            "TargetImage": target.image,
            "GrantedAccess": access,
            "CallTrace": trace,
            "SourceUser": source.user.qualified,
            "TargetUser": target.user.qualified,
        }
        self.emit(at, host, SYSMON, 10, data, step=step)

    def state(self, host: Host) -> HostState:
        """Return what a host counts up."""
        if host.name not in self._states:
            random = chance(self._seed, "windows", host.name)
            self._states[host.name] = HostState(random, f"{random.getrandbits(32):08x}")
        return self._states[host.name]

    def _process(self, host: Host, image: str, command: str, user: Account) -> Process:
        state = self.state(host)
        state.next_pid = state.next_pid % 30_000 + 4 * state.random.randrange(1, 20) + 4
        unique = f"{state.random.getrandbits(48):012x}"
        identity = f"{{{state.prefix}-{unique[:4]}-{unique[4:8]}-{unique[8:]}-000000000300}}"
        return Process(state.next_pid, identity, image, command, user)

    def _creation(self, at: int, host: Host, child: Process, parent: Process) -> dict[str, str]:
        about = IMAGES.get(PureWindowsPath(child.image).name.lower(), _UNKNOWN)
        system = child.user.sid in ("S-1-5-18", "S-1-5-19", "S-1-5-20")
        profile = "C:\\Windows\\system32\\" if system else f"C:\\Users\\{child.user.name}\\"
        random = self.state(host).random
        logon = (
            "0x3e7" if system else f"0x{chance(host.name, child.user.name).randrange(1 << 20):x}"
        )
        return {
            "RuleName": "-",
            "UtcTime": blank_separated(at),
            "ProcessGuid": child.guid,
            "ProcessId": str(child.pid),
            "Image": child.image,
            "FileVersion": about[0],
            "Description": about[1],
            "Product": about[2],
            "Company": about[3],
            "OriginalFileName": about[4],
            "CommandLine": child.command,
            "CurrentDirectory": profile,
            "User": child.user.qualified,
            "LogonGuid": "{" + guid(random) + "}",
            "LogonId": logon,
            "TerminalSessionId": "0" if system else "1",
            "IntegrityLevel": "System" if system else "Medium",
            "Hashes": hashes(child.image),
            "ParentProcessGuid": parent.guid,
            "ParentProcessId": str(parent.pid),
            "ParentImage": parent.image,
            "ParentCommandLine": parent.command,
            "ParentUser": parent.user.qualified,
        }


_UNKNOWN = ("-", "-", "-", "-", "-")


def encoded(script: str) -> str:
    """Encode a script as PowerShell's `-EncodedCommand` wants it: base64 of UTF-16."""
    return base64.b64encode(script.encode("utf-16-le")).decode("ascii")


def image_of(command: str) -> str:
    """Return the program's full path from the front of its command line."""
    if command.startswith('"'):
        return command[1 : command.index('"', 1)]
    program = command.split(" ", 1)[0]
    return program if "\\" in program else f"C:\\Windows\\System32\\{program}"


@lru_cache(maxsize=4096)
def hashes(image: str) -> str:
    """Return what Sysmon prints of a file's hashes; the file does not exist, its name is hashed."""
    seed = image.lower().encode()
    md5 = hashlib.md5(seed, usedforsecurity=False).hexdigest().upper()
    sha256 = hashlib.sha256(seed).hexdigest().upper()
    imports = hashlib.md5(b"imports " + seed, usedforsecurity=False).hexdigest().upper()
    return f"MD5={md5},SHA256={sha256},IMPHASH={imports}"


def _acting(at: int, process: Process) -> dict[str, str]:
    return {
        "RuleName": "-",
        "UtcTime": blank_separated(at),
        "ProcessGuid": process.guid,
        "ProcessId": str(process.pid),
        "Image": process.image,
    }


def _audit(host: Host, child: Process, parent: Process) -> dict[str, str]:
    system = child.user is SYSTEM
    actor = machine(host) if system else child.user
    return subject(actor, "0x3e7" if system else "0x7a3f1c") | {
        "NewProcessId": hex(child.pid),
        "NewProcessName": child.image,
        "TokenElevationType": "%%1936",
        "ProcessId": hex(parent.pid),
        "CommandLine": child.command,
        "TargetUserSid": "S-1-0-0",
        "TargetUserName": "-",
        "TargetDomainName": "-",
        "TargetLogonId": "0x0",
        "ParentProcessName": parent.image,
        "MandatoryLabel": "S-1-16-16384" if system else "S-1-16-12288",
    }


def subject(user: Account, logon_id: str) -> dict[str, str]:
    """Return who acted, as every Security event names him."""
    return {
        "SubjectUserSid": user.sid,
        "SubjectUserName": user.name,
        "SubjectDomainName": user.domain,
        "SubjectLogonId": logon_id,
    }
