"""The Windows events that the simulation writes: provider, task and the text Windows renders.

A message is written as Windows prints it in English; `{Name}` takes the event's own data. Events of
Sysmon and of the task scheduler render as their data, line by line.
"""
# ruff: noqa: E501 - a table reads best unbroken

from __future__ import annotations

from dataclasses import dataclass

SECURITY = (
    "Security",
    "Microsoft-Windows-Security-Auditing",
    "54849625-5478-4994-A5BA-3E3B0328C30D",
)
SYSMON = (
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-Sysmon",
    "5770385F-C22A-43E0-BF4C-06F5698FFBD9",
)
SERVICES = ("System", "Service Control Manager", "555908D1-A6D7-4695-8E1E-26931D2012F4")
EVENTLOG = ("Security", "Microsoft-Windows-Eventlog", "FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148")
POWERSHELL = (
    "Microsoft-Windows-PowerShell/Operational",
    "Microsoft-Windows-PowerShell",
    "A0C1853B-5C40-4B15-8766-3CF1C58F985A",
)
TASKS = (
    "Microsoft-Windows-TaskScheduler/Operational",
    "Microsoft-Windows-TaskScheduler",
    "DE7B24EA-73C8-4A09-985D-5BDADCFA9017",
)
DEFENDER = (
    "Microsoft-Windows-Windows Defender/Operational",
    "Microsoft-Windows-Windows Defender",
    "11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78",
)
FAILURES = frozenset({4625, 4771})


@dataclass(frozen=True, slots=True)
class Kind:
    """One event of one provider."""

    place: tuple[str, str, str]
    code: int
    task: str
    task_number: int
    version: int
    message: str

    @property
    def channel(self) -> str:
        return self.place[0]

    @property
    def provider(self) -> str:
        return self.place[1]

    @property
    def provider_guid(self) -> str:
        return self.place[2]

    def render(self, data: dict[str, str]) -> str:
        """Write the event as the Event Viewer shows it."""
        if self.message.endswith(":"):
            return "\n".join([self.message, *(f"{name}: {value}" for name, value in data.items())])
        return self.message.format_map(data)


_SUBJECT = (
    "\n\nSubject:\n\tSecurity ID:\t\t{SubjectUserSid}\n\tAccount Name:\t\t{SubjectUserName}"
    "\n\tAccount Domain:\t\t{SubjectDomainName}\n\tLogon ID:\t\t{SubjectLogonId}"
)
_NEW_LOGON = (
    "\n\nLogon Information:\n\tLogon Type:\t\t{LogonType}\n\nNew Logon:"
    "\n\tSecurity ID:\t\t{TargetUserSid}\n\tAccount Name:\t\t{TargetUserName}"
    "\n\tAccount Domain:\t\t{TargetDomainName}\n\tLogon ID:\t\t{TargetLogonId}"
    "\n\nNetwork Information:\n\tWorkstation Name:\t{WorkstationName}"
    "\n\tSource Network Address:\t{IpAddress}\n\tSource Port:\t\t{IpPort}"
)
_FAILED = (
    "\n\nLogon Type:\t\t\t{LogonType}\n\nAccount For Which Logon Failed:"
    "\n\tAccount Name:\t\t{TargetUserName}\n\tAccount Domain:\t\t{TargetDomainName}"
    "\n\nFailure Information:\n\tFailure Reason:\t\t{FailureReason}\n\tStatus:\t\t\t{Status}"
    "\n\tSub Status:\t\t{SubStatus}\n\nNetwork Information:\n\tWorkstation Name:\t{WorkstationName}"
    "\n\tSource Network Address:\t{IpAddress}\n\tSource Port:\t\t{IpPort}"
)
_PROCESS = (
    "\n\nProcess Information:\n\tNew Process ID:\t\t{NewProcessId}"
    "\n\tNew Process Name:\t{NewProcessName}\n\tToken Elevation Type:\t{TokenElevationType}"
    "\n\tCreator Process ID:\t{ProcessId}\n\tCreator Process Name:\t{ParentProcessName}"
    "\n\tProcess Command Line:\t{CommandLine}"
)
_MEMBER = (
    "\n\nMember:\n\tSecurity ID:\t\t{MemberSid}\n\tAccount Name:\t\t{MemberName}"
    "\n\nGroup:\n\tSecurity ID:\t\t{TargetSid}\n\tGroup Name:\t\t{TargetUserName}"
    "\n\tGroup Domain:\t\t{TargetDomainName}\n\nAdditional Information:\n\tPrivileges:\t\t{PrivilegeList}"
)
_SHARE = (
    "\n\nNetwork Information:\n\tObject Type:\t\t{ObjectType}\n\tSource Address:\t\t{IpAddress}"
    "\n\tSource Port:\t\t{IpPort}\n\nShare Information:\n\tShare Name:\t\t{ShareName}"
    "\n\tShare Path:\t\t{ShareLocalPath}"
)

_KINDS = (
    Kind(SECURITY, 4624, "Logon", 12544, 2, "An account was successfully logged on." + _SUBJECT + _NEW_LOGON),
    Kind(SECURITY, 4625, "Logon", 12544, 0, "An account failed to log on." + _SUBJECT + _FAILED),
    Kind(SECURITY, 4634, "Logoff", 12545, 0,
         "An account was logged off.\n\nSubject:\n\tSecurity ID:\t\t{TargetUserSid}"
         "\n\tAccount Name:\t\t{TargetUserName}\n\tAccount Domain:\t\t{TargetDomainName}"
         "\n\tLogon ID:\t\t{TargetLogonId}\n\nLogon Type:\t\t\t{LogonType}"),
    Kind(SECURITY, 4672, "Special Logon", 12548, 0,
         "Special privileges assigned to new logon." + _SUBJECT + "\n\nPrivileges:\t\t{PrivilegeList}"),
    Kind(SECURITY, 4688, "Process Creation", 13312, 2, "A new process has been created." + _SUBJECT + _PROCESS),
    Kind(SECURITY, 4698, "Other Object Access Events", 12804, 1,
         "A scheduled task was created." + _SUBJECT
         + "\n\nTask Information:\n\tTask Name: \t\t{TaskName}\n\tTask Content: \t\t{TaskContent}"),
    Kind(SECURITY, 4720, "User Account Management", 13824, 0,
         "A user account was created." + _SUBJECT
         + "\n\nNew Account:\n\tSecurity ID:\t\t{TargetSid}\n\tAccount Name:\t\t{TargetUserName}"),
    Kind(SECURITY, 4724, "User Account Management", 13824, 0,
         "An attempt was made to reset an account's password." + _SUBJECT
         + "\n\nTarget Account:\n\tSecurity ID:\t\t{TargetSid}\n\tAccount Name:\t\t{TargetUserName}"),
    Kind(SECURITY, 4728, "Security Group Management", 13826, 0,
         "A member was added to a security-enabled global group." + _SUBJECT + _MEMBER),
    Kind(SECURITY, 4732, "Security Group Management", 13826, 0,
         "A member was added to a security-enabled local group." + _SUBJECT + _MEMBER),
    Kind(SECURITY, 4768, "Kerberos Authentication Service", 14339, 0,
         "A Kerberos authentication ticket (TGT) was requested.\n\nAccount Information:"
         "\n\tAccount Name:\t\t{TargetUserName}\n\tSupplied Realm Name:\t{TargetDomainName}"
         "\n\tUser ID:\t\t\t{TargetSid}\n\nNetwork Information:\n\tClient Address:\t\t{IpAddress}"
         "\n\tClient Port:\t\t{IpPort}\n\nAdditional Information:\n\tTicket Options:\t\t{TicketOptions}"
         "\n\tResult Code:\t\t{Status}\n\tTicket Encryption Type:\t{TicketEncryptionType}"),
    Kind(SECURITY, 4769, "Kerberos Service Ticket Operations", 14337, 0,
         "A Kerberos service ticket was requested.\n\nAccount Information:"
         "\n\tAccount Name:\t\t{TargetUserName}\n\tAccount Domain:\t\t{TargetDomainName}"
         "\n\nService Information:\n\tService Name:\t\t{ServiceName}\n\tService ID:\t\t{ServiceSid}"
         "\n\nNetwork Information:\n\tClient Address:\t\t{IpAddress}\n\tClient Port:\t\t{IpPort}"
         "\n\nAdditional Information:\n\tTicket Options:\t\t{TicketOptions}"
         "\n\tTicket Encryption Type:\t{TicketEncryptionType}\n\tFailure Code:\t\t{Status}"),
    Kind(SECURITY, 4771, "Kerberos Authentication Service", 14339, 0,
         "Kerberos pre-authentication failed.\n\nAccount Information:\n\tSecurity ID:\t\t{TargetSid}"
         "\n\tAccount Name:\t\t{TargetUserName}\n\nNetwork Information:\n\tClient Address:\t\t{IpAddress}"
         "\n\nAdditional Information:\n\tFailure Code:\t\t{Status}"),
    Kind(SECURITY, 4776, "Credential Validation", 14336, 0,
         "The computer attempted to validate the credentials for an account."
         "\n\nAuthentication Package:\t{PackageName}\nLogon Account:\t{TargetUserName}"
         "\nSource Workstation:\t{Workstation}\nError Code:\t{Status}"),
    Kind(SECURITY, 5140, "File Share", 12808, 1, "A network share object was accessed." + _SUBJECT + _SHARE),
    Kind(SECURITY, 5145, "Detailed File Share", 12811, 0,
         "A network share object was checked to see whether client can be granted desired access."
         + _SUBJECT + _SHARE + "\n\tRelative Target Name:\t{RelativeTargetName}"
         "\n\nAccess Request Information:\n\tAccess Mask:\t\t{AccessMask}\n\tAccesses:\t\t{AccessList}"),
    Kind(EVENTLOG, 1102, "Log clear", 104, 1,
         "The audit log was cleared.\nSubject:\n\tSecurity ID:\t{SubjectUserSid}"
         "\n\tAccount Name:\t{SubjectUserName}\n\tDomain Name:\t{SubjectDomainName}"
         "\n\tLogon ID:\t{SubjectLogonId}"),
    Kind(SERVICES, 7036, "", 0, 0, "The {param1} service entered the {param2} state."),
    Kind(SERVICES, 7045, "", 0, 0,
         "A service was installed in the system.\n\nService Name:  {ServiceName}"
         "\nService File Name:  {ImagePath}\nService Type:  {ServiceType}"
         "\nService Start Type:  {StartType}\nService Account:  {AccountName}"),
    Kind(POWERSHELL, 4104, "Execute a Remote Command", 2, 1,
         "Creating Scriptblock text ({MessageNumber} of {MessageTotal}):\n{ScriptBlockText}"
         "\n\nScriptBlock ID: {ScriptBlockId}\nPath: {Path}"),
    Kind(TASKS, 106, "Task registered", 106, 0,
         'User "{UserContext}"  registered Task Scheduler task "{TaskName}"'),
    Kind(TASKS, 200, "Action started", 200, 1,
         'Task Scheduler launched action "{ActionName}" in instance "{TaskInstanceId}" of task "{TaskName}".'),
    Kind(DEFENDER, 1116, "", 0, 0,
         "Microsoft Defender Antivirus has detected malware or other potentially unwanted software."
         "\n \tName: {Threat Name}\n \tSeverity: {Severity Name}\n \tCategory: {Category Name}"
         "\n \tPath: {Path}\n \tProcess Name: {Process Name}"),
    Kind(DEFENDER, 2000, "", 0, 0,
         "Microsoft Defender Antivirus security intelligence version updated."
         "\n \tCurrent security intelligence Version: {Current security intelligence Version}"),
    Kind(SYSMON, 1, "Process Create (rule: ProcessCreate)", 1, 5, "Process Create:"),
    Kind(SYSMON, 3, "Network connection detected (rule: NetworkConnect)", 3, 5, "Network connection detected:"),
    Kind(SYSMON, 7, "Image loaded (rule: ImageLoad)", 7, 3, "Image loaded:"),
    Kind(SYSMON, 10, "Process accessed (rule: ProcessAccess)", 10, 3, "Process accessed:"),
    Kind(SYSMON, 11, "File created (rule: FileCreate)", 11, 2, "File created:"),
    Kind(SYSMON, 13, "Registry value set (rule: RegistryEvent)", 13, 2, "Registry value set:"),
    Kind(SYSMON, 22, "Dns query (rule: DnsQuery)", 22, 5, "Dns query:"),
)  # fmt: skip
KINDS = {(kind.place, kind.code): kind for kind in _KINDS}
