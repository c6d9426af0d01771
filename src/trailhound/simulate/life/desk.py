"""A person's computer: logons, programs with their real command lines, files, Windows itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND
from trailhound.simulate.company import (
    DC,
    FILES,
    account_of,
    machine,
)
from trailhound.simulate.life.browsing import some
from trailhound.simulate.life.programs import (
    APPLICATIONS,
    HOUSEKEEPING,
    LIBRARIES,
    ONEDRIVE,
    REGISTRY,
    STARTED_AT_LOGON,
    SVCHOST,
)
from trailhound.simulate.names import DOCUMENTS, SHARES
from trailhound.simulate.products.zeek import Flow

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.company import (
        Account,
        Host,
        Person,
    )
    from trailhound.simulate.life.diary import Diary, Workday
    from trailhound.simulate.products.windows_processes import Process
    from trailhound.simulate.world import World


_WEIGHTS = tuple(weight for weight, _, _ in APPLICATIONS)


@dataclass(slots=True)
class _Session:
    """What is open on a computer since its user logged on."""

    shell: Process
    programs: dict[str, Process]
    ends: int

    def of(self, image: str) -> Process:
        """Return the running program of this image, or the shell."""
        return self.programs.get(image, self.shell)


class Desks:
    """The computers of everybody at work."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._windows = world.windows
        self._diary = diary
        self._sessions: dict[int, _Session] = {}

    def hour(self, at: int) -> None:
        for workday in self._diary.at_work(at):
            random = self._world.chance("desk", workday.person.number, at)
            session = self._session(workday, random)
            begin, end = max(at, workday.starts + 3 * MINUTE), min(at + HOUR, workday.ends)
            if begin >= end:
                continue
            self._applications(begin, end, workday, session, random)
            self._housekeeping(begin, end, workday.computer, random)
            self._unlock(begin, end, workday, random)
            self._file_share(begin, end, workday, random)

    def _session(self, workday: Workday, random: Random) -> _Session:
        session = self._sessions.get(workday.person.number)
        if session is None or session.ends != workday.ends:
            session = self._log_on(workday, random)
            self._sessions[workday.person.number] = session
        return session

    def _log_on(self, workday: Workday, random: Random) -> _Session:
        """Boot or wake, type the password, and have the desktop start its programs."""
        host, user, at = workday.computer, account_of(workday.person), workday.starts
        if random.random() < 0.12:
            self.mistype(at - 20 * SECOND, workday.person, host)
        self._windows.ticket(at, machine(host), host.address)
        self._windows.ticket(at + SECOND, user, host.address)
        logon = self._windows.logon(at + 2 * SECOND, host, user, 2, workstation=host.name)
        for n, server in enumerate((DC, FILES, DC)):
            self._windows.ticket(at + (3 + n) * SECOND, user, host.address, server)
        self._windows.logoff(workday.ends - SECOND, host, user, logon, 2)
        return self._desktop(at + 5 * SECOND, host, user, workday.ends)

    def _desktop(self, at: int, host: Host, user: Account, ends: int) -> _Session:
        windows = self._windows
        logon = windows.root(host, r"C:\Windows\System32\winlogon.exe")
        init = windows.start(at, host, r"C:\Windows\system32\userinit.exe", parent=logon, user=user)
        explorer = r"C:\Windows\explorer.exe"
        shell = windows.start(
            at + SECOND, host, r"C:\Windows\Explorer.EXE", parent=init, image=explorer
        )
        programs = {}
        for n, command in enumerate(STARTED_AT_LOGON):
            program = windows.start(at + (6 + 9 * n) * SECOND, host, command, parent=shell)
            programs[program.image] = program
        updater = f'"{ONEDRIVE}OneDriveStandaloneUpdater.exe" /reporting'
        task = windows.root(host, SVCHOST)
        windows.start(at + 70 * SECOND, host, updater, parent=task, user=user)
        return _Session(shell, programs, ends)

    def mistype(self, at: int, person: Person, host: Host) -> None:
        """Type a wrong password once, as everybody does on Monday."""
        self._windows.refuse(
            at, host, person.account, kind=2, source="127.0.0.1", workstation=host.name
        )

    def _applications(
        self, begin: int, end: int, workday: Workday, session: _Session, random: Random
    ) -> None:
        host, user = workday.computer, workday.person.account
        documents = f"C:\\Users\\{user}\\Documents"
        for _ in range(some(random, 5)):
            at = begin + random.randrange(end - begin)
            _, parent, template = random.choices(APPLICATIONS, _WEIGHTS)[0]
            names = {kind: _document(kind, random) for kind in ("docx", "xlsx", "pdf")}
            command = template.format(n=random.randrange(10, 99), documents=documents, **names)
            program = self._windows.start(at, host, command, parent=session.of(parent))
            if "{docx}" in template or "{xlsx}" in template:
                name = names["docx" if "{docx}" in template else "xlsx"]
                path = f"{documents}\\~${name[2:]}"
                self._windows.create_file(at + SECOND, host, program, path)
            if random.random() < 0.2:
                self._windows.load(at + SECOND // 2, host, program, random.choice(LIBRARIES))

    def _housekeeping(self, begin: int, end: int, host: Host, random: Random) -> None:
        weights = [entry[0] for entry in HOUSEKEEPING]
        for _ in range(some(random, 4)):
            at = begin + random.randrange(end - begin)
            _, command, parent, user = random.choices(HOUSEKEEPING, weights)[0]
            self._windows.start(
                at, host, command, parent=self._windows.root(host, parent), user=user
            )
        if random.random() < 0.6:
            at = begin + random.randrange(end - begin)
            path, details = random.choice(REGISTRY)
            value = (path.format(sid=machine(host).sid), details)
            self._windows.set_value(at, host, self._windows.root(host, SVCHOST), value)
        if random.random() < 0.4:
            at = begin + random.randrange(end - begin)
            self._windows.service_state(at, host, "Software Protection", "running")
            self._windows.service_state(at + 30 * SECOND, host, "Software Protection", "stopped")

    def _unlock(self, begin: int, end: int, workday: Workday, random: Random) -> None:
        for _ in range(random.randrange(2)):
            at = begin + random.randrange(end - begin)
            user, host = account_of(workday.person), workday.computer
            logon = self._windows.logon(
                at, host, user, 7, source="127.0.0.1", workstation=host.name
            )
            self._windows.logoff(at + SECOND, host, user, logon, 7)

    def _file_share(self, begin: int, end: int, workday: Workday, random: Random) -> None:
        if random.random() < 0.5:
            return
        at = begin + random.randrange(end - begin)
        user, source = account_of(workday.person), workday.computer.address
        share = SHARES[workday.person.number % len(SHARES)]
        names = tuple(
            random.choice(DOCUMENTS).format(n=random.randrange(100, 400))
            for _ in range(some(random, 2))
        )
        self._windows.ticket(at - SECOND, user, source, FILES)
        logon = self._windows.logon(at, FILES, user, 3, source=source)
        self._windows.share(
            at + 5000,
            FILES,
            user,
            source,
            share=(share, f"D:\\Shares\\{share}"),
            files=names,
            writing=random.random() < 0.3,
        )
        self._windows.logoff(at + 15 * MINUTE, FILES, user, logon, 3)
        flow = Flow(
            source,
            FILES.address,
            445,
            12 * SECOND,
            9_000,
            350_000 + random.randrange(900_000),
            service="gssapi,smb,ntlm",
        )
        self._world.zeek.flow(at - 2000, flow)


def _document(kind: str, random: Random) -> str:
    name = random.choice([name for name in DOCUMENTS if name.endswith(kind)])
    return name.format(n=random.randrange(100, 400))
