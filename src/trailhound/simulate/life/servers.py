"""Windows servers and their service accounts: nightly backups, software distribution, agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import DAY, HOUR, MINUTE, SECOND, day_of, is_weekend
from trailhound.simulate.company import (
    APP,
    BACKUP,
    DC,
    DEPLOY,
    FILES,
    SYSTEM,
    WINDOWS_SERVERS,
    account_of,
    admin_account,
    machine,
    service,
)
from trailhound.simulate.life.browsing import some
from trailhound.simulate.life.programs import HOUSEKEEPING, SERVICES, SVCHOST
from trailhound.simulate.names import SHARES
from trailhound.simulate.products.windows_kinds import DEFENDER, TASKS
from trailhound.simulate.products.windows_processes import encoded
from trailhound.simulate.products.zeek import Flow

if TYPE_CHECKING:
    from random import Random

    from trailhound.simulate.company import (
        Host,
    )
    from trailhound.simulate.life.diary import Diary, Workday
    from trailhound.simulate.world import World

POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
INVENTORY = (
    "Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' | "
    "Select-Object DeviceID,FreeSpace,Size | ConvertTo-Json -Compress"
)
BACKUP_HOUR = 1
GIGABYTE = 1_000_000_000
STALE_EVERY = 15 * MINUTE
ADMIN_SCRIPTS = (
    "Get-ADUser -Filter * -Properties LastLogonDate | Sort-Object LastLogonDate",
    "Get-ADGroupMember 'Domain Admins' | Format-Table Name,SamAccountName",
    "Get-WinEvent -FilterHashtable @{LogName='System';Level=2} -MaxEvents 50",
    "Test-NetConnection fs01.corp.acme.example -Port 445",
    "Invoke-Command -ComputerName FS01 -ScriptBlock { Get-SmbOpenFile | Measure-Object }",
    "Import-Module ActiveDirectory; Unlock-ADAccount -Identity (Read-Host 'account')",
    "Get-Service | Where-Object Status -eq Stopped | Where-Object StartType -eq Automatic",
    "Restart-Service Spooler -Force",
)


class Servers:
    """What the servers do by themselves, every hour and every night."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._windows = world.windows

    def hour(self, at: int) -> None:
        random = self._world.chance("servers", at)
        for host in WINDOWS_SERVERS:
            self._background(at, host, random)
        self._deploy(at, random)
        if at // HOUR % 24 == BACKUP_HOUR:
            self._back_up(at + 5 * MINUTE, random)
        self._stale_service(at)

    def _background(self, at: int, host: Host, random: Random) -> None:
        for _ in range(some(random, 3)):
            moment = at + random.randrange(HOUR)
            _, command, parent, user = random.choice(HOUSEKEEPING)
            self._windows.start(
                moment, host, command, parent=self._windows.root(host, parent), user=user
            )
        own = machine(host)
        logon = self._windows.logon(at + 11 * MINUTE, DC, own, 3, source=host.address)
        self._windows.ticket(at + 11 * MINUTE - SECOND, own, host.address, DC)
        self._windows.logoff(at + 12 * MINUTE, DC, own, logon, 3)
        task = {
            "TaskName": "\\Microsoft\\Windows\\Defrag\\ScheduledDefrag",
            "TaskInstanceId": "{7d1f}",
        }
        data = task | {"ActionName": r"C:\Windows\system32\defrag.exe", "EnginePID": "1188"}
        if random.random() < 0.3:
            self._windows.emit(at + random.randrange(HOUR), host, TASKS, 200, data)
        if random.random() < 0.1:
            self._definitions(at + random.randrange(HOUR), host)
        self._agent(at, host)

    def _definitions(self, at: int, host: Host) -> None:
        version = f"1.421.{at // DAY % 2000}.0"
        data = {"Product Name": "Microsoft Defender Antivirus", "Product Version": "4.18.24090.11"}
        data |= {"Current security intelligence Version": version, "Domain": "NT AUTHORITY"}
        data |= {
            "User": "SYSTEM",
            "SID": "S-1-5-18",
            "Update Type": "Delta",
            "Error Code": "0x00000000",
        }
        self._windows.emit(at, host, DEFENDER, 2000, data)

    def _agent(self, at: int, host: Host) -> None:
        """The monitoring agent runs encoded PowerShell: odd to look at, and the same every hour."""
        agent = self._windows.root(host, r"C:\Program Files\RMM Agent\agent.exe")
        command = (
            f'"{POWERSHELL}" -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand '
        )
        moment = at + 25 * MINUTE + self._world.chance("agent", host.name).randrange(10 * MINUTE)
        self._windows.start(moment, host, command + encoded(INVENTORY), parent=agent)
        self._windows.script(moment + SECOND, host, SYSTEM, INVENTORY)

    def _deploy(self, at: int, random: Random) -> None:
        """Software distribution: a script in the client's cache, with execution policy bypassed."""
        if not 5 <= at // HOUR % 24 <= 17 or random.random() < 0.5:
            return
        host = random.choice((FILES, APP, BACKUP))
        client = self._windows.root(host, r"C:\Windows\CCM\CcmExec.exe")
        name = f"{{{random.getrandbits(32):08X}-7A0E-4C1F-9A7E-2B6D5A1C4F80}}.ps1"
        command = (
            f'"{POWERSHELL}" -NoLogo -Noninteractive -NoProfile -ExecutionPolicy Bypass '
            f"\"& 'C:\\Windows\\CCM\\SystemTemp\\{name}'\""
        )
        self._windows.start(at + random.randrange(HOUR), host, command, parent=client)
        user = service("svc-sccm")
        moment = at + random.randrange(HOUR)
        logon = self._windows.logon(moment, host, user, 3, source=DEPLOY.address, privileged=True)
        self._windows.share(
            moment + 8000,
            host,
            user,
            DEPLOY.address,
            share=("ADMIN$", "C:\\Windows"),
            files=("ccmsetup\\ccmsetup.exe",),
        )
        self._windows.logoff(moment + MINUTE, host, user, logon, 3)

    def _back_up(self, at: int, random: Random) -> None:
        """Archives at night and gigabytes between servers, every night."""
        self._world.innocent(
            "svc-backup", "nightly backup: archives and moves gigabytes at 01:00 UTC"
        )
        self._world.innocent(BACKUP.name, "the backup server: receives gigabytes every night")
        user = service("svc-backup")
        stamp = f"{day_of(at):%Y%m%d}"
        logon = self._windows.logon(at, FILES, user, 3, source=BACKUP.address, privileged=True)
        for n, share in enumerate(SHARES):
            moment = at + n * 7 * MINUTE
            self._archive(moment, f"{share}_{stamp}", share, random)
        self._windows.logoff(at + 50 * MINUTE, FILES, user, logon, 3)
        shadow = "C:\\Windows\\system32\\vssadmin.exe list shadows /for=D:"
        self._windows.start(
            at + 52 * MINUTE, FILES, shadow, parent=self._windows.root(FILES, SVCHOST)
        )

    def _archive(self, at: int, name: str, share: str, random: Random) -> None:
        user = service("svc-backup")
        engine = self._windows.root(BACKUP, r"C:\Program Files\Backup Suite\backupsvc.exe", user)
        archive = f"E:\\Backup\\{name}.7z"
        command = (
            f'"C:\\Program Files\\7-Zip\\7z.exe" a -t7z -mx1 {archive} \\\\FS01\\{share}\\* '
            "-xr!~$* -ssw -bd"
        )
        process = self._windows.start(at, BACKUP, command, parent=engine)
        self._windows.create_file(at + SECOND, BACKUP, process, archive)
        self._windows.share(
            at,
            FILES,
            user,
            BACKUP.address,
            share=(share, f"D:\\Shares\\{share}"),
            files=tuple(f"2026\\folder{k:02d}" for k in range(8)),
        )
        flow = Flow(
            BACKUP.address,
            FILES.address,
            445,
            6 * MINUTE,
            4_000_000,
            3 * GIGABYTE + random.randrange(GIGABYTE),
            service="gssapi,smb",
        )
        self._world.zeek.flow(at, flow)

    def _stale_service(self, at: int) -> None:
        """A print service still knows last year's password, and tries it for ever."""
        self._world.innocent("svc-print", "a service with a stale password: fails every 15 minutes")
        for moment in range(at + 4 * MINUTE, at + HOUR, STALE_EVERY):
            self._windows.refuse(moment, APP, "svc-print", kind=5, source="-", workstation=APP.name)


class Administrators:
    """Administrators at work: second accounts, remote desktops, PowerShell, and PsExec."""

    def __init__(self, world: World, diary: Diary) -> None:
        self._world = world
        self._windows = world.windows
        self._diary = diary

    def hour(self, at: int) -> None:
        staff = set(self._world.company.administrators)
        for workday in self._diary.at_work(at):
            if workday.person not in staff:
                continue
            random = self._world.chance("admin", workday.person.number, at)
            if random.random() < 0.5:
                self._remote(at + random.randrange(50 * MINUTE), workday, random)
            if random.random() < 0.6:
                self._shell(at + random.randrange(50 * MINUTE), workday, random)
            if self._uses_psexec(workday, at) and random.random() < 0.06:
                self._psexec(at + random.randrange(50 * MINUTE), workday)

    def _uses_psexec(self, workday: Workday, at: int) -> bool:
        first = self._world.company.administrators[0]
        return workday.person == first and not is_weekend(day_of(at))

    def _remote(self, at: int, workday: Workday, random: Random) -> None:
        user, host = admin_account(workday.person), random.choice((DC, FILES, APP, DEPLOY))
        source = workday.computer.address
        shell = self._windows.root(
            workday.computer, r"C:\Windows\explorer.exe", account_of(workday.person)
        )
        self._windows.start(
            at, workday.computer, f"C:\\Windows\\system32\\mstsc.exe /v:{host.name}", parent=shell
        )
        self._windows.ticket(at + SECOND, user, source, host)
        logon = self._windows.logon(at + 4 * SECOND, host, user, 10, source=source, privileged=True)
        self._windows.logoff(at + random.randrange(5, 40) * MINUTE, host, user, logon, 10)
        flow = Flow(source, host.address, 3389, 12 * MINUTE, 400_000, 3_000_000, service="rdp")
        self._world.zeek.flow(at + 2 * SECOND, flow)

    def _shell(self, at: int, workday: Workday, random: Random) -> None:
        host, user = workday.computer, admin_account(workday.person)
        shell = self._windows.root(host, r"C:\Windows\explorer.exe", user)
        self._windows.start(at, host, f'"{POWERSHELL}" ', parent=shell, user=user)
        for n in range(random.randrange(1, 5)):
            self._windows.script(
                at + (n + 1) * 40 * SECOND, host, user, random.choice(ADMIN_SCRIPTS)
            )

    def _psexec(self, at: int, workday: Workday) -> None:
        host, user = workday.computer, admin_account(workday.person)
        self._world.innocent(user.name, "an administrator who uses PsExec and PowerShell by day")
        self._world.innocent(workday.person.account, "an administrator at work")
        shell = self._windows.root(host, r"C:\Windows\System32\cmd.exe", user)
        command = '"C:\\Tools\\PsExec.exe" \\\\APP01 -s cmd /c "ipconfig /flushdns"'
        self._windows.start(
            at, host, command, parent=shell, user=user, image="C:\\Tools\\PsExec.exe"
        )
        logon = self._windows.logon(at + SECOND, APP, user, 3, source=host.address, privileged=True)
        self._windows.share(
            at + SECOND,
            APP,
            user,
            host.address,
            share=("ADMIN$", "C:\\Windows"),
            files=("PSEXESVC.exe",),
            writing=True,
        )
        self._windows.install_service(
            at + 2 * SECOND, APP, "PSEXESVC", "%SystemRoot%\\PSEXESVC.exe", by=user
        )
        parent = self._windows.root(APP, SERVICES)
        remote = self._windows.start(
            at + 3 * SECOND, APP, "C:\\Windows\\PSEXESVC.exe", parent=parent
        )
        self._windows.start(
            at + 4 * SECOND,
            APP,
            "cmd /c ipconfig /flushdns",
            parent=remote,
            image=r"C:\Windows\System32\cmd.exe",
        )
        self._windows.logoff(at + 20 * SECOND, APP, user, logon, 3)
