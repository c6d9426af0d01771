"""Programs of an ordinary Windows desktop, with the command lines that they really have."""
# ruff: noqa: E501, ISC004 - a table reads best unbroken

from __future__ import annotations

from trailhound.simulate.company import LOCAL_SERVICE, NETWORK_SERVICE, SYSTEM

OFFICE = "C:\\Program Files\\Microsoft Office\\root\\Office16\\"
CHROME = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"
TEAMS = (
    "C:\\Program Files\\WindowsApps\\MSTeams_24295.605.3225.8804_x64__8wekyb3d8bbwe\\ms-teams.exe"
)
WEBVIEW = "C:\\Program Files (x86)\\Microsoft\\EdgeWebView\\Application\\130.0.2849.56\\msedgewebview2.exe"
ONEDRIVE = "C:\\Program Files\\Microsoft OneDrive\\"
SVCHOST = r"C:\Windows\System32\svchost.exe"
SERVICES = r"C:\Windows\System32\services.exe"
CLICK_TO_RUN = r"C:\Program Files\Common Files\Microsoft Shared\ClickToRun\OfficeClickToRun.exe"

APPLICATIONS = (
    (6, CHROME, f'"{CHROME}" --type=renderer --lang=de --device-scale-factor=1 --num-raster-threads=4 '
     "--enable-main-frame-before-activation --renderer-client-id={n} --time-ticks-at-unix-epoch="
     "-1730532{n}94201 --launch-time-ticks=30{n}71 --mojo-platform-channel-handle=5{n} "
     "--field-trial-handle=1972,i,1058,262144 --variations-seed-version /prefetch:1"),
    (3, "", f'"{CHROME}" --profile-directory=Default --single-argument https://intranet.corp.acme.example/'),
    (3, "", f'"{OFFICE}WINWORD.EXE" /n "{{documents}}\\{{docx}}" /o ""'),
    (3, "", f'"{OFFICE}EXCEL.EXE" "{{documents}}\\{{xlsx}}"'),
    (2, "", '"C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\Acrobat.exe" "{documents}\\{pdf}"'),
    (2, TEAMS, f'"{WEBVIEW}" --type=utility --utility-sub-type=network.mojom.NetworkService --lang=de '
     "--service-sandbox-type=none --embedded-browser-webview=1 --webview-exe-name=ms-teams.exe "
     "--webview-exe-version=24295.605.3225.8804 --mojo-platform-channel-handle=2{n} /prefetch:11"),
    (1, "", "C:\\Windows\\System32\\notepad.exe {documents}\\notes.txt"),
    (1, "", "C:\\Windows\\System32\\SnippingTool.exe"),
)  # fmt: skip
"""How often, the parent's image (empty: the shell), and the real command line.

`docx`, `xlsx` and `pdf` stand for a document of that kind.
"""

STARTED_AT_LOGON = (
    f'"{ONEDRIVE}OneDrive.exe" /background',
    f'"{TEAMS}" msteams:system-initiated',
    f'"{CHROME}"',
    f'"{OFFICE}OUTLOOK.EXE" ',
)

HOUSEKEEPING = (
    (5, "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s wuauserv", SERVICES, SYSTEM),
    (4, "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s BITS", SERVICES, SYSTEM),
    (4, "C:\\Windows\\system32\\svchost.exe -k LocalService -p -s fdPHost", SERVICES, LOCAL_SERVICE),
    (3, "C:\\Windows\\System32\\svchost.exe -k NetworkService -p -s DoSvc", SERVICES, NETWORK_SERVICE),
    (4, "taskhostw.exe", SVCHOST, SYSTEM),
    (3, '"C:\\Windows\\system32\\SearchProtocolHost.exe" Global\\UsGthrFltPipeMssGthrPipe12_ '
     'Global\\UsGthrCtrlFltPipeMssGthrPipe12 1 -2147483646 "Software\\Microsoft\\Windows Search" '
     '"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT; MS Search 4.0 Robot)" '
     '"C:\\ProgramData\\Microsoft\\Search\\Data\\Temp\\usgthrsvc" "DownLevelDaemon"',
     "C:\\Windows\\System32\\SearchIndexer.exe", SYSTEM),
    (2, "C:\\Windows\\system32\\usoclient.exe StartScan", SVCHOST, SYSTEM),
    (2, '"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24090.11-0\\MpCmdRun.exe" '
     "SignatureUpdate -ScheduleJob -RestrictPrivileges", SVCHOST, SYSTEM),
    (2, '"C:\\Program Files (x86)\\Google\\GoogleUpdater\\131.0.6776.0\\updater.exe" --wake --system',
     SVCHOST, SYSTEM),
    (1, "C:\\Windows\\system32\\compattelrunner.exe -m:appraiser.dll -f:DoScheduledTelemetryRun "
     "-cv:Jm0fXCrxXk2UlTAj.1", SVCHOST, SYSTEM),
    (1, f'"{CLICK_TO_RUN}" /update SCHEDULEDTASK displaylevel=False', SVCHOST, SYSTEM),
    (2, "C:\\Windows\\system32\\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}",
     SVCHOST, SYSTEM),
    (1, "C:\\Windows\\System32\\gpupdate.exe /target:computer", SVCHOST, SYSTEM),
)  # fmt: skip
"""How often, command line, parent, and account."""

REGISTRY = (
    (r"HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\{sid}\SequenceNumber", "DWORD (0x0000002f)"),
    (r"HKU\{sid}\Software\Microsoft\Office\16.0\Common\Internet\WebServiceCache\LastClean", "Binary Data"),
    (r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree\MicrosoftEdgeUpdate\Id",
     "{5B2C7A0E-7F0E-4B5E-9B0F-53E6B1B3D2A4}"),
    (r"HKU\{sid}\Software\Microsoft\OneDrive\Accounts\Business1\LastUpdate", "QWORD (0x01db2c4a-0x55e21c00)"),
)  # fmt: skip
LIBRARIES = (
    r"C:\Windows\System32\amsi.dll",
    r"C:\Windows\System32\perfos.dll",
    r"C:\Windows\System32\wbemcomn.dll",
)
