"""Linux hosts' syslog: RFC 3164 files that logrotate turns, and one host that writes RFC 5424."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import SECOND, iso_second, syslog_second
from trailhound.simulate.company import DATABASE, LINUX_SERVERS
from trailhound.simulate.evidence import Pointer
from trailhound.simulate.products.files import Series, rotated

if TYPE_CHECKING:
    from pathlib import Path

    from trailhound.simulate.company import Host
    from trailhound.simulate.evidence import Schedule

SEVERITY = 6
FACILITIES = {"kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "cron": 9, "authpriv": 10}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of one program; `pid` 0 means that the program does not name one."""

    host: Host
    program: str
    pid: int
    message: str
    facility: str


class Syslog:
    """The logs below /var/log of every Linux host."""

    def __init__(self, schedule: Schedule, root: Path, start: int, days: int) -> None:
        self._schedule = schedule
        self._files = {
            (host.name, log): SyslogFile(root, host, log, (start, days))
            for host in LINUX_SERVERS
            for log in ("auth.log", "mail.log", "syslog")
        }
        self.products = tuple(self._files.values())

    def say(
        self,
        at: int,
        host: Host,
        program: str,
        message: str,
        *,
        pid: int = 0,
        facility: str = "authpriv",
        step: str | None = None,
    ) -> None:
        """Write one line into the file that rsyslog's default rules choose."""
        log = {"authpriv": "auth.log", "auth": "auth.log", "mail": "mail.log"}.get(
            facility, "syslog"
        )
        line = Line(host, program, pid, message, facility)
        self._schedule.add(at, self._files[host.name, log].write, line, step)

    def session(
        self, at: int, host: Host, user: str, source: str, *, pid: int, step: str | None = None
    ) -> None:
        """Write what sshd and logind say of a successful login with a key."""
        key = "ED25519 SHA256:q1mVb0ZkN1x3dVJc0u8eC4gqkq8wNf5v7p0yqf2m3bE"
        message = (
            f"Accepted publickey for {user} from {source} port {40_000 + pid % 20_000} ssh2: {key}"
        )
        self.say(at, host, "sshd", message, pid=pid, step=step)
        opened = (
            f"pam_unix(sshd:session): session opened for user {user}(uid=1001) by {user}(uid=0)"
        )
        self.say(at + 20_000, host, "sshd", opened, pid=pid)
        self.say(
            at + 90_000, host, "systemd-logind", f"New session {pid % 977} of user {user}.", pid=612
        )

    def goodbye(self, at: int, host: Host, user: str, source: str, *, pid: int) -> None:
        """Write the end of an ssh session."""
        port = 40_000 + pid % 20_000
        bye = f"Received disconnect from {source} port {port}:11: disconnected by user"
        self.say(at, host, "sshd", bye, pid=pid + 9)
        self.say(
            at + 1500,
            host,
            "sshd",
            f"Disconnected from user {user} {source} port {port}",
            pid=pid + 9,
        )
        closed = f"pam_unix(sshd:session): session closed for user {user}"
        self.say(at + 3000, host, "sshd", closed, pid=pid)

    def wrong_password(
        self,
        at: int,
        host: Host,
        user: str,
        source: str,
        *,
        pid: int,
        known: bool,
        step: str | None = None,
    ) -> None:
        """Write sshd's lines about one failed password."""
        port = 30_000 + pid * 7 % 30_000
        tail = f"from {source} port {port} ssh2"
        if not known:
            self.say(
                at - 1_900_000,
                host,
                "sshd",
                f"Invalid user {user} from {source} port {port}",
                pid=pid,
            )
        pam = "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
        pam += f"rhost={source} " + (f" user={user}" if known else "")
        self.say(at - 1_800_000, host, "sshd", pam, pid=pid)
        name = user if known else f"invalid user {user}"
        self.say(at, host, "sshd", f"Failed password for {name} {tail}", pid=pid, step=step)
        close = (
            f"Connection closed by {'authenticating' if known else 'invalid'} user {user} {source} "
        )
        self.say(at + 300_000, host, "sshd", f"{close}port {port} [preauth]", pid=pid)

    def sudo(
        self, at: int, host: Host, user: str, command: str, *, step: str | None = None
    ) -> None:
        """Write a command that somebody ran as root."""
        text = f"{user:>8} : TTY=pts/0 ; PWD=/home/{user} ; USER=root ; COMMAND={command}"
        self.say(at, host, "sudo", text, step=step)
        opened = f"pam_unix(sudo:session): session opened for user root(uid=0) by {user}(uid=1001)"
        self.say(at + 4000, host, "sudo", opened)
        self.say(at + 900_000, host, "sudo", "pam_unix(sudo:session): session closed for user root")

    def cron(
        self, at: int, host: Host, user: str, command: str, *, step: str | None = None
    ) -> None:
        """Write what cron says of one job."""
        pid = at // SECOND % 30_000 + 900
        opened = f"pam_unix(cron:session): session opened for user {user}(uid=0) by (uid=0)"
        self.say(at, host, "CRON", opened, pid=pid)
        self.say(
            at + 2000,
            host,
            "CRON",
            f"({user}) CMD ({command})",
            pid=pid + 1,
            facility="cron",
            step=step,
        )
        closed = f"pam_unix(cron:session): session closed for user {user}"
        self.say(at + 700_000, host, "CRON", closed, pid=pid)


class SyslogFile:
    """One log of one host."""

    def __init__(self, root: Path, host: Host, log: str, span: tuple[int, int]) -> None:
        self._modern = host is DATABASE
        name = f"linux/{host.name}/var/log/{log}"
        self._series = Series(root, rotated(name, *span))

    def write(self, at: int, line: Line) -> Pointer:
        text = _modern(at, line) if self._modern else _classic(at, line)
        offset = self._series.write(at, text.encode())
        return Pointer(self._series.source, f"offset {offset}")

    def tick(self, at: int) -> None:
        """Write as things happen."""

    def close(self) -> None:
        self._series.close()


def _classic(at: int, line: Line) -> str:
    pid = f"[{line.pid}]" if line.pid else ""
    return f"{syslog_second(at // SECOND)} {line.host.name} {line.program}{pid}: {line.message}\n"


def _modern(at: int, line: Line) -> str:
    priority = FACILITIES[line.facility] * 8 + SEVERITY
    stamp = f"{iso_second(at // SECOND)}.{at % SECOND:06d}+00:00"
    pid = line.pid or "-"
    return f"<{priority}>1 {stamp} {line.host.name} {line.program} {pid} - - {line.message}\n"
