"""Windows as its own event log sees it: logons, shares, accounts, services, scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.company import DC, SYSTEM, guid, machine
from trailhound.simulate.names import DOMAIN_SID, FOREST, WINDOWS_DOMAIN
from trailhound.simulate.products.windows_kinds import (
    DEFENDER,
    EVENTLOG,
    POWERSHELL,
    SECURITY,
    SERVICES,
    TASKS,
)
from trailhound.simulate.products.windows_processes import Processes, subject

if TYPE_CHECKING:
    from trailhound.simulate.company import Account, Host

NOBODY = {
    "SubjectUserSid": "S-1-0-0",
    "SubjectUserName": "-",
    "SubjectDomainName": "-",
    "SubjectLogonId": "0x0",
}
PRIVILEGES = (
    "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege"
    "\n\t\t\tSeTakeOwnershipPrivilege\n\t\t\tSeDebugPrivilege\n\t\t\tSeSystemEnvironmentPrivilege"
    "\n\t\t\tSeLoadDriverPrivilege\n\t\t\tSeImpersonatePrivilege"
)
_LOGON_REST = {
    "ImpersonationLevel": "%%1833",
    "RestrictedAdminMode": "-",
    "TargetOutboundUserName": "-",
    "TargetOutboundDomainName": "-",
    "VirtualAccount": "%%1843",
    "TargetLinkedLogonId": "0x0",
}
BAD_PASSWORD = ("%%2313", "0xc000006d", "0xc000006a")
NO_SUCH_USER = ("%%2313", "0xc000006d", "0xc0000064")
READ = ("0x120089", "%%1538\n\t\t\t\t%%4416\n\t\t\t\t%%4419\n\t\t\t\t%%4423\n\t\t\t\t")
WRITE = ("0x17019f", "%%1537\n\t\t\t\t%%4417\n\t\t\t\t%%4418\n\t\t\t\t%%4424\n\t\t\t\t")


class Windows(Processes):
    """Writes what happens on Windows hosts to the agents that ship it."""

    def logon(
        self,
        at: int,
        host: Host,
        user: Account,
        kind: int,
        *,
        source: str = "-",
        workstation: str = "-",
        privileged: bool = False,
        step: str | None = None,
    ) -> str:
        """Write 4624, and 4672 when the account is an administrator; return the logon id."""
        random = self.state(host).random
        logon_id = f"0x{random.randrange(0x100000, 0xFFFFFFF):x}"
        network = kind in (3, 10)
        data = (NOBODY if network else subject(machine(host), "0x3e7")) | _target(user, logon_id)
        data |= {
            "LogonType": str(kind),
            "LogonProcessName": "Kerberos" if network else "User32 ",
            "AuthenticationPackageName": "Kerberos" if network else "Negotiate",
            "WorkstationName": "-" if network else workstation,
            "LogonGuid": "{" + guid(random) + "}",
            "TransmittedServices": "-",
            "LmPackageName": "-",
            "KeyLength": "0",
            "ProcessId": "0x0" if network else "0x3b4",
            "ProcessName": "-" if network else r"C:\Windows\System32\svchost.exe",
            "IpAddress": source,
            "IpPort": str(random.randrange(49_152, 65_000)) if source != "-" else "-",
            **_LOGON_REST,
            "ElevatedToken": "%%1842" if privileged else "%%1843",
        }
        self.emit(at, host, SECURITY, 4624, data, step=step)
        if privileged:
            rights = subject(user, logon_id) | {"PrivilegeList": PRIVILEGES}
            self.emit(at + 900, host, SECURITY, 4672, rights)
        return logon_id

    def logoff(self, at: int, host: Host, user: Account, logon_id: str, kind: int) -> None:
        """Write 4634."""
        self.emit(at, host, SECURITY, 4634, _target(user, logon_id) | {"LogonType": str(kind)})

    def refuse(
        self,
        at: int,
        host: Host,
        name: str,
        *,
        kind: int,
        source: str,
        workstation: str = "-",
        why: tuple[str, str, str] = BAD_PASSWORD,
        step: str | None = None,
    ) -> None:
        """Write 4625, and what the domain controller noted of it (4776)."""
        data = NOBODY | {
            "TargetUserSid": "S-1-0-0",
            "TargetUserName": name,
            "TargetDomainName": WINDOWS_DOMAIN,
            "Status": why[1],
            "FailureReason": why[0],
            "SubStatus": why[2],
            "LogonType": str(kind),
            "LogonProcessName": "NtLmSsp ",
            "AuthenticationPackageName": "NTLM",
            "WorkstationName": workstation,
            "TransmittedServices": "-",
            "LmPackageName": "-",
            "KeyLength": "0",
            "ProcessId": "0x0",
            "ProcessName": "-",
            "IpAddress": source,
            "IpPort": "0" if source == "-" else "51022",
        }
        self.emit(at, host, SECURITY, 4625, data, step=step)
        self.validate(at - 2000, name, workstation, why[2])

    def validate(self, at: int, name: str, workstation: str, status: str = "0x0") -> None:
        """Write 4776 on the domain controller: a password checked over NTLM."""
        data = {"PackageName": "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "TargetUserName": name}
        self.emit(at, DC, SECURITY, 4776, data | {"Workstation": workstation, "Status": status})

    def ticket(self, at: int, user: Account, source: str, service: Host | None = None) -> None:
        """Write 4768 for a first ticket, or 4769 for one to a service."""
        port = str(self.state(DC).random.randrange(49_152, 65_000))
        data = {"TargetUserName": user.name, "TargetDomainName": FOREST.upper()}
        if service is None:
            data |= {
                "TargetSid": user.sid,
                "ServiceName": "krbtgt",
                "ServiceSid": f"{DOMAIN_SID}-502",
            }
            data |= {"TicketOptions": "0x40810010", "Status": "0x0", "TicketEncryptionType": "0x12"}
            data |= {"PreAuthType": "2", "IpAddress": f"::ffff:{source}", "IpPort": port}
            data |= {"CertIssuerName": "", "CertSerialNumber": "", "CertThumbprint": ""}
            self.emit(at, DC, SECURITY, 4768, data)
            return
        data["TargetUserName"] = f"{user.name}@{FOREST.upper()}"
        data |= {"ServiceName": service.account, "ServiceSid": service.sid}
        data |= {"TicketOptions": "0x40810000", "TicketEncryptionType": "0x12"}
        data |= {"IpAddress": f"::ffff:{source}", "IpPort": port, "Status": "0x0"}
        data |= {"LogonGuid": "{" + guid(self.state(DC).random) + "}", "TransmittedServices": "-"}
        self.emit(at, DC, SECURITY, 4769, data)

    def share(
        self,
        at: int,
        host: Host,
        user: Account,
        source: str,
        *,
        share: tuple[str, str],
        files: tuple[str, ...] = (),
        writing: bool = False,
        step: str | None = None,
    ) -> None:
        """Write 5140 for an opened share (name, local path), and 5145 for each file in it."""
        actor = subject(user, "0x1f4a2c")
        where = {"ObjectType": "File", "IpAddress": source, "IpPort": "50122"}
        where |= {"ShareName": f"\\\\*\\{share[0]}", "ShareLocalPath": f"\\??\\{share[1]}"}
        asked = {"AccessMask": "0x1", "AccessList": "%%4416\n\t\t\t\t"}
        self.emit(at, host, SECURITY, 5140, actor | where | asked, step=step)
        mask, words = WRITE if writing else READ
        for n, name in enumerate(files, 1):
            data = actor | where | {"RelativeTargetName": name}
            data |= {"AccessMask": mask, "AccessList": words, "AccessReason": "-"}
            self.emit(at + n * 41_000, host, SECURITY, 5145, data, step=step)

    def account(
        self, at: int, code: int, by: Account, target: Account, *, step: str | None = None
    ) -> None:
        """Write 4720 (created) or 4724 (password reset) on the domain controller."""
        data = {"TargetUserName": target.name, "TargetDomainName": target.domain}
        data |= {"TargetSid": target.sid} | subject(by, "0x5a1f00")
        if code == 4720:
            data |= {"PrivilegeList": "-", "SamAccountName": target.name, "DisplayName": "%%1793"}
            data |= {"UserPrincipalName": f"{target.name}@{FOREST}", "HomeDirectory": "%%1793"}
            data |= {"PrimaryGroupId": "513", "OldUacValue": "0x0", "NewUacValue": "0x15"}
        self.emit(at, DC, SECURITY, code, data, step=step)

    def join(
        self,
        at: int,
        by: Account,
        member: Account,
        group: tuple[str, int],
        *,
        host: Host = DC,
        step: str | None = None,
    ) -> None:
        """Write 4728 for a global group, or 4732 for a local one on any host but the controller."""
        local = host is not DC
        data = {
            "MemberName": "-" if local else f"CN={member.name},OU=Staff,DC=corp,DC=acme,DC=example",
            "MemberSid": member.sid,
            "TargetUserName": group[0],
            "TargetDomainName": "Builtin" if local else WINDOWS_DOMAIN,
            "TargetSid": f"S-1-5-32-{group[1]}" if local else f"{DOMAIN_SID}-{group[1]}",
        }
        data |= subject(by, "0x5a1f00") | {"PrivilegeList": "-"}
        self.emit(at, host, SECURITY, 4732 if local else 4728, data, step=step)

    def install_service(
        self,
        at: int,
        host: Host,
        name: str,
        path: str,
        *,
        by: Account = SYSTEM,
        step: str | None = None,
    ) -> None:
        """Write 7045 and the 7036 of its start."""
        data = {"ServiceName": name, "ImagePath": path, "ServiceType": "user mode service"}
        data |= {"StartType": "demand start", "AccountName": "LocalSystem"}
        self.emit(at, host, SERVICES, 7045, data, user=by, step=step)
        self.service_state(at + 200_000, host, name, "running")

    def service_state(self, at: int, host: Host, name: str, state: str) -> None:
        """Write 7036."""
        self.emit(at, host, SERVICES, 7036, {"param1": name, "param2": state})

    def script(
        self,
        at: int,
        host: Host,
        user: Account,
        text: str,
        *,
        path: str = "",
        step: str | None = None,
    ) -> None:
        """Write 4104: PowerShell compiled a block of script."""
        data = {"MessageNumber": "1", "MessageTotal": "1", "ScriptBlockText": text}
        data |= {"ScriptBlockId": guid(self.state(host).random), "Path": path}
        self.emit(at, host, POWERSHELL, 4104, data, user=user, step=step)

    def clear_log(self, at: int, host: Host, by: Account, *, step: str | None = None) -> None:
        """Write 1102: the Security log was emptied."""
        self.emit(at, host, EVENTLOG, 1102, subject(by, "0x5a1f00"), step=step)

    def task(
        self, at: int, host: Host, by: Account, name: str, command: str, *, step: str | None = None
    ) -> None:
        """Write 4698: a scheduled task was registered."""
        data = subject(by, "0x5a1f00") | {"TaskName": name, "TaskContent": _task_xml(command)}
        data |= {"ClientProcessStartKey": "4503599627370541", "ClientProcessId": "3412"}
        data |= {"ParentProcessId": "1288", "RpcCallClientLocality": "0", "FQDN": host.fqdn}
        self.emit(at, host, SECURITY, 4698, data, step=step)
        told = {"TaskName": name, "UserContext": by.qualified}
        self.emit(at + 4000, host, TASKS, 106, told)

    def detect(self, at: int, host: Host, name: str, path: str) -> None:
        """Write 1116: Defender found something, and quarantined it."""
        data = {"Product Name": "Microsoft Defender Antivirus", "Product Version": "4.18.24090.11"}
        data |= {"Threat ID": "311978", "Threat Name": name, "Severity ID": "1"}
        data |= {"Severity Name": "Low", "Category ID": "27"}
        data |= {"Category Name": "Potentially Unwanted Software", "Path": f"file:_{path}"}
        data |= {"Process Name": r"C:\Windows\explorer.exe", "Detection User": host.fqdn}
        data |= {"Action ID": "2", "Action Name": "Quarantine", "Error Code": "0x00000000"}
        self.emit(at, host, DEFENDER, 1116, data)


def _target(user: Account, logon_id: str) -> dict[str, str]:
    return {
        "TargetUserSid": user.sid,
        "TargetUserName": user.name,
        "TargetDomainName": user.domain,
        "TargetLogonId": logon_id,
    }


def _task_xml(command: str) -> str:
    program, _, arguments = command.partition(" ")
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n<Task version="1.2" '
        'xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n  <Triggers>\n'
        "    <CalendarTrigger>\n      <ScheduleByDay>"
        "<DaysInterval>1</DaysInterval></ScheduleByDay>\n"
        '    </CalendarTrigger>\n  </Triggers>\n  <Actions Context="Author">\n    <Exec>\n'
        f"      <Command>{program}</Command>\n      <Arguments>{arguments}</Arguments>\n"
        "    </Exec>\n  </Actions>\n</Task>"
    )
